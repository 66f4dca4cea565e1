import { ENVIRONMENT, ROLES } from '../workload/fields';
import type { Filter, IQuery } from '../workload/query';
import { filtersOf } from './answers';
import { instant } from './conditions';
import { CondensedIndex } from './condensed-index';
import type { ICondensedSpec } from './condensed-index';
import type { ISegment } from './dataset';
import { fieldColumns } from './dataset';
import { keyColumns, unitOf } from './keys';
import { finish } from './kernels/steps';
import type { Steps } from './kernels/steps';
import { MappedWorkload } from './mapped-workload';
import { wantedPopulation } from './needs';
import type { INeeds } from './needs';
import { boundsOf } from './selection';
import { weightColumn } from './weights';
import type { WorkloadIndex } from './workload-index';

/** Roles that rows are told apart by; processes are not counted from condensed rows. */
const OTHER_ROLES = ROLES.filter(
  role => !['job', 'package', 'process'].includes(role)
);
/** Questions asked lately whose columns and periods are told apart. */
const MOST_RECENT = 16;
/** Rows put together must come down to this share of what there was, lists included. */
const WORTH_WHILE = 0.4;
/** Condensed rows that are kept: those of the period before, too. */
const MOST_MADE = 2;
/** Most pieces that time is cut into. */
const MOST_EDGES = 1000;

/** A condensed index, and what it was made of. */
interface IMade {
  readonly spec: ICondensedSpec;
  readonly segments: ReadonlySet<ISegment>;
  readonly workload: MappedWorkload;
  readonly segment: ISegment;
}

/**
 * Keeps the rows of a workload condensed, for the columns that questions ask for again and again. A question that it cannot answer
 * is answered from the rows, to the same result.
 */
export class Condenser {
  constructor(
    private readonly _rows: MappedWorkload,
    private readonly _index: WorkloadIndex,
    private readonly _worthWhile = WORTH_WHILE
  ) {}

  /**
   * The condensed workload and its one segment, for a question all of whose columns have been read; null when the question cannot
   * be answered from it, or not sooner.
   *
   * @param make Condense the rows now when they are not condensed for this question.
   */
  get(
    query: IQuery,
    needs: INeeds,
    segments: readonly ISegment[],
    make: boolean
  ): { workload: MappedWorkload; segment: ISegment } | null {
    const wanted = this.note(query, needs, segments);
    if (!wanted) {
      return null;
    }
    const find = () => this._made.find(one => serves(one, wanted, segments));
    if (make && !find()) {
      finish(this.anticipate());
      if (!find()) {
        finish(this._make(wanted, segments));
      }
    }
    const found = find();
    found?.workload.prepare([found.segment], needs.units);
    return found ?? null;
  }

  /**
   * Remember what a question tells apart, so that others like it will find it so.
   *
   * @returns null when condensed rows cannot answer it.
   */
  note(
    query: IQuery,
    needs: INeeds,
    segments: readonly ISegment[]
  ): ICondensedSpec | null {
    const wanted = this._specOf(query, needs, segments);
    if (wanted) {
      this._recent.unshift(wanted);
      this._recent.length = Math.min(this._recent.length, MOST_RECENT);
      this._segments = segments;
    }
    return wanted;
  }

  /** Condense the rows for the latest questions, so that others like them find them so. */
  *anticipate(): Steps<void> {
    const { _segments: segments } = this;
    if (this._recent.length === 0) {
      return;
    }
    const all = this._all(segments);
    if (!this._made.some(one => serves(one, all, segments))) {
      yield* this._make(all, segments);
    }
  }

  /** What a question tells apart; null when condensed rows cannot answer it. */
  private _specOf(
    query: IQuery,
    needs: INeeds,
    segments: readonly ISegment[]
  ): ICondensedSpec | null {
    const filters = filtersOf(
      query,
      this._rows,
      wantedPopulation(query.analysis)
    );
    const { mapping, index, times } = this._rows;
    const { columns } = index.dataset;
    const unit = unitOf(query.distinct);
    const [packages] = mapping.package ?? [];
    const together = [packages, ...(mapping.job ?? [])];
    const time = mapping.time?.[0];
    const isTime = ({ field }: Filter) =>
      fieldColumns(field, mapping)[0] === time;
    if (
      segments.length === 0 ||
      (unit !== 'user' && unit !== 'job') ||
      weightColumn(mapping, index.dataset) !== undefined ||
      packages === undefined ||
      columns.get(packages)?.list !== false ||
      !segments.every(segment => this._index.has(segment, packages, 'codes')) ||
      // A column that plays two parts cannot be both put together and told apart.
      OTHER_ROLES.some(role =>
        mapping[role]?.some(name => together.includes(name))
      ) ||
      together.includes(ENVIRONMENT) ||
      filters.some(
        filter =>
          mapping.job?.includes(fieldColumns(filter.field, mapping)[0]) ||
          (isTime(filter) && filter.op === 'any')
      )
    ) {
      return null;
    }
    const names = needs.columns.flatMap(({ name, form }) =>
      form === 'codes' && !together.includes(name) ? [name] : []
    );
    if (names.some(name => columns.get(name)?.list)) {
      return null;
    }
    let edges: Set<number> | null = null;
    if (needs.columns.some(({ form }) => form === 'seconds')) {
      if (!times || !this._isNear(segments)) {
        return null;
      }
      const { from, to } = boundsOf(query.period, query.zone);
      edges = new Set([from, to].filter(Number.isFinite));
      for (const filter of filters.filter(isTime)) {
        for (const bound of filter.op === 'range'
          ? [filter.from, filter.to]
          : []) {
          if (bound) {
            edges.add(instant(bound, query.zone));
          }
        }
      }
      if (query.analysis === 'package-trend') {
        times
          .starts(query.by ?? 'month', query.zone, segments)
          .forEach(start => edges?.add(start));
      }
      if (edges.size > MOST_EDGES) {
        return null;
      }
    }
    return {
      columns: names,
      edges: edges && [...edges],
      jobs: needs.units.includes('job')
    };
  }

  /** Whether all times are whole seconds within some decades of 1970, as in all data that are not damaged. */
  private _isNear(segments: readonly ISegment[]): boolean {
    const { times } = this._rows;
    return segments.every(
      segment => times?.seconds(segment) instanceof Int32Array
    );
  }

  /** What the latest questions tell apart, without columns that have not been read for these segments. */
  private _all(segments: readonly ISegment[]): ICondensedSpec {
    const { columns, edges, jobs } = union(this._recent);
    const has = (name: string, form: 'codes' | 'seconds') =>
      segments.every(segment => this._index.has(segment, name, form));
    const { mapping } = this._rows;
    const time = mapping.time?.[0];
    return {
      columns: columns.filter(name => has(name, 'codes')),
      edges:
        time !== undefined && has(time, 'seconds') && this._isNear(segments)
          ? edges
          : null,
      jobs: jobs && keyColumns('job', mapping).every(name => has(name, 'codes'))
    };
  }

  private *_make(
    spec: ICondensedSpec,
    segments: readonly ISegment[]
  ): Steps<void> {
    const key = JSON.stringify([
      [...spec.columns].sort(),
      spec.edges !== null,
      spec.jobs,
      segments.length
    ]);
    if (this._hopeless.has(key)) {
      return;
    }
    // Questions about jobs may have been asked of fewer segments.
    if (spec.jobs && this._rows.prepare(segments, ['job'])) {
      this._made = [];
    }
    const index = yield* this._condensed(spec, segments);
    if (!index) {
      this._hopeless.add(key);
      return;
    }
    const { mapping, applicable, rules } = this._rows;
    const workload = new MappedWorkload(index, mapping, applicable, rules);
    this._made = [
      {
        spec,
        segments: new Set(segments),
        workload,
        segment: index.segment
      },
      ...this._made.slice(0, MOST_MADE - 1)
    ];
  }

  /** Null when it is not worth while, or when there is no memory for it: the rows are still there. */
  private *_condensed(
    spec: ICondensedSpec,
    segments: readonly ISegment[]
  ): Steps<CondensedIndex | null> {
    try {
      return yield* CondensedIndex.of(
        this._rows,
        segments,
        spec,
        this._worthWhile
      );
    } catch (error) {
      if (error instanceof RangeError) {
        return null;
      }
      throw error;
    }
  }

  /** The latest first. */
  private _made: readonly IMade[] = [];
  private readonly _recent: ICondensedSpec[] = [];
  /** Segments of the latest question. */
  private _segments: readonly ISegment[] = [];
  /** What was tried in vain. */
  private readonly _hopeless = new Set<string>();
}

function serves(
  { spec, segments }: IMade,
  wanted: ICondensedSpec,
  asked: readonly ISegment[]
): boolean {
  return (
    wanted.columns.every(name => spec.columns.includes(name)) &&
    (wanted.edges === null ||
      (spec.edges !== null &&
        wanted.edges.every(edge => spec.edges?.includes(edge)))) &&
    (!wanted.jobs || spec.jobs) &&
    asked.every(segment => segments.has(segment))
  );
}

function union(specs: readonly ICondensedSpec[]): ICondensedSpec {
  const timed = specs.filter(({ edges }) => edges !== null);
  return {
    columns: [...new Set(specs.flatMap(({ columns }) => columns))],
    edges:
      timed.length > 0
        ? [...new Set(timed.flatMap(({ edges }) => edges ?? []))]
        : null,
    jobs: specs.some(({ jobs }) => jobs)
  };
}
