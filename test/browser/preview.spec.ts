import type { FrameLocator, Locator, Page } from '@playwright/test';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ILabServer } from '../../scripts/lib/lab.mjs';
import { execute } from './explorer-page';
import { expect, test } from './fixtures';
import { RolesPage, setSettings, writeNotebook } from './roles-see-page';

/** The source of the second cell, with another word. */
const sets = (word: string): string =>
  `from pathlib import Path\n\nWORD = "${word}"`;

/** Long enough to be scrolled, and with a cell that must not run. */
const CELLS = [
  { source: '# Our dashboard', type: 'markdown' },
  { source: sets('first'), tags: ['shared'] },
  { source: 'Path("upstream-ran").touch()', tags: ['upstream'] },
  {
    source: 'for i in range(100):\n    print(f"{WORD} line {i}")',
    tags: ['downstream']
  },
  { source: 'print(f"the {WORD} end")', tags: ['downstream'] }
] as const;

/** Kernels that a server runs. */
async function kernels({ url, token }: ILabServer): Promise<number> {
  const answer = await fetch(`${url}api/kernels`, {
    headers: { Authorization: `token ${token}` }
  });
  const running: unknown = await answer.json();
  return Array.isArray(running) ? running.length : -1;
}

/** A preview beside its notebook, as people see it. */
class PreviewPage {
  constructor(readonly page: Page) {
    this.roles = new RolesPage(page);
  }

  readonly roles: RolesPage;

  get root(): Locator {
    return this.page.locator('.jp-WorkloadPreview');
  }

  get frame(): FrameLocator {
    return this.root.locator('iframe').contentFrame();
  }

  get ran(): Locator {
    return this.root.getByRole('region', { name: 'What ran' });
  }

  async open(): Promise<void> {
    await execute(this.page, 'workload-explorer:preview-dashboard');
  }

  /** Change the source of a cell, and save. */
  async edit(cell: number, source: string): Promise<void> {
    const editor = this.roles.cell(cell).locator('.cm-content');
    await editor.click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(source);
    await this.page.keyboard.press('ControlOrMeta+s');
  }
}

test.describe('the preview of a dashboard', () => {
  let preview: PreviewPage;

  test.beforeEach(async ({ openLab, root, watch }) => {
    // An installation for development is linked, which Voilà does not follow; ours has nothing to do there.
    watch.allow(/voila\/labextensions/);
    writeNotebook(root, 'report.ipynb', CELLS);
    preview = new PreviewPage(await openLab('report.ipynb'));
    await preview.roles.shown();
  });

  test('shows what Voilà makes of the compiled notebook, and what ran', async ({
    root,
    lab
  }) => {
    await expect.poll(() => kernels(lab)).toBeGreaterThan(0);
    const before = await kernels(lab);
    const { page } = preview;
    await page.getByRole('button', { name: /^Preview the dashboard/ }).click();
    await expect(preview.ran).toContainText('3 cells ran in');
    await expect(preview.frame.getByText('Our dashboard')).toBeVisible();
    await expect(preview.frame.getByText('the first end')).toBeAttached();
    expect(existsSync(join(root, 'upstream-ran'))).toBe(false);
    // What is looked at is no product yet.
    expect(existsSync(join(root, 'report.dashboard.ipynb'))).toBe(false);
    const copy = join(root, 'report.preview.ipynb');
    expect(readFileSync(copy, 'utf8')).not.toContain('upstream-ran');
    // Places are those in the notebook, where two cells stand before it that did not run.
    const line = preview.ran.getByRole('listitem').last();
    await expect(line).toContainText('print(f"the {WORD} end")');
    await line.getByRole('button', { name: 'Cell 5' }).click();
    await expect(preview.roles.cell(4)).toHaveClass(/jp-mod-active/);
    const shown = (): string | undefined =>
      page
        .frames()
        .map(frame => frame.url())
        .find(url => url.includes('workload_preview='));
    const first = shown();
    await preview.root
      .getByRole('button', { name: 'Compile and run again' })
      .click();
    await expect.poll(shown).not.toBe(first);
    await expect(preview.ran).toContainText('3 cells ran in');
    await expect.poll(() => kernels(lab)).toBe(before + 1);
    await page.locator('.lm-TabBar-tab', { hasText: /^report$/ }).click();
    await execute(page, 'application:close');
    await expect(preview.root).toHaveCount(0);
    await expect.poll(() => kernels(lab)).toBe(before);
    await expect.poll(() => existsSync(copy)).toBe(false);
  });

  test('follows the notebook when it is saved, and stays where it was', async () => {
    await preview.open();
    await expect(preview.ran).toContainText('3 cells ran in');
    const end = preview.frame.getByText('the first end');
    await end.scrollIntoViewIfNeeded();
    await expect(end).toBeInViewport();
    await preview.edit(1, sets('second'));
    await expect(preview.frame.getByText('the second end')).toBeInViewport();
    await expect(preview.ran).toContainText('3 cells ran in');
  });

  test('draws charts as published pages do, and those that only Voilà can', async ({
    openLab,
    root
  }) => {
    const figure = (data: string): string =>
      `from IPython.display import publish_display_data\npublish_display_data({"application/vnd.plotly.v1+json": {"data": [${data}], "layout": {}}})`;
    writeNotebook(root, 'charts.ipynb', [
      { source: figure('{"type": "bar", "y": [1, 2]}'), tags: ['downstream'] },
      {
        source: figure(
          '{"type": "sankey", "node": {"label": ["a", "b"]}, "link": {"source": [0], "target": [1], "value": [1]}}'
        ),
        tags: ['downstream']
      }
    ]);
    preview = new PreviewPage(await openLab('charts.ipynb'));
    await preview.roles.shown();
    await preview.open();
    const plot = preview.frame.locator('.workload-plot');
    await expect(plot.locator('.barlayer .point')).toHaveCount(2);
    await expect(plot).toHaveCount(1);
    await expect(preview.frame.locator('.sankey-link')).toHaveCount(1);
    // It is no published page, which would tell its age.
    await expect(preview.frame.locator('footer')).toHaveCount(0);
  });

  test('shows the traceback of a cell that fails, and leads to the cell', async () => {
    await preview.edit(4, 'raise ValueError(f"the {WORD} fault")');
    await preview.open();
    await expect(preview.ran).toContainText('1 cell failed.');
    const failed = preview.ran
      .getByRole('listitem')
      .filter({ hasText: 'ValueError: the first fault' });
    await expect(failed.locator('pre')).toContainText('Traceback');
    await failed.getByRole('button', { name: 'Cell 5' }).click();
    await expect(preview.roles.cell(4)).toHaveClass(/jp-mod-active/);
  });

  test('is refused while roles are wrong, and comes back when they are right', async () => {
    await preview.open();
    await expect(preview.ran).toContainText('3 cells ran in');
    await preview.edit(4, 'import cudf');
    await expect(preview.ran.getByRole('alert')).toContainText(
      'There is no dashboard yet: the notebook has 1 error in its roles.'
    );
    await preview.ran.getByRole('button', { name: 'Cell 5' }).click();
    await expect(preview.roles.cell(4)).toHaveClass(/jp-mod-active/);
    await preview.edit(4, 'print("mended")');
    await expect(preview.frame.getByText('mended')).toBeAttached();
    await expect(preview.ran).toContainText('3 cells ran in');
  });

  test('leaves a file alone that is no dashboard of ours', async ({ root }) => {
    const file = join(root, 'report.preview.ipynb');
    writeFileSync(file, 'mine');
    await preview.open();
    await expect(preview.ran.getByRole('alert')).toContainText(
      'is no dashboard that was compiled'
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
    writeFileSync(
      file,
      '{"metadata": {"workload": {"dashboard": {}}}, "cells": []}'
    );
    await preview.root
      .getByRole('button', { name: 'Compile and run again' })
      .click();
    await expect(preview.ran).toContainText('3 cells ran in');
  });
});

test('a dashboard that is there is compiled on saving, where the user wants that', async ({
  openLab,
  root,
  lab
}) => {
  const plugin = 'jupyterlab-workload-explorer:dashboard';
  await setSettings(lab, plugin, { compileOnSave: true });
  try {
    writeNotebook(root, 'saved.ipynb', CELLS);
    const preview = new PreviewPage(await openLab('saved.ipynb'));
    await preview.roles.shown();
    const file = join(root, 'saved.dashboard.ipynb');
    await preview.edit(1, sets('unseen'));
    await execute(preview.page, 'workload-explorer:compile-dashboard');
    await expect
      .poll(() => existsSync(file) && readFileSync(file, 'utf8'))
      .toContain('unseen');
    utimesSync(file, 0, 0);
    await preview.edit(1, sets('seen'));
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('\\"seen\\"');

    // What somebody has changed by hand is not lost without a question.
    const byHand = readFileSync(file, 'utf8').replace(
      'the {WORD} end',
      'The end'
    );
    writeFileSync(file, byHand);
    await preview.edit(1, sets('later'));
    const told = preview.page.getByText('was changed by hand');
    await expect(told).toBeVisible();
    expect(readFileSync(file, 'utf8')).toBe(byHand);
    void execute(preview.page, 'workload-explorer:compile-dashboard');
    const dialog = preview.page.getByRole('dialog');
    await expect(dialog).toContainText('was changed by hand');
    await dialog.getByRole('button', { name: 'Overwrite' }).click();
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('later');
  } finally {
    await setSettings(lab, plugin, {});
  }
});
