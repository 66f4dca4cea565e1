import { ANALYSES } from '../workload/analyses';
import { checkZone } from '../workload/calendar';
import { ENVIRONMENT, ROLES } from '../workload/fields';
import type { Mapping, Role } from '../workload/fields';
import { checkBins } from '../workload/node-classes';
import { effectiveFilters } from '../workload/query';
import type {
  AnalysisId,
  DefaultField,
  Filter,
  IQuery,
  ISelection
} from '../workload/query';
import { filtersOf } from './answers';
import { checkPattern } from './conditions';
import type { IDataset, ISegment } from './dataset';
import { checkDistilled, droppedColumn } from './distilled';
import { EngineError } from './engine';
import { keyColumns, missingKey, unitOf } from './keys';
import type { KeyUnit } from './keys';
import type { INeed } from './loader';
import { boundsOf, filterColumns } from './selection';

/** What a question reads. */
export interface INeeds {
  readonly columns: readonly INeed[];
  /** Units whose keys it uses. */
  readonly units: readonly KeyUnit[];
}

/**
 * Columns and keys that a question reads, and nothing else.
 *
 * @throws EngineError `query` when the question makes no sense, `missing-column` when the dataset cannot answer it.
 */
export function needsOf(
  query: IQuery,
  dataset: IDataset,
  mapping: Mapping,
  applicable: readonly DefaultField[]
): INeeds {
  checkQuery(query);
  const { needs } = ANALYSES[query.analysis];
  refuseDistilled(dataset, query, mapping, {
    wanted: wantedPopulation(query.analysis),
    roles: [...needs, ...countedRoles(query)]
  });
  const units = new Set<KeyUnit>();
  const unit = unitOf(query.distinct);
  if (unit !== 'record') {
    units.add(unit);
  }
  if (needs.includes('job') || query.analysis.startsWith('package-corr')) {
    units.add('job');
  }
  const names = new Set<string>();
  // A column of that name says more than a path can tell.
  const environments = dataset.columns.has(ENVIRONMENT);
  for (const role of needs) {
    if (role === 'executable' && environments) {
      names.add(ENVIRONMENT);
    } else if (role !== 'job') {
      roleColumns(role, mapping).forEach(name => names.add(name));
    }
  }
  if (query.distinct.endsWith('+package')) {
    roleColumns('package', mapping).forEach(name => names.add(name));
  }
  // A record of a job has the job's node count, whatever is counted.
  if (needs.includes('nodes') && mapping.job) {
    units.add('job');
  }
  if (needs.includes('executable') && !environments) {
    mapping.is_container?.forEach(name => names.add(name));
  }
  const filters = filtersOf(
    query,
    { mapping, applicable },
    wantedPopulation(query.analysis)
  );
  return complete(query, filters, dataset, mapping, names, units);
}

/** Parts of the default population that an analysis asks for in any of its counts: jobs of `module-share` are of compute nodes. */
export function wantedPopulation(
  analysis: AnalysisId
): readonly DefaultField[] {
  return analysis === 'module-share'
    ? ['is_staff', 'is_compute']
    : ANALYSES[analysis].population;
}

/** Columns and keys that the head of a board reads. */
export function overviewNeeds(
  selection: ISelection,
  filters: readonly Filter[],
  dataset: IDataset,
  mapping: Mapping
): INeeds {
  checkSelection(selection);
  refuseDistilled(dataset, selection, mapping, {
    wanted: ANALYSES.users.population,
    roles: []
  });
  const units = new Set<KeyUnit>();
  for (const unit of ['user', 'job'] as const) {
    if (mapping[unit]) {
      units.add(unit);
    }
  }
  const names = new Set<string>([
    ...(mapping.package ?? []),
    ...(mapping.time ?? [])
  ]);
  return complete(selection, filters, dataset, mapping, names, units);
}

/** Roles of the units that a question counts. */
function countedRoles(query: IQuery): Role[] {
  const unit = unitOf(query.distinct);
  return [
    ...(unit === 'record' ? [] : [unit]),
    ...(query.distinct.endsWith('+package') ? (['package'] as const) : [])
  ];
}

function refuseDistilled(
  dataset: IDataset,
  selection: ISelection,
  mapping: Mapping,
  asked: { wanted: readonly DefaultField[]; roles: readonly Role[] }
): void {
  const { distilled } = dataset.info;
  if (distilled) {
    // Also the defaults that do not apply because their column was dropped.
    const filters = effectiveFilters(selection, asked.wanted, mapping);
    checkDistilled(distilled, {
      selection,
      mapping,
      filters,
      roles: asked.roles,
      has: name => dataset.columns.has(name)
    });
  }
}

function complete(
  selection: ISelection,
  filters: readonly Filter[],
  dataset: IDataset,
  mapping: Mapping,
  names: Set<string>,
  units: Set<KeyUnit>
): INeeds {
  for (const filter of filters) {
    checkPattern(filter);
    const unreadable = dataset.info.unreadable.find(
      ({ name }) => name === filter.field
    );
    if (unreadable) {
      throw new EngineError(
        'missing-column',
        `Column “${unreadable.name}”, which a condition asks for, cannot be read: ${unreadable.reason}. Remove the condition, or name another column.`,
        filter.field
      );
    }
    filterColumns(filter, mapping, name => dataset.columns.has(name)).forEach(
      name => names.add(name)
    );
    if (filter.op === 'job-has') {
      units.add('job');
    }
  }
  if (selection.period.from !== null || selection.period.to !== null) {
    mapping.time?.forEach(name => names.add(name));
  }
  mapping.count?.forEach(name => names.add(name));
  const columns: INeed[] = [];
  const keys = new Set<string>();
  for (const unit of units) {
    const own = keyColumns(unit, mapping);
    if (own.length === 0) {
      throw missingKey(unit);
    }
    own.forEach(name => keys.add(name));
  }
  const time = mapping.time?.[0];
  for (const name of new Set([...keys, ...names])) {
    if (name === time && names.has(name)) {
      columns.push({ name, form: 'seconds' });
    }
    if (name !== time || keys.has(name)) {
      columns.push({ name, form: 'codes' });
    }
  }
  return { columns, units: [...units] };
}

/** Segments whose time stamps can lie in the period, by their statistics. */
export function segmentsInPeriod(
  selection: ISelection,
  dataset: IDataset,
  mapping: Mapping
): readonly ISegment[] {
  const [time = ''] = mapping.time ?? [];
  const { from, to } = boundsOf(selection.period, selection.zone);
  if (!dataset.columns.has(time) || (from === -Infinity && to === Infinity)) {
    return dataset.segments;
  }
  return dataset.segments.filter(segment => {
    const bounds = dataset.timeBounds(segment, time);
    return !bounds || (bounds.to >= from && bounds.from < to);
  });
}

/**
 * Whether mapped columns exist and suit their roles.
 *
 * @throws EngineError `missing-column`.
 */
export function checkMapping(mapping: Mapping, dataset: IDataset): void {
  for (const role of ROLES) {
    for (const name of mapping[role] ?? []) {
      const column = dataset.columns.get(name);
      if (!column) {
        throw (
          droppedColumn(dataset.info.distilled, name, role) ??
          new EngineError(
            'missing-column',
            `There is no column “${name}”, which is mapped as “${role}”. Map another one.`,
            role
          )
        );
      }
      if (column.list && role !== 'package') {
        throw new EngineError(
          'missing-column',
          `Column “${name}” holds lists, so it cannot be mapped as “${role}”. Map another one.`,
          role
        );
      }
    }
  }
}

function roleColumns(role: Role, mapping: Mapping): readonly string[] {
  const columns = mapping[role];
  if (!columns || columns.length === 0) {
    throw new EngineError(
      'missing-column',
      `No column is mapped as “${role}”, which this analysis needs. Map one.`,
      role
    );
  }
  return columns;
}

function checkQuery(query: IQuery): void {
  const analysis = ANALYSES[query.analysis];
  if (!analysis.distincts.includes(query.distinct)) {
    throw new EngineError(
      'query',
      `“${query.analysis}” counts ${analysis.distincts.join(', ')}; it cannot count “${query.distinct}”.`
    );
  }
  if (
    query.top !== null &&
    !(Number.isSafeInteger(query.top) && query.top > 0)
  ) {
    throw new EngineError(
      'query',
      'The number of top rows is a whole number from 1.'
    );
  }
  if (analysis.options.package && query.package === null) {
    throw new EngineError(
      'query',
      'Name the package that is compared with all others.',
      'package'
    );
  }
  if (query.of !== null && !(query.of > 0)) {
    throw new EngineError(
      'query',
      'The number of all users is a number above 0.'
    );
  }
  checkSelection(query);
  rethrow(() => checkBins(query.bins));
}

function checkSelection(selection: ISelection): void {
  rethrow(() => checkZone(selection.zone));
  const { from, to } = boundsOf(selection.period, selection.zone);
  if (from >= to) {
    throw new EngineError(
      'query',
      'The period ends before it begins. Put its end after its start.'
    );
  }
}

function rethrow(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new EngineError(
      'query',
      error instanceof Error ? error.message : String(error)
    );
  }
}
