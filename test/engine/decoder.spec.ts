import {
  asEngineError,
  LocalDecoder,
  serveDecoder,
  taskRange
} from '../../src/engine/decoder';
import type { Chunk, IReadTask } from '../../src/engine/decoder';
import { DecoderPool } from '../../src/engine/decoder-pool';
import { EngineError } from '../../src/engine/engine';
import type { IOpened } from '../../src/engine/open';
import { ParquetError } from '../../src/engine/parquet/types';
import { channel, closeChannels } from './channel';
import type { ITestEndpoint } from './channel';
import { openTables } from './files';
import type { MemoryFiles } from './files';
import { number, text, times } from './tables';

afterEach(closeChannels);

const TABLE = {
  username: text('ann', 'bob', 'ann', null, 'cy'),
  num_nodes: number(1, 2, 3, 4, null),
  timestamp: times(
    '2021-01-01T00:00:00Z',
    null,
    '2021-01-02T00:00:00Z',
    '2021-01-03T00:00:00Z',
    null
  )
};
const NEVER = new AbortController().signal;

/** A request for columns by name. */
function taskFor(
  { dataset }: IOpened,
  rowGroup: number,
  ...names: string[]
): IReadTask {
  return {
    file: 0,
    rowGroup,
    columns: names.map(name => ({
      leaf: dataset.files[0].columns.findIndex(column => column.name === name),
      form: name === 'timestamp' ? 'seconds' : 'codes'
    }))
  };
}

function codesOf(chunk: Chunk): number[] {
  if (chunk.kind !== 'codes') {
    throw new Error('codes expected');
  }
  return [...chunk.codes];
}

describe('LocalDecoder', () => {
  it('reads columns that lie side by side at once', async () => {
    const opened = await openTables({ 'a.parquet': TABLE }, 3);
    const decoder = new LocalDecoder(
      file => opened.files[file],
      opened.memory.open
    );
    opened.memory.reads.length = 0;
    const task = taskFor(opened, 1, 'username', 'timestamp');
    const [users, seconds] = await decoder.read(task, NEVER);
    expect(codesOf(users)).toEqual([0, 1]);
    expect(seconds).toMatchObject({ kind: 'seconds', rows: 2 });
    const { start, end } = taskRange(opened.dataset.files[0], task);
    expect(opened.memory.reads).toEqual([{ path: 'a.parquet', start, end }]);
    decoder.dispose();
  });

  it('names the file of what is damaged', async () => {
    const opened = await openTables({ 'a.parquet': TABLE });
    const task = taskFor(opened, 0, 'username');
    const { start, end } = taskRange(opened.dataset.files[0], task);
    const decoder = new LocalDecoder(
      file => opened.files[file],
      () => ({
        byteLength: 0,
        stamp: null,
        slice: () =>
          Promise.resolve(new Uint8Array(end - start).fill(0xff).buffer)
      })
    );
    const error: unknown = await decoder
      .read(task, NEVER)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'damaged' });
    expect(String(error)).toContain('“a.parquet”: ');
    expect(String(error)).toContain('“username”');
  });
});

describe('asEngineError', () => {
  it.each([
    ['not-parquet', 'not-parquet'],
    ['truncated', 'damaged'],
    ['corrupt', 'damaged'],
    ['unsupported', 'unsupported']
  ] as const)('makes %s an error “%s”', (code, expected) => {
    expect(
      asEngineError(new ParquetError(code, 'Why.'), 'x.parquet')
    ).toMatchObject({
      code: expected,
      message: '“x.parquet”: Why.'
    });
  });

  it('leaves other errors alone', () => {
    const error = new EngineError('changed', 'Changed.');
    expect(asEngineError(error, 'x')).toBe(error);
  });
});

describe('DecoderPool', () => {
  async function pool(threads = 2) {
    const opened = await openTables(
      { 'a.parquet': TABLE, 'b.parquet': TABLE },
      2
    );
    const near: ITestEndpoint[] = [];
    const far: ITestEndpoint[] = [];
    for (let i = 0; i < threads; i++) {
      const [here, there] = channel();
      near.push(here);
      far.push(there);
      serveDecoder(there, opened.memory.open);
    }
    return {
      opened,
      near,
      far,
      decoder: new DecoderPool(near, file => opened.files[file])
    };
  }

  function methods({ posted }: ITestEndpoint): unknown[] {
    return posted.map(message =>
      typeof message === 'object' && message !== null && 'method' in message
        ? message.method
        : 'abort'
    );
  }

  it('spreads requests over threads, and opens each file once in each', async () => {
    const { opened, near, decoder } = await pool();
    const tasks = [0, 1, 2, 0].map(group => taskFor(opened, group, 'username'));
    const chunks = await Promise.all(
      tasks.map(task => decoder.read(task, NEVER))
    );
    expect(chunks.map(([chunk]) => codesOf(chunk))).toEqual([
      [1, 2],
      [1, 0],
      [1],
      [1, 2]
    ]);
    expect(near.map(methods)).toEqual([
      ['open', 'read', 'read'],
      ['open', 'read', 'read']
    ]);
  });

  it('decodes what the thread itself would', async () => {
    const { opened, decoder } = await pool(1);
    const local = new LocalDecoder(
      file => opened.files[file],
      opened.memory.open
    );
    for (const group of [0, 1, 2]) {
      const task = taskFor(opened, group, 'username', 'num_nodes', 'timestamp');
      expect(await decoder.read(task, NEVER)).toEqual(
        await local.read(task, NEVER)
      );
    }
  });

  it('moves what was decoded instead of copying it', async () => {
    const { opened, far, decoder } = await pool(1);
    await decoder.read(taskFor(opened, 0, 'username', 'timestamp'), NEVER);
    const sent = far[0].posted.flatMap(message =>
      typeof message === 'object' && message !== null && 'value' in message
        ? [message.value]
        : []
    );
    const [users, seconds] = sent.at(-1) as readonly Chunk[];
    expect(users.kind === 'codes' && users.codes.byteLength).toBe(0);
    expect(seconds.kind === 'seconds' && seconds.seconds.byteLength).toBe(0);
  });

  it('keeps code and message of an error of a thread', async () => {
    const { opened, decoder } = await pool(1);
    breakFile(opened.memory, 'a.parquet');
    await expect(
      decoder.read(taskFor(opened, 0, 'username'), NEVER)
    ).rejects.toMatchObject({ code: 'damaged' });
  });

  it('gives up a request', async () => {
    const { opened, near, decoder } = await pool(1);
    const controller = new AbortController();
    const read = decoder.read(
      taskFor(opened, 0, 'username'),
      controller.signal
    );
    controller.abort();
    await expect(read).rejects.toMatchObject({ name: 'AbortError' });
    expect(methods(near[0])).toEqual(['open', 'read', 'abort']);
  });

  it('goes on without a thread that died', async () => {
    const { opened, near, decoder } = await pool();
    const task = taskFor(opened, 0, 'username');
    const reads = [decoder.read(task, NEVER), decoder.read(task, NEVER)];
    near[0].fail(new Error('the thread died'));
    await expect(reads[0]).rejects.toMatchObject({
      code: 'internal',
      message: 'the thread died'
    });
    expect(codesOf((await reads[1])[0])).toEqual([1, 2]);
    const more = await Promise.all(
      [1, 2, 3].map(() => decoder.read(task, NEVER))
    );
    expect(more).toHaveLength(3);
    near[1].fail(new Error('this one too'));
    await expect(decoder.read(task, NEVER)).rejects.toBeInstanceOf(EngineError);
  });

  it('closes its threads', async () => {
    const { opened, near, decoder } = await pool();
    const read = decoder.read(taskFor(opened, 0, 'username'), NEVER);
    decoder.dispose();
    await expect(read).rejects.toMatchObject({ name: 'AbortError' });
    expect(near.map(({ closed }) => closed)).toEqual([true, true]);
  });
});

function breakFile(memory: MemoryFiles, path: string): void {
  memory.put(path, new Uint8Array(10_000).fill(0xff));
}
