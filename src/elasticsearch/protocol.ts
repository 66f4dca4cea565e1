/**
 * The part of Elasticsearch's search API that the explorer speaks, and no more: the gateway of the server half refuses the rest.
 */

/** A value that a field is compared with. */
export type Scalar = string | number | boolean;

/** A value of a field in an answer. */
export type FieldValue = Scalar | null;

/** A condition in Elasticsearch's query language; all are filters, nothing is scored. */
export type Condition =
  | { readonly match_all: Readonly<Record<string, never>> }
  | {
      readonly bool: {
        readonly filter?: readonly Condition[];
        readonly must_not?: readonly Condition[];
        readonly should?: readonly Condition[];
        readonly minimum_should_match?: number;
      };
    }
  | { readonly term: Readonly<Record<string, Scalar>> }
  | { readonly terms: Readonly<Record<string, readonly Scalar[]>> }
  | { readonly range: Readonly<Record<string, IRange>> }
  | { readonly exists: { readonly field: string } };

/** A range of a field's values. */
export interface IRange {
  readonly gte?: Scalar;
  readonly lt?: Scalar;
  readonly format?: string;
}

/** Where a composite aggregation takes one part of its keys from. */
export type CompositeSource =
  | {
      readonly terms: {
        readonly field: string;
        readonly missing_bucket: boolean;
      };
    }
  | {
      readonly date_histogram: {
        readonly field: string;
        readonly fixed_interval: string;
        readonly missing_bucket: boolean;
      };
    };

/** An aggregation, with those inside it. */
export type Aggregation = { readonly aggs?: Aggregations } & (
  | {
      readonly composite: {
        readonly size: number;
        readonly sources: readonly Readonly<Record<string, CompositeSource>>[];
        readonly after?: CompositeKey;
      };
    }
  | {
      readonly terms: {
        readonly field: string;
        readonly size: number;
        readonly shard_size?: number;
        /** What documents without a value count as. */
        readonly missing?: string;
        /** The only values that are counted. */
        readonly include?: readonly string[];
      };
    }
  | {
      readonly cardinality: {
        readonly field: string;
        readonly precision_threshold?: number;
      };
    }
  | { readonly min: { readonly field: string } }
  | { readonly max: { readonly field: string } }
  | { readonly sum: { readonly field: string } }
  | { readonly stats: { readonly field: string } }
  | { readonly value_count: { readonly field: string } }
  | {
      readonly date_histogram: {
        readonly field: string;
        readonly fixed_interval?: string;
        readonly calendar_interval?: string;
        readonly time_zone?: string;
        readonly min_doc_count?: number;
      };
    }
  | {
      readonly range: {
        readonly field: string;
        readonly ranges: readonly {
          readonly from?: number;
          readonly to?: number;
          readonly key?: string;
        }[];
      };
    }
  | { readonly filter: Condition }
  | {
      readonly filters: {
        readonly filters: Readonly<Record<string, Condition>>;
      };
    }
);

export type Aggregations = Readonly<Record<string, Aggregation>>;

/** A key of a composite bucket: a value for each source. */
export type CompositeKey = Readonly<Record<string, FieldValue>>;

/** A search, always inside a point in time. */
export interface ISearchBody {
  readonly size: number;
  readonly track_total_hits: boolean;
  readonly query?: Condition;
  readonly sort?: readonly Readonly<Record<string, 'asc' | 'desc'>>[];
  readonly search_after?: readonly FieldValue[];
  readonly _source?: boolean;
  readonly docvalue_fields?: readonly {
    readonly field: string;
    readonly format?: string;
  }[];
  readonly aggs?: Aggregations;
  /** One of so many parts of all documents: with as many as there are shards, none has documents of two shards of an index. */
  readonly slice?: { readonly id: number; readonly max: number };
  /** After so long the server gives up; the answer is then an error. */
  readonly timeout?: string;
}

/** A bucket of any aggregation, or the result of one without buckets. */
export interface IBucket {
  readonly key?: FieldValue | CompositeKey;
  readonly doc_count?: number;
  readonly value?: number | null;
  readonly buckets?: readonly IBucket[] | Readonly<Record<string, IBucket>>;
  readonly after_key?: CompositeKey;
  /** Aggregations inside it, by name. */
  readonly [name: string]: unknown;
}

/** A document found. */
export interface IHit {
  readonly _source?: unknown;
  readonly fields?: Readonly<Record<string, readonly FieldValue[]>>;
  readonly sort?: readonly FieldValue[];
}

/** An answer to a search. */
export interface ISearchAnswer {
  readonly took?: number;
  readonly _shards?: { readonly total?: number };
  readonly hits?: {
    readonly total?: { readonly value: number };
    readonly hits?: readonly IHit[];
  };
  readonly aggregations?: Readonly<Record<string, IBucket>>;
}

/** What a field is in the indices that have it, by type. */
export interface IFieldCapability {
  readonly type: string;
  readonly aggregatable: boolean;
  readonly searchable: boolean;
  readonly metadata_field?: boolean;
  /** Indices with this type, where there are several types. */
  readonly indices?: readonly string[];
  /** Indices in which it cannot be aggregated, where it can in others. */
  readonly non_aggregatable_indices?: readonly string[];
}

/** The answer to `_field_caps`. */
export interface IFieldCapabilities {
  readonly indices: readonly string[];
  /** Indices and remote clusters that did not answer. */
  readonly failures?: readonly unknown[];
  readonly fields: Readonly<
    Record<string, Readonly<Record<string, IFieldCapability>>>
  >;
}

/** A point in time: an unchanging view of some indices. */
export interface IPointInTime {
  readonly id: string;
  /** Version of the server; empty when it is not told. */
  readonly server: string;
  /** Documents or buckets of a page that whoever set up the connection allows; null for the usual number. */
  readonly pageSize: number | null;
}
