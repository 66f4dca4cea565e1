import type { IApplication } from './applications';
import { JOB_APPLICATIONS, JUPYTER_APPLICATIONS, LOGIN_APPLICATIONS } from './applications';
import type { IInterpreter } from './environments';
import { CENTER_MODULES, drawInterpreter } from './environments';
import { withImports } from './packages';
import { AliasTable, type Random } from './random';
import type { IUser } from './site';

/** Where a process runs; the first is inside a job, the others outside. */
export const CONTEXTS = ['compute', 'login', 'jupyter'] as const;
export type Context = (typeof CONTEXTS)[number];

/**
 * What one user does again and again with one application: always the same packages, so that the
 * users of each package are fixed by the seed, however many records there are.
 */
export interface IWorkflow {
  /** Place of the user in the site. */
  readonly userIndex: number;
  readonly user: IUser;
  readonly application: IApplication;
  readonly context: Context;
  /** Packages imported, as sorted codes; MKL's apart. */
  readonly packages: readonly number[];
  readonly interpreter: IInterpreter;
  /** The center's module that the user loads at times, as place in `CENTER_MODULES`. */
  readonly module: number;
  /** Name of the script. */
  readonly script: string;
  /** The slice of the period in which it begins, and that in which its environment is renewed. */
  readonly starts: number;
  readonly renewed: number;
  /** How often it runs, compared with other workflows of the application. */
  readonly weight: number;
  /** Leaning towards many-core nodes; calibrated to a probability, as are those below. */
  knl: number;
  gpu: number;
  /** Probability that a run uses the center's module instead of the user's interpreter. */
  center: number;
  /** The user's own interpreter loads MKL's package. */
  mkl: boolean;
}

/** The period is cut into this many slices, each with its own mix of work. */
export const SLICES = 22;

const SCRIPTS =
  'run fit main analyze train plot process reduce simulate extract merge sample scan test'.split(
    ' '
  );

/** Draw the workflows of all users of Python. */
export function makeWorkflows(users: readonly IUser[], random: Random): IWorkflow[] {
  const jobs = new ApplicationChoice(JOB_APPLICATIONS);
  const login = new ApplicationChoice(LOGIN_APPLICATIONS);
  const jupyter = new ApplicationChoice(JUPYTER_APPLICATIONS);
  const workflows: IWorkflow[] = [];
  users.forEach((user, userIndex) => {
    if (!user.python) {
      return;
    }
    const interpreters = [drawInterpreter(user, random), drawInterpreter(user, random)];
    const module = drawModule(random);
    const add = (application: IApplication, context: Context): void => {
      const interpreter = interpreters[random.chance(0.75) ? 0 : 1];
      const own = { userIndex, user, application, context, interpreter, module };
      workflows.push({ ...own, ...drawHabits(application, random) });
    };
    if (user.compute) {
      jobs.draw(user, user.staff ? 4 : jobKinds(random), random).forEach(a => add(a, 'compute'));
    }
    if (!user.compute || random.chance(LOGIN_SHARE)) {
      login.draw(user, random.chance(0.4) ? 2 : 1, random).forEach(a => add(a, 'login'));
    }
    if (random.chance(JUPYTER_SHARE)) {
      jupyter.draw(user, 1, random).forEach(a => add(a, 'jupyter'));
    }
  });
  return workflows;
}

/** Shares of the users of Python that also work on login nodes, and in Jupyter. */
const LOGIN_SHARE = 0.55;
const JUPYTER_SHARE = 0.3;

/** In how many ways a user runs Python in jobs. */
function jobKinds(random: Random): number {
  const place = random.float();
  return place < 0.42 ? 1 : place < 0.74 ? 2 : place < 0.91 ? 3 : 4;
}

function drawHabits(
  application: IApplication,
  random: Random
): Omit<
  IWorkflow,
  'userIndex' | 'user' | 'application' | 'context' | 'interpreter' | 'module'
> {
  const extras = Object.entries(application.extras ?? {})
    .filter(([, probability]) => random.chance(probability))
    .map(([name]) => name);
  const leaning = random.float();
  return {
    packages: withImports([...application.core.split(' '), ...extras]),
    script: `${random.pick(SCRIPTS)}_${random.pick(SCRIPTS)}.py`,
    starts: random.chance(0.22) ? 1 + random.below(SLICES - 5) : 0,
    renewed: random.chance(0.3) ? 1 + random.below(SLICES) : SLICES,
    weight: random.around(1, 0.5),
    // What runs on GPUs runs on plain nodes otherwise, so the two probabilities never exceed 1.
    knl: application.gpu ? 0 : leaning < 0.7 ? 0.04 : leaning < 0.88 ? 0.35 : 1,
    gpu: application.gpu ?? 0,
    center: 0,
    mkl: false
  };
}

function drawModule(random: Random): number {
  let place = random.float();
  const found = CENTER_MODULES.findIndex(({ share }) => (place -= share) < 0);
  return Math.max(0, found);
}

/** Draws applications for a user: by how common they are, and by the user's science area. */
class ApplicationChoice {
  constructor(applications: readonly IApplication[]) {
    this._applications = applications;
  }

  /** That many different applications. */
  draw(user: IUser, count: number, random: Random): IApplication[] {
    const table = this._table(user.area.code);
    const found = new Set<number>();
    while (found.size < count) {
      found.add(table.draw(random));
    }
    return [...found].map(index => this._applications[index]);
  }

  private _table(area: string): AliasTable {
    let table = this._tables.get(area);
    if (!table) {
      table = new AliasTable(
        this._applications.map(({ areas, users }) =>
          !areas ? users : areas.split(' ').includes(area) ? users * AREA_FOCUS : users / AREA_FOCUS
        )
      );
      this._tables.set(area, table);
    }
    return table;
  }

  private readonly _applications: readonly IApplication[];
  private readonly _tables = new Map<string, AliasTable>();
}

/** How much more common an application is in its own areas, and less in others. */
const AREA_FOCUS = 3;
