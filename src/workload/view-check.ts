import { defaultQuestion } from './analyses';
import {
  FAILED,
  Members,
  Report,
  countOrNull,
  dateOrNull,
  filledText,
  isNumber,
  listOf,
  oneOf,
  oneOfOrNull,
  text,
  textOrNull,
  yesNo
} from './decode';
import type { Decoder, IIssue } from './decode';
import { ROLES } from './fields';
import type { Mapping } from './fields';
import type { JsonPath } from './json';
import { ANALYSIS_IDS, DISTINCTS, defaultSelection } from './query';
import type {
  Bins,
  DefaultField,
  Filter,
  IPeriod,
  IQuestion,
  ISource
} from './query';
import { DEFAULT_LOOK, VIEW_SCHEMA, VIEW_VERSION, newView } from './view';
import type { IChart, ILook, IView } from './view';

/**
 * The check of a view: says the same as `schema/view.schema.json` (a test holds them together), in sentences that
 * people can act on, and takes from a damaged view what is sound.
 */

export interface ICheckedView {
  /** What is sound, the rest at its default; null when there is no source to speak of. */
  readonly view: IView | null;
  /** Everything that is wrong, in the order of the check. */
  readonly issues: readonly IIssue[];
  /** Members and items that the view does without. */
  readonly dropped: readonly JsonPath[];
  /** Ids that charts got because another chart before them bears theirs; by the chart's place in the board. */
  readonly renamed: ReadonlyMap<number, string>;
}

export const DEFAULT_FIELDS: readonly DefaultField[] = [
  'is_staff',
  'is_compute'
];

/**
 * Check a view of the current version.
 *
 * #### Notes
 * What is missing gets its default: only `version`, `source.paths`, a chart's `id` and `question.analysis`, and a filter's `field` and `op` must be there.
 * Keys that are not known are allowed, and are not in the result.
 */
export function checkView(value: unknown): ICheckedView {
  const report = new Report();
  const renamed = new Map<number, string>();
  const members = Members.of(value, [], report);
  if (!members) {
    return { view: null, issues: report.issues, dropped: [], renamed };
  }
  const version = members.required('version', oneOf([VIEW_VERSION]));
  const source = members.required('source', decodeSource);
  const start = newView({ paths: [] });
  const selection = defaultSelection({ paths: [] });
  const rest = {
    $schema: members.optional('$schema', text, VIEW_SCHEMA),
    mapping: members.optional('mapping', decodeMapping, selection.mapping),
    filters: members.optional(
      'filters',
      listOf(decodeFilter),
      selection.filters
    ),
    defaults: members.optional(
      'defaults',
      listOf(oneOf(DEFAULT_FIELDS)),
      selection.defaults
    ),
    period: members.optional('period', decodePeriod, selection.period),
    zone: members.optional('zone', filledText, selection.zone),
    board: uniqueIds(
      members.optional('board', listOf(decodeChart), start.board),
      renamed
    )
  };
  const view =
    source === FAILED
      ? null
      : {
          ...rest,
          version: version === FAILED ? VIEW_VERSION : version,
          source
        };
  return { view, issues: report.issues, dropped: report.dropped, renamed };
}

const decodeSource: Decoder<ISource> = (value, path, report) => {
  const paths = Members.of(value, path, report)?.required(
    'paths',
    listOf(filledText)
  );
  return paths === undefined || paths === FAILED ? FAILED : { paths };
};

const decodeMapping: Decoder<Mapping> = (value, path, report) => {
  const members = Members.of(value, path, report);
  if (!members) {
    return FAILED;
  }
  const mapping: { -readonly [R in keyof Mapping]: Mapping[R] } = {};
  for (const role of ROLES) {
    const columns = members.optional(role, listOf(filledText), undefined);
    if (columns) {
      mapping[role] = columns;
    }
  }
  return mapping;
};

const decodePeriod: Decoder<IPeriod> = (value, path, report) => {
  const members = Members.of(value, path, report);
  return members
    ? {
        from: members.optional('from', dateOrNull, null),
        to: members.optional('to', dateOrNull, null)
      }
    : FAILED;
};

const OPS = [
  'any',
  'prefix',
  'glob',
  'regexp',
  'range',
  'missing',
  'job-has'
] as const;

const decodeFilter: Decoder<Filter> = (value, path, report) => {
  const members = Members.of(value, path, report);
  if (!members) {
    return FAILED;
  }
  const op = members.required('op', oneOf(OPS));
  const field = members.required(
    'field',
    op === 'job-has' ? oneOf(['package']) : filledText
  );
  const state = members.flags(['not', 'disabled']);
  if (op === FAILED || field === FAILED) {
    return FAILED;
  }
  switch (op) {
    case 'any':
    case 'job-has': {
      const values = members.required('values', listOf(text));
      return values === FAILED ? FAILED : { field, op, values, ...state };
    }
    case 'prefix':
    case 'glob':
    case 'regexp': {
      const pattern = members.required('value', text);
      return pattern === FAILED
        ? FAILED
        : { field, op, value: pattern, ...state };
    }
    case 'range': {
      const from = members.optional('from', text, undefined);
      const to = members.optional('to', text, undefined);
      const bounds = {
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to })
      };
      return { field, op, ...bounds, ...state };
    }
    case 'missing':
      return { field, op, ...state };
  }
};

const decodeChart: Decoder<IChart> = (value, path, report) => {
  const members = Members.of(value, path, report);
  if (!members) {
    return FAILED;
  }
  const id = members.required('id', filledText);
  const question = members.required('question', decodeQuestion);
  const transform = members.optional('transform', text, '');
  const look = members.optional('look', decodeLook, DEFAULT_LOOK);
  const picks = members.optional('picks', listOf(decodeFilter), undefined);
  return id === FAILED || question === FAILED
    ? FAILED
    : { id, question, transform, look, ...(picks ? { picks } : {}) };
};

const decodeQuestion: Decoder<IQuestion> = (value, path, report) => {
  const members = Members.of(value, path, report);
  const analysis = members?.required('analysis', oneOf(ANALYSIS_IDS));
  if (!members || analysis === undefined || analysis === FAILED) {
    return FAILED;
  }
  const start = defaultQuestion(analysis);
  return {
    analysis,
    distinct: members.optional('distinct', oneOf(DISTINCTS), start.distinct),
    by: members.optional(
      'by',
      oneOfOrNull(['day', 'month', 'quarter', 'year'] as const),
      start.by
    ),
    bins: members.optional('bins', decodeBins, start.bins),
    top: members.optional('top', countOrNull, start.top),
    other: members.optional('other', yesNo, start.other),
    of: members.optional('of', countOrNull, start.of),
    package: members.optional('package', textOrNull, start.package)
  };
};

/** Whether the bounds ascend is for the engine to say. */
const decodeBins: Decoder<Bins> = (value, path, report) =>
  value === null || value === 'log2'
    ? value
    : Array.isArray(value) && value.length > 0 && value.every(isNumber)
      ? value
      : report.fail(path, 'classes');

const decodeLook: Decoder<ILook> = (value, path, report) => {
  const members = Members.of(value, path, report);
  return members
    ? {
        width: members.optional(
          'width',
          oneOf([1, 2, 3] as const),
          DEFAULT_LOOK.width
        ),
        log: members.optional('log', yesNo, DEFAULT_LOOK.log),
        order: members.optional(
          'order',
          oneOf(['cluster', 'name', 'value'] as const),
          DEFAULT_LOOK.order
        ),
        band: members.optional('band', decodeBand, DEFAULT_LOOK.band)
      }
    : FAILED;
};

const decodeBand: Decoder<readonly [number, number]> = (
  value,
  path,
  report
) => {
  if (Array.isArray(value) && value.length === 2) {
    const from: unknown = value[0];
    const to: unknown = value[1];
    if (isCorrelation(from) && isCorrelation(to)) {
      return [from, to];
    }
  }
  return report.fail(path, 'correlation-band');
};

function isCorrelation(value: unknown): value is number {
  return typeof value === 'number' && value >= -1 && value <= 1;
}

/** Give charts whose id another before them bears one of their own, the same on every machine. */
function uniqueIds(
  board: readonly IChart[],
  renamed: Map<number, string>
): readonly IChart[] {
  const taken = new Set(board.map(chart => chart.id));
  const seen = new Set<string>();
  return board.map((chart, i) => {
    if (!seen.has(chart.id)) {
      seen.add(chart.id);
      return chart;
    }
    let n = 2;
    while (taken.has(`${chart.id}-${n}`)) {
      n++;
    }
    const id = `${chart.id}-${n}`;
    taken.add(id);
    seen.add(id);
    renamed.set(i, id);
    return { ...chart, id };
  });
}
