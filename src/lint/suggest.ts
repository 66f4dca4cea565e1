import { isWithin } from '../workload/role-policy';
import type { IRolePolicy } from '../workload/role-policy';
import type { CellRole, Role } from '../workload/roles';
import type { ITranslator } from '../workload/translator';
import { checkedCells } from './checked-cells';
import { NotebookFlow } from './flow/flow';
import { normalPath } from './flow/paths';
import type { IResolvedFile } from './flow/run-flow';
import { patternText } from './flow/patterns';
import type { PathPattern } from './flow/patterns';
import type { INotebook } from './notebook';
import type { ICellFacts } from './python/facts';
import { showsFile } from './python/file-tables';
import { leafSteps } from './python/walk-steps';
import type { ILink } from './result';
import type { ICheckedCell } from './rule';

/** A role for a cell that has none, and why. */
export interface ISuggestion {
  /** Index over all cells. */
  readonly cell: number;
  readonly role: Role;
  /** Sentences, the weightiest first; at least one. */
  readonly reasons: readonly string[];
  /** `evidence`: the cell itself tells; `flow`: what it exchanges with others does; `guess`: only where it stands. */
  readonly because: 'evidence' | 'flow' | 'guess';
}

export interface ISuggestOptions {
  readonly policy: IRolePolicy;
  readonly trans: ITranslator;
}

/** Packages that draw or show; their first name is enough. */
const SHOWING = new Set([
  'altair',
  'bokeh',
  'bqplot',
  'folium',
  'geoviews',
  'holoviews',
  'hvplot',
  'ipyleaflet',
  'ipyvuetify',
  'ipywidgets',
  'matplotlib',
  'panel',
  'plotly',
  'pydeck',
  'pylab',
  'seaborn',
  'solara'
]);

/** Packages that are for reductions over more than a machine holds, and run without GPUs, too. */
const REDUCING = new Set(['dask', 'distributed', 'papermill']);

/** What starts jobs of a cluster, on shell lines and in calls. */
const BATCH = /\b(sbatch|srun|salloc|qsub|bsub|mpirun|mpiexec|papermill)\b/;

/** What runs programs, of the names that file accesses are told by. */
const PROGRAM = /^(!|os\.|subprocess\.)/;

/** Methods of tables and figures that draw, wherever in a chain of calls they stand. */
const DRAWING = /\.(plot|hist|boxplot|savefig|hvplot|imshow)\b/;

/** What is known of a cell when roles are suggested. */
interface ICandidate {
  readonly index: number;
  readonly facts: ICellFacts;
  readonly source: string;
  readonly defines: readonly ILink[];
  readonly uses: readonly ILink[];
}

interface IReason {
  readonly role: Role;
  readonly reason: string;
  readonly because: ISuggestion['because'];
}

/**
 * Suggest a role for each code cell that should have one and has none.
 *
 * First what cells tell by themselves: heavy packages and written files are upstream; charts, widgets and the reading of files that the
 * notebook has written are downstream; imports and plain values are shared. Then what they exchange: a cell that works on what only
 * upstream cells make is upstream, one that serves only downstream cells is downstream, one that serves both is shared. What is left
 * follows the cell above it. Roles that cells already have count, and are never changed.
 */
export function suggestRoles(
  notebook: INotebook,
  { policy, trans }: ISuggestOptions
): readonly ISuggestion[] {
  const cells = checkedCells(notebook, policy);
  const flow = new NotebookFlow(cells);
  const roles: CellRole[] = cells.map(({ role }) => role);
  const open = cells.flatMap(({ index, cell, facts, needsRole }) =>
    facts && needsRole && roles[index] === 'none'
      ? [{ index, facts, source: cell.source, ...flow.links[index] }]
      : []
  );
  const suggestions = new Map<number, IReason[]>();
  const take = (index: number, reasons: IReason[]): void => {
    roles[index] = reasons[0].role;
    suggestions.set(index, reasons);
  };

  const packages = importedNames(cells);
  const { files } = flow.all;
  for (const candidate of open) {
    const reasons = evidence(candidate, { packages, files, policy, trans });
    if (reasons.length > 0) {
      take(candidate.index, reasons);
    }
  }
  // A role that was found tells about the next cell; at the end nobody has anything new to tell.
  for (let settled = false; !settled;) {
    settled = true;
    for (const candidate of open) {
      const reason =
        roles[candidate.index] === 'none' && byFlow(candidate, roles, trans);
      if (reason) {
        take(candidate.index, [reason]);
        settled = false;
      }
    }
  }
  for (const { index } of open) {
    if (roles[index] === 'none') {
      take(index, [byPlace(index, roles, trans)]);
    }
  }
  return [...suggestions]
    .sort(([a], [b]) => a - b)
    .map(([cell, [first, ...others]]) => ({
      cell,
      role: first.role,
      because: first.because,
      reasons: [first, ...others.filter(({ role }) => role === first.role)].map(
        ({ reason }) => reason
      )
    }));
}

/** What a cell tells by itself, the weightiest first. */
function evidence(
  { index, facts, source }: ICandidate,
  {
    packages,
    files,
    policy,
    trans
  }: ISuggestOptions & {
    readonly packages: ReadonlyMap<string, string>;
    readonly files: readonly IResolvedFile[];
  }
): IReason[] {
  const heavy: string[] = [];
  const reducing: string[] = [];
  const showing: string[] = [];
  const reads: string[] = [];
  const writes: string[] = [];
  const note = (list: string[], name: string): void => {
    if (!list.includes(name)) {
      list.push(name);
    }
  };
  const isOnlyImports = facts.statements.every(({ kind }) => kind === 'import');
  const isOnlyValues = facts.statements.every(
    ({ kind, isLiteral }) => kind === 'assignment' && isLiteral
  );
  for (const step of leafSteps(facts.steps)) {
    const module =
      step.kind === 'bind' && step.module
        ? moduleOf(step.module)
        : step.kind === 'use'
          ? packages.get(step.name)
          : undefined;
    if (module !== undefined) {
      const isImport = step.kind === 'bind';
      const first = module.split('.')[0];
      if (isWithin(module, policy.heavyPackages)) {
        note(heavy, first);
      } else if (REDUCING.has(first)) {
        note(reducing, first);
      } else if (
        // An import alone draws nothing: cells of imports are for both.
        !isImport &&
        (SHOWING.has(first) || module.startsWith('IPython.display'))
      ) {
        note(showing, first);
      }
    }
    if (step.kind === 'use' && step.name === 'display' && step.how === 'call') {
      note(showing, 'display');
    }
  }
  const drawing = DRAWING.exec(source);
  if (drawing) {
    note(showing, drawing[0]);
  }
  const written = new Set(
    files
      .filter(({ access }) => access === 'write')
      .map(({ path }) => pathText(path))
  );
  for (const { cell, access, path, by } of files) {
    if (cell === index) {
      const isNamed = path.some(piece => piece !== null);
      const name = isNamed ? pathText(path) : trans.__('files');
      if (access === 'write') {
        // A program that is started may write anything, and tells nothing by that.
        if (isNamed || !PROGRAM.test(by)) {
          note(writes, name);
        }
        // Who shows a picture that is there reduces nothing.
      } else if (isNamed && (!showsFile(by) || written.has(name))) {
        note(reads, name);
      }
    }
  }
  const found: IReason[] = [];
  const tell = (role: Role, reason: string): void => {
    found.push({ role, reason, because: 'evidence' });
  };
  const list = (names: readonly string[]) => names.slice(0, 3).join(', ');
  if (heavy.length > 0) {
    tell(
      'upstream',
      trans.__('It uses %1, which needs GPUs or a cluster.', list(heavy))
    );
  }
  const batch = BATCH.exec(source);
  if (batch) {
    tell('upstream', trans.__('It starts a batch job, by %1.', batch[0]));
  }
  const reduced = reads.filter(path => written.has(path));
  if (showing.length > 0) {
    // Pictures that are saved are still pictures.
    tell('downstream', trans.__('It draws or shows, by %1.', list(showing)));
  } else if (writes.length > 0) {
    tell('upstream', trans.__('It writes %1.', list(writes)));
  }
  if (reduced.length > 0 && heavy.length === 0) {
    tell(
      'downstream',
      trans.__('It reads %1, which this notebook writes.', list(reduced))
    );
  } else if (reads.length > 0 && reduced.length === 0) {
    tell(
      'upstream',
      trans.__('It reads %1, which this notebook does not write.', list(reads))
    );
  }
  if (reducing.length > 0) {
    tell('upstream', trans.__('It reduces data by %1.', list(reducing)));
  }
  if (found.length === 0 && facts.statements.length > 0) {
    if (isOnlyImports) {
      tell('shared', trans.__('It only imports.'));
    } else if (isOnlyValues) {
      tell('shared', trans.__('It only sets plain values.'));
    }
  }
  return found;
}

/** What the cells tell with which a cell exchanges names; null when they have no roles yet, or disagree. */
function byFlow(
  { defines, uses }: ICandidate,
  roles: readonly CellRole[],
  trans: ITranslator
): IReason | null {
  const linked = (links: readonly ILink[], role: Role) =>
    links.find(({ cells }) => cells.some(cell => roles[cell] === role));
  const give = (role: Role, reason: string): IReason => ({
    role,
    reason,
    because: 'flow'
  });
  const made = linked(uses, 'upstream');
  if (made) {
    return give(
      'upstream',
      trans.__('It uses “%1”, which an upstream cell makes.', made.name)
    );
  }
  const up = linked(defines, 'upstream');
  const down = linked(defines, 'downstream');
  const both = linked(defines, 'shared');
  if (both) {
    return give(
      'shared',
      trans.__('It makes “%1”, which a shared cell uses.', both.name)
    );
  }
  if (up && down) {
    return give(
      'shared',
      trans.__(
        'Upstream cells use its “%1”, downstream cells its “%2”.',
        up.name,
        down.name
      )
    );
  }
  const shown = linked(uses, 'downstream');
  if (down || shown) {
    return give(
      'downstream',
      down
        ? trans.__('Only downstream cells use its “%1”.', down.name)
        : trans.__(
            'It uses “%1”, which a downstream cell makes.',
            shown?.name ?? ''
          )
    );
  }
  return up
    ? give('upstream', trans.__('Only upstream cells use its “%1”.', up.name))
    : null;
}

/** The role of the cell above that has one, or of the first one below. */
function byPlace(
  index: number,
  roles: readonly CellRole[],
  trans: ITranslator
): IReason {
  const isRole = (role: CellRole): role is Role =>
    role !== 'none' && role !== 'conflict';
  const role =
    roles.slice(0, index).reverse().find(isRole) ??
    roles.slice(index).find(isRole) ??
    'shared';
  return {
    role,
    because: 'guess',
    reason: trans.__(
      'Nothing in it tells; it is suggested what its neighbor is.'
    )
  };
}

/** The modules that names of the notebook stand for. */
function importedNames(
  cells: readonly ICheckedCell[]
): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const { facts } of cells) {
    for (const step of leafSteps(facts?.steps ?? [])) {
      if (step.kind === 'bind' && step.module) {
        modules.set(step.name, moduleOf(step.module));
      }
    }
  }
  return modules;
}

/** A path as it can be told, with an ellipsis for what cannot. */
function pathText(path: PathPattern): string {
  return normalPath(patternText(path, '…'));
}

function moduleOf({
  module,
  member
}: {
  readonly module: string;
  readonly member?: string;
}): string {
  return member === undefined ? module : `${module}.${member}`;
}
