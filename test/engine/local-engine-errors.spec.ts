import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { nodeLister, nodeSource } from '../../src/cli/node-files';
import { EngineError } from '../../src/engine/engine';
import { listDataset } from '../../src/engine/listing';
import { openFiles } from '../../src/engine/open';
import type { AnalysisId, IQuery } from '../../src/workload/query';
import { engineInThisThread } from '../cli/engine';
import { engineOver } from './engines';
import { parquetBytes } from './files';
import { flags, number, question, text, times } from './tables';
import type { TestTable } from './tables';

const FULL: TestTable = {
  username: text('ann', 'bob'),
  job_id: text('1', '2'),
  subservice: text('numpy', 'dask'),
  subsystem: text('knl', 'gpu'),
  num_nodes: number(1, 2),
  timestamp: times('2021-01-01T00:00:00Z', '2021-01-02T00:00:00Z'),
  executable: text('/a', '/b'),
  is_staff: flags(false, false)
};

/** The error with which a question is refused. */
async function refusal(table: TestTable, query: IQuery): Promise<EngineError> {
  const { engine } = await engineOver({ 'records.parquet': table });
  const error: unknown = await engine.answer(query).catch((e: unknown) => e);
  if (error instanceof EngineError) {
    return error;
  }
  throw new Error(`not refused: ${JSON.stringify(error)}`);
}

function without(...names: string[]): TestTable {
  return Object.fromEntries(
    Object.entries(FULL).filter(([name]) => !names.includes(name))
  );
}

describe('a question whose column is missing', () => {
  it.each<[AnalysisId, Partial<IQuery>, string, string, RegExp]>([
    [
      'users',
      {},
      'username',
      'user',
      /^No column is mapped as “user”, so users cannot be counted\. Map one/
    ],
    [
      'partition-shares',
      {},
      'job_id',
      'job',
      /^No column is mapped as “job”, so jobs cannot be counted\. Map one/
    ],
    [
      'partition-shares',
      { distinct: 'process' },
      'job_id',
      'process',
      /^No column is mapped as “process”/
    ],
    [
      'partition-shares',
      {},
      'subsystem',
      'subsystem',
      /^No column is mapped as “subsystem”, which this analysis needs\. Map one\.$/
    ],
    [
      'module-share',
      {},
      'executable',
      'executable',
      /^No column is mapped as “executable”, which this analysis needs/
    ],
    ['module-share', {}, 'job_id', 'job', /^No column is mapped as “job”/],
    [
      'mkl-share',
      {},
      'subservice',
      'package',
      /^No column is mapped as “package”/
    ],
    ['mkl-share', {}, 'job_id', 'job', /^No column is mapped as “job”/],
    ['job-sizes', {}, 'num_nodes', 'nodes', /^No column is mapped as “nodes”/],
    [
      'package-job-size',
      { distinct: 'user+package' },
      'subservice',
      'package',
      /^No column is mapped as “package”/
    ],
    [
      'package-trend',
      {},
      'timestamp',
      'time',
      /^No column is mapped as “time”/
    ],
    [
      'package-correlation',
      {},
      'job_id',
      'job',
      /^No column is mapped as “job”/
    ],
    [
      'users',
      { period: { from: '2021-01-01', to: null } },
      'timestamp',
      'time',
      /“time”.*Map one, or clear the period\.$/
    ],
    [
      'users',
      { filters: [{ field: 'qos', op: 'missing' }] },
      'x',
      'qos',
      /^No column is mapped as “qos”, which a condition asks for\. Map one, or remove the condition\.$/
    ],
    [
      'users',
      { filters: [{ field: 'colour', op: 'missing' }] },
      'x',
      'colour',
      /^There is no column “colour”/
    ],
    [
      'users',
      { filters: [{ field: 'package', op: 'job-has', values: ['a'] }] },
      'job_id',
      'job',
      /“job”/
    ],
    [
      'users',
      { filters: [{ field: 'package', op: 'job-has', values: ['a'] }] },
      'subservice',
      'package',
      /“package”/
    ],
    [
      'users',
      { filters: [{ field: 'environment', op: 'any', values: ['a'] }] },
      'executable',
      'executable',
      /“executable”/
    ]
  ])(
    '%s %j without %s names “%s” and says what to do',
    async (id, parts, column, role, sentence) => {
      const error = await refusal(without(column), question(id, parts));
      expect(error).toMatchObject({ code: 'missing-column', field: role });
      expect(error.message).toMatch(sentence);
    }
  );

  it('is answered where another unit has its key', async () => {
    const { engine } = await engineOver({
      'records.parquet': without('job_id')
    });
    const { table } = await engine.answer(
      question('package-job-size', { distinct: 'user' })
    );
    expect(table.rows).toHaveLength(2);
    expect(
      (await engine.answer(question('top-packages'))).table.rows
    ).toHaveLength(2);
  });

  it('is refused when a role is taken away or mapped to what there is not', async () => {
    expect(
      await refusal(FULL, question('users', { mapping: { user: [] } }))
    ).toMatchObject({ code: 'missing-column', field: 'user' });
    const error = await refusal(
      FULL,
      question('users', { mapping: { user: ['login'] } })
    );
    expect(error).toMatchObject({ code: 'missing-column', field: 'user' });
    expect(error.message).toBe(
      'There is no column “login”, which is mapped as “user”. Map another one.'
    );
    const listed = { ...FULL, packages: text(['a'], ['b']) };
    expect(
      (
        await refusal(
          listed,
          question('users', { mapping: { user: ['packages'] } })
        )
      ).message
    ).toBe(
      'Column “packages” holds lists, so it cannot be mapped as “user”. Map another one.'
    );
  });
});

describe('a question that makes no sense', () => {
  it.each<[string, IQuery, string]>([
    [
      'a unit that it does not count',
      question('mkl-share', { distinct: 'user' }),
      '“mkl-share” counts job; it cannot count “user”.'
    ],
    [
      'a zone',
      question('users', { zone: 'Mars/Olympus' }),
      '“Mars/Olympus” is not a time zone.'
    ],
    [
      'a date',
      question('users', { period: { from: 'soon', to: null } }),
      '“soon” is not a date.'
    ],
    [
      'a period that ends first',
      question('users', { period: { from: '2021-02-01', to: '2021-01-01' } }),
      'The period ends before it begins.'
    ],
    [
      'an empty period',
      question('users', { period: { from: '2021-02-01', to: '2021-02-01' } }),
      'The period ends before it begins.'
    ],
    [
      'classes',
      question('job-sizes', { bins: [2, 1] }),
      'Classes are “log2” or ascending whole numbers from 1'
    ],
    [
      'a top of none',
      question('top-packages', { top: 0 }),
      'The number of top rows is a whole number from 1.'
    ],
    [
      'users of none',
      question('user-share', { of: 0 }),
      'The number of all users is a number above 0.'
    ],
    [
      'a pattern',
      question('users', {
        filters: [{ field: 'user', op: 'regexp', value: '(' }]
      }),
      'The pattern “(” for “user” cannot be read'
    ],
    [
      'a number',
      question('users', {
        filters: [{ field: 'nodes', op: 'range', from: 'few' }]
      }),
      '“nodes” is compared with numbers'
    ],
    [
      'no package',
      question('package-affinity'),
      'Name the package that is compared with all others.'
    ]
  ])('is refused for %s', async (_, query, sentence) => {
    const error = await refusal(FULL, query);
    expect(error.code).toBe('query');
    expect(error.message).toContain(sentence);
  });
});

describe('a mistake that needs no data to be seen', () => {
  it.each<[string, IQuery]>([
    [
      'a pattern',
      question('users', {
        filters: [{ field: 'user', op: 'glob', value: '[b-a]' }]
      })
    ],
    [
      'a missing column',
      question('users', { filters: [{ field: 'qos', op: 'missing' }] })
    ],
    ['no package', question('package-affinity')],
    ['a date', question('users', { period: { from: 'soon', to: null } })]
  ])('is told before any are read: %s', async (_, query) => {
    const { engine, memory } = await engineOver({ 'records.parquet': FULL });
    await expect(engine.answer(query)).rejects.toBeInstanceOf(EngineError);
    expect(memory.reads).toEqual([]);
  });
});

describe('too much for memory', () => {
  it('is refused with how much it is and what would fit', async () => {
    const rows = 40_000;
    const many: TestTable = {
      username: text(...Array.from({ length: rows }, (_, i) => `u${i % 7}`)),
      timestamp: times(
        ...Array.from({ length: rows }, (_, i) =>
          new Date(Date.UTC(2021, 0, 1) + i * 60_000).toISOString()
        )
      )
    };
    const { engine, memory } = await engineOver(
      { 'records.parquet': many },
      { rowGroupSize: 10_000, memory: 300_000 }
    );
    const error: unknown = await engine
      .answer(question('users'))
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'memory' });
    expect(String(error)).toContain('would take');
    expect(String(error)).toContain('choose a shorter period');
    expect(memory.reads).toHaveLength(0);
    // What fits is answered.
    const late = question('users', {
      period: { from: '2021-01-27', to: null }
    });
    expect((await engine.answer(late)).table.rows).toEqual([{ users: 7 }]);
  });
});

describe('files on disk', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'explorer-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };

  const open = (...paths: string[]) => engineInThisThread(paths);

  it('are answered from', async () => {
    write('a.parquet', parquetBytes(FULL));
    const engine = await open(folder);
    expect((await engine.answer(question('users'))).table.rows).toEqual([
      { users: 2 }
    ]);
    expect(engine.info.modified).toMatch(/^\d{4}-\d{2}-\d{2}T/);
  });

  it('that change after their footer was read are refused', async () => {
    const path = write('a.parquet', parquetBytes(FULL));
    const engine = await open(path);
    write(
      'a.parquet',
      parquetBytes({ ...FULL, username: text('cy', 'a longer name') })
    );
    await expect(engine.answer(question('users'))).rejects.toMatchObject({
      code: 'changed'
    });
    await expect(engine.answer(question('users'))).rejects.toThrow(
      `“${path}” changed while it was read. Reload it to see what it holds now.`
    );
  });

  it('that are cut short are refused by name', async () => {
    const path = write('a.parquet', parquetBytes(FULL));
    truncateSync(path, 200);
    await expect(open(path)).rejects.toMatchObject({
      code: expect.stringMatching(/^(damaged|not-parquet)$/) as unknown
    });
    await expect(open(path)).rejects.toThrow(`“${path}”: `);
  });

  it.each([
    ['empty', new Uint8Array(0)],
    ['a text', new TextEncoder().encode('username,job_id\nann,1\n')],
    ['bytes in disorder', new Uint8Array(5000).fill(7)]
  ])('that are %s are no Parquet', async (_, bytes) => {
    const path = write('a.parquet', bytes);
    await expect(open(path)).rejects.toMatchObject({ code: 'not-parquet' });
    await expect(open(path)).rejects.toThrow(`“${path}”: `);
  });

  it('of which one is bad are refused, naming it', async () => {
    write('a.parquet', parquetBytes(FULL));
    write('b.parquet', new Uint8Array(100));
    await expect(open(folder)).rejects.toThrow(
      `“${join(folder, 'b.parquet')}”: `
    );
  });

  it('there must be', async () => {
    await expect(openFiles([], nodeSource)).rejects.toMatchObject({
      code: 'not-parquet'
    });
  });

  it('are not opened when that is given up', async () => {
    const entries = await listDataset(
      [write('a.parquet', parquetBytes(FULL))],
      nodeLister
    );
    await expect(
      openFiles(entries, nodeSource, AbortSignal.abort())
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
