import type { Mapping } from './fields';
import type { Filter, IQuery } from './query';

/** A value in an answer; undefined numbers (no variance, no denominator) are null. */
export type Cell = string | number | boolean | null;

/** One row of an answer. The row of all that `top` left out has `other: true` and a null name. */
export type Row = Readonly<Record<string, Cell>>;

/** A small table, in the row order that the analysis defines. */
export interface ITable {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** How far an estimate may be off. */
export interface IEstimate {
  /** `cardinality`: HyperLogLog++ sketches of distinct values; `sample`: exact counts of a part of the records, scaled. */
  readonly method: 'cardinality' | 'sample';
  /** Half the width of an interval that holds the exact value in about 95 of 100 cases; null when it is not known. */
  readonly error: number | null;
  /** What `error` is a share of: the value, or all that is counted; `one` for `r`, of which it is said as it is. */
  readonly of: 'value' | 'all' | 'one';
}

/** Where a table comes from and what was counted; `schema/provenance.schema.json` says the same in JSON Schema. */
export interface IProvenance {
  readonly version: 1;
  /** Name and version of the program that answered. */
  readonly tool: string;
  readonly query: IQuery;
  /** The whole mapping in force: proposed by name, corrected by the query. */
  readonly mapping: Mapping;
  /** All filters in force, the default population among them. */
  readonly filters: readonly Filter[];
  readonly source: {
    /** 0 for an index. */
    readonly files: number;
    readonly bytes: number;
    /** Rows in all files, or documents in the index. */
    readonly rows: number;
    /** Latest modification of a file, RFC 3339; null when unknown. */
    readonly modified: string | null;
    /** Names of the indices of Elasticsearch; null for files. */
    readonly index: string | null;
  };
  /** Columns of the answer that hold the counts. */
  readonly counted: readonly string[];
  /** What the chosen records amount to; null where the question does not count the unit. */
  readonly population: {
    readonly records: number;
    readonly users: number | null;
    readonly jobs: number | null;
  };
  /** First and last time in the rows read, within the period and whatever the filters; RFC 3339 in UTC, to the second. Null when the question read no time. */
  readonly span: { readonly from: string; readonly to: string } | null;
  readonly exact: boolean;
  /** What an inexact answer is worth; null for an exact one. */
  readonly estimate: IEstimate | null;
  /** True while rows are still arriving. */
  readonly partial: boolean;
  /** Rows read for this answer, before filters. */
  readonly rows_read: number;
  /** Rows in row groups that statistics showed to lie outside the period. */
  readonly rows_skipped: number;
  /** Condensed rows that the answer comes from, each of which says what many rows do; null when it comes from the rows themselves. */
  readonly rows_condensed: number | null;
  /** Bytes fetched from the source so far, by all questions. */
  readonly bytes_read: number;
  /** Data pages decoded straight to codes, and through the general reader. */
  readonly pages: {
    readonly fast: number;
    readonly slow: number;
    /** Of both, those whose checksum was there to be compared: damage to others may go unseen. */
    readonly checked: number;
  };
  /** Jobs whose records disagree on the node count; null when the answer does not use it. */
  readonly jobs_with_differing_nodes: number | null;
  /** What a reader must know: a part of the default population that could not be applied, time stamps that could not be read, … */
  readonly notes: readonly string[];
  /** Milliseconds: reading and decoding, and answering. */
  readonly timing: { readonly read_ms: number; readonly answer_ms: number };
}

/** An answer: a table that says where it comes from. */
export interface IAnswer {
  readonly table: ITable;
  readonly provenance: IProvenance;
}
