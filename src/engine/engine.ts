import type { IColumn, Mapping } from '../workload/fields';
import type { IAnswer } from '../workload/answer';
import type { IQuery, ISelection } from '../workload/query';

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

/** What is known of a dataset once its footers are read. */
export interface IDatasetInfo {
  readonly files: number;
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
}

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
  /** Called with answers from what has arrived so far (`provenance.partial`), a few times a second at most. */
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
    options?: Omit<IAnswerOptions, 'onPartial'>
  ): Promise<IOverview>;
  /** Values of a field with their record counts (whole dataset read so far), most frequent first: for completion. */
  values(
    field: string,
    selection: ISelection,
    options?: { contains?: string; limit?: number; signal?: AbortSignal }
  ): Promise<{ value: string; records: number }[]>;
  /** What a set of questions still has to fetch. */
  cost(queries: readonly IQuery[]): Promise<ICost>;
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
