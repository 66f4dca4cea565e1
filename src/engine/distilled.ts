import { checkZone, isDayStart, sameZone } from '../workload/calendar';
import { ENVIRONMENT, isRole } from '../workload/fields';
import type { Mapping, Role } from '../workload/fields';
import { isObject } from '../workload/json';
import type { Filter, ISelection } from '../workload/query';
import { fieldColumns } from './dataset';
import { EngineError } from './engine';
import type { IDistilled, IFileEntry } from './engine';
import { instant } from './conditions';
import type { ParquetFile } from './parquet/types';
import { boundsOf } from './selection';

/** Where gathered files say of themselves what they are. */
const KEY = 'workload.gather';
/** The column of counts in distilled data. */
const COUNT = 'count';
/** The Hive key of gathered datasets. */
const MONTH = 'month';

/**
 * What the files of a dataset were distilled to.
 *
 * @returns null for files that were not distilled.
 * @throws EngineError `schema` when files differ in that, or say it in a form that is not known.
 */
export function readDistilled(
  entries: readonly IFileEntry[],
  files: readonly ParquetFile[]
): IDistilled | null {
  const told = files.map((file, f) => parse(file.keyValue[KEY], entries[f]));
  const other = told.findIndex(
    one => JSON.stringify(one) !== JSON.stringify(told[0])
  );
  if (other > 0) {
    throw new EngineError(
      'schema',
      `${entries[0].path} and ${entries[other].path} were not distilled alike: days, zone or dropped fields differ. Open them apart.`
    );
  }
  return told[0] ?? null;
}

/** What a question touches, as far as distilled data may lack it. */
export interface ITouched {
  readonly selection: ISelection;
  readonly mapping: Mapping;
  /** Those in force, and those of the default population that would be if their columns were there. */
  readonly filters: readonly Filter[];
  /** Roles that it groups by, bins by or counts. */
  readonly roles: readonly Role[];
  /** Whether the dataset has a column. */
  readonly has: (name: string) => boolean;
}

/**
 * Refuse what distilled data cannot answer as the records would have.
 *
 * @throws EngineError `query`, with the reason.
 */
export function checkDistilled(distilled: IDistilled, asked: ITouched): void {
  const { selection, mapping, filters, roles, has } = asked;
  for (const role of roles) {
    if (role === 'executable' && has(ENVIRONMENT)) {
      continue;
    }
    checkRole(distilled, role, mapping);
    if (role === 'executable') {
      checkRole(distilled, 'is_container', mapping);
    }
  }
  for (const [role, columns] of Object.entries(mapping)) {
    if (role !== 'count' && columns.includes(COUNT)) {
      throw sums(role);
    }
    if (role !== 'time' && columns.includes(distilled.day)) {
      throw new EngineError(
        'query',
        `Column “${distilled.day}”, mapped as “${role}”, holds days only: the time of day was dropped when the data were distilled. Map another column.`,
        role
      );
    }
  }
  if (mapping.count?.join() !== COUNT) {
    throw new EngineError(
      'query',
      `The data were distilled, and their column “${COUNT}” says how many records a row stands for. Map it as “count”.`,
      'count'
    );
  }
  const onDays = mapping.time?.includes(distilled.day) === true;
  if (onDays) {
    const { from, to } = boundsOf(selection.period, selection.zone);
    [from, to].forEach(seconds => checkMidnight(distilled, seconds));
    if (roles.includes('time')) {
      checkZones(distilled, selection.zone);
    }
  }
  filters.forEach(filter => checkFilter(distilled, filter, asked));
}

/** Whether the times tell the calendar days of a zone. */
export function tellsDays(
  distilled: IDistilled | null,
  mapping: Mapping,
  zone: string
): boolean {
  return (
    !distilled ||
    !mapping.time?.includes(distilled.day) ||
    sameZone(distilled.zone, zone)
  );
}

/** What a reader of an answer must know of distilled data. */
export function distilledNote({ zone, dropped }: IDistilled): string {
  const names = dropped.map(({ column }) => column).join(', ');
  return `The data were distilled to days in ${zone}${names === '' ? '' : `, without ${names}`}.`;
}

/** The error for a column that is not there because it was dropped; null when that is not the reason. */
export function droppedColumn(
  distilled: IDistilled | null,
  name: string,
  field: string
): EngineError | null {
  return distilled?.dropped.some(({ column }) => column === name)
    ? gone(name, field)
    : null;
}

function checkRole(
  { dropped }: IDistilled,
  role: Role,
  mapping: Mapping
): void {
  const found = dropped.find(one => one.role === role);
  if (found && !mapping[role]) {
    throw gone(found.column, role);
  }
}

function checkFilter(
  distilled: IDistilled,
  filter: Filter,
  { selection, mapping, has }: ITouched
): void {
  const { field } = filter;
  if (field === ENVIRONMENT && !has(ENVIRONMENT)) {
    checkRole(distilled, 'executable', mapping);
    checkRole(distilled, 'is_container', mapping);
    return;
  }
  if (isRole(field)) {
    checkRole(distilled, field, mapping);
  }
  for (const name of fieldColumns(field, mapping)) {
    if (name === COUNT) {
      throw sums(field);
    }
    if (name === distilled.day) {
      checkTimes(distilled, filter, selection.zone);
    } else if (!has(name)) {
      const error = droppedColumn(distilled, name, field);
      if (error) {
        throw error;
      }
    } else if (name === MONTH && !sameZone(distilled.zone, 'UTC')) {
      throw new EngineError(
        'query',
        `The data were distilled to days in ${distilled.zone}, and so are the months of their folders, which in other data are those of UTC. Choose a period instead of “${MONTH}”.`,
        field
      );
    }
  }
}

/** Of conditions on the time, those hold that are about whole days, or about records without a time. */
function checkTimes(distilled: IDistilled, filter: Filter, zone: string): void {
  if (filter.op === 'missing') {
    return;
  }
  if (filter.op !== 'range') {
    throw new EngineError(
      'query',
      `“${filter.field}” holds days only: the time of day was dropped when the data were distilled. Choose a period of whole days in ${distilled.zone}.`,
      filter.field
    );
  }
  for (const bound of [filter.from, filter.to]) {
    if (bound !== undefined && bound !== '') {
      checkMidnight(distilled, instant(bound, zone));
    }
  }
}

function checkMidnight({ zone }: IDistilled, seconds: number): void {
  if (Number.isFinite(seconds) && !isDayStart(seconds, zone)) {
    throw new EngineError(
      'query',
      `The data were distilled to days in ${zone}, so a period has to begin and end at midnight there. Choose whole days, and ${zone} as the time zone.`,
      'time'
    );
  }
}

function checkZones({ zone }: IDistilled, asked: string): void {
  if (!sameZone(zone, asked)) {
    throw new EngineError(
      'query',
      `The data were distilled to days in ${zone}, so days, months and years of ${asked} cannot be told. Choose ${zone} as the time zone.`,
      'time'
    );
  }
}

function sums(field: string): EngineError {
  return new EngineError(
    'query',
    `Column “${COUNT}” holds how many records a row stands for, which the data were distilled to; it says nothing of a record. Ask without it.`,
    field
  );
}

function gone(column: string, field: string): EngineError {
  return new EngineError(
    'query',
    `“${column}” was dropped when the data were distilled. Ask without it, or ask the records themselves.`,
    field
  );
}

function parse(text: string | undefined, entry: IFileEntry): IDistilled | null {
  let about: unknown;
  try {
    about = JSON.parse(text ?? 'null');
  } catch {
    about = undefined;
  }
  const told = isObject(about) ? (about.distilled ?? null) : about;
  if (told === null) {
    return null;
  }
  if (
    !isObject(told) ||
    typeof told.zone !== 'string' ||
    typeof told.day !== 'string' ||
    !Array.isArray(told.dropped)
  ) {
    throw unknownForm(entry);
  }
  try {
    checkZone(told.zone);
  } catch {
    throw unknownForm(entry);
  }
  return {
    zone: told.zone,
    day: told.day,
    dropped: told.dropped.map((one: unknown) => {
      if (!isObject(one) || typeof one.column !== 'string') {
        throw unknownForm(entry);
      }
      const { column, role } = one;
      return {
        column,
        role: typeof role === 'string' && isRole(role) ? role : null
      };
    })
  };
}

function unknownForm({ path }: IFileEntry): EngineError {
  return new EngineError(
    'schema',
    `${path} was distilled, and does not say how in a form that is known. Use a newer version of this program.`
  );
}
