import type { Locator, Page } from '@playwright/test';
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';

import { execute } from './explorer-page';
import { DEMO, expect, test } from './fixtures';
import { RolesPage, setSettings, writeNotebook } from './roles-see-page';

const CELLS = [
  { source: '# Our dashboard', type: 'markdown' },
  { source: 'raise SystemError("upstream")', tags: ['upstream'] },
  { source: 'print("packages of 31 people")', tags: ['downstream'] }
] as const;

/** Publishing beside its notebook, and the list of dashboards, as people see them. */
class PublishPage {
  constructor(readonly page: Page) {
    this.roles = new RolesPage(page);
  }

  readonly roles: RolesPage;

  get form(): Locator {
    return this.page.locator('.jp-WorkloadPublish');
  }

  get list(): Locator {
    return this.page.getByRole('region', { name: 'Dashboards' });
  }

  item(name: string): Locator {
    return this.form
      .getByRole('list', { name: 'Checks before it is published' })
      .locator('> li')
      .filter({ hasText: name });
  }

  async open(): Promise<void> {
    await execute(this.page, 'workload-explorer:publish-dashboard');
    await expect(this.form).toBeVisible();
  }

  async publish(): Promise<void> {
    await this.form.getByRole('button', { name: /^Publish to/ }).click();
  }

  /** The list, brought to the front and looked at anew. */
  async showList(): Promise<void> {
    await execute(this.page, 'workload-explorer:show-dashboards');
    await this.list.getByRole('button', { name: 'Refresh' }).click();
  }
}

test.describe('publishing a dashboard', () => {
  let publish: PublishPage;
  let out: string;

  test.beforeEach(async ({ openLab, root }) => {
    out = join(root, 'public', 'report');
    rmSync(join(root, 'public'), { recursive: true, force: true });
    rmSync(join(root, 'report.dashboard.ipynb'), { force: true });
    mkdirSync(join(root, 'public'));
    writeNotebook(root, 'report.ipynb', CELLS);
    publish = new PublishPage(await openLab('report.ipynb'));
    await publish.roles.shown();
    await publish.open();
    await publish.form.getByLabel('Folder').fill('public/report');
  });

  test('is a checklist that fills itself', async ({ page }) => {
    await publish.publish();
    for (const name of [
      'Roles',
      'Runs clean',
      'Reads only what is published',
      'No person, no small group',
      'Bundle'
    ]) {
      await expect(publish.item(name)).toHaveAttribute('data-state', 'done', {
        timeout: 90_000
      });
    }
    await expect(publish.item('Runs clean')).toContainText('1 cell in');
    await expect(publish.item('Bundle')).toContainText('version 0001-');
    expect(readFileSync(join(out, 'dashboard.ipynb'), 'utf8')).not.toContain(
      'SystemError'
    );
    expect(readFileSync(join(out, 'dashboard.html'), 'utf8')).toContain(
      'packages of 31 people'
    );

    await publish.showList();
    const row = publish.list.getByRole('listitem', { name: 'report' });
    await expect(row).toHaveAttribute('data-state', 'fresh');
    await expect(row).toContainText('published');
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      row.getByRole('button', { name: 'Open page' }).click()
    ]);
    await expect(opened.getByText('packages of 31 people')).toBeVisible();
    await opened.close();
    await row.getByRole('button', { name: 'report.ipynb' }).click();

    // Another notebook makes it stale; it is published again, and taken back.
    await publish.roles.cell(2).locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('print("packages of 47 people")');
    await page.keyboard.press('ControlOrMeta+s');
    await expect(async () => {
      await publish.list.getByRole('button', { name: 'Refresh' }).click();
      await expect(row).toHaveAttribute('data-state', 'stale', {
        timeout: 1000
      });
    }).toPass();
    await expect(row).toContainText('report.ipynb was changed since.');
    await row.getByRole('button', { name: 'Publish again…' }).click();
    await publish.publish();
    await expect(publish.item('Bundle')).toContainText('version 0002-', {
      timeout: 90_000
    });
    await publish.list.getByRole('button', { name: 'Refresh' }).click();
    await expect(row).toHaveAttribute('data-state', 'fresh');
    await row.getByRole('button', { name: 'Roll back…' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Roll back' })
      .click();
    await expect(row).toHaveAttribute('data-state', 'stale');
    expect(readlinkSync(out)).toContain('0001-');
    await row.getByRole('button', { name: 'Take off the list' }).click();
    await expect(row).toHaveCount(0);
  });

  test('stops at what it finds, and leads to the cell', async ({
    page,
    root
  }) => {
    test.slow();
    const edit = async (source: string): Promise<void> => {
      await publish.roles.cell(2).locator('.cm-content').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(source);
    };
    await edit('open("gone.parquet")');
    await publish.publish();
    const roles = publish.item('Roles');
    await expect(roles).toHaveAttribute('data-state', 'failed');
    await expect(roles).toContainText('“gone.parquet” is not there');

    await edit('raise ValueError("broken")');
    await publish.publish();
    const runs = publish.item('Runs clean');
    await expect(runs).toHaveAttribute('data-state', 'failed', {
      timeout: 90_000
    });
    await expect(runs).toContainText('ValueError');
    await expect(publish.item('Bundle')).toHaveAttribute(
      'data-state',
      'waiting'
    );
    await runs
      .getByRole('button', { name: /cell 3/ })
      .first()
      .click();
    await expect(publish.roles.cell(2)).toHaveClass(/jp-mod-active/);

    writeFileSync(join(root, 'ray.py'), '');
    await edit('import ray');
    await publish.publish();
    await expect(roles).toContainText('“ray” needs a GPU or a cluster');
    // What the check of roles cannot see is seen when it runs.
    await edit('__import__("yar"[::-1])');
    await publish.publish();
    await expect(runs).toContainText('Imports ray, which belongs to the', {
      timeout: 90_000
    });
    await expect(runs).toHaveAttribute('data-state', 'failed');

    // Somebody stands in the reduced data, and is not shown.
    writeFileSync(join(root, 'reduced.csv'), 'username,jobs\nu0001,7\n');
    await edit('print(len(open("reduced.csv").read()))');
    await publish.publish();
    const person = publish.item('No person');
    await expect(person).toHaveAttribute('data-state', 'failed', {
      timeout: 90_000
    });
    await expect(person).toContainText('reduced.csv');

    // The name of somebody of the raw records.
    await publish.form.getByLabel('Raw records').fill(DEMO);
    await edit('print("somebody@university.edu used it")');
    await publish.publish();
    const people = publish.item('No person');
    await expect(people).toHaveAttribute('data-state', 'failed', {
      timeout: 90_000
    });
    await publish.form
      .getByLabel('Publish anyway: reason')
      .fill('an address for questions');
    await publish.form.getByRole('button', { name: 'Publish anyway' }).click();
    await expect(publish.item('Bundle')).toHaveAttribute('data-state', 'done', {
      timeout: 90_000
    });
    await expect(people).toContainText('accepted with a reason');
    const manifest = readFileSync(join(out, 'manifest.json'), 'utf8');
    expect(manifest).toContain('an address for questions');
  });

  test('sets the parameters of a file, and sets them again', async ({
    page,
    root,
    openLab
  }) => {
    const parameters = publish.form.getByLabel('Parameters');
    const roles = publish.item('Roles');
    const bundle = publish.item('Bundle');
    const published = (): string =>
      readFileSync(join(out, 'dashboard.ipynb'), 'utf8');
    writeNotebook(root, 'report.ipynb', [
      { source: 'year = 2020', tags: ['parameters'] },
      { source: 'print(f"packages of {year}")', tags: ['downstream'] }
    ]);
    writeFileSync(join(root, '2021.yaml'), 'yaer: 2021\n');
    await openLab('report.ipynb');
    await publish.roles.shown();
    await publish.open();
    await publish.form.getByLabel('Folder').fill('public/report');
    await publish.form.getByText('More', { exact: true }).click();

    await parameters.fill('gone.yaml');
    await publish.publish();
    await expect(roles).toContainText('gone.yaml There is no such file.');
    await parameters.fill('2021.yaml');
    await publish.publish();
    await expect(roles).toContainText('“yaer” is not assigned in cell 1');
    await expect(roles).toHaveAttribute('data-state', 'failed');

    writeFileSync(join(root, '2021.yaml'), 'year: 2021\n');
    await publish.publish();
    await expect(bundle).toContainText('version 0001-', { timeout: 90_000 });
    expect(published()).toContain('year = 2021');
    expect(readFileSync(join(out, 'dashboard.html'), 'utf8')).toContain(
      'packages of 2021'
    );

    // Without the file they would be lost.
    await parameters.fill('');
    await expect(publish.form).toContainText('Name their file');
    await publish.publish();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('which would be lost');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);

    await publish.showList();
    const row = publish.list.getByRole('listitem', { name: 'report' });
    await expect(row).toContainText('2021.yaml');
    writeFileSync(join(root, '2021.yaml'), 'year: 2022\n');
    await row.getByRole('button', { name: 'Publish again…' }).click();
    await expect(parameters).toHaveValue('2021.yaml');
    await publish.publish();
    await expect(bundle).toContainText('version 0002-', { timeout: 90_000 });
    expect(published()).toContain('year = 2022');
  });

  test('can be cancelled, and says what is wrong with what is asked', async ({
    page
  }) => {
    await publish.form.getByLabel('Folder').fill('nowhere/report');
    await publish.publish();
    await expect(publish.form.getByRole('alert')).toContainText(
      'There is no folder'
    );
    await publish.roles.cell(2).locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('import time\ntime.sleep(600)');
    await publish.form.getByLabel('Folder').fill('public/report');
    await publish.publish();
    await expect(publish.item('Runs clean')).toHaveAttribute(
      'data-state',
      'running'
    );
    await publish.form.getByRole('button', { name: 'Cancel' }).click();
    await expect(publish.form).toContainText('Cancelled.');
    await expect(
      publish.form.getByRole('button', { name: 'Publish to public/report' })
    ).toBeEnabled();
  });

  test('tells of a compiled notebook that is older than its source', async ({
    page,
    root,
    openLab
  }) => {
    await publish.publish();
    await expect(publish.item('Bundle')).toHaveAttribute('data-state', 'done', {
      timeout: 90_000
    });
    await openLab('report.dashboard.ipynb');
    await publish.roles.shown();
    // As long as the notice takes below.
    await page.waitForTimeout(2000);
    await expect(page.getByText('older state of report.ipynb')).toHaveCount(0);
    writeNotebook(root, 'report.ipynb', CELLS.slice(0, 2));
    await openLab('report.dashboard.ipynb');
    await expect(page.getByText('older state of report.ipynb')).toBeVisible();
    await page.getByRole('button', { name: 'Open report.ipynb' }).click();
    await expect(
      page.getByRole('tab', { name: 'report.ipynb', exact: true })
    ).toBeVisible();
  });
});

test('the check of a notebook is kept in it when it is saved, by choice', async ({
  lab,
  openLab,
  root
}) => {
  writeNotebook(root, 'kept.ipynb', CELLS);
  const read = (): unknown =>
    (
      JSON.parse(readFileSync(join(root, 'kept.ipynb'), 'utf8')) as {
        metadata: { workload?: { check?: unknown } };
      }
    ).metadata.workload?.check;
  // The file may be read while it is written.
  const keeps = (errors: number): Promise<void> =>
    expect(() => expect(read()).toMatchObject({ version: 1, errors })).toPass({
      timeout: 30_000
    });
  await setSettings(lab, 'jupyterlab-workload-explorer:dashboard', {
    recordCheckOnSave: true
  });
  try {
    const page = await openLab('kept.ipynb');
    const roles = new RolesPage(page);
    await roles.shown();
    const type = async (source: string): Promise<void> => {
      await roles.cell(2).locator('.cm-content').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(source);
      await page.keyboard.press('ControlOrMeta+s');
    };
    await type('print("a")');
    await keeps(0);
    await type('open("gone.parquet")');
    await keeps(1);
    await expect(page.locator('.jp-mod-dirty')).toHaveCount(0);
  } finally {
    await setSettings(lab, 'jupyterlab-workload-explorer:dashboard', {
      recordCheckOnSave: false
    });
  }
});
