import { isObject } from './json';
import { DEFAULT_FIELDS } from './view-check';
import { VIEW_SCHEMA, VIEW_VERSION } from './view';

type Raw = Readonly<Record<string, unknown>>;

/**
 * Steps from one version to the next, by the version they start from. A step keeps what it does not know. It gets what people
 * wrote, so it must not rely on any type: what it does not understand it passes on, and the check of the current version says what is wrong.
 */
const MIGRATIONS: readonly ((view: Raw) => Raw)[] = [fromVersion0];

/**
 * The version that a view says it has; one without `version` is taken for version 0 where it has version 0's `charts`.
 *
 * @returns null when it says nothing that could be a version.
 */
export function versionOf(view: Raw): number | null {
  const { version } = view;
  if (version === undefined) {
    return 'charts' in view ? 0 : null;
  }
  return typeof version === 'number' &&
    Number.isInteger(version) &&
    version >= 0
    ? version
    : null;
}

/** Bring a view of an older version to the current one; one of the current version is returned as it is. */
export function migrateView(view: Raw, version: number): Raw {
  let current = view;
  for (let from = version; from < VIEW_VERSION; from++) {
    current = MIGRATIONS[from](current);
  }
  return current;
}

/**
 * Version 0, of the time before the first release: one path for the source, `population` by name, the period's bounds at the top, filters
 * without `op`, and charts whose questions and looks were not apart.
 */
function fromVersion0(view: Raw): Raw {
  const {
    source,
    population,
    from,
    to,
    filters,
    charts,
    version: _,
    ...rest
  } = view;
  return {
    ...rest,
    $schema: VIEW_SCHEMA,
    version: 1,
    source: typeof source === 'string' ? { paths: [source] } : source,
    ...(filters === undefined
      ? {}
      : { filters: mapItems(filters, filterFrom0) }),
    ...(population === undefined
      ? {}
      : { defaults: defaultsFrom0(population) }),
    ...(from === undefined && to === undefined
      ? {}
      : { period: { from: from ?? null, to: to ?? null } }),
    ...(charts === undefined ? {} : { board: mapItems(charts, chartFrom0) })
  };
}

function defaultsFrom0(population: unknown): unknown {
  return population === 'all'
    ? []
    : population === 'default'
      ? DEFAULT_FIELDS
      : population;
}

function filterFrom0(filter: Raw): Raw {
  return 'op' in filter ? filter : { ...filter, op: 'any' };
}

function chartFrom0(chart: Raw): Raw {
  const { analysis, distinct, top, width, ...rest } = chart;
  return {
    ...rest,
    question: withoutUndefined({ analysis, distinct, top }),
    ...(width === undefined ? {} : { look: { width } })
  };
}

function mapItems(list: unknown, change: (item: Raw) => Raw): unknown {
  return Array.isArray(list)
    ? list.map((item: unknown) => (isObject(item) ? change(item) : item))
    : list;
}

function withoutUndefined(object: Raw): Raw {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined)
  );
}
