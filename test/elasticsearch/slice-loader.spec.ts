import type { IProgress } from '../../src/engine/engine';
import type { ISegment } from '../../src/engine/dataset';
import { WorkloadIndex } from '../../src/engine/workload-index';
import { Lanes } from '../../src/elasticsearch/lanes';
import { SliceLoader } from '../../src/elasticsearch/slice-loader';
import { sliceOf } from '../../src/elasticsearch/slices';
import type { ISlice } from '../../src/elasticsearch/slices';
import type { IArrived } from '../../src/elasticsearch/tuples';
import { codedChunk, datasetOf, text } from '../engine/tables';
import { settle } from '../engine/engines';
import { rejection } from './fakes';

/** A fetch that a test ends. */
interface IHeld {
  readonly id: number;
  readonly signal: AbortSignal;
  readonly arrive: (rows?: number) => void;
  readonly fail: (error: Error) => void;
}

const GROUP = { indices: null, variant: () => undefined };

function setUp({
  slices = 4,
  parallel = 2,
  records = 10,
  lanes = { most: parallel, widening: null }
}: {
  slices?: number;
  parallel?: number;
  records?: number;
  lanes?: Pick<Lanes, 'most' | 'widening'>;
} = {}) {
  const dataset = datasetOf({ user: text(...Array<string>(slices).fill('x')) });
  const index = new WorkloadIndex(dataset);
  const all = Array.from({ length: slices }, (_, id) => ({
    ...sliceOf(GROUP, records),
    id
  }));
  const held: IHeld[] = [];
  let bytes = 0;
  const fetch = (slice: ISlice, signal: AbortSignal) =>
    new Promise<IArrived>((resolve, reject) => {
      held.push({
        id: slice.id,
        signal,
        fail: reject,
        arrive: (rows = 3) => {
          bytes += 100;
          resolve({
            rows,
            documents: records,
            expected: null,
            columns: [
              {
                name: 'user',
                chunk: codedChunk('text', Array<string>(rows).fill('ann'))
              }
            ]
          });
        }
      });
    });
  const loader = new SliceLoader(index, all, 2, fetch, lanes, () => bytes);
  const ids = () => held.map(({ id }) => id);
  return { loader, index, slices: all, held, ids };
}

describe('SliceLoader', () => {
  it('fetches more at a time as soon as no quick look is waited for', async () => {
    const lanes = new Lanes();
    let end: () => void = () => undefined;
    const look = new Promise<void>(resolve => (end = resolve));
    const looked = lanes.yieldTo(() => look);
    const { loader, slices, ids } = setUp({ lanes });
    void loader.load(slices, []).catch(() => undefined);
    await settle();
    expect(ids()).toEqual([0]);
    end();
    await looked;
    await settle();
    expect(ids()).toEqual([0, 1, 2]);
    loader.dispose();
  });

  it('fetches each slice once, some at a time, in order', async () => {
    const { loader, slices, held, ids, index } = setUp();
    const loads = [
      loader.load(slices, []),
      loader.load(slices.slice(1, 3), []),
      loader.load([slices[3]], [])
    ];
    await settle();
    expect(ids()).toEqual([0, 1]);
    held[1].arrive();
    await settle();
    expect(ids()).toEqual([0, 1, 2]);
    held[0].arrive(5);
    held[2].arrive();
    await settle();
    expect(ids()).toEqual([0, 1, 2, 3]);
    held[3].arrive();
    await Promise.all(loads);
    expect(slices.map(({ rows, records }) => [rows, records])).toEqual([
      [5, 10],
      [3, 10],
      [3, 10],
      [3, 10]
    ]);
    expect(slices.every(({ id }) => loader.has(id))).toBe(true);
    expect(index.coded('user').codes.map(codes => codes?.length)).toEqual([
      5, 3, 3, 3
    ]);
    expect(loader.idle).toBe(true);
    // All is there.
    await loader.load(slices, []);
    expect(ids()).toHaveLength(4);
  });

  it('tells of progress and of what has arrived', async () => {
    const { loader, slices, held } = setUp({ slices: 3, parallel: 3 });
    const first = loader.load([slices[1]], []);
    await settle();
    held[0].arrive();
    await first;
    const progress: IProgress[] = [];
    const arrivals: number[][] = [];
    const load = loader.load(slices, [], {
      onProgress: one => progress.push(one),
      onArrival: (complete: readonly ISegment[]) =>
        arrivals.push(complete.map(({ id }) => id))
    });
    await settle();
    held[2].arrive();
    await settle();
    held[1].arrive();
    await load;
    expect(
      progress.map(({ rowsRead, rowsTotal, bytesRead }) => [
        rowsRead,
        rowsTotal,
        bytesRead
      ])
    ).toEqual([
      [10, 30, 0],
      [20, 30, 100],
      [30, 30, 200]
    ]);
    // Of the last one the end of the load tells.
    expect(arrivals).toEqual([[1, 2]]);
  });

  it('goes on for one of two who wait when the other one gives up', async () => {
    const { loader, slices, held } = setUp({ slices: 2 });
    const stop = new AbortController();
    const given = rejection(loader.load(slices, [], { signal: stop.signal }));
    const other = loader.load([slices[0]], []);
    await settle();
    stop.abort();
    expect(await given).toMatchObject({ name: 'AbortError' });
    expect(held.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    held[0].arrive();
    await other;
    expect(loader.has(0)).toBe(true);
    expect(loader.has(1)).toBe(false);
  });

  it('gives up what nobody waits for, also what has not begun, and can fetch it later', async () => {
    const { loader, slices, held, ids } = setUp({ parallel: 1 });
    const stop = new AbortController();
    const given = rejection(loader.load(slices, [], { signal: stop.signal }));
    await settle();
    stop.abort();
    await given;
    expect(held[0].signal.aborted).toBe(true);
    // It comes all the same, too late.
    held[0].arrive();
    await settle();
    expect(loader.has(0)).toBe(false);
    expect(loader.idle).toBe(true);
    expect(ids()).toEqual([0]);
    const again = loader.load([slices[0]], []);
    await settle();
    expect(ids()).toEqual([0, 0]);
    held[1].arrive();
    await again;
    expect(loader.has(0)).toBe(true);
  });

  it('keeps to its limit while what was given up has not ended', async () => {
    const { loader, slices, held, ids } = setUp({ parallel: 1 });
    const stop = new AbortController();
    const given = rejection(
      loader.load([slices[0]], [], { signal: stop.signal })
    );
    await settle();
    stop.abort();
    await given;
    const next = loader.load([slices[1]], []);
    await settle();
    expect(ids()).toEqual([0]);
    held[0].fail(new Error('ended'));
    await settle();
    expect(ids()).toEqual([0, 1]);
    held[1].arrive();
    await next;
  });

  it('fails with the first failure, ends the rest, and tries anew when asked again', async () => {
    const { loader, slices, held, ids } = setUp({ parallel: 3 });
    const failed = rejection(loader.load(slices, []));
    await settle();
    const error = new Error('no');
    held[1].fail(error);
    held[2].fail(new Error('neither'));
    expect(await failed).toBe(error);
    await settle();
    // What was under way has ended, and what begins in that moment ends at once.
    for (const one of held.filter(({ id }) => id === 0 || id === 3)) {
      expect(one.signal.aborted).toBe(true);
      one.fail(new Error('ended'));
    }
    await settle();
    expect(loader.idle).toBe(true);
    const before = ids().length;
    const again = loader.load([slices[1]], []);
    await settle();
    expect(ids().slice(before)).toEqual([1]);
    held[before].arrive();
    await again;
  });

  it('knows what is still to be fetched', async () => {
    const { loader, slices, held } = setUp({ slices: 2 });
    expect(loader.cost(slices)).toEqual({ rows: 20, bytes: 160 });
    const load = loader.load([slices[0]], []);
    await settle();
    held[0].arrive();
    await load;
    expect(loader.cost(slices)).toEqual({ rows: 10, bytes: 80 });
  });

  it('does not begin when it was called off, or disposed of', async () => {
    const { loader, slices, ids } = setUp();
    expect(
      await rejection(loader.load(slices, [], { signal: AbortSignal.abort() }))
    ).toMatchObject({ name: 'AbortError' });
    loader.dispose();
    expect(await rejection(loader.load(slices, []))).toMatchObject({
      name: 'AbortError'
    });
    expect(ids()).toEqual([]);
  });

  it('ends everything when it is disposed of', async () => {
    const { loader, slices, held } = setUp({ slices: 3, parallel: 2 });
    const load = rejection(loader.load(slices, []));
    await settle();
    loader.dispose();
    expect(held.every(({ signal }) => signal.aborted)).toBe(true);
    // The one that has not begun ends by itself.
    expect(await load).toMatchObject({ name: 'AbortError' });
    held.forEach(({ arrive }) => arrive());
    await settle();
    expect(loader.has(0)).toBe(false);
  });
});
