import type { IColumn } from '../workload/fields';
import type { IDataset, ISegment } from './dataset';
import { FIRST } from './dictionary';
import { condense } from './kernels/condense';
import type { ICondensed, IRowPart } from './kernels/condense';
import type { Steps } from './kernels/steps';
import type { MappedWorkload } from './mapped-workload';
import { MISSING_SECONDS } from './parquet/types';
import type { IIndex } from './shared';
import { finder, QUARTER_HOUR } from './time-axis';
import type { ICodedColumn, Seconds } from './workload-index';

/** What is to be told apart when rows are put together. */
export interface ICondensedSpec {
  /** Coded columns, but for packages and job ids. */
  readonly columns: readonly string[];
  /** Seconds at which conditions or calendar periods begin or end; null when time is not told apart. */
  readonly edges: readonly number[] | null;
  /** Whether jobs are counted. */
  readonly jobs: boolean;
}

/**
 * A dataset of the long shape as one segment of the wide shape, in which each row stands for all jobs, and all records outside jobs,
 * that agree in some columns. Questions about these columns have the same answers, and far fewer rows to look at.
 */
export class CondensedIndex implements IIndex {
  private constructor(
    readonly dataset: IDataset,
    readonly segment: ISegment,
    readonly condensed: NonNullable<IIndex['condensed']>,
    private readonly _coded: ReadonlyMap<string, ICodedColumn>,
    private readonly _times: { name: string; seconds: Seconds } | null,
    private readonly _dictionaryOf: (name: string) => ICodedColumn
  ) {}

  coded(name: string): ICodedColumn {
    const { dictionary } = this._dictionaryOf(name);
    return this._coded.get(name) ?? { dictionary, codes: [], offsets: [] };
  }

  times(name: string): readonly (Seconds | undefined)[] {
    return this._times?.name === name ? [this._times.seconds] : [];
  }

  /**
   * @param workload The rows; its keys are ready for these segments.
   * @param worthWhile Share of the rows that they must come down to, lists included.
   * @returns null when too little would be gained.
   */
  static *of(
    workload: MappedWorkload,
    segments: readonly ISegment[],
    spec: ICondensedSpec,
    worthWhile: number
  ): Steps<CondensedIndex | null> {
    const { index, mapping } = workload;
    const packages = mapping.package?.[0] ?? '';
    const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
    const jobs = spec.jobs ? workload.keys('job') : null;
    const time = spec.edges && timeColumn(workload, segments, spec.edges);
    const codesOf = (name: string, segment: ISegment) =>
      workload.column(name).codes(segment);
    const parts: IRowPart[] = [];
    for (const segment of segments) {
      yield;
      parts.push({
        rows: segment.rows,
        jobs: jobs?.codes(segment) ?? null,
        packages: codesOf(packages, segment),
        columns: [
          ...spec.columns.map(name => codesOf(name, segment)),
          ...(time ? [time.codes(segment)] : [])
        ]
      });
    }
    const condensed = yield* condense({
      parts,
      jobs: { first: jobs?.first ?? FIRST, size: jobs?.size ?? 0 },
      packages: index.coded(packages).dictionary.size,
      sizes: [
        ...spec.columns.map(name => index.coded(name).dictionary.size),
        ...(time ? [time.starts.length + 1] : [])
      ],
      most: Math.max(1, Math.floor(rows * worthWhile))
    });
    if (!condensed) {
      return null;
    }
    const coded = new Map<string, ICodedColumn>();
    spec.columns.forEach((name, c) => {
      const { dictionary } = index.coded(name);
      coded.set(name, {
        dictionary,
        codes: [condensed.columns[c]],
        offsets: []
      });
    });
    coded.set(packages, {
      dictionary: index.coded(packages).dictionary,
      codes: [condensed.packages],
      offsets: [condensed.offsets]
    });
    const segment = {
      id: 0,
      rows: condensed.rows,
      records: index.dataset.info.rows
    };
    return new CondensedIndex(
      wide(index.dataset, packages, segment),
      segment,
      {
        jobs: jobs && {
          first: FIRST,
          size: condensed.jobCounts.length,
          counts: condensed.jobCounts,
          codes: () => condensed.jobs
        },
        lists: condensed.lists,
        records: condensed.records,
        recordsOfRows: sums(condensed)
      },
      coded,
      time && {
        name: mapping.time?.[0] ?? '',
        seconds: Int32Array.from(
          condensed.columns[spec.columns.length],
          code => time.starts[code] ?? MISSING_SECONDS
        )
      },
      name => index.coded(name)
    );
  }
}

/** Records by row. */
function sums({ rows, offsets, records }: ICondensed): Uint32Array {
  const found = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      found[i] += records[e];
    }
  }
  return found;
}

/** Seconds between edges as codes; a row without a time has the code after the last. */
function timeColumn(
  { times }: MappedWorkload,
  segments: readonly ISegment[],
  edges: readonly number[]
): {
  starts: readonly number[];
  codes: (segment: ISegment) => Uint16Array;
} | null {
  if (!times) {
    return null;
  }
  const range = times.range(segments);
  if (!range) {
    return { starts: [], codes: ({ rows }) => new Uint16Array(rows) };
  }
  // On quarters of an hour, as most edges are: they are found by table.
  const first = Math.floor(range.from / QUARTER_HOUR) * QUARTER_HOUR;
  const end = (Math.floor(range.to / QUARTER_HOUR) + 1) * QUARTER_HOUR;
  // The first piece begins before the first row, and no edge may lie in it.
  const inside = edges.filter(edge => edge > first && edge <= range.to);
  const starts = [
    Math.max(first, MISSING_SECONDS + 1),
    ...[...new Set(inside)].sort((a, b) => a - b)
  ];
  const find = finder([...starts, end]);
  return {
    starts,
    codes: segment => {
      const codes = new Uint16Array(segment.rows).fill(starts.length);
      find(times.seconds(segment), codes);
      return codes;
    }
  };
}

/** The dataset as if packages were lists. */
function wide(
  dataset: IDataset,
  packages: string,
  segment: ISegment
): IDataset {
  const columns = new Map<string, IColumn>(dataset.columns);
  const column = columns.get(packages);
  if (column) {
    columns.set(packages, { ...column, list: true });
  }
  return {
    ...dataset,
    columns,
    segments: [segment],
    info: { ...dataset.info, rows: segment.rows }
  };
}
