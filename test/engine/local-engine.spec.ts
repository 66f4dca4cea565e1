import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';

import { answerColumns } from '../../src/workload/analyses';
import type { IAnswer } from '../../src/workload/answer';
import type { IProgress } from '../../src/engine/engine';
import type { AnalysisId, Filter, IQuery } from '../../src/workload/query';
import { ANALYSIS_IDS, defaultSelection } from '../../src/workload/query';
import { engineOver, settle } from './engines';
import { flags, number, question, rowsOf, text, times } from './tables';
import type { TestTable } from './tables';

/** Eight records in four row groups of two, in order of time. */
const TABLE: TestTable = {
  username: text('ann', 'ann', 'bob', 'bob', 'cy', 'cy', 'dee', 'ann'),
  job_id: text('1', '1', '2', '3', '4', '4', '', '5'),
  subservice: text(
    'numpy',
    'scipy',
    'numpy',
    'dask',
    'numpy',
    'mkl',
    'scipy',
    ''
  ),
  subsystem: text(
    'haswell',
    'haswell',
    'knl',
    'haswell',
    'gpu',
    'gpu',
    null,
    'knl'
  ),
  num_nodes: number(4, 8, 1, 2, 4, 4, 1, 512),
  timestamp: times(
    '2021-01-01T00:00:00Z',
    '2021-01-02T00:00:00Z',
    '2021-01-31T23:59:59Z',
    '2021-02-01T00:00:00Z',
    '2021-02-10T12:00:00Z',
    '2021-02-10T13:00:00Z',
    '2021-03-01T00:00:00Z',
    '2021-03-02T00:00:00Z'
  ),
  executable: text(
    '/usr/common/p',
    '/usr/common/p',
    '/opt/conda/p',
    null,
    '/x/envs/y/p',
    '/p',
    '/p',
    '/p'
  ),
  is_shifter: flags(false, false, false, true, false, false, false, false),
  is_staff: flags(false, false, false, false, true, true, false, false),
  is_compute: flags(true, true, true, true, true, true, false, true)
};
const FILES = { 'records.parquet': TABLE };
const GROUPS = { rowGroupSize: 2 };

/** A question of each analysis, with what it cannot do without. */
function questions(): IQuery[] {
  return ANALYSIS_IDS.map(id =>
    question(id, {
      defaults: ['is_staff', 'is_compute'],
      ...(id === 'package-affinity' ? { package: 'numpy' } : {}),
      ...(id === 'user-share' ? { of: 10 } : {})
    })
  );
}

function validator() {
  const read = (name: string) =>
    JSON.parse(
      readFileSync(join(__dirname, '../../schema', name), 'utf8')
    ) as object;
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  ajv.addSchema(read('view.schema.json'));
  ajv.addSchema(read('query.schema.json'));
  const validate = ajv.compile(read('provenance.schema.json'));
  return (provenance: unknown) => {
    validate(provenance);
    return validate.errors ?? [];
  };
}

describe('LocalEngine.answer', () => {
  it('answers every analysis as the index does, with its columns and a valid provenance', async () => {
    const { engine } = await engineOver(FILES, GROUPS);
    const errorsOf = validator();
    for (const query of questions()) {
      const { table, provenance } = await engine.answer(query);
      expect(table.columns).toEqual(answerColumns(query));
      expect(table.rows).toEqual(rowsOf(TABLE, query, [3]));
      expect(table.rows.length).toBeGreaterThan(0);
      expect(errorsOf(JSON.parse(JSON.stringify(provenance)))).toEqual([]);
    }
    engine.dispose();
  });

  it('says where an answer comes from', async () => {
    const { engine } = await engineOver(FILES, GROUPS);
    const query = question('job-sizes', {
      period: { from: '2021-01-01', to: '2021-02-11' },
      defaults: ['is_staff', 'is_compute'],
      filters: [{ field: 'subsystem', op: 'any', values: ['gpu'], not: true }]
    });
    const { provenance } = await engine.answer(query);
    expect(provenance).toMatchObject({
      version: 1,
      tool: 'workload-explorer 0.0.0',
      query,
      filters: [
        ...query.filters,
        { field: 'is_staff', op: 'any', values: ['false'] },
        { field: 'is_compute', op: 'any', values: ['true'] }
      ],
      source: { files: 1, rows: 8, modified: null },
      counted: ['jobs'],
      population: { records: 4, users: null, jobs: 3 },
      exact: true,
      partial: false,
      rows_read: 6,
      rows_skipped: 2,
      jobs_with_differing_nodes: 1,
      notes: []
    });
    expect(provenance.mapping).toMatchObject({
      user: ['username'],
      job: ['job_id'],
      is_container: ['is_shifter']
    });
    expect(provenance.span).toEqual({
      from: '2021-01-01T00:00:00Z',
      to: '2021-02-10T13:00:00Z'
    });
    expect(provenance.pages.fast).toBeGreaterThan(0);
    expect(provenance.pages.slow).toBe(0);
    expect(provenance.timing.read_ms).toBeGreaterThan(0);
    expect(provenance.timing.answer_ms).toBeGreaterThan(0);
  });

  it('reads only what it needs, each column once, side by side', async () => {
    const { engine, memory } = await engineOver(FILES, GROUPS);
    await engine.answer(question('users'));
    const users = memory.reads.length;
    expect(users).toBe(4);
    const bytes = memory.reads.reduce(
      (sum, { start, end }) => sum + end - start,
      0
    );
    expect((await engine.answer(question('users'))).provenance.bytes_read).toBe(
      bytes
    );
    expect(memory.reads).toHaveLength(users);
    await engine.answer(
      question('users', {
        filters: [{ field: 'job', op: 'missing', not: true }]
      })
    );
    expect(memory.reads).toHaveLength(users + 4);
  });

  it('shares reading among questions that are asked together', async () => {
    const { engine, decoder } = await engineOver(FILES, GROUPS);
    const answers = await Promise.all(
      questions().map(query => engine.answer(query))
    );
    answers.forEach(({ table }, i) =>
      expect(table.rows).toEqual(rowsOf(TABLE, questions()[i]))
    );
    expect(decoder.chunks.length).toBeGreaterThan(20);
    expect(new Set(decoder.chunks).size).toBe(decoder.chunks.length);
  });

  it('skips row groups outside the period', async () => {
    const { engine, decoder } = await engineOver(FILES, GROUPS);
    const february = question('users', {
      period: { from: '2021-02-01', to: '2021-03-01' }
    });
    const { table, provenance } = await engine.answer(february);
    expect(table.rows).toEqual([{ users: 2 }]);
    expect(new Set(decoder.asked)).toEqual(new Set([1, 2]));
    expect(provenance).toMatchObject({ rows_read: 4, rows_skipped: 4 });
    const never = await engine.answer(
      question('users', { period: { from: '2030-01-01', to: null } })
    );
    expect(never.table.rows).toEqual([{ users: 0 }]);
    expect(never.provenance).toMatchObject({
      rows_read: 0,
      rows_skipped: 8,
      span: null,
      partial: false
    });
  });

  it('answers in part as row groups arrive, then as a whole', async () => {
    const { engine, decoder } = await engineOver(FILES, GROUPS);
    decoder.hold();
    const partial: IAnswer[] = [];
    const progress: IProgress[] = [];
    const query = question('top-packages', { distinct: 'record' });
    const whole = engine.answer(query, {
      onPartial: answer => partial.push(answer),
      onProgress: told => progress.push(told)
    });
    await settle();
    decoder.release(2);
    await settle();
    expect(partial).toHaveLength(1);
    expect(partial[0].table.rows).toEqual([
      { package: 'mkl', records: 1 },
      { package: 'numpy', records: 1 }
    ]);
    expect(partial[0].provenance).toMatchObject({
      partial: true,
      rows_read: 2,
      population: { records: 2 }
    });
    expect(
      validator()(JSON.parse(JSON.stringify(partial[0].provenance)))
    ).toEqual([]);
    decoder.release(0);
    decoder.release(1);
    decoder.release(3);
    const { table, provenance } = await whole;
    expect(table.rows).toEqual(rowsOf(TABLE, query));
    expect(provenance).toMatchObject({ partial: false, rows_read: 8 });
    expect(partial.every(answer => answer.provenance.partial)).toBe(true);
    expect(progress.map(({ rowsRead }) => rowsRead)).toEqual([2, 4, 6, 8]);
    expect(progress.at(-1)?.bytesRead).toBe(progress.at(-1)?.bytesTotal);
  });

  it('does not take one part for another of the same length', async () => {
    const { engine, decoder } = await engineOver(FILES, {
      ...GROUPS,
      parallel: 16
    });
    decoder.hold();
    const ask = (id: AnalysisId) => {
      const partial: IAnswer[] = [];
      const whole = engine.answer(question(id), {
        onPartial: answer => partial.push(answer)
      });
      return { partial, whole };
    };
    const users = ask('users');
    await settle();
    decoder.release(3);
    await settle();
    const packages = ask('top-packages');
    await settle();
    decoder.release(1);
    await settle();
    // The last row group, and the second one.
    expect(users.partial[0].table.rows).toEqual([{ users: 2 }]);
    expect(packages.partial[0].table.rows).toEqual([
      { package: 'dask', users: 1 },
      { package: 'numpy', users: 1 }
    ]);
    decoder.release();
    await Promise.all([users.whole, packages.whole]);
  });

  it('keeps two systems apart that a part of the rows could not', async () => {
    const systems: TestTable = {
      job_id: text('1', '1', '1', '2'),
      system: text('cori', 'cori', 'edison', 'edison'),
      subsystem: text('a', 'a', 'b', 'b')
    };
    const { engine, decoder } = await engineOver(
      { 'records.parquet': systems },
      GROUPS
    );
    decoder.hold();
    const partial: IAnswer[] = [];
    const whole = engine.answer(question('partition-shares'), {
      onPartial: answer => partial.push(answer)
    });
    await settle();
    decoder.release(0);
    await settle();
    expect(partial.map(({ table }) => table.rows)).toEqual([
      [{ subsystem: 'a', jobs: 1, share: 1 }]
    ]);
    decoder.release();
    expect((await whole).table.rows).toEqual([
      { subsystem: 'b', jobs: 2, share: 2 / 3 },
      { subsystem: 'a', jobs: 1, share: 1 / 3 }
    ]);
  });

  it('ends when it is given up, and answers when it is asked again', async () => {
    const { engine, decoder } = await engineOver(FILES, GROUPS);
    decoder.hold();
    const controller = new AbortController();
    const given = engine.answer(question('users'), {
      signal: controller.signal
    });
    await settle();
    controller.abort();
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
    const again = engine.answer(question('users'));
    await settle();
    decoder.release();
    expect((await again).table.rows).toEqual([{ users: 4 }]);
  });

  it('ends when the engine is closed', async () => {
    const { engine, decoder } = await engineOver(FILES, GROUPS);
    decoder.hold();
    const answer = engine.answer(question('users'));
    const ended = expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await settle();
    engine.dispose();
    await ended;
    await expect(engine.answer(question('users'))).rejects.toMatchObject({
      name: 'AbortError'
    });
  });

  it('reads roles from other columns when it is told so', async () => {
    const { engine } = await engineOver(FILES);
    const mapped = question('users', { mapping: { user: ['subservice'] } });
    expect((await engine.answer(mapped)).table.rows).toEqual([{ users: 5 }]);
    expect((await engine.answer(question('users'))).table.rows).toEqual([
      { users: 4 }
    ]);
    const pairs = question('users', {
      mapping: { user: ['username', 'subsystem'] }
    });
    expect((await engine.answer(pairs)).table.rows).toEqual([{ users: 5 }]);
  });

  it('tells environments by the rules that it is given', async () => {
    const { engine } = await engineOver(FILES, {
      environments: [{ name: 'site', executable: '^/usr' }]
    });
    const { table } = await engine.answer(question('module-share'));
    expect(table.rows.map(row => [row.environment, row.users])).toEqual([
      ['other', 4],
      ['site', 1]
    ]);
  });

  it('says what it could not leave out, and which times it could not read', async () => {
    const plain: TestTable = {
      username: text('ann', 'bob', 'cy'),
      job_id: text('1', '2', '3'),
      subservice: text('numpy', 'numpy', 'dask'),
      executable: text('/a', '/a', '/a'),
      timestamp: text('2021-01-01T00:00:00Z', 'yesterday', '')
    };
    const { engine } = await engineOver({ 'records.parquet': plain });
    const notes = async (id: AnalysisId, parts: Partial<IQuery> = {}) =>
      (
        await engine.answer(
          question(id, { defaults: ['is_staff', 'is_compute'], ...parts })
        )
      ).provenance.notes;
    const staff = 'No column is mapped as “is_staff”, so staff are included.';
    const nodes =
      'No column is mapped as “is_compute”, so all nodes are included.';
    expect(await notes('users')).toEqual([staff, nodes]);
    expect(await notes('users', { defaults: [] })).toEqual([]);
    expect(await notes('top-packages')).toEqual([staff]);
    expect(await notes('module-share')).toEqual([staff, nodes]);
    expect(await notes('package-trend')).toEqual([
      staff,
      nodes,
      '1 time stamps could not be read and count as missing.'
    ]);
    // A question that reads no time has nothing to say of them.
    expect(await notes('users')).toEqual([staff, nodes]);
    expect(
      await notes('job-sizes', { mapping: { nodes: ['username'] } })
    ).toContain(
      'Column “username”, mapped as “nodes”, holds values that are no numbers; they count as unknown.'
    );
    expect(
      await notes('job-sizes', { mapping: { nodes: ['job_id'] } })
    ).toEqual([staff, nodes]);
  });

  it('reads lists of packages', async () => {
    const wide: TestTable = {
      username: text('ann', 'bob', 'cy'),
      job_id: number(1, 2n ** 60n, 3),
      packages: text(['numpy', 'scipy', 'numpy'], [], ['numpy'])
    };
    const { engine } = await engineOver({
      'records.parquet': { ...wide, job_id: number(1n, 2n ** 60n, 3n) }
    });
    expect(
      (await engine.answer(question('top-packages', { distinct: 'job' }))).table
        .rows
    ).toEqual([
      { package: 'numpy', jobs: 2 },
      { package: 'scipy', jobs: 1 }
    ]);
    const big: Filter = {
      field: 'job',
      op: 'any',
      values: ['1152921504606846976']
    };
    expect(
      (await engine.answer(question('users', { filters: [big] }))).table.rows
    ).toEqual([{ users: 1 }]);
  });

  it('reads several files, Hive keys among them', async () => {
    const { engine } = await engineOver({
      'a.parquet': {
        username: text('ann', 'bob'),
        job_id: number(1, 2),
        subservice: text('a', 'b')
      },
      'b.parquet': {
        job_id: text('2', '3'),
        username: text('bob', 'cy'),
        subservice: text('b', 'a')
      }
    });
    expect((await engine.answer(question('users'))).table.rows).toEqual([
      { users: 3 }
    ]);
    expect(
      (await engine.answer(question('top-packages', { distinct: 'job' }))).table
        .rows
    ).toEqual([
      { package: 'a', jobs: 2 },
      { package: 'b', jobs: 1 }
    ]);
  });
});

describe('LocalEngine.overview', () => {
  const selection = {
    ...defaultSelection({ paths: ['records.parquet'] }),
    defaults: []
  };

  it('says what the selection amounts to, and which days there are beside it', async () => {
    const { engine } = await engineOver(FILES, GROUPS);
    expect(
      await engine.overview({
        ...selection,
        period: { from: '2021-01-01', to: '2021-02-01' }
      })
    ).toEqual({
      records: 3,
      users: 2,
      jobs: 2,
      packages: 2,
      days: [
        { day: '2021-01-01', records: 1 },
        { day: '2021-01-02', records: 1 },
        { day: '2021-01-31', records: 1 },
        { day: '2021-02-01', records: 1 },
        { day: '2021-02-10', records: 2 },
        { day: '2021-03-01', records: 1 },
        { day: '2021-03-02', records: 1 }
      ],
      estimate: null
    });
    const some = await engine.overview({
      ...selection,
      defaults: ['is_staff', 'is_compute'],
      zone: 'America/Los_Angeles',
      filters: [{ field: 'user', op: 'any', values: ['ann'] }]
    });
    expect(some).toEqual({
      records: 3,
      users: 1,
      jobs: 2,
      packages: 2,
      days: [
        { day: '2020-12-31', records: 1 },
        { day: '2021-01-01', records: 1 },
        { day: '2021-03-01', records: 1 }
      ],
      estimate: null
    });
  });

  it('says nothing of what has no column', async () => {
    const { engine } = await engineOver({
      'records.parquet': { qos: text('a', 'b'), count: number(2, 3) }
    });
    expect(await engine.overview(selection)).toEqual({
      records: 5,
      users: null,
      jobs: null,
      packages: null,
      days: null,
      estimate: null
    });
  });

  it('does not disturb answers, nor they it', async () => {
    const { engine } = await engineOver(FILES, GROUPS);
    const inside = {
      ...selection,
      period: { from: '2021-01-01', to: '2021-02-01' }
    };
    const query = question('package-job-size', { period: inside.period });
    const before = (await engine.answer(query)).table;
    const head = await engine.overview(inside);
    expect((await engine.answer(query)).table).toEqual(before);
    expect(await engine.overview(inside)).toEqual(head);
  });
});

describe('LocalEngine.values', () => {
  const selection = defaultSelection({ paths: ['records.parquet'] });

  it('lists values of a role or a column, the most frequent first, ties by name', async () => {
    const { engine } = await engineOver(FILES, GROUPS);
    expect(await engine.values('user', selection)).toEqual([
      { value: 'ann', records: 3 },
      { value: 'bob', records: 2 },
      { value: 'cy', records: 2 },
      { value: 'dee', records: 1 }
    ]);
    expect(
      (await engine.values('subservice', selection)).map(({ value }) => value)
    ).toEqual(['numpy', 'scipy', 'dask', 'mkl']);
    expect(await engine.values('nodes', selection, { limit: 1 })).toEqual([
      { value: '4', records: 3 }
    ]);
    expect(
      await engine.values('package', selection, { contains: 'PY' })
    ).toEqual([
      { value: 'numpy', records: 3 },
      { value: 'scipy', records: 2 }
    ]);
    expect(await engine.values('is_staff', selection)).toEqual([
      { value: 'false', records: 6 },
      { value: 'true', records: 2 }
    ]);
  });

  it('lists environments, and nothing for what there is not', async () => {
    const { engine } = await engineOver(FILES);
    expect(
      (await engine.values('environment', selection)).map(({ value }) => value)
    ).toEqual(['other', 'center module', 'conda', 'container']);
    expect(await engine.values('colour', selection)).toEqual([]);
    expect(await engine.values('version', selection)).toEqual([]);
    const { engine: without } = await engineOver({
      'records.parquet': { is_shifter: flags(true), username: text('ann') }
    });
    expect(await without.values('environment', selection)).toEqual([]);
    const { engine: own } = await engineOver({
      'records.parquet': { environment: text('mine'), executable: text('/x') }
    });
    expect(await own.values('environment', selection)).toEqual([
      { value: 'mine', records: 1 }
    ]);
  });
});

describe('LocalEngine.cost', () => {
  it('is what is still to be fetched', async () => {
    const { engine, memory } = await engineOver(FILES, GROUPS);
    const asked = [question('users'), question('top-packages')];
    const before = await engine.cost(asked);
    expect(before.rows).toBe(8);
    expect(before.memory).toBeGreaterThan(0);
    await engine.answer(asked[0]);
    const between = await engine.cost(asked);
    expect(between.bytes).toBeGreaterThan(0);
    expect(between.bytes).toBeLessThan(before.bytes);
    await engine.answer(asked[1]);
    expect(await engine.cost(asked)).toMatchObject({ bytes: 0, rows: 0 });
    expect(
      memory.reads.reduce((sum, { start, end }) => sum + end - start, 0)
    ).toBe(before.bytes);
    expect(await engine.cost([])).toMatchObject({ bytes: 0, rows: 0 });
  });

  it('leaves out row groups outside the period', async () => {
    const { engine } = await engineOver(FILES, GROUPS);
    const { rows } = await engine.cost([
      question('users', { period: { from: '2021-03-01', to: null } })
    ]);
    expect(rows).toBe(2);
  });
});
