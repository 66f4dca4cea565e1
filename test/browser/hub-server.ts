import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { freePort, untilAnswers } from '../../scripts/lib/lab.mjs';
import { ROOT } from '../../scripts/lib/project.mjs';

/** What a JupyterHub for tests is started with. */
export interface IHubOptions {
  /** The Python that has JupyterHub, JupyterLab and the extension installed. */
  readonly python: string;
  /** The one user; the home folder is made. */
  readonly user: string;
  /** Site file for the user's server, as JSON. */
  readonly site: object;
}

/** A running JupyterHub with its proxy; all of its files are its own. */
export interface IHubServer {
  /** Origin of proxy, hub and servers, with a slash at the end. */
  readonly url: string;
  /** What the user's password is. */
  readonly password: string;
  /** The user's home, which is the root folder of the user's server. */
  readonly home: string;
  /** What hub, proxy and servers have printed. */
  log(): string;
  /** Ends hub, proxy and servers. */
  stop(): Promise<void>;
}

const PROXY = join(
  ROOT,
  'node_modules/configurable-http-proxy/bin/configurable-http-proxy'
);

const START_MS = 120_000;
const STOP_MS = 30_000;

/** Why no JupyterHub can be started here; null where it can. */
export function hubMissing(python: string): string | null {
  if (!existsSync(PROXY)) {
    return 'configurable-http-proxy is not installed';
  }
  try {
    execFileSync(python, ['-c', 'import jupyterhub'], { stdio: 'pipe' });
  } catch {
    return 'jupyterhub is not installed';
  }
  return null;
}

/** Start a JupyterHub on free ports, which starts a server in a folder for whoever knows the password. */
export async function startHub(options: IHubOptions): Promise<IHubServer> {
  const folder = mkdtempSync(join(tmpdir(), 'workload-hub-'));
  const home = join(folder, 'homes', options.user);
  mkdirSync(home, { recursive: true });
  const site = join(folder, 'workload-site.json');
  writeFileSync(site, JSON.stringify(options.site));
  const settings = join(
    home,
    '.jupyter/lab/user-settings/@jupyterlab/apputils-extension'
  );
  mkdirSync(settings, { recursive: true });
  // Neither news nor updates are asked for.
  writeFileSync(
    join(settings, 'notification.jupyterlab-settings'),
    JSON.stringify({ fetchNews: 'false', checkForUpdates: false })
  );
  const password = randomBytes(12).toString('hex');
  const [port, hubPort, proxyPort] = await freePorts(3);
  const url = `http://127.0.0.1:${port}/`;
  const bin = dirname(options.python);
  const config = join(folder, 'jupyterhub_config.py');
  writeFileSync(
    config,
    traits({
      'JupyterHub.authenticator_class': 'dummy',
      'DummyAuthenticator.password': password,
      'Authenticator.allow_all': true,
      'JupyterHub.spawner_class': 'simple',
      'SimpleLocalProcessSpawner.home_dir_template': join(
        folder,
        'homes',
        '{username}'
      ),
      // Servers belong to the hub's process group, so that all end with it.
      'SimpleLocalProcessSpawner.popen_kwargs': { start_new_session: false },
      'Spawner.cmd': [join(bin, 'jupyterhub-singleuser')],
      'Spawner.args': [
        ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
        '--LabApp.extension_manager=readonly',
        '--LabApp.expose_app_in_browser=True'
      ],
      'Spawner.environment': {
        JUPYTER_PREFER_ENV_PATH: '1',
        WORKLOAD_SITE: site
      },
      'Spawner.default_url': '/lab',
      'Spawner.start_timeout': START_MS / 1000,
      'Spawner.http_timeout': START_MS / 1000,
      'JupyterHub.bind_url': url,
      'JupyterHub.hub_port': hubPort,
      'JupyterHub.db_url': `sqlite:///${join(folder, 'hub.sqlite')}`,
      'JupyterHub.cookie_secret_file': join(folder, 'cookie_secret'),
      'ConfigurableHTTPProxy.api_url': `http://127.0.0.1:${proxyPort}`,
      'ConfigurableHTTPProxy.command': [process.execPath, PROXY],
      'ConfigurableHTTPProxy.pid_file': join(folder, 'proxy.pid')
    })
  );
  const child = spawn(
    options.python,
    ['-m', 'jupyterhub', `--config=${config}`],
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
    }
  );
  let log = '';
  const note = (chunk: Buffer) => {
    log += chunk.toString();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  // Servers and proxy hold the same pipes: closed means that all have ended.
  const ended = new Promise<void>(resolve => child.once('close', resolve));
  const stop = async () => {
    signalGroup(child, 'SIGTERM');
    const late = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswers(`${url}hub/health`, child);
  } catch (error) {
    await stop();
    throw new Error(`JupyterHub did not start: ${String(error)}\n${log}`);
  }
  return { url, password, home, log: () => log, stop };
}

/** Settings as the text of a configuration file; Python reads them as JSON, so nothing needs quoting. */
function traits(values: Readonly<Record<string, unknown>>): string {
  const file = ['import json', ''];
  for (const [name, value] of Object.entries(values)) {
    // A JSON text of ASCII is a Python literal, too.
    file.push(
      `c.${name} = json.loads(${JSON.stringify(JSON.stringify(value))})`
    );
  }
  return `${file.join('\n')}\n`;
}

/** Ports that differ: one that was free a moment ago could be given twice. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    ports.add(await freePort());
  }
  return [...ports];
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group has ended by itself.
  }
}
