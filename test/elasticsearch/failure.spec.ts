import {
  asEngineError,
  ElasticFailure,
  failureOf
} from '../../src/elasticsearch/failure';
import type { FailureKind } from '../../src/elasticsearch/failure';
import { EngineError } from '../../src/engine/engine';

const KINDS: readonly FailureKind[] = [
  'denied',
  'unauthorized',
  'not-found',
  'refused',
  'too-many-buckets',
  'busy',
  'lost',
  'unreachable',
  'timeout',
  'partial',
  'mapping',
  'invalid',
  'product'
];

const kindOf = (status: number, body: unknown = null) =>
  failureOf(status, body).kind;

describe('failureOf', () => {
  it.each<[number, FailureKind]>([
    [400, 'invalid'],
    [401, 'unauthorized'],
    [403, 'denied'],
    [404, 'not-found'],
    [408, 'timeout'],
    [429, 'busy'],
    [500, 'partial'],
    [502, 'unreachable'],
    [503, 'unreachable'],
    [504, 'timeout']
  ])('takes status %d for %s', (status, kind) => {
    expect(kindOf(status)).toBe(kind);
    expect(kindOf(status, 'an HTML page')).toBe(kind);
    expect(kindOf(status, {})).toBe(kind);
  });

  it.each<[string, FailureKind]>([
    ['too_many_buckets_exception', 'too-many-buckets'],
    ['circuit_breaking_exception', 'busy'],
    ['es_rejected_execution_exception', 'busy'],
    ['search_context_missing_exception', 'lost'],
    ['index_not_found_exception', 'not-found'],
    ['security_exception', 'denied']
  ])('finds %s wherever it stands', (type, kind) => {
    const inner = { type, reason: 'why' };
    const outer = { type: 'search_phase_execution_exception', reason: 'all' };
    for (const body of [
      { error: inner, status: 500 },
      { error: { ...outer, root_cause: [inner] } },
      { error: { ...outer, caused_by: { type: 'x', caused_by: inner } } },
      { error: { ...outer, failed_shards: [{ shard: 0, reason: inner }] } },
      [{ shard: 0, reason: inner }]
    ]) {
      expect(kindOf(500, body)).toBe(kind);
    }
  });

  it('says of a closed index what can be done', () => {
    const error = { type: 'index_closed_exception', reason: 'closed' };
    expect(failureOf(400, { error, status: 400 })).toMatchObject({
      kind: 'not-found',
      told: expect.stringContaining('closed')
    });
  });

  it('tells pages that an index does not allow from mistakes', () => {
    const reason =
      'Result window is too large, from + size must be less than or equal to: [300] but was [10000].';
    const error = {
      type: 'search_phase_execution_exception',
      root_cause: [{ type: 'illegal_argument_exception', reason }]
    };
    expect(kindOf(400, { error })).toBe('too-large');
  });

  it('does not follow to another address', () => {
    expect(failureOf(301, null)).toMatchObject({
      kind: 'product',
      told: expect.stringContaining('address')
    });
  });

  it('is an error of shards when nothing says more', () => {
    const error = {
      type: 'search_phase_execution_exception',
      root_cause: [],
      failed_shards: []
    };
    expect(kindOf(503, { error })).toBe('partial');
    expect(kindOf(500, { error })).toBe('partial');
  });

  it('is no matter of rights when nobody is logged in', () => {
    expect(kindOf(401, { error: { type: 'security_exception' } })).toBe(
      'unauthorized'
    );
  });

  it.each(KINDS)(
    'believes the gateway’s reason %s, and its sentence',
    reason => {
      const failure = failureOf(502, { message: 'A sentence.', reason });
      expect(failure).toMatchObject({ kind: reason, told: 'A sentence.' });
      expect(failureOf(502, { reason }).told).toBeNull();
    }
  );

  it('falls back on the status when the gateway’s reason is another', () => {
    expect(kindOf(404, { message: 'Not here.', reason: 'Not Found' })).toBe(
      'not-found'
    );
  });
});

describe('asEngineError', () => {
  const told = (kind: FailureKind) => {
    const error = asEngineError(new ElasticFailure(kind), 'mods-*');
    if (!(error instanceof EngineError)) {
      throw new Error('no error of the engine');
    }
    return error;
  };

  it.each(KINDS)('has a sentence with a next step for %s', kind => {
    const { message } = told(kind);
    // One says what happened, another one what to do or to expect; some say both in one.
    expect(message).toMatch(/^[A-Z“].*\.$/);
    expect(message.split(/[.:;,] /).length).toBeGreaterThan(1);
    expect(message).not.toMatch(/undefined|null|exception|\bHTTP\b/);
  });

  it('has a sentence of its own for each kind, but one for what is too much', () => {
    const messages = new Set(KINDS.map(kind => told(kind).message));
    expect(messages.size).toBe(KINDS.length - 1);
    expect(told('busy').message).toBe(told('too-many-buckets').message);
  });

  it('names the indices where they are the matter', () => {
    for (const kind of ['denied', 'not-found', 'lost', 'partial'] as const) {
      expect(told(kind).message).toContain('“mods-*”');
    }
  });

  it('prefers the sentence that the server half gave', () => {
    expect(
      asEngineError(new ElasticFailure('busy', 'Wait a minute.'), 'mods-*')
    ).toMatchObject({ code: 'unreachable', message: 'Wait a minute.' });
  });

  it('leaves other errors alone', () => {
    const error = new RangeError('no');
    expect(asEngineError(error, 'mods-*')).toBe(error);
  });
});
