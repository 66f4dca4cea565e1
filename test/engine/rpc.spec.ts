import { EngineError } from '../../src/engine/engine';
import { abortError, Caller, isAbort, serve } from '../../src/engine/rpc';
import type { Handlers } from '../../src/engine/rpc';
import { channel, closeChannels } from './channel';

type TestApi = {
  add: { args: readonly number[]; result: number; event: never };
  fail: { args: string; result: never; event: never };
  steps: { args: number; result: string; event: number };
  buffer: { args: number; result: Uint8Array; event: never };
  wait: { args: null; result: string; event: never };
};

/** What the serving side saw. */
interface ISeen {
  readonly signals: AbortSignal[];
  readonly sent: Uint8Array[];
  release(value: string): void;
}

function start(over: Partial<Handlers<TestApi>> = {}) {
  const [near, far] = channel();
  const caller = new Caller<TestApi>(near);
  const releases: ((value: string) => void)[] = [];
  const seen: ISeen = {
    signals: [],
    sent: [],
    release: value => releases.forEach(release => release(value))
  };
  serve<TestApi>(far, {
    add: numbers =>
      Promise.resolve({ value: numbers.reduce((a, b) => a + b, 0) }),
    fail: kind =>
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a library may reject with anything
      Promise.reject(
        kind === 'engine'
          ? new EngineError('missing-column', 'Map a column.', 'job')
          : kind === 'abort'
            ? abortError()
            : kind === 'text'
              ? 'just text'
              : new TypeError('x is not a function')
      ),
    steps: (count, { emit }) => {
      for (let i = 1; i <= count; i++) {
        emit(i);
      }
      return Promise.resolve({ value: 'done' });
    },
    buffer: length => {
      const value = new Uint8Array(length).fill(7);
      seen.sent.push(value);
      return Promise.resolve({ value, transfer: [value.buffer] });
    },
    wait: (_, { signal }) => {
      seen.signals.push(signal);
      return new Promise((resolve, reject) => {
        releases.push(value => resolve({ value }));
        signal.addEventListener('abort', () => reject(abortError()));
      });
    },
    ...over
  });
  return { caller, near, far, seen };
}

/** Wait for messages that are under way. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise(resolve => setImmediate(resolve));
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise(resolve => setImmediate(resolve));
  }
}

afterEach(closeChannels);

describe('a call', () => {
  it('gives what the other side gave, many at a time, each to its own caller', async () => {
    const { caller } = start();
    const sums = Array.from({ length: 50 }, (_, i) =>
      caller.call('add', [i, 1])
    );
    expect(caller.pending).toBe(50);
    expect(await Promise.all(sums)).toEqual(sums.map((_, i) => i + 1));
    expect(caller.pending).toBe(0);
  });

  it('keeps code and field of an error, and the sentence', async () => {
    const { caller } = start();
    const error: unknown = await caller
      .call('fail', 'engine')
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({
      code: 'missing-column',
      field: 'job',
      message: 'Map a column.'
    });
  });

  it('makes an internal error of what is none of ours', async () => {
    const { caller } = start();
    await expect(caller.call('fail', 'type')).rejects.toMatchObject({
      code: 'internal',
      field: null,
      message: 'x is not a function'
    });
    await expect(caller.call('fail', 'text')).rejects.toMatchObject({
      code: 'internal',
      message: 'just text'
    });
  });

  it('tells an end that was wished for from a failure', async () => {
    const { caller } = start();
    const error: unknown = await caller
      .call('fail', 'abort')
      .catch((e: unknown) => e);
    expect(isAbort(error)).toBe(true);
    expect(isAbort(new Error('x'))).toBe(false);
    expect(isAbort('AbortError')).toBe(false);
  });

  it('tells events on the way, before the result', async () => {
    const { caller } = start();
    const told: (number | string)[] = [];
    told.push(
      await caller.call('steps', 3, { onEvent: step => told.push(step) })
    );
    expect(told).toEqual([1, 2, 3, 'done']);
    expect(await caller.call('steps', 3)).toBe('done');
  });

  it('moves buffers instead of copying them', async () => {
    const { caller, seen } = start();
    const bytes = await caller.call('buffer', 5);
    expect([...bytes]).toEqual([7, 7, 7, 7, 7]);
    expect(seen.sent[0].byteLength).toBe(0);
  });

  it('fails when what it gives cannot be sent', async () => {
    const { caller } = start({
      // A function cannot be cloned.
      add: () => Promise.resolve({ value: (() => 1) as unknown as number })
    });
    await expect(caller.call('add', [1])).rejects.toMatchObject({
      code: 'internal'
    });
    await expect(
      caller.call('add', [(() => 1) as unknown as number])
    ).rejects.toThrow();
    expect(caller.pending).toBe(0);
  });

  it('fails when the other side does not know it, or throws at once', async () => {
    const { caller } = start({
      add: () => {
        throw new EngineError('query', 'At once.');
      }
    });
    await expect(caller.call('add', [1])).rejects.toMatchObject({
      code: 'query'
    });
    const wider = caller as unknown as Caller<{
      no: { args: null; result: null; event: never };
    }>;
    await expect(wider.call('no', null)).rejects.toBeInstanceOf(EngineError);
    await expect(caller.call('steps', 0)).resolves.toBe('done');
  });
});

describe('giving up', () => {
  it('ends the call at once here, and tells the other side', async () => {
    const { caller, seen } = start();
    const controller = new AbortController();
    const call = caller.call('wait', null, { signal: controller.signal });
    const other = caller.call('wait', null);
    await until(() => seen.signals.length === 2);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => seen.signals[0].aborted);
    expect(seen.signals[1].aborted).toBe(false);
    expect(caller.pending).toBe(1);
    seen.release('late');
    await expect(other).resolves.toBe('late');
    await settle();
    expect(caller.pending).toBe(0);
  });

  it('posts nothing when it was given up before', async () => {
    const { caller, near } = start();
    const controller = new AbortController();
    controller.abort();
    await expect(
      caller.call('add', [1], { signal: controller.signal })
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(near.posted).toEqual([]);
  });

  it('means nothing after the end', async () => {
    const { caller, near } = start();
    const controller = new AbortController();
    await caller.call('add', [1], { signal: controller.signal });
    controller.abort();
    await settle();
    expect(near.posted).toHaveLength(1);
  });
});

describe('a broken endpoint', () => {
  it('fails all calls, those under way and those to come', async () => {
    const { caller, near } = start();
    const calls = [caller.call('wait', null), caller.call('wait', null)];
    near.fail(new Error('the thread died'));
    for (const call of calls) {
      await expect(call).rejects.toThrow('the thread died');
    }
    await expect(caller.call('add', [1])).rejects.toThrow('the thread died');
    expect(caller.pending).toBe(0);
    expect(caller.broken).toBe(true);
  });

  it('ends what it was asked to do', async () => {
    const { caller, far, seen } = start();
    caller.call('wait', null).catch(() => undefined);
    await until(() => seen.signals.length === 1);
    far.fail(new Error('the page is gone'));
    expect(seen.signals[0].aborted).toBe(true);
  });

  it('ends calls when it is closed', async () => {
    const { caller, near } = start();
    const call = caller.call('wait', null);
    caller.close();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await expect(caller.call('add', [1])).rejects.toMatchObject({
      name: 'AbortError'
    });
    expect(near.closed).toBe(true);
  });
});
