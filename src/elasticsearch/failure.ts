import { EngineError } from '../engine/engine';
import type { EngineErrorCode } from '../engine/engine';
import { isObject } from '../workload/json';

const KINDS = [
  'denied',
  'unauthorized',
  'not-found',
  'refused',
  'too-many-buckets',
  'too-large',
  'busy',
  'lost',
  'unreachable',
  'timeout',
  'partial',
  'mapping',
  'invalid',
  'product'
] as const;

/** What a server refused or could not do, as far as it matters to what is done next. The gateway uses the same words. */
export type FailureKind = (typeof KINDS)[number];

/** A request that failed. */
export class ElasticFailure extends Error {
  /**
   * @param told A sentence for the user, where whoever answered gave one.
   */
  constructor(
    readonly kind: FailureKind,
    readonly told: string | null = null
  ) {
    super(told ?? kind);
    this.name = 'ElasticFailure';
  }
}

/** Types of Elasticsearch's errors that say more than the status does; looked for in the error, its causes and its shards. */
const TYPES: readonly (readonly [RegExp, FailureKind])[] = [
  [/^too_many_buckets/, 'too-many-buckets'],
  [/^(circuit_breaking|es_rejected_execution)/, 'busy'],
  [/^search_context_missing/, 'lost'],
  [/^index_not_found/, 'not-found'],
  [/^security_exception/, 'denied'],
  [/^search_phase_execution/, 'partial']
];

/** How Elasticsearch says that a page has more documents than an index allows (`index.max_result_window`). */
const WINDOW = 'Result window is too large';

/** Errors of single shards. */
const SHARDS =
  /^(search_phase_execution|no_shard_available|unavailable_shards)/;

/**
 * What an answer that is no success means.
 *
 * @param status HTTP status.
 * @param body The answer's JSON: Elasticsearch's own, or the gateway's `{message, reason}`.
 */
export function failureOf(status: number, body: unknown): ElasticFailure {
  if (isObject(body) && typeof body.reason === 'string') {
    const kind = KINDS.find(known => known === body.reason);
    const told = typeof body.message === 'string' ? body.message : null;
    if (kind) {
      return new ElasticFailure(kind, told);
    }
  }
  if (status === 401) {
    return new ElasticFailure('unauthorized');
  }
  const found = errorTypes(body);
  if (found.some(type => type.startsWith('index_closed'))) {
    return new ElasticFailure(
      'not-found',
      'An index is closed, so it cannot be searched. Have it opened, or leave it out: a pattern passes over closed indices.'
    );
  }
  if (status === 400 && JSON.stringify(body).includes(WINDOW)) {
    return new ElasticFailure('too-large');
  }
  if (status >= 300 && status < 400) {
    return new ElasticFailure(
      'product',
      'What answers at this address sends requests on to another one, which is not followed. Give the address of Elasticsearch itself.'
    );
  }
  // The outermost says least: what a shard says comes first.
  for (const [pattern, kind] of TYPES) {
    if (found.some(type => pattern.test(type)) && kind !== 'partial') {
      return new ElasticFailure(kind);
    }
  }
  switch (status) {
    case 403:
      return new ElasticFailure('denied');
    case 404:
      return new ElasticFailure('not-found');
    case 408:
    case 504:
      return new ElasticFailure('timeout');
    case 429:
      return new ElasticFailure('busy');
    case 502:
      return new ElasticFailure('unreachable');
    case 503:
      // A server that answers but lacks shards, or one that is only starting.
      return new ElasticFailure(
        found.some(type => SHARDS.test(type)) ? 'partial' : 'unreachable'
      );
    default:
      return new ElasticFailure(status >= 500 ? 'partial' : 'invalid');
  }
}

/**
 * What an answer that is no success means, where a Jupyter server is asked for the gateway.
 *
 * @returns null where the gateway itself gave it, and so a reason that is one of ours; otherwise it was the Jupyter server, or what is
 * before it, and nothing was asked of Elasticsearch.
 */
export function jupyterFailure(
  status: number,
  body: unknown
): ElasticFailure | null {
  const reason = isObject(body) ? body.reason : null;
  if (KINDS.some(known => known === reason)) {
    return null;
  }
  if (
    reason === 'error' &&
    isObject(body) &&
    typeof body.message === 'string'
  ) {
    return new ElasticFailure('invalid', body.message);
  }
  switch (status) {
    case 401:
    case 403:
      return new ElasticFailure(
        'denied',
        'The Jupyter server did not let this request through. Your login may have ended: sign in again and reload the page; if that does not help, ask for the right to use its extensions.'
      );
    case 404:
      return new ElasticFailure(
        'not-found',
        'The Jupyter server knows nothing of connections to Elasticsearch. It may have been stopped, or started anew without the server half of Workload Explorer: reload the page.'
      );
    case 429:
      return new ElasticFailure('busy');
    default:
      return status >= 500 || status === 408 || status === 424
        ? new ElasticFailure(
            'unreachable',
            'The Jupyter server does not answer as it should. Check that it runs; an open panel goes on by itself when it is back.'
          )
        : new ElasticFailure('refused');
  }
}

/** All error types in an answer. */
function errorTypes(body: unknown): string[] {
  if (Array.isArray(body)) {
    return body.flatMap(errorTypes);
  }
  if (!isObject(body)) {
    return [];
  }
  const own = typeof body.type === 'string' ? [body.type] : [];
  return [
    ...own,
    ...['error', 'caused_by', 'root_cause', 'failed_shards', 'reason'].flatMap(
      key => errorTypes(body[key])
    )
  ];
}

/** A failure as an error for the user: what happened, and what to do. */
export function asEngineError(error: unknown, expression: string): unknown {
  if (!(error instanceof ElasticFailure)) {
    return error;
  }
  const [code, text] = sentence(error.kind, expression);
  return new EngineError(code, error.told ?? text);
}

function sentence(
  kind: FailureKind,
  name: string
): readonly [EngineErrorCode, string] {
  switch (kind) {
    case 'denied':
      return [
        'denied',
        `Elasticsearch does not let this connection read “${name}”. Ask its administrators for the right to read it, or choose another index.`
      ];
    case 'unauthorized':
      return [
        'denied',
        'Elasticsearch refused the connection’s password or key. Renew it where the connection takes it from.'
      ];
    case 'not-found':
      return [
        'not-found',
        `There is no index “${name}”. Choose another one, or correct the pattern.`
      ];
    case 'refused':
      return [
        'query',
        'The server did not let this request through. Its version may differ from that of this page: reload the page.'
      ];
    case 'too-many-buckets':
    case 'too-large':
    case 'busy':
      return [
        'unreachable',
        'Elasticsearch is too busy for this question, also in small pieces. It is asked again when there is room; a shorter period needs less.'
      ];
    case 'lost':
      return [
        'changed',
        `The point in time of “${name}” was lost. Reload the source.`
      ];
    case 'unreachable':
      return [
        'unreachable',
        'Elasticsearch does not answer. Check that it runs and can be reached; an open panel goes on by itself when it is back.'
      ];
    case 'timeout':
      return [
        'unreachable',
        'Elasticsearch did not answer in time, also in small pieces. It is asked again; a shorter period needs less.'
      ];
    case 'partial':
      return [
        'unreachable',
        `Some parts (shards, remote clusters) of “${name}” cannot be read now, so there is no exact answer. It is asked again; the cluster’s administrators can see why.`
      ];
    case 'mapping':
      return [
        'schema',
        `The indices of “${name}” store a field in ways that do not fit. Open them apart.`
      ];
    case 'invalid':
      return [
        'internal',
        `Elasticsearch did not understand a request about “${name}”. The list of requests shows which; report it.`
      ];
    case 'product':
      return [
        'unsupported',
        'This server is not Elasticsearch 8 or 9, so it cannot be asked; OpenSearch is none either. Choose another server, or open Parquet files of its records.'
      ];
  }
}
