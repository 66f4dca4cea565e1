import type { Mapping } from './fields';

/**
 * A question as plain JSON. Panel, view file, command line, cells and Elasticsearch requests are all
 * functions of it; `schema/query.schema.json` says the same in JSON Schema.
 */

/**
 * A condition on records. `field` is a role, a column, or `environment`.
 *
 * #### Notes
 * Values are texts in every case, so that 64-bit ids survive; the column's type says how to read them. A record without
 * a value matches no condition, and so all negated ones. `regexp` has RE2 syntax and is found anywhere in
 * the value. `range` is half-open: `from` inclusive, `to` exclusive. `job-has` looks at the packages of
 * the record's job, among the records that all other filters chose, and keeps the job as a whole when it has any of `values`;
 * its field is always `package`.
 */
export type Filter = IFilterState &
  (
    | { readonly op: 'any'; readonly values: readonly string[] }
    | { readonly op: 'prefix' | 'glob' | 'regexp'; readonly value: string }
    | { readonly op: 'range'; readonly from?: string; readonly to?: string }
    | { readonly op: 'missing' }
    | { readonly op: 'job-has'; readonly values: readonly string[] }
  );

interface IFilterState {
  readonly field: string;
  readonly not?: boolean;
  readonly disabled?: boolean;
}

/** Fields that the default population ("no staff, compute nodes") speaks of. */
export type DefaultField = 'is_staff' | 'is_compute';

/** A half-open period: calendar dates (`2021-01-31`) or date-times to the second, in the query's zone unless they name an offset. */
export interface IPeriod {
  readonly from: string | null;
  readonly to: string | null;
}

/** Where records are read from: files, folders, globs; or indices of Elasticsearch. */
export interface ISource {
  readonly paths: readonly string[];
}

/** Which records are looked at: shared by all charts of a board. */
export interface ISelection {
  readonly source: ISource;
  /** What the user maps otherwise than by name; laid over the proposed mapping. */
  readonly mapping: Mapping;
  readonly filters: readonly Filter[];
  /** Parts of the default population in force; `[]` is everybody, everywhere. */
  readonly defaults: readonly DefaultField[];
  readonly period: IPeriod;
  /** IANA time zone in which dates are read and calendar periods are cut. */
  readonly zone: string;
}

/** The key whose distinct values are counted within each group. */
export type Distinct = (typeof DISTINCTS)[number];

export const DISTINCTS = [
  'record',
  'process',
  'user',
  'job',
  'job+package',
  'user+package'
] as const;

export type CalendarUnit = 'day' | 'month' | 'quarter' | 'year';

/** Classes of node counts: log₂ classes, or lower bounds in ascending order; null is every value by itself. */
export type Bins = 'log2' | readonly number[] | null;

/** What is asked of the selected records: one chart. */
export interface IQuestion {
  readonly analysis: AnalysisId;
  readonly distinct: Distinct;
  /** Calendar unit of trends. */
  readonly by: CalendarUnit | null;
  readonly bins: Bins;
  /** Keep the N highest; null keeps all. */
  readonly top: number | null;
  /** Gather what `top` leaves out in one row, as a union of its units. */
  readonly other: boolean;
  /** All users of the site, for `user-share`. */
  readonly of: number | null;
  /** The package compared with all others, for `package-affinity`. */
  readonly package: string | null;
}

export type IQuery = ISelection & IQuestion;

export type AnalysisId = (typeof ANALYSIS_IDS)[number];

export const ANALYSIS_IDS = [
  'users',
  'user-share',
  'partition-shares',
  'module-share',
  'mkl-share',
  'top-packages',
  'job-sizes',
  'package-job-size',
  'package-correlation',
  'package-affinity',
  'package-trend'
] as const;

/** The selection that a source is opened with. */
export function defaultSelection(source: ISource): ISelection {
  return {
    source,
    mapping: {},
    filters: [],
    defaults: ['is_staff', 'is_compute'],
    period: { from: null, to: null },
    zone: 'UTC'
  };
}

/**
 * The filters in force for an analysis: the user's, and those parts of the default population that the selection keeps,
 * the analysis wants, and no filter of the user replaces.
 *
 * @param mapping The whole mapping in force, where it is known: a filter may name a field by its column.
 */
export function effectiveFilters(
  selection: ISelection,
  wanted: readonly DefaultField[],
  mapping: Mapping = {}
): Filter[] {
  const active = selection.filters.filter(filter => !filter.disabled);
  const replaced = new Set(active.map(filter => filter.field));
  const isReplaced = (field: DefaultField) =>
    replaced.has(field) ||
    mapping[field]?.some(column => replaced.has(column)) === true;
  const defaults = selection.defaults
    .filter(field => wanted.includes(field) && !isReplaced(field))
    .map(field => DEFAULT_POPULATION[field]);
  return [...active, ...defaults];
}

/** The default population: no staff, compute nodes (domain: "What is asked"). */
export const DEFAULT_POPULATION: Readonly<Record<DefaultField, Filter>> = {
  is_staff: { field: 'is_staff', op: 'any', values: ['false'] },
  is_compute: { field: 'is_compute', op: 'any', values: ['true'] }
};
