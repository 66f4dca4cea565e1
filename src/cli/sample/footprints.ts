import {
  BESIDE_CENTER,
  CENTER_MODULES,
  homeOf,
  type IInterpreter
} from './environments';
import { Names } from './names';
import { PACKAGE_NAMES, packageCode, versionOf } from './packages';
import type { Random } from './random';
import { type IWorkflow, SLICES } from './workflows';

/** What every process of a workflow reports, as codes of the columns' dictionaries. */
export interface IFootprint {
  /** Codes of the packages, ascending, and beside them version (−1: none) and build origin. */
  readonly packages: readonly number[];
  readonly versions: readonly number[];
  readonly origins: readonly number[];
  readonly executable: number;
  readonly main: number;
  readonly python: number;
  /** Origin of the interpreter itself. */
  readonly origin: number;
  readonly container: boolean;
}

const MKL = packageCode('mkl');

/** Makes footprints on first use, and keeps the dictionaries that they refer to. */
export class Footprints {
  constructor(workflows: readonly IWorkflow[], random: Random) {
    this._workflows = workflows;
    this._random = random;
  }

  readonly versions = new Names();
  readonly origins = new Names();
  readonly executables = new Names();
  readonly mains = new Names();
  readonly pythons = new Names();

  /**
   * What a run reports.
   *
   * @param index The workflow.
   * @param slice When, as a slice of the period.
   * @param center Whether it uses the center's module.
   */
  get(index: number, slice: number, center: boolean): IFootprint {
    const workflow = this._workflows[index];
    const renewed = !center && slice >= workflow.renewed;
    const key = index * 3 + (center ? 2 : renewed ? 1 : 0);
    let footprint = this._kept.get(key);
    if (!footprint) {
      footprint = center
        ? this._make(
            workflow,
            key,
            CENTER_MODULES[workflow.module],
            CENTER_MODULES[workflow.module].mkl
          )
        : this._make(
            workflow,
            key,
            renewedInterpreter(workflow, renewed),
            workflow.mkl
          );
      this._kept.set(key, footprint);
    }
    return footprint;
  }

  /** The same process having imported one package only, as a first step of a job may. */
  first(footprint: IFootprint): IFootprint {
    let first = this._firsts.get(footprint);
    if (!first) {
      const { packages, versions, origins } = footprint;
      // Prefer what imports nothing else, so that no package is without those that it imports.
      const place = Math.max(
        0,
        packages.findIndex(code => ALONE.has(code))
      );
      first = {
        ...footprint,
        packages: [packages[place]],
        versions: [versions[place]],
        origins: [origins[place]]
      };
      this._firsts.set(footprint, first);
    }
    return first;
  }

  private _make(
    workflow: IWorkflow,
    key: number,
    interpreter: IInterpreter,
    mkl: boolean
  ): IFootprint {
    const { user } = workflow;
    const random = this._random.fork(String(key));
    const withNumpy = workflow.packages.includes(NUMPY);
    const packages =
      mkl && withNumpy
        ? [...workflow.packages, MKL].sort((a, b) => a - b)
        : workflow.packages;
    const origin = originOf(interpreter);
    return {
      packages,
      versions: packages.map(code => {
        const version = versionOf(code, interpreter.vintage);
        return version === null || random.chance(0.03)
          ? -1
          : this.versions.code(version);
      }),
      origins: packages.map(code =>
        this.origins.code(
          origin !== 'center' || code === MULTIPROCESSING
            ? origin
            : BESIDE_CENTER.has(PACKAGE_NAMES[code]) || random.chance(0.12)
              ? 'own'
              : 'center'
        )
      ),
      executable: this.executables.code(interpreter.executable),
      main: this.mains.code(mainOf(workflow, interpreter, homeOf(user))),
      python: this.pythons.code(interpreter.python),
      origin: this.origins.code(origin),
      container: interpreter.environment === 'container'
    };
  }

  private readonly _workflows: readonly IWorkflow[];
  private readonly _random: Random;
  private readonly _kept = new Map<number, IFootprint>();
  private readonly _firsts = new Map<IFootprint, IFootprint>();
}

const NUMPY = packageCode('numpy');
const MULTIPROCESSING = packageCode('multiprocessing');
const ALONE: ReadonlySet<number> = new Set([
  NUMPY,
  MULTIPROCESSING,
  packageCode('ipykernel')
]);

/** Who built what an interpreter imports. */
function originOf({ environment, executable }: IInterpreter): string {
  return executable === '/usr/bin/python3' && environment === 'own'
    ? 'system'
    : environment;
}

function renewedInterpreter(
  { interpreter }: IWorkflow,
  renewed: boolean
): IInterpreter {
  return renewed
    ? { ...interpreter, vintage: Math.min(0.99, interpreter.vintage + 0.2) }
    : interpreter;
}

function mainOf(
  workflow: IWorkflow,
  { executable, python }: IInterpreter,
  home: string
): string {
  const { application, context, script, starts, user } = workflow;
  const prefix = executable.slice(0, executable.lastIndexOf('/bin/'));
  if (application.name === 'conda-tool') {
    return `${prefix}/bin/conda`;
  }
  if (context === 'jupyter') {
    return `${prefix}/lib/python${python}/site-packages/ipykernel_launcher.py`;
  }
  return starts % 2 === 0 && starts < SLICES / 2
    ? `${home}/${script}`
    : `/global/cscratch1/sd/${user.name}/${script}`;
}
