import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parquetMetadata, parquetReadObjects } from 'hyparquet';

import { writeSample } from '../../../src/cli/sample/write-sample';
import { sampleCommand } from '../../../src/cli/sample-command';

// Building the people takes half a second, more on a busy machine.
jest.setTimeout(120_000);

let folder: string;
let out: string;
let err: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sample-'));
  out = '';
  err = '';
  jest.spyOn(process.stdout, 'write').mockImplementation(text => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation(text => {
    err += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const FILES = ['jobs.parquet', 'records.parquet', 'users.parquet'];

function bytes(name: string, at = folder): Buffer {
  return readFileSync(join(at, name));
}

function contents(name: string, at = folder): ArrayBuffer {
  return new Uint8Array(bytes(name, at)).buffer;
}

describe('sampleCommand', () => {
  it.each([
    [[], '--rows is missing'],
    [['--rows', '10'], '--out is missing'],
    [
      ['--rows', '0', '--out', 'x'],
      '--rows must be a whole number from 1 to 1000000000, not "0"'
    ],
    [['--rows', '1000000001', '--out', 'x'], 'not "1000000001"'],
    [['--rows', '1e6', '--out', 'x'], 'not "1e6"'],
    [['--rows', '10.5', '--out', 'x'], 'not "10.5"'],
    [['--rows', '-3', '--out', 'x'], '--rows'],
    [['--rows', 'many', '--out', 'x'], 'not "many"'],
    [['--rows', '10', '--out', ''], '--out is missing'],
    [
      ['--rows', '10', '--out', 'x', '--shape', 'round'],
      'must be "long" or "wide", not "round"'
    ],
    [['--rows', '10', '--out', 'x', '--sead', '1'], '--sead'],
    [['--rows', '10', '--out'], '--out'],
    [['10'], "'10'"]
  ])('calls %j a usage error', async (args, message) => {
    expect(await sampleCommand(args)).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('Usage: workload-explorer sample --rows N --out DIR');
    expect(out).toBe('');
    expect(existsSync('x')).toBe(false);
  });

  it('explains itself', async () => {
    expect(await sampleCommand(['--help'])).toBe(0);
    expect(out).toContain('--shape S');
    expect(err).toBe('');
  });

  it('writes three files, into a folder that it makes', async () => {
    const at = join(folder, 'new', 'demo');
    expect(await sampleCommand(['--rows', '3000', '--out', at])).toBe(0);
    expect(readdirSync(at).sort()).toEqual(FILES);
    expect(out.split('\n')[0]).toMatch(
      /records\.parquet: 3,000 rows, 0\.\d MB$/
    );
    expect(parquetMetadata(contents('records.parquet', at)).num_rows).toBe(
      3000n
    );
    expect(parquetMetadata(contents('users.parquet', at)).num_rows).toBe(8000n);
  });

  it('says why it could not write, with status 1', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'here');
    expect(await sampleCommand(['--rows', '10', '--out', file])).toBe(1);
    expect(err).toMatch(/^The sample could not be written: .*file/);
    expect(readFileSync(file, 'utf8')).toBe('here');
  });
});

describe('writeSample', () => {
  const options = { rows: 20_000, shape: 'long', seed: '5' } as const;

  it('writes the same bytes for the same seed, rows and shape', async () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => join(folder, name));
    await writeSample({ ...options, out: a });
    await writeSample({ ...options, out: b });
    await writeSample({ ...options, out: c, seed: '6' });
    await writeSample({ ...options, out: d, shape: 'wide' });
    for (const name of FILES) {
      expect(bytes(name, a).equals(bytes(name, b))).toBe(true);
      expect(bytes(name, a).equals(bytes(name, c))).toBe(false);
    }
    expect(
      bytes('records.parquet', a).equals(bytes('records.parquet', d))
    ).toBe(false);
  });

  it('has the columns of a MODS document, and joins', async () => {
    const [records] = await writeSample({ ...options, out: folder });
    expect(records).toMatchObject({
      path: join(folder, 'records.parquet'),
      rows: 20_000
    });
    const rows = await parquetReadObjects({
      file: contents('records.parquet')
    });
    expect(Object.keys(rows[0])).toEqual([
      'event_timestamp',
      'service',
      'subservice',
      'version',
      'username',
      'job_id',
      'num_nodes',
      'qos',
      'repo',
      'system',
      'subsystem',
      'is_compute',
      'is_shifter',
      'is_staff',
      'executable',
      'main',
      'process_id',
      'python_version',
      'context',
      'origin'
    ]);
    const jobs = new Map(
      (await parquetReadObjects({ file: contents('jobs.parquet') })).map(
        job => [job.job_id, job]
      )
    );
    const users = new Set(
      (await parquetReadObjects({ file: contents('users.parquet') })).map(
        user => user.username
      )
    );
    const wrong = rows.filter(row => {
      const job = jobs.get(row.job_id);
      const outside =
        row.job_id === '' &&
        row.num_nodes === 1 &&
        row.qos === '' &&
        row.repo === '' &&
        row.is_compute === false &&
        row.context !== 'compute';
      const inside =
        job !== undefined &&
        row.is_compute === true &&
        row.context === 'compute' &&
        job.system === row.system &&
        job.nodes === row.num_nodes &&
        job.qos === row.qos &&
        job.account === row.repo &&
        job.partition === row.subsystem &&
        job.username === row.username;
      return !(users.has(row.username) && (inside || outside));
    });
    expect(wrong).toEqual([]);
    expect(rows.some(row => row.version === null)).toBe(true);
    // Containers are told by their flag; their paths look like others' on purpose.
    const containers = rows.filter(row => row.is_shifter === true);
    expect(
      containers.some(row => row.executable === '/opt/conda/bin/python')
    ).toBe(true);
    expect(new Set(rows.map(row => row.origin))).toEqual(
      new Set(['center', 'conda', 'container', 'own', 'system'])
    );
  });

  it('lists the packages of a process in the wide shape', async () => {
    await writeSample({ ...options, out: folder, shape: 'wide' });
    const rows = await parquetReadObjects({
      file: contents('records.parquet')
    });
    expect(rows).toHaveLength(20_000);
    expect(Object.keys(rows[0])).not.toContain('subservice');
    expect(Object.keys(rows[0])).not.toContain('version');
    const lists = rows.map(({ packages }) =>
      Array.isArray(packages) ? packages : []
    );
    expect(
      lists.every(list => list.length > 0 && new Set(list).size === list.length)
    ).toBe(true);
    expect(new Set(rows.map(row => row.process_id)).size).toBe(20_000);
  });

  it('cuts the records into row groups with the bounds of their times', async () => {
    await writeSample({ ...options, out: folder, rows: 120_000 });
    const { row_groups } = parquetMetadata(contents('records.parquet'));
    expect(row_groups.map(({ num_rows }) => num_rows)).toEqual([
      50_000n,
      50_000n,
      20_000n
    ]);
    const bounds = row_groups.map(
      ({ columns }) => columns[0].meta_data?.statistics
    );
    const times = bounds.flatMap(statistics =>
      [statistics?.min_value, statistics?.max_value].map(value =>
        value instanceof Date ? value.getTime() : NaN
      )
    );
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every(Number.isFinite)).toBe(true);
    const nodes = row_groups[0].columns.find(
      ({ meta_data }) => meta_data?.path_in_schema[0] === 'num_nodes'
    );
    expect(nodes?.meta_data?.statistics?.min_value).toBe(1);
  });

  it('replaces older files when all is written, and leaves them when it is stopped', async () => {
    FILES.forEach(name => writeFileSync(join(folder, name), name));
    const abort = new AbortController();
    const stopped = writeSample({
      ...options,
      rows: 500_000,
      out: folder,
      signal: abort.signal,
      progress: () => abort.abort(new Error('Stopped.'))
    });
    await expect(stopped).rejects.toThrow('Stopped.');
    expect(readdirSync(folder).sort()).toEqual(FILES);
    FILES.forEach(name => expect(bytes(name).toString()).toBe(name));

    await writeSample({ ...options, out: folder });
    expect(readdirSync(folder).sort()).toEqual(FILES);
    FILES.forEach(name =>
      expect(bytes(name).subarray(0, 4).toString()).toBe('PAR1')
    );
  });

  it('leaves nothing when a name is taken by a folder', async () => {
    mkdirSync(join(folder, 'users.parquet'));
    await expect(writeSample({ ...options, out: folder })).rejects.toThrow(
      'users.parquet'
    );
    expect(readdirSync(folder)).toContain('users.parquet');
    expect(readdirSync(folder).filter(name => name.endsWith('.part'))).toEqual(
      []
    );
  });
});
