import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Page, expect, test as base } from '@playwright/test';

import { type ILabOptions, startLab } from '../../scripts/lib/lab.mjs';
import { CLI } from '../../scripts/lib/project.mjs';
import { isObject } from '../../src/workload/json';
import { python } from './fixtures';
import { hubMissing, startHub } from './hub-server';
import { BARE, GUARDED, HUB, type IMode, OTHERS_HOOK } from './voila-modes';
import {
  ALLOWED,
  ALONE,
  EVERY_POSITION,
  FOREIGN,
  type ITraceCell,
  RAISING,
  SANDWICH,
  hasRun,
  ran,
  seen,
  writeNotebook
} from './voila-notebooks';
import { startVoila } from './voila-server';

/**
 * How Voilà is started, and whether an upstream cell runs: without us as `BARE` has it, with us never. Each
 * line is a real Voilà that renders real pages.
 */

/** A Voilà that renders pages. */
interface IVoila {
  /** The served folder, with the notebooks. */
  readonly root: string;
  /** The page of a notebook, to its end. */
  render(name: string): Promise<string>;
  /** The address of a page. */
  address(name: string): string;
  log(): string;
}

/** Starts Voilà in a mode, with us or without us. */
const test = base.extend<{
  start: (
    mode: IMode,
    withUs: boolean,
    notebooks: Readonly<Record<string, readonly ITraceCell[]>>
  ) => Promise<IVoila>;
  folder: string;
}>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what is asked for
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'workload-modes-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },

  start: async ({ folder }, use) => {
    const stops: (() => Promise<void>)[] = [];
    await use(async (mode, withUs, notebooks) => {
      const root = join(folder, 'root');
      mkdirSync(root);
      const config = join(folder, 'config');
      mkdirSync(config);
      if (withUs && !mode.lab) {
        installHook(config);
      }
      writeFiles(root, mode.files);
      writeFiles(config, mode.config);
      for (const [name, cells] of Object.entries(notebooks)) {
        writeNotebook(root, name, cells);
      }
      compile(root, folder);
      const server = mode.lab
        ? await startLab(labOptions(mode, root, config, withUs))
        : await startVoila({
            python: python(),
            root,
            config,
            args: mode.args,
            env: mode.env
          });
      stops.push(() => server.stop());
      const query = 'token' in server ? `?token=${String(server.token)}` : '';
      const address = (name: string) =>
        `${server.url}voila/render/${name}.ipynb${query}`;
      return {
        root,
        address,
        log: () => server.log(),
        render: async name => {
          const answer = await fetch(address(name));
          expect(answer.status).toBe(200);
          return answer.text();
        }
      };
    });
    await Promise.all(stops.map(stop => stop()));
  }
});

test.describe('without us', () => {
  for (const mode of BARE) {
    const does = mode.runs ? 'runs' : 'does not run';
    test(`${mode.title}: an upstream cell ${does}`, async ({ start, page }) => {
      const voila = await start(mode, false, { sandwich: SANDWICH });
      const shown = await show(page, voila, mode, 'sandwich');
      const all = names(SANDWICH);
      if (mode.progressive) {
        // Outputs stand in the places of other cells.
        await expect.poll(shown).toContain('up');
        expect(await shown()).not.toEqual(all);
      } else {
        expect(await shown()).toEqual(
          all.filter(name => mode.runs || name !== 'up')
        );
      }
      expect(hasRun(voila.root, 'up')).toBe(mode.runs);
    });

    test(`${mode.title}: the compiled notebook is safe`, async ({
      start,
      page
    }) => {
      // Alone in its folder, all of which may be preheated.
      const voila = await start(mode, false, {});
      const shown = await show(page, voila, mode, 'positions.dashboard');
      await expect.poll(shown).toEqual(ALLOWED);
      expect(ran(voila.root).filter(isForbidden)).toEqual([]);
    });
  }
});

test.describe('with us', () => {
  for (const mode of GUARDED) {
    test(`${mode.title}: no upstream cell runs`, async ({ start, page }) => {
      const voila = await start(mode, true, {
        positions: EVERY_POSITION,
        raising: RAISING,
        foreign: FOREIGN,
        alone: ALONE
      });
      const files = { ...mode.files, ...mode.config };
      const isHooked = Object.values(files).includes(OTHERS_HOOK);
      const expected: Readonly<Record<string, readonly string[]>> = {
        positions: ALLOWED,
        'positions.dashboard': ALLOWED,
        // An error ends the page, but where it is rendered progressively.
        raising: ['before', 'raising', ...(mode.progressive ? ['behind'] : [])],
        // The other hook gives this one a role; what is left of it then is tested in Python.
        ...(isHooked ? {} : { foreign: names(FOREIGN) }),
        // Nothing would tell that a page without cells has ended.
        ...(mode.progressive ? {} : { alone: [] })
      };
      for (const [name, cells] of Object.entries(expected)) {
        const shown = await show(page, voila, mode, name);
        await expect.poll(shown, name).toEqual(cells);
      }
      expect(ran(voila.root)).toEqual(
        [
          ...new Set(Object.values(expected).flat()),
          ...(isHooked ? ['hook'] : [])
        ]
          .filter(name => !name.startsWith('above-'))
          .sort()
      );
    });
  }

  test('preheated: Voilà does not start, and says why', async ({ start }) => {
    const mode = { title: '', args: ['--preheat_kernel=True'] };
    const started = start(mode, true, { sandwich: SANDWICH });
    await expect(started).rejects.toThrow(
      '`preheat_kernel` and `prelaunch_hook` are incompatible'
    );
  });

  test('where our package is missing, nothing with roles is shown', async ({
    start,
    folder
  }) => {
    const voila = await start(
      {
        title: '',
        // Something of our package's name is found first.
        files: { 'jupyterlab_workload_explorer.py': 'raise ImportError' },
        env: { PYTHONPATH: join(folder, 'root') }
      },
      true,
      { sandwich: SANDWICH }
    );
    const answer = await fetch(voila.address('sandwich'));
    expect(answer.status).toBe(500);
    expect(voila.log()).toContain('does not work in this environment');
    expect(ran(join(folder, 'root'))).toEqual([]);
    writeNotebook(voila.root, 'untagged', [{ name: 'untagged' }]);
    expect(seen(await voila.render('untagged'))).toEqual(['untagged']);
  });
});

for (const mode of HUB) {
  test(`${mode.title}: no upstream cell runs`, async ({ page, folder }) => {
    test.setTimeout(240_000);
    const missing = hubMissing(python());
    test.skip(missing !== null, missing ?? '');
    const user = 'ada';
    const hub = await startHub({
      python: python(),
      user,
      site: { version: 1 }
    });
    try {
      writeFiles(join(hub.home, '.jupyter'), mode.config);
      writeNotebook(hub.home, 'positions', EVERY_POSITION);
      compile(hub.home, folder);
      await page.goto(`${hub.url}hub/login?next=%2Fhub%2Fspawn`);
      await page.locator('#username_input').fill(user);
      await page.locator('#password_input').fill(hub.password);
      await page.locator('#login_submit').click();
      await page.waitForURL(`**/user/${user}/lab**`, { timeout: 90_000 });
      const address = (name: string): string =>
        `${hub.url}user/${user}/voila/render/${name}.ipynb`;
      const voila: IVoila = {
        root: hub.home,
        address,
        log: () => hub.log(),
        render: async name => {
          const answer = await page.request.get(address(name));
          expect(answer.status()).toBe(200);
          return answer.text();
        }
      };
      for (const name of ['positions', 'positions.dashboard']) {
        const shown = await show(page, voila, mode, name);
        await expect.poll(shown, name).toEqual(ALLOWED);
      }
      expect(ran(hub.home).filter(isForbidden)).toEqual([]);
    } finally {
      await hub.stop();
    }
  });
}

/** Names of cells, in their order. */
function names(cells: readonly { name: string }[]): string[] {
  return cells.map(({ name }) => name);
}

/** Puts our `voila.py` into a configuration folder. */
function installHook(config: string): void {
  execFileSync(python(), [
    '-m',
    'jupyterlab_workload_explorer',
    ...['voila-hook', 'install', '--path', config]
  ]);
}

function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>> = {}
): void {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
  }
}

function labOptions(
  mode: IMode,
  root: string,
  config: string,
  withUs: boolean
): ILabOptions {
  const without =
    "--ServerApp.jpserver_extensions={'jupyterlab_workload_explorer': False}";
  return {
    python: python(),
    root,
    args: [...(mode.args ?? []), ...(withUs ? [] : [without])],
    env: { JUPYTER_CONFIG_DIR: config, ...mode.env }
  };
}

/**
 * Has a page rendered to its end.
 * @returns what tells the names of the cells that are seen, for as long as the page may still be drawing
 */
async function show(
  page: Page,
  voila: IVoila,
  mode: IMode,
  name: string
): Promise<() => Promise<string[]>> {
  if (!mode.progressive) {
    const html = await voila.render(name);
    return () => Promise.resolve(seen(html));
  }
  // The cells run after the page was sent, and their outputs come one by one.
  const ended = new Promise<void>(resolve => {
    page.on('websocket', socket => {
      if (socket.url().includes('/voila/execution/')) {
        socket.on('framereceived', ({ payload }) => {
          if (isLastAnswer(JSON.parse(payload.toString()))) {
            resolve();
          }
        });
      }
    });
  });
  await page.goto(voila.address(name));
  await ended;
  page.removeAllListeners('websocket');
  return async () => seen(await page.innerText('body'));
}

function isLastAnswer(message: unknown): boolean {
  const answer = isObject(message) ? message.payload : undefined;
  return (
    isObject(answer) &&
    typeof answer.total_cell === 'number' &&
    answer.cell_index === answer.total_cell - 1
  );
}

/** Whether a cell may not run: all but those of `EVERY_POSITION` that are allowed. */
function isForbidden(name: string): boolean {
  return !ALLOWED.includes(name);
}

/** Compiles a notebook that lies elsewhere: all notebooks of the folder may be preheated. */
function compile(root: string, folder: string): void {
  const sources = join(folder, 'sources');
  mkdirSync(sources);
  execFileSync(
    process.execPath,
    [
      CLI,
      'compile',
      writeNotebook(sources, 'positions', EVERY_POSITION),
      // It has cells without a role, and cells with several.
      '--force',
      ...['--out', join(root, 'positions.dashboard.ipynb')]
    ],
    { stdio: 'pipe' }
  );
}
