import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a JupyterLab for tests is started with. */
export interface ILabOptions {
  /** The Python that has JupyterLab and the extension installed. */
  readonly python: string;
  /** The server's root folder; by default a new, empty one, removed at the end. */
  readonly root?: string;
  /** Site file, as JSON. */
  readonly site?: object;
  /** Further arguments of `jupyter lab`. */
  readonly args?: readonly string[];
  /** Variables of the environment, over those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Path below which the server answers, such as `/user/ada/`. */
  readonly baseUrl?: string;
}

/** A running JupyterLab; settings, workspaces and kernels are its own. */
export interface ILabServer {
  /** Origin and base URL, with a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** The server's root folder. */
  readonly root: string;
  /** What the server has printed. */
  log(): string;
  /** Ends the server and all that it has started; may be called twice. */
  stop(): Promise<void>;
}

const START_MS = 120_000;
const STOP_MS = 20_000;

/** Start a JupyterLab of its own on a free port, and wait until it answers. */
export async function startLab(options: ILabOptions): Promise<ILabServer> {
  const home = mkdtempSync(join(tmpdir(), 'workload-lab-'));
  const folder = (name: string) => {
    const path = join(home, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const root = options.root ?? folder('root');
  const token = randomBytes(24).toString('hex');
  const port = await freePort();
  const baseUrl = options.baseUrl ?? '/';
  const settings = folder('settings');
  const notifications = join(settings, '@jupyterlab', 'apputils-extension');
  mkdirSync(notifications, { recursive: true });
  // Neither news nor updates are asked for.
  writeFileSync(
    join(notifications, 'notification.jupyterlab-settings'),
    JSON.stringify({ fetchNews: 'false', checkForUpdates: false })
  );
  const site = join(home, 'workload-site.json');
  writeFileSync(site, JSON.stringify(options.site ?? { version: 1 }));
  const child = spawn(
    options.python,
    [
      '-m',
      'jupyterlab',
      '--no-browser',
      `--port=${port}`,
      '--ServerApp.port_retries=0',
      '--ServerApp.ip=127.0.0.1',
      `--ServerApp.root_dir=${root}`,
      `--ServerApp.base_url=${baseUrl}`,
      '--ServerApp.use_redirect_file=False',
      `--IdentityProvider.token=${token}`,
      '--LabApp.extension_manager=readonly',
      '--expose-app-in-browser',
      ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
      ...(options.args ?? [])
    ],
    {
      cwd: root,
      // A group of its own, so that kernels end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        JUPYTER_CONFIG_DIR: folder('config'),
        JUPYTER_DATA_DIR: folder('data'),
        JUPYTER_RUNTIME_DIR: folder('runtime'),
        JUPYTERLAB_SETTINGS_DIR: settings,
        JUPYTERLAB_WORKSPACES_DIR: folder('workspaces'),
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
  const ended = new Promise<void>(resolve => child.once('close', resolve));
  const stop = async () => {
    signal(child, 'SIGTERM');
    const late = setTimeout(() => signal(child, 'SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
    rmSync(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}${baseUrl}`;
  try {
    await untilAnswers(`${url}api/status?token=${token}`, child);
  } catch (error) {
    await stop();
    throw new Error(`JupyterLab did not start: ${String(error)}\n${log}`);
  }
  return { url, token, root, log: () => log, stop };
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null) {
    return;
  }
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group has ended by itself.
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') {
          reject(new Error('no port was given'));
        } else {
          resolve(address.port);
        }
      });
    });
  });
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) {
      throw new Error(`it ended with status ${child.exitCode}`);
    }
    try {
      if ((await fetch(url)).ok) {
        return;
      }
    } catch {
      // Nobody listens yet.
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  throw new Error(`it did not answer within ${START_MS / 1000} s`);
}
