import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { freePort } from '../../scripts/lib/lab.mjs';
import { ROOT } from '../../scripts/lib/project.mjs';
import { ExplorerPage } from './explorer-page';
import { expect, test, untilReady } from './fixtures';

/** What is said before something slow is done. */
const SLOW = /^> (Installing|Making|Building|Writing)/m;

/** `npm start`, running. */
class Start {
  constructor(port: number) {
    this._child = spawn(
      process.execPath,
      ['scripts/start.mjs', '--no-browser', '--port', String(port)].concat(
        '--expose-app-in-browser'
      ),
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }
    );
    const note = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    this._child.stdout?.on('data', note);
    this._child.stderr?.on('data', note);
    this.ended = new Promise(resolve => this._child.once('close', resolve));
    this._address = new RegExp(`http://127\\.0\\.0\\.1:${port}/lab\\S+`);
  }

  /** Its exit status, when it has ended. */
  readonly ended: Promise<number | null>;

  /** What it has printed. */
  output = '';

  /** The address that it tells to open, once it is there. */
  async address(): Promise<string> {
    await expect(() => {
      expect(this._child.exitCode, this.output).toBeNull();
      expect(this.output).toMatch(this._address);
    }).toPass({ timeout: 540_000 });
    return this._address.exec(this.output)?.[0] ?? '';
  }

  async stop(): Promise<void> {
    this._child.kill('SIGTERM');
    await this.ended;
  }

  private readonly _address: RegExp;
  private readonly _child: ChildProcess;
}

/** Open what is told, see the study's figures, and leave. */
async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await untilReady(page);
  const explorer = new ExplorerPage(page);
  await explorer.drawn();
  // Users of Python, as the first study counted them, within a tenth.
  const { user } = await explorer.headline();
  expect(Math.abs(user / 2448 - 1)).toBeLessThan(0.1);
  // The server must not go while the page still asks it.
  await page.goto('about:blank');
}

test('npm start opens JupyterLab on the demo data', async ({ page, watch }) => {
  // The first time, a million rows are written, and perhaps things installed.
  test.setTimeout(600_000);
  const port = await freePort();
  watch.allowServer(`http://127.0.0.1:${port}`);
  const first = new Start(port);
  try {
    await visit(page, await first.address());
    expect(existsSync(join(ROOT, '.demo', 'import-records', '.recipe'))).toBe(
      true
    );
  } finally {
    await first.stop();
  }
  const again = new Start(port);
  try {
    await visit(page, await again.address());
    expect(again.output).not.toMatch(SLOW);
  } finally {
    await again.stop();
  }
});

test('npm start says at once when a port is taken', async ({ lab }) => {
  const start = new Start(Number(new URL(lab.url).port));
  expect(await start.ended).toBe(1);
  expect(start.output).toContain('is in use. Choose another one with --port');
  expect(start.output).not.toMatch(SLOW);
});
