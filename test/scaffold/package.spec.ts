import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { VERSION } from '../../src/version';

const ROOT = join(__dirname, '..', '..');

interface ILockEntry {
  version?: string;
  resolved?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(ROOT, ...path), 'utf8')) as T;
}

function runNode(...path: string[]): string {
  return execFileSync(process.execPath, [join(ROOT, ...path)], {
    cwd: ROOT,
    encoding: 'utf8'
  });
}

const manifest = readJson<{
  version: string;
  dependencies: Record<string, string>;
  jupyterlab: {
    sharedPackages: Record<
      string,
      false | { bundled: boolean; requiredVersion: string }
    >;
  };
}>('package.json');
const lock = readJson<{ packages: Record<string, ILockEntry> }>(
  'package-lock.json'
).packages;
const core = readJson<{
  resolutions: Record<string, string>;
  dependencies?: Record<string, string>;
  jupyterlab: { singletonPackages: string[] };
}>('node_modules', '@jupyterlab', 'core-meta', 'core.package.json');

describe('package.json', () => {
  it('has the version that the code tells', () => {
    expect(VERSION).toBe(manifest.version);
  });

  // What is shared by default cannot be loaded by a worker, and what is bundled of JupyterLab's own
  // would be a second copy; so each dependency says which it is. Lezer, which JupyterLab shares, too, parses in a worker; the page
  // never gives a parser of ours to JupyterLab's editors.
  it.each(Object.entries(manifest.dependencies))(
    'shares %s rightly',
    (name, range) => {
      const isCore =
        name in core.resolutions ||
        core.jupyterlab.singletonPackages.includes(name);
      const isWorkers = name.startsWith('@lezer/');
      const shared = manifest.jupyterlab.sharedPackages[name];
      if (isCore && !isWorkers) {
        // Not the range of the JupyterLab it is built with: older ones down to 4.2 load it too.
        expect(shared).toMatchObject({
          bundled: false,
          requiredVersion: range
        });
      } else {
        expect(shared).toBe(false);
      }
    }
  );

  it('has workers that import nothing of JupyterLab', () => {
    const imports = JSON.parse(
      runNode('test', 'support', 'worker-imports.mjs')
    ) as Record<string, string[]>;
    expect(Object.keys(imports)).not.toEqual([]);
    for (const [worker, found] of Object.entries(imports)) {
      expect([worker, found]).toEqual([worker, []]);
    }
  });
});

describe('package-lock.json', () => {
  const jupyterlab = Object.entries(lock)
    .map(([path, { version }]) => [path.split('node_modules/').pop(), version])
    .filter(([name]) => name?.startsWith('@jupyterlab/'));

  it('holds one release of JupyterLab', () => {
    expect(jupyterlab.length).toBeGreaterThan(20);
    for (const [name = '', version] of jupyterlab) {
      const released = core.resolutions[name]?.replace(/^[~^]/, '');
      expect([name, version]).toEqual([name, released ?? '4.6.4']);
    }
  });

  it('lists the packages of every platform', () => {
    const missing = Object.entries(lock).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        name =>
          !(`${path}/node_modules/${name}` in lock) &&
          !(`node_modules/${name}` in lock)
      )
    );
    expect(missing).toEqual([]);
  });

  it('names no other registry than npm’s', () => {
    const hosts = Object.values(lock)
      .map(({ resolved }) => resolved)
      .filter(url => url && !url.startsWith('https://registry.npmjs.org/'));
    expect(hosts).toEqual([]);
  });
});

describe('THIRD_PARTY_LICENSES', () => {
  it('lists what is bundled', () => {
    expect(() =>
      execFileSync(
        process.execPath,
        [join(ROOT, 'scripts', 'licenses.mjs'), '--check'],
        { stdio: 'pipe' }
      )
    ).not.toThrow();
  });
});
