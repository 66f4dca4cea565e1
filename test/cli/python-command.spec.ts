import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pythonCommand } from '../../src/cli/python-command';
import { runCommand } from './run-command';

describe('a command of the Python half', () => {
  let folder: string;
  const before = process.env.WORKLOAD_EXPLORER_PYTHON;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'workload-python-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    if (before === undefined) {
      delete process.env.WORKLOAD_EXPLORER_PYTHON;
    } else {
      process.env.WORKLOAD_EXPLORER_PYTHON = before;
    }
  });

  /** A Python that has the package, and ends the command in some way. */
  function python(command: string): void {
    const path = join(folder, 'python');
    writeFileSync(
      path,
      `#!/bin/sh\nif [ "$1" = -c ]; then exit 0; fi\n${command}\n`
    );
    chmodSync(path, 0o755);
    process.env.WORKLOAD_EXPLORER_PYTHON = path;
  }

  it('is run with its arguments, and ends with its exit status', async () => {
    python(
      `[ "$*" = "-m jupyterlab_workload_explorer verify a.ipynb --raw b" ] && exit 1`
    );
    const { status } = await runCommand(pythonCommand('verify'), [
      'a.ipynb',
      '--raw',
      'b'
    ]);
    expect(status).toBe(1);
  });

  it('says what to install where no Python has it', async () => {
    process.env.WORKLOAD_EXPLORER_PYTHON = join(folder, 'none');
    const { status, err } = await runCommand(pythonCommand('verify'), []);
    expect(status).toBe(2);
    expect(err).toContain('pip install jupyterlab-workload-explorer');
    expect(err).toContain('WORKLOAD_EXPLORER_PYTHON');
  });
});
