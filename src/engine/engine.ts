import type { IColumn, Mapping, Role } from '../workload/fields';
import type { IAnswer, IEstimate } from '../workload/answer';
import type { IQuery, ISelection } from '../workload/query';
import type { IFrequentValue } from './frequent-values';

/** A Parquet file of a dataset, as whoever lists folders found it. */
export interface IFileEntry {
  /** Path as a user knows it, for messages and provenance. */
  readonly path: string;
  /** Where bytes come from: a URL in the browser, a file path in Node. */
  readonly location: string;
  /** Bytes. */
  readonly size: number;
  /** Modification time, RFC 3339; null when unknown. */
  readonly modified: string | null;
  /** Values of Hive partition keys in the path, e.g. `{month: '2021-03'}`; null for Hive's default partition. */
  readonly partitions: Readonly<Record<string, string | null>>;
}

/** An index of Elasticsearch, or several that are read as one. */
export interface IIndexInfo {
  /** As the user named it: names, aliases, data streams, patterns. */
  readonly expression: string;
  /** Indices that it stands for. */
  readonly indices: readonly string[];
  /** Version of the server. */
  readonly server: string;
  /** When the point in time was taken, RFC 3339: later documents are not seen. */
  readonly taken: string;
  /** One document as it is stored, for whoever corrects the mapping; null when there is none. */
  readonly sample: unknown;
}

/** What records were distilled to when they were gathered: a row, with a count, for each user, job, package, day and further fields. */
export interface IDistilled {
  /** IANA time zone of the days. */
  readonly zone: string;
  /** The column that holds the start of the day. */
  readonly day: string;
  /** Columns of the records that the rows lack, with the roles they had. */
  readonly dropped: readonly {
    readonly column: string;
    readonly role: Role | null;
  }[];
}

/** What is known of a dataset once its footers are read, or its fields listed. */
export interface IDatasetInfo {
  /** Number of Parquet files; 0 for an index. */
  readonly files: number;
  /** Rows of the files, or documents of the index. */
  readonly rows: number;
  readonly bytes: number;
  readonly modified: string | null;
  readonly columns: readonly IColumn[];
  /** Mapping proposed from column names. */
  readonly mapping: Mapping;
  /** First and last time stamp by the files' statistics, epoch seconds; null when they do not tell. */
  readonly span: { readonly from: number; readonly to: number } | null;
  /** Columns that cannot be read, with the reason. */
  readonly unreadable: readonly { name: string; reason: string }[];
  /** Null for files. */
  readonly index: IIndexInfo | null;
  /** Null for records as they were written. */
  readonly distilled: IDistilled | null;
}

/** A request to a server of records, as it was sent: what "Inspect" shows. */
export interface IRequestRecord {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As in Elasticsearch's console: `/_search`. */
  readonly path: string;
  /** JSON; null for none. */
  readonly body: string | null;
  /** What it was for, in a few words. */
  readonly purpose: string;
  /** Since the source was opened. */
  readonly startedAt: number;
  /** Until the answer was there; null while it is awaited. */
  readonly milliseconds: number | null;
  /** HTTP status; 0 when there was no answer, null while it is awaited. */
  readonly status: number | null;
  /** Bytes of the answer, uncompressed. */
  readonly bytes: number;
  /** Buckets or documents in the answer. */
  readonly items: number;
}

/** What requests amount to. */
export interface IRequestSum {
  readonly requests: number;
  readonly waiting: number;
  readonly failed: number;
  /** Bytes of the answers, uncompressed. */
  readonly bytes: number;
  /** From the first one's start to the last one's end; requests run side by side. */
  readonly milliseconds: number;
}

/** Requests to a server of records since the source was opened. */
export interface IRequestLog {
  /** The latest ones, the first one first. */
  readonly records: readonly IRequestRecord[];
  /** How many were sent before the first of the records. */
  readonly first: number;
  /** What all of them amount to. */
  readonly sum: IRequestSum;
}

export const NO_REQUESTS: IRequestLog = {
  records: [],
  first: 0,
  sum: { requests: 0, waiting: 0, failed: 0, bytes: 0, milliseconds: 0 }
};

export interface IProgress {
  readonly rowsRead: number;
  readonly rowsTotal: number;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

export interface IAnswerOptions {
  /** Ends reading and answering; the promise is rejected with an `AbortError`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IProgress) => void;
  /** Called with answers from what has arrived so far (`provenance.partial`), a few times a second at most; before, where there is one, with an estimate. */
  readonly onPartial?: (answer: IAnswer) => void;
}

/** What a question still has to fetch. */
export interface ICost {
  readonly bytes: number;
  readonly rows: number;
  /** Estimated memory of the index after that, bytes. */
  readonly memory: number;
}

/** The head of a board: what the selected records amount to. */
export interface IOverview {
  readonly records: number;
  readonly users: number | null;
  readonly jobs: number | null;
  readonly packages: number | null;
  /** Records a day in the selection's zone without regard to its period, ascending, days without records left out; null without a time column. */
  readonly days: readonly { day: string; records: number }[] | null;
  /** What the numbers of users, jobs and packages are worth; null when they are exact. */
  readonly estimate: IEstimate | null;
}

export interface ICostOptions {
  readonly signal?: AbortSignal;
  /** Called before the server is asked what questions cost, with the positions of those that lack something: they can be estimated meanwhile. */
  readonly onLacking?: (positions: readonly number[]) => void;
}

export interface IEstimateOptions {
  readonly signal?: AbortSignal;
  /** Only by what takes one request and reads no documents. */
  readonly atOnce?: boolean;
}

export interface IOverviewOptions extends Omit<IAnswerOptions, 'onPartial'> {
  /** Called with an estimate, where there is one and the exact head takes longer. */
  readonly onEstimate?: (overview: IOverview) => void;
}

/**
 * One open dataset. The same interface in browser (workers) and Node (threads).
 *
 * All methods reject with an `EngineError` whose message is a sentence for the user.
 */
export interface IEngine {
  readonly info: IDatasetInfo;
  /** Answer a question exactly. Questions asked together share reading and filtering. */
  answer(query: IQuery, options?: IAnswerOptions): Promise<IAnswer>;
  overview(
    selection: ISelection,
    options?: IOverviewOptions
  ): Promise<IOverview>;
  /**
   * Estimate an answer, or the head of a board, in a request or a few.
   *
   * @returns null where there is no way to, or nothing to be gained: files are counted.
   */
  estimate(query: IQuery, options?: IEstimateOptions): Promise<IAnswer | null>;
  estimateOverview(
    selection: ISelection,
    options?: { signal?: AbortSignal }
  ): Promise<IOverview | null>;
  /** Values of a field with their record counts (whole dataset read so far), most frequent first: for completion. */
  values(
    field: string,
    selection: ISelection,
    options?: { contains?: string; limit?: number; signal?: AbortSignal }
  ): Promise<IFrequentValue[]>;
  /** What a set of questions still has to fetch. */
  cost(queries: readonly IQuery[], options?: ICostOptions): Promise<ICost>;
  /**
   * Requests to a server of records so far; none for files.
   *
   * @param last At most so many records, the latest ones; all that are kept where it is left out.
   */
  requests(last?: number): Promise<IRequestLog>;
  /** End what is fetched ahead of questions; nothing more is sent until the next one. */
  quiet(): void;
  dispose(): void;
}

/** What went wrong, for code that reacts to it; `message` is for people. */
export type EngineErrorCode =
  | 'not-parquet'
  | 'damaged'
  | 'changed'
  | 'unsupported'
  | 'schema'
  | 'missing-column'
  | 'query'
  | 'not-found'
  | 'unreachable'
  | 'no-range'
  | 'denied'
  | 'memory'
  | 'internal';

export class EngineError extends Error {
  /**
   * @param field The role or column concerned, when there is one, so that a panel can offer to map it.
   */
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly field: string | null = null
  ) {
    super(message);
    this.name = 'EngineError';
  }
}
