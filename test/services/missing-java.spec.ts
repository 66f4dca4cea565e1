import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ROOT } from '../../scripts/lib/project.mjs';

const MODULE = pathToFileURL(join(ROOT, 'scripts/lib/elasticsearch.mjs')).href;

/** What `ensureElasticsearch` says on a machine of which PATH holds these programs only. */
function reasonWith(folder: string, programs: Record<string, string>): unknown {
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const output = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const m = await import('${MODULE}');
       console.log(JSON.stringify(await m.ensureElasticsearch([])));`
    ],
    { encoding: 'utf8', env: { PATH: folder }, stdio: 'pipe' }
  );
  return JSON.parse(output.trim().split('\n').at(-1) ?? '').reason;
}

describe('servers for tests, where something is missing', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'workload-machine-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['there is no package manager', {}, 'There is no Java and Maven. Install'],
    [
      'the package manager fails',
      { dnf: 'exit 7' },
      'java-21-openjdk-devel maven ended with status 7. Install'
    ],
    [
      'nothing comes of it',
      { pacman: 'exit 0' },
      'There is no java, no javac, no mvn. Install'
    ],
    [
      'Java is too old',
      { apk: 'exit 0', java: '', mvn: '', javac: 'echo javac 11.0.2' },
      'The Java compiler on PATH has version 11, and 17 is needed. Install'
    ]
  ])('says what to do where %s', (_name, programs, text) => {
    expect(reasonWith(folder, programs)).toContain(text);
  });
});
