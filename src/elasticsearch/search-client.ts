import { isAbort } from '../engine/rpc';
import { isObject } from '../workload/json';
import { commandOf } from './console';
import type { ICountBy } from './esql';
import { ElasticFailure, failureOf } from './failure';
import type {
  IFieldCapabilities,
  IPointInTime,
  ISearchAnswer,
  ISearchBody
} from './protocol';
import { RequestLog } from './request-log';
import { isAhead } from './signals';

/** What is asked of whoever talks to the server: the gateway of the Jupyter server, or Elasticsearch itself. */
export type ServerCall =
  | { readonly call: 'fields'; readonly indices: string }
  | { readonly call: 'open'; readonly indices: string }
  | { readonly call: 'close'; readonly pit: string }
  | {
      readonly call: 'search';
      readonly pit: string;
      readonly body: ISearchBody;
    }
  | {
      readonly call: 'count-by';
      readonly indices: string;
      readonly count: ICountBy;
    };

/** An answer as it came. */
export interface IRawAnswer {
  readonly status: number;
  readonly text: string;
  /** What went wrong, where it was not the server that answered. */
  readonly failure?: ElasticFailure;
}

/** A way to the server. Rejects with `ElasticFailure` `unreachable` when there is no answer, and with an `AbortError`. */
export interface ITransport {
  send(call: ServerCall, signal?: AbortSignal): Promise<IRawAnswer>;
}

/**
 * Searches some indices of one server. Whatever is no complete answer is an error: also one that ran out of time, or that lacks
 * shards.
 */
export class SearchClient {
  /**
   * @param indices Names, aliases, data streams and patterns, separated by commas.
   */
  constructor(
    private readonly _transport: ITransport,
    readonly indices: string
  ) {}

  /** Requests so far. */
  readonly requests = new RequestLog();

  /** Bytes of all answers. */
  bytes = 0;

  /** Whether ES|QL has not failed yet. */
  hasEsql = true;

  /** Which fields there are, and what they are. */
  async fields(signal?: AbortSignal): Promise<IFieldCapabilities> {
    const found = await this._send(
      { call: 'fields', indices: this.indices },
      'which fields there are',
      signal
    );
    if (!isFieldCapabilities(found)) {
      throw new ElasticFailure('product');
    }
    if (lengthOf(found.failures) > 0) {
      throw new ElasticFailure('partial');
    }
    return found;
  }

  /** Take a point in time. */
  async open(signal?: AbortSignal): Promise<IPointInTime> {
    const found = await this._send(
      { call: 'open', indices: this.indices },
      'a point in time',
      signal
    );
    if (!isObject(found) || typeof found.id !== 'string') {
      throw new ElasticFailure('product');
    }
    const { id, server, page_size: pageSize } = found;
    return {
      id,
      server: typeof server === 'string' ? server : '',
      pageSize: typeof pageSize === 'number' ? pageSize : null
    };
  }

  /** Let go of a point in time. Never rejects: it ends by itself otherwise. */
  async close(pit: string): Promise<void> {
    await this._send({ call: 'close', pit }, 'end of the point in time').catch(
      () => undefined
    );
  }

  /**
   * @param purpose What it is for, in a few words.
   */
  async search(
    pit: string,
    body: ISearchBody,
    purpose: string,
    signal?: AbortSignal
  ): Promise<ISearchAnswer> {
    const found = await this._send(
      { call: 'search', pit, body },
      purpose,
      signal
    );
    if (!isSearchAnswer(found)) {
      throw new ElasticFailure('product');
    }
    return found;
  }

  /**
   * Count by the values of fields with ES|QL, outside any point in time.
   *
   * @throws ElasticFailure also where the server has no ES|QL.
   */
  async countBy(count: ICountBy, signal?: AbortSignal): Promise<unknown> {
    return this._send(
      { call: 'count-by', indices: this.indices, count },
      'tuples with their numbers of documents, by ES|QL',
      signal
    );
  }

  private async _send(
    call: ServerCall,
    purpose: string,
    signal?: AbortSignal
  ): Promise<unknown> {
    const began = performance.now();
    const record = this.requests.begin({
      ...commandOf(call, this.indices),
      purpose: isAhead(signal) ? `${purpose}, ahead of questions` : purpose
    });
    try {
      const { status, text, failure } = await this._transport.send(
        call,
        signal
      );
      record.status = status;
      record.bytes = text.length;
      this.bytes += text.length;
      const found = parsed(text);
      if (status < 200 || status > 299) {
        throw failure ?? failureOf(status, found);
      }
      checkComplete(found);
      record.items = itemsIn(found);
      return found;
    } catch (error) {
      record.status ??= 0;
      throw error instanceof ElasticFailure || isAbort(error) || signal?.aborted
        ? error
        : new ElasticFailure('unreachable');
    } finally {
      this.requests.end(record, performance.now() - began);
    }
  }
}

/** An integer that a double may not hold, or what looks like one in a text. */
const MAYBE_BIG = /[:[,]-?\d{16}/;
/** A text, or such an integer. */
const TEXT_OR_BIG = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?=[,}\]])/g;

/** JSON, with integers that a double may not hold as texts. */
function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(withBigAsTexts(text));
  } catch {
    return null;
  }
}

function withBigAsTexts(text: string): string {
  return MAYBE_BIG.test(text)
    ? text.replace(TEXT_OR_BIG, found =>
        found.startsWith('"') ? found : `"${found}"`
      )
    : text;
}

/** How remote clusters that are missing from an answer, or a part of them, are counted. */
const MISSING = ['skipped', 'partial', 'failed'];

function isIn(clusters: Readonly<Record<string, unknown>>) {
  return (key: string) => Number(clusters[key] ?? 0) > 0;
}

/** @throws ElasticFailure when something is missing from an answer. */
function checkComplete(found: unknown): void {
  if (!isObject(found)) {
    return;
  }
  if (found.timed_out === true) {
    throw new ElasticFailure('timeout');
  }
  if (isObject(found._shards) && Number(found._shards.failed) > 0) {
    throw failureOf(500, found._shards.failures);
  }
  if (
    isObject(found._clusters) &&
    (MISSING.some(isIn(found._clusters)) ||
      (isIn(found._clusters)('running') && !haveAllAnswered(found._shards)))
  ) {
    throw new ElasticFailure('partial');
  }
}

/**
 * Whether all shards did: Elasticsearch 8.19 may still call clusters running of which all are in the answer, since it writes down that they
 * have ended a little later than it adds up.
 */
function haveAllAnswered(shards: unknown): boolean {
  return (
    isObject(shards) &&
    Number(shards.total) > 0 &&
    shards.total === shards.successful
  );
}

/** Buckets or documents in an answer. */
function itemsIn(found: unknown): number {
  if (!isObject(found)) {
    return 0;
  }
  const hits = isObject(found.hits) ? lengthOf(found.hits.hits) : 0;
  const aggregations = isObject(found.aggregations)
    ? Object.values(found.aggregations)
    : [];
  return aggregations.reduce<number>(
    (sum, one) => sum + (isObject(one) ? lengthOf(one.buckets) : 0),
    hits + lengthOf(found.values)
  );
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function isFieldCapabilities(found: unknown): found is IFieldCapabilities {
  return (
    isObject(found) && isObject(found.fields) && Array.isArray(found.indices)
  );
}

function isSearchAnswer(found: unknown): found is ISearchAnswer {
  return isObject(found) && isObject(found.hits);
}
