import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { freePort, untilAnswers } from '../../scripts/lib/lab.mjs';
import { CLI, ROOT } from '../../scripts/lib/project.mjs';
import { demoData, python } from './fixtures';

const EXAMPLE = 'python-packages.ipynb';

/** The example of both halves, published with a static page. */
export interface IPublishedExample {
  /** Where all of it is. */
  readonly folder: string;
  /** The bundle. */
  readonly out: string;
  /** It as an archive. */
  readonly archive: string;
}

/** Run the example on the demo data, and publish it by the command line, as a center does. */
export function publishExample(): IPublishedExample {
  const folder = mkdtempSync(join(tmpdir(), 'workload-published-'));
  copyFileSync(join(ROOT, 'examples', EXAMPLE), join(folder, EXAMPLE));
  cpSync(demoData(), join(folder, 'import-records'), { recursive: true });
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, {
      cwd: folder,
      stdio: 'pipe',
      env: { ...process.env, WORKLOAD_EXPLORER_PYTHON: python() }
    });
  const execute = ['-m', 'nbconvert', '--to', 'notebook', '--execute'];
  run(python(), ...execute, '--inplace', EXAMPLE);
  const [out, archive] = [
    join(folder, 'public', 'packages'),
    join(folder, 'packages.tar.gz')
  ];
  mkdirSync(dirname(out));
  run(
    process.execPath,
    ...[CLI, 'publish', EXAMPLE, '--out', out, '--archive', archive],
    ...['--page', '--raw', 'import-records']
  );
  return { folder, out, archive };
}

/** Unpack an archive and make an environment of nothing but its requirements; gives the folder of its programs. */
export function cleanEnvironment(
  { folder, archive }: IPublishedExample,
  unpacked: string
): string {
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  const environment = join(folder, 'clean');
  execFileSync(python(), ['-m', 'venv', environment], { stdio: 'pipe' });
  const programs = join(environment, 'bin');
  const pip = (...args: string[]) =>
    execFileSync(
      join(programs, 'python'),
      ['-m', 'pip', '--disable-pip-version-check', ...args],
      { stdio: 'pipe' }
    );
  pip('install', '-q', '-r', join(unpacked, 'requirements.txt'));
  pip('check');
  return programs;
}

/** A bundle that is served by its own start script. */
export interface IServedBundle {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serve a bundle with the programs of an environment, with nothing else of this process's. */
export async function serveBundle(
  bundle: string,
  programs: string,
  home: string
): Promise<IServedBundle> {
  const port = await freePort();
  const child = spawn(join(bundle, 'start.sh'), {
    cwd: home,
    // A group of its own, so that kernels end with it.
    detached: true,
    stdio: 'ignore',
    env: {
      PATH: `${programs}:/usr/bin:/bin`,
      HOME: home,
      PORT: String(port),
      BASE_URL: '/packages/'
    }
  });
  const ended = new Promise<void>(resolve =>
    child.once('close', () => resolve())
  );
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, 'SIGKILL');
    }
    await ended;
  };
  const url = `http://127.0.0.1:${port}/packages/`;
  try {
    // What the health check of its container asks for.
    await untilAnswers(`${url}voila/static/voila.js`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
