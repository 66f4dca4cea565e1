import type { Chunk, IDecoder, IReadTask } from '../../src/engine/decoder';
import { EngineError } from '../../src/engine/engine';
import type { IProgress } from '../../src/engine/engine';
import type { INeed } from '../../src/engine/loader';
import { makeDataset } from '../../src/engine/parquet-dataset';
import type { IParquetDataset } from '../../src/engine/parquet-dataset';
import { ParquetLoader } from '../../src/engine/parquet-loader';
import type { ParquetFile } from '../../src/engine/parquet/types';
import { abortError } from '../../src/engine/rpc';
import { WorkloadIndex } from '../../src/engine/workload-index';
import { codedChunk, secondsChunk } from './tables';

const ROWS = 4;
const MEGABYTE = 2 ** 20;

/** A dataset of one file: `sizes` are the bytes of its columns, which lie one after the other with `gap` between. */
function dataset(
  sizes: Readonly<Record<string, number>>,
  groups = 3,
  gap = 0
): IParquetDataset {
  const names = Object.keys(sizes);
  let at = 4;
  const file: ParquetFile = {
    rows: groups * ROWS,
    columns: names.map((name, leaf) => ({
      name,
      type: name === 'time' ? 'time' : 'text',
      list: false,
      leaf,
      nullable: true,
      physical: 'BYTE_ARRAY',
      logical: null
    })),
    rowGroups: Array.from({ length: groups }, () => ({
      rows: ROWS,
      columns: names.map(name => {
        const start = at;
        at += sizes[name] + gap;
        return {
          start,
          end: start + sizes[name],
          values: ROWS,
          nulls: null,
          min: null,
          max: null,
          uncompressed: 0,
          codec: 'SNAPPY'
        };
      })
    })),
    createdBy: null,
    unsupported: [],
    keyValue: {},
    raw: { leaves: [] }
  };
  const entry = {
    path: 'a.parquet',
    location: 'a',
    size: at,
    modified: null,
    partitions: { month: '2021-01' }
  };
  return makeDataset([entry], [file]);
}

/** A decoder that answers when it is told to. */
class FakeDecoder implements IDecoder {
  constructor(private readonly _dataset: IParquetDataset) {}

  /** Requests, in the order in which they came. */
  readonly requests: {
    task: IReadTask;
    signal: AbortSignal;
    answer: (rows?: number) => void;
    fail: (error: unknown) => void;
  }[] = [];

  disposed = false;

  read(task: IReadTask, signal: AbortSignal): Promise<readonly Chunk[]> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(abortError()));
      this.requests.push({
        task,
        signal,
        answer: (rows = ROWS) =>
          resolve(
            task.columns.map(({ form }) =>
              form === 'seconds'
                ? secondsChunk(new Array<number>(rows).fill(0))
                : codedChunk(
                    'text',
                    Array.from({ length: rows }, (_, i) => `v${i}`)
                  )
            )
          ),
        fail: reject
      });
    });
  }

  dispose(): void {
    this.disposed = true;
  }

  /** Requests as `row group: columns`. */
  get asked(): string[] {
    return this.requests.map(
      ({ task }) =>
        `${task.rowGroup}: ${task.columns.map(({ leaf }) => this._dataset.files[0].columns[leaf].name).join(' ')}`
    );
  }
}

function start(
  sizes: Readonly<Record<string, number>>,
  { parallel = 8, groups = 3, gap = 0 } = {}
) {
  const data = dataset(sizes, groups, gap);
  const index = new WorkloadIndex(data);
  const decoder = new FakeDecoder(data);
  const loader = new ParquetLoader(data, index, decoder, parallel);
  return { data, index, decoder, loader, segments: data.segments };
}

const codes = (...names: string[]): INeed[] =>
  names.map(name => ({ name, form: 'codes' }));

/** Let all promises that can go on do so. */
async function settle(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
}

/** How a promise ended, or that it has not. */
function watch(promise: Promise<void>): { state: string } {
  const watched = { state: 'waiting' };
  promise.then(
    () => {
      watched.state = 'done';
    },
    (error: unknown) => {
      watched.state = String(error);
    }
  );
  return watched;
}

describe('loading', () => {
  it('fetches each chunk once, however many ask at the same time', async () => {
    const { loader, decoder, index, segments } = start({ user: 100, job: 100 });
    const loads = [
      loader.load(segments, codes('user')),
      loader.load(segments, codes('user', 'job')),
      loader.load(segments.slice(1), codes('job'))
    ];
    expect(decoder.asked).toEqual([
      '0: user',
      '1: user',
      '2: user',
      '0: job',
      '1: job',
      '2: job'
    ]);
    decoder.requests.forEach(({ answer }) => answer());
    await Promise.all(loads);
    await loader.load(segments, codes('user', 'job'));
    expect(decoder.requests).toHaveLength(6);
    expect(
      segments.every(
        segment =>
          index.has(segment, 'user', 'codes') &&
          index.has(segment, 'job', 'codes')
      )
    ).toBe(true);
    expect(index.pages.fast).toBe(6);
    expect(loader.bytesRead).toBe(600);
  });

  it('holds the time axis apart from the codes of the same column', async () => {
    const { loader, decoder, index, segments } = start({ time: 100 });
    const both: INeed[] = [{ name: 'time', form: 'seconds' }, ...codes('time')];
    const load = loader.load(segments.slice(0, 1), both);
    expect(
      decoder.requests.map(({ task }) => task.columns.map(({ form }) => form))
    ).toEqual([['seconds', 'codes']]);
    decoder.requests[0].answer();
    await load;
    expect(index.has(segments[0], 'time', 'seconds')).toBe(true);
    expect(index.has(segments[0], 'time', 'codes')).toBe(true);
  });

  it('asks for segments in order, and for no more than allowed at a time', async () => {
    const { loader, decoder, segments } = start(
      { user: 100 },
      { parallel: 2, groups: 5 }
    );
    const load = loader.load(segments, codes('user'));
    expect(decoder.asked).toEqual(['0: user', '1: user']);
    decoder.requests[1].answer();
    await settle();
    expect(decoder.asked).toEqual(['0: user', '1: user', '2: user']);
    decoder.requests[0].answer();
    decoder.requests[2].answer();
    await settle();
    expect(decoder.asked).toHaveLength(5);
    decoder.requests.forEach(({ answer }) => answer());
    await load;
  });

  it('goes on with the question that lacks the least', async () => {
    const size = 2 * MEGABYTE;
    const { loader, decoder, segments } = start(
      { user: size, job: 2 * size, time: size },
      { parallel: 1, groups: 2 }
    );
    const loads = [
      loader.load(segments, codes('user')),
      loader.load(segments, codes('job')),
      // It needs more than the others, but most of that is fetched for them anyway.
      loader.load(segments, codes('user', 'time'))
    ];
    for (let i = 0; i < 6; i++) {
      decoder.requests[i].answer();
      await settle();
    }
    await Promise.all(loads);
    expect(decoder.asked).toEqual([
      '0: user',
      '1: user',
      '0: time',
      '1: time',
      '0: job',
      '1: job'
    ]);
  });

  it('fetches columns together that lie side by side, and large or distant ones apart', () => {
    const near = start(
      { user: 100, job: 100, other: 60_000, time: 100 },
      { groups: 1 }
    );
    void near.loader
      .load(near.segments, codes('time', 'user', 'job'))
      .catch(() => undefined);
    expect(near.decoder.asked).toEqual(['0: user job time']);
    const far = start({ user: 100, other: 70_000, job: 100 }, { groups: 1 });
    void far.loader
      .load(far.segments, codes('user', 'job'))
      .catch(() => undefined);
    expect(far.decoder.asked).toEqual(['0: user', '0: job']);
    const large = start(
      { user: 3 * MEGABYTE, job: 3 * MEGABYTE, main: MEGABYTE },
      { groups: 1 }
    );
    void large.loader
      .load(large.segments, codes('user', 'job', 'main'))
      .catch(() => undefined);
    expect(large.decoder.asked).toEqual(['0: user', '0: job main']);
  });

  it('takes in what another question asks for beside a small request that waits', async () => {
    const { loader, decoder, segments, index } = start(
      { user: 100, job: 100, other: 70_000, time: 100, main: 2 * MEGABYTE },
      { groups: 2, parallel: 1 }
    );
    const progress: IProgress[] = [];
    const first = loader.load(segments, codes('user'), {
      onProgress: told => progress.push(told)
    });
    const second = loader.load(segments, codes('job', 'time', 'main'));
    for (let k = 0; k < 5; k++) {
      decoder.requests[k]?.answer();
      await settle();
    }
    await Promise.all([first, second]);
    expect(decoder.asked).toEqual([
      '0: user',
      '1: user job',
      '0: job',
      '0: time main',
      '1: time main'
    ]);
    expect(index.has(segments[1], 'job', 'codes')).toBe(true);
    expect(progress.at(-1)).toMatchObject({ bytesRead: 200, bytesTotal: 200 });
  });

  it('fills in what a file does not hold without asking for it', async () => {
    const { loader, decoder, index, segments, data } = start(
      { user: 100 },
      { groups: 1 }
    );
    await loader.load(segments, codes('month'));
    expect(decoder.requests).toHaveLength(0);
    const { dictionary, codes: held } = index.coded('month');
    expect([...(held[0] ?? [])].map(code => dictionary.value(code))).toEqual(
      new Array(ROWS).fill('2021-01')
    );
    await loader.load(segments, [{ name: 'month', form: 'seconds' }]);
    expect([...(index.times('month')[0] ?? [])]).toEqual(
      new Array(ROWS).fill(NaN)
    );
    expect(data.columns.get('month')?.partition).toBe(true);
  });

  it('knows what is still to be fetched', async () => {
    const { loader, decoder, segments } = start({ user: 100, job: 50 });
    expect(loader.cost(segments, codes('user', 'job', 'month'))).toEqual({
      bytes: 450,
      rows: 12
    });
    const load = loader.load(segments.slice(0, 1), codes('user'));
    decoder.requests[0].answer();
    await load;
    expect(loader.cost(segments, codes('user'))).toEqual({
      bytes: 200,
      rows: 8
    });
    expect(loader.cost(segments.slice(0, 1), codes('user'))).toEqual({
      bytes: 0,
      rows: 0
    });
    expect(loader.cost(segments, codes('user', 'job'))).toEqual({
      bytes: 350,
      rows: 12
    });
  });
});

describe('progress', () => {
  it('grows to the end, and tells segments as they are complete', async () => {
    const { loader, decoder, segments } = start({
      user: 100,
      time: 70_000,
      job: 10
    });
    const told: IProgress[] = [];
    const arrived: number[][] = [];
    const load = loader.load(segments, codes('user', 'job'), {
      onProgress: progress => told.push(progress),
      onArrival: complete => arrived.push(complete.map(({ id }) => id))
    });
    expect(decoder.asked).toEqual([
      '0: user',
      '0: job',
      '1: user',
      '1: job',
      '2: user',
      '2: job'
    ]);
    // The third segment is there first, then the first one.
    for (const request of [5, 4, 0, 1, 2, 3]) {
      decoder.requests[request].answer();
      await settle();
    }
    await load;
    expect(told).toEqual([
      { rowsRead: 4, rowsTotal: 12, bytesRead: 110, bytesTotal: 330 },
      { rowsRead: 8, rowsTotal: 12, bytesRead: 220, bytesTotal: 330 },
      { rowsRead: 12, rowsTotal: 12, bytesRead: 330, bytesTotal: 330 }
    ]);
    // What is complete comes in order; the last one is the end itself.
    expect(arrived).toEqual([[2], [0, 2]]);
  });

  it('counts what is there already as read', async () => {
    const { loader, decoder, segments } = start({ user: 100 });
    const first = loader.load(segments.slice(0, 1), codes('user'));
    decoder.requests[0].answer();
    await first;
    const told: IProgress[] = [];
    const arrived: number[][] = [];
    const load = loader.load(segments, codes('user'), {
      onProgress: progress => told.push(progress),
      onArrival: complete => arrived.push(complete.map(({ id }) => id))
    });
    decoder.requests.slice(1).forEach(({ answer }) => answer());
    await load;
    expect(told.map(({ rowsRead }) => rowsRead)).toEqual([8, 12]);
    expect(told[1]).toEqual({
      rowsRead: 12,
      rowsTotal: 12,
      bytesRead: 200,
      bytesTotal: 200
    });
    expect(arrived).toEqual([[0, 1]]);
  });
});

describe('failures', () => {
  it('reach all who wait, end what nobody wants any more, and can be tried again', async () => {
    const { loader, decoder, segments } = start({ user: 100 }, { parallel: 2 });
    const loads = [
      loader.load(segments, codes('user')),
      loader.load(segments.slice(0, 1), codes('user'))
    ];
    const error = new EngineError('unreachable', 'The server is gone.');
    decoder.requests[0].fail(error);
    for (const load of loads) {
      await expect(load).rejects.toBe(error);
    }
    await settle();
    const before = decoder.requests.length;
    expect(
      decoder.requests.slice(1).every(({ signal }) => signal.aborted)
    ).toBe(true);
    const again = loader.load(segments, codes('user'));
    expect(decoder.asked.slice(before)).toEqual(['0: user', '1: user']);
    for (const request of [before, before + 1, before + 2]) {
      decoder.requests[request].answer();
      await settle();
    }
    await again;
    expect(loader.bytesRead).toBe(300);
  });

  it('can be tried again by who hears of them first', async () => {
    const { loader, decoder, segments } = start({ user: 100 }, { groups: 1 });
    const load = loader
      .load(segments, codes('user'))
      .catch(() => loader.load(segments, codes('user')));
    decoder.requests[0].fail(new EngineError('unreachable', 'Once.'));
    await settle();
    expect(decoder.requests).toHaveLength(2);
    decoder.requests[1].answer();
    await load;
  });

  it('refuse a chunk with another number of rows than the file announces', async () => {
    const { loader, decoder, index, segments } = start(
      { user: 100 },
      { groups: 1 }
    );
    const load = loader.load(segments, codes('user'));
    decoder.requests[0].answer(ROWS - 1);
    await expect(load).rejects.toMatchObject({
      code: 'damaged',
      message:
        '“a.parquet”: column “user” has 3 rows where the file announces 4. The file is damaged; write it again.'
    });
    expect(index.has(segments[0], 'user', 'codes')).toBe(false);
  });
});

describe('giving up', () => {
  it('ends what nobody else waits for, also what has not begun', async () => {
    const { loader, decoder, segments } = start({ user: 100 }, { parallel: 1 });
    const controller = new AbortController();
    const load = watch(
      loader.load(segments, codes('user'), { signal: controller.signal })
    );
    controller.abort();
    await settle();
    expect(load.state).toContain('AbortError');
    expect(decoder.requests.map(({ signal }) => signal.aborted)).toEqual([
      true
    ]);
  });

  it('leaves alone what another one waits for', async () => {
    const { loader, decoder, segments } = start({ user: 100 });
    const controller = new AbortController();
    const given = watch(
      loader.load(segments, codes('user'), { signal: controller.signal })
    );
    const kept = loader.load(segments.slice(0, 2), codes('user'));
    controller.abort();
    await settle();
    expect(given.state).toContain('AbortError');
    expect(decoder.requests.map(({ signal }) => signal.aborted)).toEqual([
      false,
      false,
      true
    ]);
    decoder.requests[0].answer();
    decoder.requests[1].answer();
    await kept;
  });

  it('does not take along who asks for the same right afterwards', async () => {
    const { loader, decoder, index, segments } = start(
      { user: 100 },
      { groups: 1 }
    );
    const controller = new AbortController();
    const given = watch(
      loader.load(segments, codes('user'), { signal: controller.signal })
    );
    controller.abort();
    // The aborted request is still under way.
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    const next = loader.load(segments, codes('user'));
    await settle();
    expect(given.state).toContain('AbortError');
    decoder.requests[decoder.requests.length - 1].answer();
    await next;
    expect(index.pages.fast).toBe(1);
  });

  it('takes in nothing of a request that was given up, though its decoder answers', async () => {
    const { data, index, segments } = start({ user: 100 }, { groups: 1 });
    const answers: (() => void)[] = [];
    // A decoder that does not listen to signals.
    const deaf: IDecoder = {
      read: () =>
        new Promise(resolve => {
          answers.push(() =>
            resolve([codedChunk('text', ['a', 'b', 'c', 'd'])])
          );
        }),
      dispose: () => undefined
    };
    const loader = new ParquetLoader(data, index, deaf, 4);
    const controller = new AbortController();
    const given = watch(
      loader.load(segments, codes('user'), { signal: controller.signal })
    );
    controller.abort();
    await settle();
    const next = loader.load(segments, codes('user'));
    answers.forEach(answer => answer());
    await next;
    expect(given.state).toContain('AbortError');
    expect(index.pages.fast).toBe(1);
    expect(loader.bytesRead).toBe(100);
  });

  it('asks for nothing when it was given up before', async () => {
    const { loader, decoder, segments } = start({ user: 100 });
    const controller = new AbortController();
    controller.abort();
    await expect(
      loader.load(segments, codes('user'), { signal: controller.signal })
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(decoder.requests).toHaveLength(0);
  });

  it('leaves no listener on a signal that lives on', async () => {
    const { loader, decoder, segments } = start({ user: 100 }, { groups: 1 });
    const controller = new AbortController();
    const added = jest.spyOn(controller.signal, 'addEventListener');
    const removed = jest.spyOn(controller.signal, 'removeEventListener');
    const load = loader.load(segments, codes('user'), {
      signal: controller.signal
    });
    decoder.requests[0].answer();
    await load;
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
  });
});

describe('the end', () => {
  it('ends all requests, those under way and those that wait', async () => {
    const { loader, decoder, segments } = start({ user: 100 }, { parallel: 1 });
    const loads = [
      watch(loader.load(segments, codes('user'))),
      watch(loader.load(segments.slice(2), codes('user')))
    ];
    loader.dispose();
    await settle();
    expect(loads.map(({ state }) => state)).toEqual([
      expect.stringContaining('AbortError'),
      expect.stringContaining('AbortError')
    ]);
    expect(decoder.disposed).toBe(true);
    expect(decoder.requests.map(({ signal }) => signal.aborted)).toEqual([
      true
    ]);
    await expect(loader.load(segments, codes('user'))).rejects.toMatchObject({
      name: 'AbortError'
    });
    expect(() => loader.dispose()).not.toThrow();
  });
});
