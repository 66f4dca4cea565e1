import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { freePort, untilAnswers } from '../../scripts/lib/lab.mjs';

/** What a Voilà without a Jupyter server is started with. */
export interface IVoilaOptions {
  /** The Python that has Voilà. */
  readonly python: string;
  /** Folder that is served, and where Voilà is started. */
  readonly root: string;
  /** Jupyter's configuration folder of the user. */
  readonly config: string;
  readonly args?: readonly string[];
  /** The site file, as JSON. */
  readonly site?: object;
  /** Variables of the environment, over those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running Voilà. */
export interface IVoilaServer {
  /** Its address, with a slash at the end. */
  readonly url: string;
  /** What it has printed. */
  log(): string;
  /** Ends it and its kernels. */
  stop(): Promise<void>;
}

/** Starts Voilà on a free port, for a folder, and waits until it answers. */
export async function startVoila(
  options: IVoilaOptions
): Promise<IVoilaServer> {
  const home = mkdtempSync(join(tmpdir(), 'workload-voila-'));
  const site = join(home, 'workload-site.json');
  writeFileSync(site, JSON.stringify(options.site ?? { version: 1 }));
  const folder = (name: string) => {
    const path = join(home, name);
    mkdirSync(path);
    return path;
  };
  const port = await freePort();
  const child = spawn(
    // Not `python -m voila`: that would take a `voila.py` in the folder for Voilà.
    join(dirname(options.python), 'voila'),
    [
      options.root,
      '--no-browser',
      `--port=${port}`,
      '--Voila.port_retries=0',
      '--Voila.ip=127.0.0.1',
      ...(options.args ?? [])
    ],
    {
      cwd: options.root,
      // A group of its own, so that kernels end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        JUPYTER_CONFIG_DIR: options.config,
        JUPYTER_DATA_DIR: folder('data'),
        JUPYTER_RUNTIME_DIR: folder('runtime'),
        JUPYTER_PREFER_ENV_PATH: '1',
        JUPYTER_NO_CONFIG: '',
        IPYTHONDIR: folder('ipython'),
        WORKLOAD_SITE: site,
        ...options.env
      }
    }
  );
  let log = '';
  const note = (chunk: Buffer) => {
    log += chunk.toString();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const ended = new Promise<void>(resolve =>
    child.once('close', () => resolve())
  );
  const stop = async () => {
    // It shuts kernels down one by one, and waits for each; nothing of them is worth keeping.
    signal(child, 'SIGKILL');
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/`;
  try {
    await untilAnswers(url, child);
  } catch (error) {
    await stop();
    throw new Error(`Voilà did not start: ${String(error)}\n${log}`);
  }
  return { url, log: () => log, stop };
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group has ended by itself.
  }
}
