import type { Random } from './random';
import type { IUser } from './site';

/** Where an interpreter comes from, told by its path and by whether a container holds it. */
export type Environment = 'center' | 'conda' | 'container' | 'own';

/** An interpreter, and how new what is installed with it is. */
export interface IInterpreter {
  readonly environment: Environment;
  readonly executable: string;
  readonly python: string;
  /** From 0, oldest versions, to 1, exclusive. */
  readonly vintage: number;
}

/** The center's modules: Anaconda distributions, of which only the newer ones load MKL's package. */
export const CENTER_MODULES: readonly (IInterpreter & {
  readonly mkl: boolean;
  /** Share of the module's users. */
  readonly share: number;
})[] = [
  center('2.7-anaconda-2019.07', '2.7', 0.15, false, 0.08),
  center('3.7-anaconda-2019.10', '3.7', 0.4, false, 0.32),
  center('3.8-anaconda-2020.11', '3.8', 0.7, true, 0.6)
];

function center(
  module: string,
  python: string,
  vintage: number,
  mkl: boolean,
  share: number
): (typeof CENTER_MODULES)[number] {
  const executable = `/usr/common/software/python/${module}/bin/python`;
  return { environment: 'center', executable, python, vintage, mkl, share };
}

/** Not in the center's distribution: users install them beside it. */
export const BESIDE_CENTER: ReadonlySet<string> = new Set(
  (
    'ROOT.std ase cartopy cudf cuml cupy cupyx deap fireworks fitsio flax gpaw jax keras mxnet ' +
    'papermill parsl pycuda pymatgen pyopencl ray rpy2 spacy tensorflow torch gensim'
  ).split(' ')
);

const PYTHONS: readonly (readonly [
  python: string,
  vintage: number,
  share: number
])[] = [
  ['2.7', 0.05, 0.02],
  ['3.6', 0.25, 0.1],
  ['3.7', 0.45, 0.29],
  ['3.8', 0.65, 0.48],
  ['3.9', 0.85, 0.11]
];

/** What users call their environments and where they keep them. */
const CONDA_NAMES = 'base myenv work analysis dev py3 sim ml test paper'.split(
  ' '
);
const CONTAINER_PATHS = [
  '/opt/conda/bin/python',
  '/usr/bin/python3',
  '/usr/local/bin/python3'
];

/** Draw a user's own interpreter: Conda (62 %), a container (8 %) or another. */
export function drawInterpreter(user: IUser, random: Random): IInterpreter {
  const place = random.float();
  const environment =
    place < 0.62 ? 'conda' : place < 0.7 ? 'container' : 'own';
  const [python, base] = drawPython(random);
  const vintage = Math.min(0.99, base + 0.14 * random.float());
  return {
    environment,
    executable: drawPath(environment, user, random),
    python,
    vintage
  };
}

/** A user's home folder. */
export function homeOf(user: IUser): string {
  return `/global/homes/${user.name[0]}/${user.name}`;
}

function drawPath(
  environment: Environment,
  user: IUser,
  random: Random
): string {
  const home = homeOf(user);
  const name = random.pick(CONDA_NAMES);
  switch (environment) {
    case 'container':
      return random.pick(CONTAINER_PATHS);
    case 'conda':
      return random.chance(0.7)
        ? `${home}/.conda/envs/${name}/bin/python`
        : random.chance(0.6)
          ? `/global/common/software/${user.account}/conda/envs/${name}/bin/python`
          : `${home}/miniconda3/bin/python`;
    default:
      return random.chance(0.3)
        ? '/usr/bin/python3'
        : `${home}/venv/${name}/bin/python`;
  }
}

function drawPython(
  random: Random
): readonly [python: string, vintage: number] {
  let place = random.float();
  for (const [python, vintage, share] of PYTHONS) {
    place -= share;
    if (place < 0) {
      return [python, vintage];
    }
  }
  return [PYTHONS[3][0], PYTHONS[3][1]];
}
