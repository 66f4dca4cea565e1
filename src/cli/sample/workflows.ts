import type { IApplication } from './applications/application';
import { GENERAL_APPLICATIONS } from './applications/general';
import { NUMERIC_APPLICATIONS } from './applications/numeric';
import {
  JUPYTER_APPLICATIONS,
  LOGIN_APPLICATIONS
} from './applications/sessions';
import type { IInterpreter } from './environments';
import { CENTER_MODULES, drawInterpreter } from './environments';
import { packageCode, withImports } from './packages';
import { AliasTable, type Random } from './random';
import { type IUser, LEADING } from './site';

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
export function makeWorkflows(
  users: readonly IUser[],
  random: Random
): IWorkflow[] {
  const workflows = users.flatMap((user, userIndex) => {
    if (!user.python) {
      return [];
    }
    const interpreters = [
      drawInterpreter(user, random),
      drawInterpreter(user, random)
    ];
    const module = drawModule(random);
    const workflows = drawApplications(user, random).map(
      ([context, application]) => ({
        userIndex,
        user,
        application,
        context,
        module,
        interpreter: interpreters[random.chance(0.75) ? 0 : 1],
        ...drawHabits(application, user, random)
      })
    );
    return withPools(workflows, user);
  });
  return [...workflows, ...makeRare(workflows, random)];
}

/** Workflows that give every application some users, so that no package is without any. */
function makeRare(
  workflows: readonly IWorkflow[],
  random: Random
): IWorkflow[] {
  const inJobs = workflows.filter(
    ({ user, context }) => !user.staff && context === 'compute'
  );
  return JOB_APPLICATIONS.flatMap(application => {
    const have = inJobs.filter(
      workflow => workflow.application === application
    );
    const taken = new Set(have.map(({ user }) => user));
    const added: IWorkflow[] = [];
    while (taken.size < LEAST_USERS) {
      const other = random.pick(inJobs);
      if (!taken.has(other.user) && suits(application.core, other.user)) {
        taken.add(other.user);
        const habits = drawHabits(application, other.user, random);
        added.push({ ...other, application, ...habits });
      }
    }
    return added;
  });
}

const LEAST_USERS = 8;

/** What a user does; the first is the kind of work that makes the user one of numpy or scipy. */
function drawApplications(
  user: IUser,
  random: Random
): [Context, IApplication][] {
  const kinds = user.staff ? 4 : user.compute ? drawKinds(random) : 0;
  const jobs = JOBS.draw(user, kinds, true, random);
  const login =
    jobs.length === 0 || random.chance(LOGIN_SHARE)
      ? random.chance(0.3)
        ? 2
        : 1
      : 0;
  const sessions = LOGIN.draw(user, login, jobs.length === 0, random);
  const notebooks = JUPYTER.draw(
    user,
    random.chance(JUPYTER_SHARE) ? 1 : 0,
    false,
    random
  );
  return [
    ...jobs.map((application): [Context, IApplication] => [
      'compute',
      application
    ]),
    ...sessions.map((application): [Context, IApplication] => [
      'login',
      application
    ]),
    ...notebooks.map((application): [Context, IApplication] => [
      'jupyter',
      application
    ])
  ];
}

/** A user of multiprocessing uses it in the first workflow if in no other. */
function withPools(workflows: IWorkflow[], user: IUser): IWorkflow[] {
  if (
    !user.leading.has('multiprocessing') ||
    workflows.some(({ packages }) => packages.includes(MULTIPROCESSING))
  ) {
    return workflows;
  }
  const [first, ...others] = workflows;
  const packages = [...first.packages, MULTIPROCESSING].sort((a, b) => a - b);
  return [{ ...first, packages }, ...others];
}

const MULTIPROCESSING = packageCode('multiprocessing');

/** Shares of the users of Python that also work on login nodes, and in Jupyter. */
const LOGIN_SHARE = 0.55;
const JUPYTER_SHARE = 0.2;

/** In how many ways a user runs Python in jobs. */
function drawKinds(random: Random): number {
  const place = random.float();
  return place < 0.42 ? 1 : place < 0.74 ? 2 : place < 0.91 ? 3 : 4;
}

function drawHabits(
  application: IApplication,
  user: IUser,
  random: Random
): Omit<
  IWorkflow,
  'userIndex' | 'user' | 'application' | 'context' | 'interpreter' | 'module'
> {
  const extras = Object.entries(application.extras ?? {})
    .filter(([, probability]) => random.chance(probability))
    .map(([name]) => name)
    .filter(name => suits(name, user));
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

/** Whether a user has all leading packages that some packages, written with blanks, would import. */
function suits(names: string, user: IUser): boolean {
  return leadingIn(names).every(name => user.leading.has(name));
}

function leadingIn(names: string): string[] {
  const codes = withImports(names.split(' '));
  return LEADING.filter(name => codes.includes(packageCode(name)));
}

/** Draws applications for a user: by how common they are, and by the user's science area. */
class ApplicationChoice {
  constructor(applications: readonly IApplication[]) {
    this._applications = applications;
  }

  /**
   * Draw different applications.
   *
   * @param leads The first must import what makes this a user of scipy or numpy.
   */
  draw(
    user: IUser,
    count: number,
    leads: boolean,
    random: Random
  ): IApplication[] {
    const found = new Set<number>();
    if (count > 0 && leads) {
      found.add(this._table(user, true).draw(random));
    }
    const table = this._table(user, false);
    // Where few suit the user, there may not be so many.
    for (let attempt = 0; found.size < count && attempt < 20; attempt++) {
      found.add(table.draw(random));
    }
    return [...found].map(index => this._applications[index]);
  }

  private _table(user: IUser, leads: boolean): AliasTable {
    const { area, leading } = user;
    const key = [area.code, leads, ...leading].join(' ');
    let table = this._tables.get(key);
    if (!table) {
      const wanted = ['scipy', 'numpy'].find(name => leading.has(name));
      const weights = this._applications.map(({ areas, users, core }) => {
        const common = !areas
          ? users
          : areas.split(' ').includes(area.code)
            ? users * AREA_FOCUS
            : users / AREA_FOCUS;
        const enough =
          !leads || wanted === undefined || leadingIn(core).includes(wanted);
        return suits(core, user) && enough ? common : 0;
      });
      table = new AliasTable(weights);
      this._tables.set(key, table);
    }
    return table;
  }

  private readonly _applications: readonly IApplication[];
  private readonly _tables = new Map<string, AliasTable>();
}

/** How much more common an application is in its own areas, and less in others. */
const AREA_FOCUS = 3;

const JOB_APPLICATIONS = [...GENERAL_APPLICATIONS, ...NUMERIC_APPLICATIONS];
const JOBS = new ApplicationChoice(JOB_APPLICATIONS);
const LOGIN = new ApplicationChoice(LOGIN_APPLICATIONS);
const JUPYTER = new ApplicationChoice(JUPYTER_APPLICATIONS);
