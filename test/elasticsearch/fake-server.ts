import { ElasticFailure } from '../../src/elasticsearch/failure';
import type { ICountBy } from '../../src/elasticsearch/esql';
import type { ISearchBody } from '../../src/elasticsearch/protocol';
import { SearchClient } from '../../src/elasticsearch/search-client';
import type {
  IRawAnswer,
  ITransport,
  ServerCall
} from '../../src/elasticsearch/search-client';
import { aggregate, matches, valuesOf } from './fake-aggregations';
import type { IFound } from './fake-aggregations';

/** A value of a document; times are epoch milliseconds. */
export type FakeValue = string | number | bigint | boolean;

/**
 * A document: one value, or several, of each field. It may say the shard of its index that it is in (`_shard`, from 0 on), and the number
 * of its last change (`_seq_no`).
 */
export type FakeDocument = Readonly<
  Record<string, FakeValue | readonly FakeValue[] | null>
>;

/** A field of an index. */
export interface IFakeField {
  readonly type: string;
  /** The field whose values a sub-field has. */
  readonly of?: string;
  /** Whether `doc_values` is on. */
  readonly stored?: boolean;
}

export interface IFakeIndex {
  readonly fields: Readonly<Record<string, IFakeField>>;
  documents: readonly FakeDocument[];
  readonly shards?: number;
}

/** What a server answers instead of the truth; null lets the truth through. */
export type Fault = (
  call: ServerCall,
  count: number
) => IRawAnswer | null | Promise<IRawAnswer | null>;

/** A refusal with one of Elasticsearch's types of errors. */
export function refusal(status: number, type: string): IRawAnswer {
  return {
    status,
    text: JSON.stringify({ status, error: { type, root_cause: [{ type }] } })
  };
}

/**
 * A small Elasticsearch in memory: what the explorer asks, evaluated the plain way over lists of documents. Counts of distinct values are
 * exact. It refuses to aggregate a field that has different types in the documents found, as the real one does.
 */
export class FakeServer implements ITransport {
  constructor(
    readonly indices: Readonly<Record<string, IFakeIndex>>,
    private readonly _esql = true
  ) {}

  /** All calls, the first one first. */
  readonly calls: ServerCall[] = [];

  /** Documents or buckets of a page that the connection allows; null for the usual number. */
  pageSize: number | null = null;

  /** What goes wrong. */
  fault: Fault = () => null;

  /** Points in time that are open. */
  get open(): number {
    return this._points.size;
  }

  /** Bodies of searches. */
  get bodies(): ISearchBody[] {
    return this.calls.flatMap(call =>
      call.call === 'search' ? [call.body] : []
    );
  }

  /** Forget all points in time, as a server that restarts does. */
  restart(): void {
    this._points.clear();
  }

  client(): SearchClient {
    return new SearchClient(this, 'records');
  }

  async send(call: ServerCall, signal?: AbortSignal): Promise<IRawAnswer> {
    signal?.throwIfAborted();
    this.calls.push(call);
    let stop: () => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(new DOMException('Called off.', 'AbortError'));
    });
    signal?.addEventListener('abort', stop);
    const instead = await Promise.race([
      this.fault(call, this.calls.length),
      stopped
    ]).finally(() => signal?.removeEventListener('abort', stop));
    signal?.throwIfAborted();
    return instead ?? this._answer(call);
  }

  private _answer(call: ServerCall): IRawAnswer {
    switch (call.call) {
      case 'fields':
        return json(this._capabilities());
      case 'open': {
        const id = `point-${++this._opened}`;
        this._points.set(id, this._documents());
        return json({ id, server: '8.19.0', page_size: this.pageSize });
      }
      case 'close':
        this._points.delete(call.pit);
        return { status: 204, text: '' };
      case 'search': {
        const found = this._points.get(call.pit);
        return found
          ? this._search(found, call.body)
          : refusal(404, 'search_context_missing_exception');
      }
      case 'count-by':
        return this._esql
          ? this._countBy(call.count)
          : refusal(400, 'invalid_index_name_exception');
    }
  }

  private get _shards(): number {
    return Object.values(this.indices).reduce(
      (sum, { shards = 1 }) => sum + shards,
      0
    );
  }

  private _documents(): readonly IFound[] {
    let order = 0;
    let first = 0;
    return Object.entries(this.indices).flatMap(
      ([index, { fields, documents, shards = 1 }]) => {
        const before = first;
        first += shards;
        return documents.map(document => ({
          index,
          fields,
          document,
          order: order++,
          shard: before + Number(document._shard ?? 0)
        }));
      }
    );
  }

  private _capabilities(): unknown {
    const indices = Object.keys(this.indices);
    const names = new Set(
      Object.values(this.indices).flatMap(({ fields }) => Object.keys(fields))
    );
    const fields = [...names].map(name => {
      const byType = new Map<string, string[]>();
      for (const index of indices) {
        const type = this.indices[index].fields[name]?.type ?? 'unmapped';
        byType.set(type, [...(byType.get(type) ?? []), index]);
      }
      const types = [...byType].map(([type, own]) => [
        type,
        {
          type,
          searchable: type !== 'unmapped',
          aggregatable:
            type !== 'unmapped' &&
            type !== 'text' &&
            own.every(
              index => this.indices[index].fields[name].stored !== false
            ),
          ...(byType.size > 1 ? { indices: own } : {})
        }
      ]);
      return [name, Object.fromEntries(types)];
    });
    return { indices, fields: Object.fromEntries(fields) };
  }

  private _search(all: readonly IFound[], body: ISearchBody): IRawAnswer {
    try {
      const { query, sort, search_after: after, size, aggs, slice } = body;
      const found = all.filter(
        one =>
          (!query || matches(one, query)) &&
          (!slice || (one.shard ?? 0) % slice.max === slice.id)
      );
      const start = after ? Number(after[0]) : -1;
      const hits = found.filter(({ order }) => order > start).slice(0, size);
      return json({
        took: 1,
        timed_out: false,
        _shards: { total: this._shards, successful: this._shards, failed: 0 },
        hits: {
          ...(body.track_total_hits
            ? { total: { value: found.length, relation: 'eq' } }
            : {}),
          hits: hits.map(one => ({
            ...(body._source === true ? { _source: one.document } : {}),
            ...(body.docvalue_fields
              ? { fields: fieldsOf(one, body.docvalue_fields) }
              : {}),
            ...(sort ? { sort: [one.order] } : {})
          }))
        },
        ...(aggs ? { aggregations: aggregate(found, aggs) } : {})
      });
    } catch (error) {
      if (error instanceof ElasticFailure) {
        return refusal(400, 'illegal_argument_exception');
      }
      throw error;
    }
  }

  /** As ES|QL counts: the documents of this moment. */
  private _countBy({ by, filter, limit }: ICountBy): IRawAnswer {
    const counts = new Map<string, { values: unknown[]; count: number }>();
    for (const one of this._documents().filter(one => matches(one, filter))) {
      const values = by.map(field => valuesOf(one, field).at(0) ?? null);
      const key = JSON.stringify(values);
      const known = counts.get(key) ?? { values, count: 0 };
      counts.set(key, { values, count: known.count + 1 });
    }
    return json({
      columns: ['count', ...by].map(name => ({ name, type: 'keyword' })),
      values: [...counts.values()]
        .slice(0, limit)
        .map(({ values, count }) => [count, ...values])
    });
  }

  private readonly _points = new Map<string, readonly IFound[]>();
  private _opened = 0;
}

function fieldsOf(
  one: IFound,
  wanted: NonNullable<ISearchBody['docvalue_fields']>
): Record<string, readonly unknown[]> {
  return Object.fromEntries(
    wanted.flatMap(({ field, format }) => {
      const values = valuesOf(one, field);
      return values.length > 0
        ? [[field, format ? values.map(String) : values]]
        : [];
    })
  );
}

/** JSON in which big integers are written as Elasticsearch does. */
export function json(value: unknown): IRawAnswer {
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? `\u0001${one}\u0001` : one
  );
  return { status: 200, text: text.replace(/"\\u0001(-?\d+)\\u0001"/g, '$1') };
}
