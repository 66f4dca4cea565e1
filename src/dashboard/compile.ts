import type { IFinding } from '../lint/finding';
import type { ICheckResult } from '../lint/result';
import { isObject } from '../workload/json';
import type { IRolePolicy } from '../workload/role-policy';
import { rolesOf } from '../workload/roles';
import type { ITranslator } from '../workload/translator';
import { contentHash } from './content-hash';
import { checkRecord, TOOL } from './dashboard-record';
import type {
  DropReason,
  IDashboardRecord,
  IDroppedCell
} from './dashboard-record';
import { placeInjected } from './injected-cell';
import { idOf, memberOf, sourceOf, tagsOf } from './notebook-json';
import type { ICellJson, INotebookJson } from './notebook-json';
import { notebookText } from './notebook-text';
import { parametersRecord } from './parameters';
import type { ParameterMap } from './parameters';

export interface ICompileOptions {
  /** The source. Nobody but the caller can tell whether it `isCompiled` already. */
  readonly notebook: INotebookJson;
  /** What the check of roles says of it. */
  readonly checked: ICheckResult;
  /** By which it was checked. */
  readonly policy: IRolePolicy;
  /** Values to set; none leaves those of the notebook. */
  readonly parameters?: ParameterMap;
  /** Compile in spite of errors; that is recorded. */
  readonly force?: boolean;
  /** Path of the source, relative to the folder of the compiled notebook, with `/`. */
  readonly source: string;
  readonly trans: ITranslator;
}

/** What compiling gives: a notebook, or the errors for which there is none. */
export type Compilation = ICompiled | IRefused;

export interface ICompiled {
  readonly kind: 'compiled';
  readonly notebook: INotebookJson;
  /** The text of its file. */
  readonly text: string;
  readonly record: IDashboardRecord;
  /** Where each of its cells stands in the source, from 0; null for one that was made. */
  readonly places: readonly (number | null)[];
  /** What somebody who set parameters should know, as sentences. */
  readonly notes: readonly string[];
}

export interface IRefused {
  readonly kind: 'refused';
  /** Those that are errors. */
  readonly errors: readonly IFinding[];
}

/**
 * The dashboard of a notebook: what runs downstream, and the text between, with nothing that ran before.
 *
 * A code cell is kept only when its tags say one role, and that is downstream or shared, whatever the check says; so no upstream cell can
 * be in it. The same input gives the same bytes.
 *
 * @throws ParameterError when a parameter cannot be set.
 */
export function compileDashboard({
  notebook,
  checked,
  policy,
  parameters,
  force = false,
  source,
  trans
}: ICompileOptions): Compilation {
  if (checked.cells.length !== notebook.cells.length) {
    throw new Error('The check is of another notebook.');
  }
  const errors = checked.findings.filter(
    ({ severity }) => severity === 'error'
  );
  if (errors.length > 0 && !force) {
    return { kind: 'refused', errors };
  }
  const reasons = notebook.cells.map((cell, i) =>
    dropReason(cell, policy, checked.cells[i].needsRole)
  );
  const kept = notebook.cells.map((cell, i): readonly IPlaced[] =>
    reasons[i] === null ? [{ cell: compiledCell(cell), place: i }] : []
  );
  const sets = parameters !== undefined && parameters.size > 0;
  const injected = sets ? placeInjected(notebook, parameters, trans) : null;
  if (injected) {
    const made = { cell: injected.cell, place: null };
    kept[injected.index] = {
      replace: [made],
      after: [...(kept[injected.index] ?? []), made],
      top: [made, ...(kept[injected.index] ?? [])]
    }[injected.place];
  }
  const placed = kept.flat();
  const record: IDashboardRecord = {
    version: 1,
    tool: TOOL,
    source,
    source_hash: contentHash(notebook),
    ...(sets && { parameters: parametersRecord(parameters) }),
    dropped: notebook.cells.flatMap((cell, i) => {
      const why = reasons[i];
      return why === null ? [] : [droppedCell(cell, i, why)];
    }),
    ...(errors.length > 0 && {
      forced: {
        errors: errors.length,
        rules: [...new Set(errors.map(({ rule }) => rule))].sort()
      }
    })
  };
  const compiled = withRecords(
    {
      cells: withIds(
        placed.map(({ cell }) => cell),
        notebook
      ),
      metadata: compiledMetadata(notebook.metadata, policy),
      nbformat: notebook.nbformat,
      nbformat_minor: notebook.nbformat_minor
    },
    record,
    errors.length
  );
  return {
    kind: 'compiled',
    notebook: compiled,
    text: notebookText(compiled),
    record,
    places: placed.map(({ place }) => place),
    notes: [...leftOut(notebook, reasons, trans), ...(injected?.notes ?? [])]
  };
}

/** A cell of the compiled notebook, and where it stands in the source. */
interface IPlaced {
  readonly cell: ICellJson;
  readonly place: number | null;
}

/**
 * Cells with an id each, as nbformat wants them since 4.5: a merge may have doubled them or lost some, and whoever reads such a file
 * makes up others each time, so that no hash of it would hold.
 */
function withIds(
  cells: readonly ICellJson[],
  { nbformat_minor: minor }: INotebookJson
): readonly ICellJson[] {
  if (typeof minor !== 'number' || minor < 5) {
    return cells;
  }
  const given = new Set(cells.map(idOf));
  const used = new Set<string>();
  return cells.map((cell, i) => {
    let id = idOf(cell);
    if (id === null || used.has(id)) {
      let n = i;
      do {
        id = `cell-${n++}`;
      } while (given.has(id) || used.has(id));
    }
    used.add(id);
    return id === cell.id ? cell : { ...cell, id };
  });
}

/** Why a cell is left out; null when it is kept. Text needs no role, and code needs one that runs on the dashboard. */
function dropReason(
  cell: ICellJson,
  { tags }: IRolePolicy,
  needsRole: boolean
): DropReason | null {
  const roles = rolesOf(tagsOf(cell), tags);
  // Of a type that nobody knows, nobody knows whether it runs.
  if (cell.cell_type === 'markdown' || cell.cell_type === 'raw') {
    return roles.includes('upstream') ? 'upstream' : null;
  }
  if (roles.length > 1) {
    return 'conflict';
  }
  if (roles.includes('upstream')) {
    return 'upstream';
  }
  return !needsRole ? 'blank' : roles.length === 0 ? 'no role' : null;
}

function droppedCell(
  cell: ICellJson,
  index: number,
  why: DropReason
): IDroppedCell {
  const { cell_type: type } = cell;
  return {
    cell: idOf(cell),
    index,
    type: type === 'code' || type === 'markdown' ? type : 'raw',
    why
  };
}

/** What Jupyter and Voilà's layouts know of a cell; nothing that a run or another tool has left in it. */
const CELL_METADATA: readonly string[] = [
  'collapsed',
  'deletable',
  'editable',
  'extensions',
  'format',
  'jupyter',
  'name',
  'raw_mimetype',
  'scrolled',
  'slideshow',
  'tags'
];

/** A cell without what ran. */
function compiledCell(cell: ICellJson): ICellJson {
  const { cell_type, attachments, id } = cell;
  return {
    cell_type,
    ...(id !== undefined && { id }),
    metadata: chosen(cell.metadata, CELL_METADATA),
    source: sourceOf(cell),
    ...(cell_type === 'code'
      ? { execution_count: null, outputs: [] }
      : attachments !== undefined && { attachments })
  };
}

/** The same of a notebook: states of widgets and notes of runs hold what upstream cells have shown. */
const NOTEBOOK_METADATA: readonly string[] = [
  'authors',
  'extensions',
  'kernelspec',
  'language_info',
  'title',
  'voila'
];

function compiledMetadata(
  metadata: unknown,
  policy: IRolePolicy
): Readonly<Record<string, unknown>> {
  const roles = compiledRoles(memberOf(metadata, 'workload', 'roles'), policy);
  return {
    ...chosen(metadata, NOTEBOOK_METADATA),
    workload: { roles }
  };
}

/** What the notebook says of roles, with the names of tags in force: where it is published, another site may call them otherwise. */
function compiledRoles(
  roles: unknown,
  { tags }: IRolePolicy
): Readonly<Record<string, unknown>> {
  return { ...(isObject(roles) && roles), tags };
}

function chosen(
  metadata: unknown,
  keys: readonly string[]
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    isObject(metadata)
      ? Object.entries(metadata).filter(([key]) => keys.includes(key))
      : []
  );
}

/** A compiled notebook with what it says of itself. */
function withRecords(
  notebook: INotebookJson,
  dashboard: IDashboardRecord,
  errors: number
): INotebookJson {
  const metadata = isObject(notebook.metadata) ? notebook.metadata : {};
  const workload = isObject(metadata.workload) ? metadata.workload : {};
  return {
    ...notebook,
    metadata: {
      ...metadata,
      workload: { ...workload, dashboard, check: checkRecord(notebook, errors) }
    }
  };
}

/** Cells of parameters that are left out for another role, so that their values are not set. */
function leftOut(
  { cells }: INotebookJson,
  reasons: readonly (DropReason | null)[],
  trans: ITranslator
): readonly string[] {
  return cells.flatMap((cell, i) =>
    reasons[i] === 'conflict' && tagsOf(cell).includes('parameters')
      ? [
          trans.__(
            'Cell %1, tagged “parameters”, has another role, too, so it is left out, and its values are not set. Remove the other role.',
            i + 1
          )
        ]
      : []
  );
}
