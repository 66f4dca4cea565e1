import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type { IOutcome } from '../../src/cli/analyze';
import { analyzeBatch } from '../../src/cli/analyze-batch';
import { engineInThisThread } from './engine';
import { parquetBytes } from '../engine/files';
import { text } from '../engine/tables';

const opened: string[] = [];
const closed: string[] = [];

// Threads are started from the bundle, which there is none of here: files are read in this one.
jest.mock('../../src/cli/node-engine', () => ({
  openNodeEngine: async ([path]: readonly string[]) => {
    opened.push(path);
    const engine = await engineInThisThread([path]);
    engine.dispose = () => void closed.push(path);
    return engine;
  }
}));

let folder = '';

beforeEach(() => {
  opened.length = closed.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'explorer-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function save(name: string, ...users: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, parquetBytes({ username: text(...users) }));
  return path;
}

async function batch(...lines: string[]): Promise<IOutcome[]> {
  let written = '';
  await analyzeBatch(
    Readable.from(lines.map(line => `${line}\n`)),
    async part => void (written += part)
  );
  return written
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as IOutcome);
}

const users = (path: string, ...more: string[]) =>
  JSON.stringify(['users', '--source', path, ...more]);

describe('analyzeBatch', () => {
  it('answers each line as a call, in order, mistakes too', async () => {
    const path = save('a.parquet', 'ann', 'bob', 'ann');
    const outcomes = await batch(
      users(path, '--format', 'csv'),
      users(path, '--top', '1'),
      users(`${path}.not`),
      users(path, '--format', 'csv', '--where', 'user=bob')
    );
    expect(outcomes.map(({ status }) => status)).toEqual([0, 2, 1, 0]);
    expect(outcomes.map(({ stdout }) => stdout)).toEqual([
      'users\n2\n',
      '',
      '',
      'users\n1\n'
    ]);
    expect(outcomes[1].stderr).toContain('“users” takes no --top.');
    expect(outcomes[2].stderr).toContain('does not exist');
  });

  it('opens a source once, and closes the one that has waited longest when there are many', async () => {
    const paths = ['a', 'b', 'c', 'd', 'e'].map(name =>
      save(`${name}.parquet`, name)
    );
    const [a, b, c, d, e] = paths;
    await batch(...[a, b, a, c, d, e, a, b].map(path => users(path)));
    expect(opened).toEqual([a, b, c, d, e, b]);
    expect(closed.slice(0, 2)).toEqual([b, c]);
    expect(closed.slice(2).sort()).toEqual([a, b, d, e]);
  });

  it('refuses a line that is no call', async () => {
    await expect(batch('["users", 1]')).rejects.toThrow('array of texts');
    await expect(batch('users')).rejects.toThrow(SyntaxError);
  });
});
