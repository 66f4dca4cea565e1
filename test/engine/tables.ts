import { answerTable } from '../../src/engine/answers';
import type { IDataset, ISegment } from '../../src/engine/dataset';
import type { IFileEntry } from '../../src/engine/engine';
import { makeDataset } from '../../src/engine/parquet-dataset';
import { MappedWorkload } from '../../src/engine/mapped-workload';
import type {
  CodedChunk,
  LocalDictionary,
  ParquetFile,
  SecondsChunk
} from '../../src/engine/parquet/types';
import { MISSING_SECONDS } from '../../src/engine/parquet/types';
import { WorkloadIndex } from '../../src/engine/workload-index';
import { defaultQuestion } from '../../src/workload/analyses';
import type { Row } from '../../src/workload/answer';
import { ENVIRONMENT_RULES } from '../../src/workload/environment';
import { mergeMapping } from '../../src/workload/fields';
import type { Mapping, ValueType } from '../../src/workload/fields';
import { defaultSelection } from '../../src/workload/query';
import type { AnalysisId, IQuery } from '../../src/workload/query';

/**
 * Small tables as an index, without any Parquet file in between: what a decoder would hand over is made here from plain values.
 */

/** A value as a test writes it; times are epoch milliseconds. */
export type Value = string | number | bigint | boolean | null;

export interface ITestColumn {
  readonly type: ValueType;
  /** By row; a row of a list column is a list, or null. */
  readonly values: readonly (Value | readonly Value[])[];
}

export type TestTable = Readonly<Record<string, ITestColumn>>;

export const text = (...values: (Value | readonly Value[])[]): ITestColumn => ({
  type: 'text',
  values
});
export const number = (...values: Value[]): ITestColumn => ({
  type: 'number',
  values
});
export const flags = (...values: (boolean | null)[]): ITestColumn => ({
  type: 'boolean',
  values
});
/** Times written as RFC 3339, or null. */
export const times = (...values: (string | null)[]): ITestColumn => ({
  type: 'time',
  values: values.map(value => (value === null ? null : Date.parse(value)))
});

const encoder = new TextEncoder();

/** The dictionary of a chunk of texts, with those that are plain decimal numbers as such. */
export function idDictionary(values: readonly string[]): LocalDictionary {
  const others: string[] = [];
  const numbers = Float64Array.from(values, value =>
    /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : -others.push(value)
  );
  return { ...textDictionary(others), type: 'ids', numbers };
}

function textDictionary(values: readonly Value[]) {
  const parts = values.map(value => encoder.encode(String(value)));
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i] + part.length;
  });
  const bytes = new Uint8Array(offsets[parts.length]);
  parts.forEach((part, i) => bytes.set(part, offsets[i]));
  return { bytes, offsets };
}

/** The dictionary of a chunk. */
export function localDictionary(
  type: ValueType,
  values: readonly Value[]
): LocalDictionary {
  switch (type) {
    case 'text':
      return { type, ...textDictionary(values) };
    case 'boolean':
      return { type, values: Uint8Array.from(values, Number) };
    case 'time':
      return { type, values: Float64Array.from(values, Number) };
    case 'number':
      return values.some(value => typeof value === 'bigint')
        ? {
            type: 'bigint',
            values: BigInt64Array.from(values, value => BigInt(value ?? 0)),
            unsigned: false
          }
        : { type, values: Float64Array.from(values, Number) };
  }
}

/** A chunk of coded values, as a decoder hands it over. */
export function codedChunk(
  type: ValueType,
  values: readonly (Value | readonly Value[])[],
  list = values.some(Array.isArray)
): CodedChunk {
  const offsets = list ? new Uint32Array(values.length + 1) : null;
  const elements: Value[] = [];
  values.forEach((value, i) => {
    if (Array.isArray(value)) {
      elements.push(...value);
    } else if (!list) {
      elements.push(value as Value);
    }
    if (offsets) {
      offsets[i + 1] = elements.length;
    }
  });
  const distinct = [...new Set(elements.filter(value => value !== null))];
  const codeOf = new Map<Value, number>(
    distinct.map((value, i) => [value, i + 1])
  );
  return {
    kind: 'codes',
    rows: values.length,
    codes: Uint16Array.from(elements, value => codeOf.get(value) ?? 0),
    dictionary: localDictionary(type, distinct),
    offsets,
    pages: { fast: 1, slow: 0, checked: 0 }
  };
}

/** A chunk of seconds; in floats when asked for, or when a time does not fit. */
export function secondsChunk(
  values: readonly Value[],
  wide = false
): SecondsChunk {
  const seconds = values.map(value =>
    value === null ? NaN : Math.floor(Number(value) / 1000)
  );
  return {
    kind: 'seconds',
    rows: values.length,
    seconds: wide
      ? Float64Array.from(seconds)
      : Int32Array.from(seconds, s => (Number.isNaN(s) ? MISSING_SECONDS : s)),
    unparsable: 0,
    pages: { fast: 1, slow: 0, checked: 0 }
  };
}

/** A dataset of one file with a row group for each run of rows that `cuts` delimit. */
export function datasetOf(
  table: TestTable,
  cuts: readonly number[] = []
): IDataset {
  const columns = Object.entries(table);
  const rows = columns[0]?.[1].values.length ?? 0;
  const starts = [0, ...cuts];
  const entry: IFileEntry = {
    path: 'records.parquet',
    location: 'records.parquet',
    size: 1000,
    modified: null,
    partitions: {}
  };
  const file: ParquetFile = {
    rows,
    columns: columns.map(([name, { type, values }], leaf) => ({
      name,
      type,
      list: values.some(Array.isArray),
      leaf,
      nullable: true,
      physical: 'BYTE_ARRAY',
      logical: null
    })),
    rowGroups: starts.map((start, g) => ({
      rows: (starts[g + 1] ?? rows) - start,
      columns: columns.map(() => ({
        start: 0,
        end: 10,
        values: rows,
        nulls: null,
        min: null,
        max: null,
        uncompressed: 10,
        codec: 'UNCOMPRESSED'
      }))
    })),
    createdBy: null,
    unsupported: [],
    keyValue: {},
    raw: { leaves: [] }
  };
  return makeDataset([entry], [file]);
}

/**
 * An index that holds a whole table.
 *
 * @param cuts Rows at which a new segment begins.
 * @param time Column that is held as seconds too; the one mapped by name unless told otherwise.
 */
export function indexOf(
  table: TestTable,
  cuts: readonly number[] = [],
  time?: string
): WorkloadIndex {
  const dataset = datasetOf(table, cuts);
  const index = new WorkloadIndex(dataset);
  const axis = time ?? dataset.mapping.time?.[0];
  let start = 0;
  for (const segment of dataset.segments) {
    const end = start + segment.rows;
    for (const [name, { type, values }] of Object.entries(table)) {
      const own = values.slice(start, end);
      const list = dataset.columns.get(name)?.list === true;
      index.add(segment, name, codedChunk(type, own, list));
      if (name === axis) {
        index.add(segment, name, secondsChunk(own as Value[]));
      }
    }
    start = end;
  }
  return index;
}

/** An index as a mapping sees it: the one proposed by name, with some roles read from other columns. */
export function workloadOf(
  index: WorkloadIndex,
  chosen: Mapping = {}
): MappedWorkload {
  const mapping = mergeMapping(index.dataset.mapping, chosen);
  return new MappedWorkload(
    index,
    mapping,
    (['is_staff', 'is_compute'] as const).filter(field => mapping[field]),
    ENVIRONMENT_RULES
  );
}

/** A question about everybody, everywhere, unless told otherwise. */
export function question(
  analysis: AnalysisId,
  parts: Partial<IQuery> = {}
): IQuery {
  return {
    ...defaultSelection({ paths: ['records.parquet'] }),
    defaults: [],
    ...defaultQuestion(analysis),
    ...parts
  };
}

/** Answer from an index that holds all columns. */
export function answerFrom(
  workload: MappedWorkload,
  query: IQuery,
  segments: readonly ISegment[] = workload.index.dataset.segments
): readonly Row[] {
  const units = (['user', 'job', 'process'] as const).filter(
    unit => workload.mapping[unit]
  );
  workload.prepare(segments, units);
  const { table } = answerTable(query, workload.on(segments, query, true));
  return table.rows;
}

/** The answer over a small table. */
export function rowsOf(
  table: TestTable,
  query: IQuery,
  cuts: readonly number[] = []
): readonly Row[] {
  return answerFrom(workloadOf(indexOf(table, cuts), query.mapping), query);
}
