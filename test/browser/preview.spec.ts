import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execute } from './explorer-page';
import { expect } from './fixtures';
import { CELLS, NOT_FOLLOWED, PreviewPage, sets, test } from './preview-page';
import { setSettings, writeNotebook } from './roles-see-page';

test.describe('the preview of a dashboard', () => {
  test('shows what Voilà makes of the compiled notebook, and what ran', async ({
    preview,
    running,
    root
  }) => {
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
    const first = preview.run();
    await preview.root
      .getByRole('button', { name: 'Compile and run again' })
      .click();
    await expect.poll(() => preview.run()).not.toBe(first);
    await expect(preview.ran).toContainText('3 cells ran in');
    await expect.poll(running).toBe(1);
    await preview.tab.click();
    await execute(page, 'application:close');
    await expect(preview.root).toHaveCount(0);
    await expect.poll(running).toBe(0);
    await expect.poll(() => existsSync(copy)).toBe(false);
  });

  test('follows the notebook when it is saved, and stays where it was', async ({
    preview
  }) => {
    await preview.open();
    await expect(preview.ran).toContainText('3 cells ran in');
    await preview.laidOut();
    const end = preview.frame.getByText('the first end');
    await end.scrollIntoViewIfNeeded();
    await expect(end).toBeInViewport();
    await preview.edit(1, sets('second'));
    await expect(preview.frame.getByText('the second end')).toBeInViewport();
    await expect(preview.ran).toContainText('3 cells ran in');
  });

  test('draws charts as published pages do, and those that only Voilà can', async ({
    openLab,
    root,
    watch
  }) => {
    watch.allow(NOT_FOLLOWED);
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
    const charts = new PreviewPage(await openLab('charts.ipynb'));
    await charts.roles.shown();
    await charts.open();
    const plot = charts.frame.locator('.workload-plot');
    await expect(plot.locator('.barlayer .point')).toHaveCount(2);
    await expect(plot).toHaveCount(1);
    await expect(charts.frame.locator('.sankey-link')).toHaveCount(1);
    // It is no published page, which would tell its age.
    await expect(charts.frame.locator('footer')).toHaveCount(0);
  });

  test('shows the traceback of a cell that fails, and leads to the cell', async ({
    preview
  }) => {
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

  test('is refused while roles are wrong, and comes back when they are right', async ({
    preview
  }) => {
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

  test('leaves a file alone that is no dashboard of ours', async ({
    preview,
    root
  }) => {
    const file = join(root, 'report.preview.ipynb');
    writeFileSync(file, 'mine');
    await preview.open();
    await expect(preview.ran.getByRole('alert')).toContainText(
      'is no dashboard that was compiled'
    );
    await execute(preview.page, 'application:close');
    await expect(preview.root).toHaveCount(0);
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
