import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT, cacheFolder } from '../../scripts/lib/project.mjs';
import { python } from './fixtures';

/** Build the wheel from the tree as it is built now; gives its path. */
export function buildWheel(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workload-wheel-'));
  execFileSync(
    python(),
    ['-m', 'hatchling', 'build', '-t', 'wheel', '-d', folder],
    { cwd: ROOT, stdio: 'pipe' }
  );
  const [name] = readdirSync(folder);
  return join(folder, name);
}

/**
 * The Python of an environment that has a JupyterLab and the wheel, and nothing of the tree.
 * @param jupyterlab a requirement, such as `jupyterlab==4.2.*`; its environment is kept outside the
 *   tree, and only the wheel in it is renewed
 */
export function wheelEnvironment(jupyterlab: string, wheel: string): string {
  const version = execFileSync(python(), ['--version'], { encoding: 'utf8' });
  const key = createHash('sha256')
    .update(`${jupyterlab} ${version}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder(), `lab-${key}`);
  const program = join(folder, 'bin', 'python');
  const pip = (...args: string[]) =>
    execFileSync(
      program,
      ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...args],
      { stdio: 'pipe' }
    );
  const complete = join(folder, '.complete');
  if (!existsSync(complete)) {
    rmSync(folder, { recursive: true, force: true });
    execFileSync(python(), ['-m', 'venv', folder], { stdio: 'pipe' });
    pip(jupyterlab);
    writeFileSync(complete, '');
  }
  pip('--no-deps', '--force-reinstall', wheel);
  return program;
}
