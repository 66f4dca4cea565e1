// A real JupyterLab with the extension, for tests and measurements.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const START_MS = 120_000;
const STOP_MS = 20_000;

/** Starts a JupyterLab of its own on a free port, and waits until it answers. */
export async function startLab(options) {
  const home = mkdtempSync(join(tmpdir(), 'workload-lab-'));
  const folder = name => {
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
  const note = chunk => {
    log += chunk.toString();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const ended = new Promise(resolve => child.once('close', resolve));
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

/** The address of a new workspace that opens a file or folder. */
export function labAddress(server, path) {
  const workspace = randomBytes(6).toString('hex');
  const tree =
    path === undefined
      ? ''
      : `/tree/${path.split('/').map(encodeURIComponent).join('/')}`;
  return `${server.url}lab/workspaces/${workspace}${tree}?token=${server.token}`;
}

/** Waits until JupyterLab has started in a page and restored its layout. */
export async function untilReady(page) {
  // Not a promise of it: any promise is true, so that waiting would be over at once.
  await page.waitForFunction(
    () => globalThis.jupyterapp !== undefined,
    undefined,
    { timeout: 60_000 }
  );
  await page.evaluate(async () => {
    await globalThis.jupyterapp.restored;
  });
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
}

/** Requests for what is ours: files of the extension, and the server half. */
export function ownRequests(urls) {
  return urls.filter(url => /workload-explorer/.test(new URL(url).pathname));
}

/** The bytes of files of a server, each gzipped by itself. */
export async function gzippedSize(server, urls) {
  let bytes = 0;
  for (const url of urls) {
    const answer = await fetch(url, {
      headers: { Authorization: `token ${server.token}` }
    });
    if (!answer.ok) {
      throw new Error(`${url} answers ${answer.status}`);
    }
    bytes += gzipSync(Buffer.from(await answer.arrayBuffer())).length;
  }
  return bytes;
}

function signal(child, name) {
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
export async function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Wait until a server that was started answers. */
export async function untilAnswers(url, child) {
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
