import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { DEMO, expect, test, untilReady } from './fixtures';

const DATA = `${DEMO}/records.parquet`;
const VIEW = `${DEMO}/view.workload.json`;

/** What tests ask of the application that JupyterLab puts into the page. */
interface IExposed {
  jupyterapp: {
    commands: { execute(id: string, args?: object): Promise<unknown> };
  };
}

/** Wait until a panel shows the answers of its source. */
async function answered(page: Page): Promise<void> {
  await expect(page.locator('.jp-Workload-status')).toContainText('exact');
}

function tab(page: Page, name: string): Locator {
  return page.getByRole('main').getByRole('tab', { name });
}

function fileEntry(page: Page, name: string): Locator {
  return page.locator('.jp-DirListing-item', { hasText: name });
}

/** Take the part "compute nodes" of the default population away, as a small change of a view. */
async function includeAllNodes(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Remove Compute nodes' }).click();
  await expect(
    page.getByRole('button', { name: '+ Compute nodes' })
  ).toBeVisible();
}

function execute(page: Page, id: string, args?: object): Promise<unknown> {
  return page.evaluate(
    ([command, options]) => {
      const { jupyterapp } = globalThis as unknown as IExposed;
      return jupyterapp.commands
        .execute(command, options)
        .then(() => undefined);
    },
    [id, args] as const
  );
}

const view = (rest: object = {}) =>
  `${JSON.stringify({ version: 1, source: { paths: ['records.parquet'] }, ...rest }, null, 2)}\n`;

/** Puts a file into the server's root; it is removed after the test. */
const write = test.extend<{ put: (path: string, text: string) => string }>({
  put: async ({ root }, use) => {
    const files: string[] = [];
    await use((path, text) => {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      files.push(file);
      return file;
    });
    files.forEach(file => rmSync(file, { force: true }));
  }
});

test.describe('opening', () => {
  test('opens a file by a double click, without loading it', async ({
    openLab,
    page,
    watch
  }) => {
    const posted: string[] = [];
    const statuses: number[] = [];
    page.on('request', request => {
      if (request.method() !== 'GET') {
        posted.push(request.url());
      }
    });
    page.on('response', response => {
      if (response.url().includes(`/files/${DATA}`)) {
        statuses.push(response.status());
      }
    });
    await openLab(DEMO);
    await fileEntry(page, 'records.parquet').dblclick();
    await answered(page);
    const read = watch.requests.filter(url =>
      url.includes(`api/contents/${DATA}`)
    );
    expect(read.length).toBeGreaterThan(0);
    read
      .filter(url => !url.includes('/checkpoints'))
      .forEach(url => expect(url).toContain('content=0'));
    expect(new Set(statuses)).toEqual(new Set([206]));
    // JupyterLab makes a checkpoint of what it opens: of data that would be a copy.
    expect(posted.filter(url => url.includes('checkpoints'))).toEqual([]);
  });

  test('opens a file and a folder from the context menu', async ({
    openLab,
    root
  }) => {
    mkdirSync(join(root, 'parts/month=2021-01'), { recursive: true });
    writeFileSync(
      join(root, 'parts/month=2021-01/records.parquet'),
      readFileSync(join(root, DATA))
    );
    const page = await openLab();
    await fileEntry(page, 'parts').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Explore Workload' }).click();
    await answered(page);
    await expect(tab(page, 'parts')).toBeVisible();
    await page.reload();
    await untilReady(page);
    await answered(page);
    await expect(tab(page, 'parts')).toBeVisible();
    rmSync(join(root, 'parts'), { recursive: true });
  });

  test('opens a file by Open With', async ({ openLab }) => {
    const page = await openLab(DEMO);
    await fileEntry(page, 'records.parquet').click({ button: 'right' });
    await page
      .locator('.lm-Menu-item[data-type=submenu]', { hasText: 'Open With' })
      .hover();
    await page
      .getByRole('menuitem', { name: 'Workload Explorer', exact: true })
      .click();
    await answered(page);
  });

  test('opens an empty explorer from the launcher and the palette', async ({
    openLab
  }) => {
    const page = await openLab();
    await page
      .locator('.jp-LauncherCard', { hasText: 'Workload Explorer' })
      .click();
    await expect(
      page.getByRole('heading', { name: 'Workload Explorer' })
    ).toBeVisible();
    await expect(tab(page, 'Workload Explorer')).toHaveCount(1);
    await page.keyboard.press('Control+Shift+C');
    await page
      .locator('.lm-CommandPalette-input')
      .fill('Open Workload Explorer');
    await page
      .locator('.lm-CommandPalette-item', { hasText: 'Open Workload Explorer' })
      .click();
    await expect(tab(page, 'Workload Explorer')).toHaveCount(2);
  });
});

test.describe('a view in no file', () => {
  test('survives a reload, asks before it is lost, and is kept by Ctrl-S', async ({
    openLab,
    root
  }) => {
    const saved = join(root, DEMO, 'records.workload.json');
    rmSync(saved, { force: true });
    const page = await openLab(DATA);
    await answered(page);
    await includeAllNodes(page);
    // The change is remembered half a second after it was made.
    await page.waitForTimeout(1500);
    await page.reload();
    await untilReady(page);
    await answered(page);
    await expect(
      page.getByRole('button', { name: '+ Compute nodes' })
    ).toBeVisible();

    await tab(page, 'records.parquet')
      .getByTitle('Close records.parquet')
      .click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Close without saving?');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await answered(page);

    await page.locator('.jp-Workload-main').focus();
    await page.keyboard.press('Control+s');
    await expect(dialog.getByRole('textbox')).toHaveValue(
      `${DEMO}/records.workload.json`
    );
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(tab(page, 'records.workload.json')).toBeVisible();
    await expect(tab(page, 'records.parquet')).toHaveCount(0);
    await answered(page);
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toMatchObject({
      version: 1,
      source: { paths: ['records.parquet'] },
      defaults: ['is_staff']
    });
    rmSync(saved);
  });

  test('does not overwrite a file without asking', async ({
    openLab,
    root
  }) => {
    const saved = join(root, DEMO, 'records.workload.json');
    writeFileSync(saved, 'precious');
    const page = await openLab(DATA);
    await answered(page);
    // Ends with the dialog.
    const saving = execute(page, 'workload-explorer:save-view-as');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toContainText('Overwrite the view?');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await saving;
    expect(readFileSync(saved, 'utf8')).toBe('precious');
    rmSync(saved);
  });
});

test.describe('a document', () => {
  write(
    'is changed in few lines, marked, saved, restored and renamed',
    async ({ openLab, put, root }) => {
      const text = view({ owner: 'data group' }).replace(
        '  "owner"',
        '  "defaults": ["is_staff", "is_compute"],\n  "owner"'
      );
      const file = put(VIEW, text);
      const page = await openLab(VIEW);
      await answered(page);
      await expect(tab(page, 'view.workload.json')).not.toHaveClass(
        /jp-mod-dirty/
      );
      await includeAllNodes(page);
      await expect(tab(page, 'view.workload.json')).toHaveClass(/jp-mod-dirty/);
      expect(readFileSync(file, 'utf8')).toBe(text);
      await page.keyboard.press('Control+s');
      await expect(tab(page, 'view.workload.json')).not.toHaveClass(
        /jp-mod-dirty/
      );
      const before = text.split('\n');
      const after = readFileSync(file, 'utf8').split('\n');
      expect(before.filter(line => !after.includes(line))).toEqual([
        '  "defaults": ["is_staff", "is_compute"],'
      ]);

      await page.reload();
      await untilReady(page);
      await answered(page);
      await expect(
        page.getByRole('button', { name: '+ Compute nodes' })
      ).toBeVisible();

      const renamed = join(root, DEMO, 'renamed.workload.json');
      await execute(page, 'filebrowser:open-path', { path: DEMO });
      await fileEntry(page, 'view.workload.json').click();
      await page.keyboard.press('F2');
      await page.locator('.jp-DirListing-editor').fill('renamed.workload.json');
      await page.keyboard.press('Enter');
      await expect(tab(page, 'renamed.workload.json')).toBeVisible();
      expect(existsSync(renamed)).toBe(true);
      await page.reload();
      await untilReady(page);
      await expect(tab(page, 'renamed.workload.json')).toBeVisible();
      await answered(page);
      rmSync(renamed);
    }
  );

  write('takes changes back and makes them again', async ({ openLab, put }) => {
    put(VIEW, view());
    const page = await openLab(VIEW);
    await answered(page);
    await includeAllNodes(page);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(
      page.getByRole('button', { name: 'Remove Compute nodes' })
    ).toBeVisible();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page
      .getByRole('menuitem', { name: 'Redo Change of the View' })
      .click();
    await expect(
      page.getByRole('button', { name: '+ Compute nodes' })
    ).toBeVisible();
    await page.locator('.jp-Workload-main').focus();
    await page.keyboard.press('Control+z');
    await expect(
      page.getByRole('button', { name: 'Remove Compute nodes' })
    ).toBeVisible();
  });

  write(
    'of an older version opens without becoming dirty',
    async ({ openLab, put }) => {
      const text = `${JSON.stringify({ version: 0, source: 'records.parquet', population: 'all', charts: [{ id: 'a', analysis: 'top-packages' }] })}\n`;
      const file = put(VIEW, text);
      const page = await openLab(VIEW);
      await answered(page);
      await expect(
        page.getByRole('button', { name: '+ Compute nodes' })
      ).toBeVisible();
      await expect(tab(page, 'view.workload.json')).not.toHaveClass(
        /jp-mod-dirty/
      );
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  );

  write(
    'of a newer version opens read-only, and says so',
    async ({ openLab, put }) => {
      put(VIEW, view({ version: 7 }));
      const page = await openLab(VIEW);
      await expect(
        page.getByText('was saved by a newer version of Workload Explorer')
      ).toBeVisible();
      await answered(page);
      await expect(
        page.getByRole('button', { name: 'Analysis' })
      ).toBeDisabled();
      await expect(
        page.getByRole('button', { name: 'Compute nodes' })
      ).toBeDisabled();
      await expect(
        page.getByRole('button', { name: 'Remove Compute nodes' })
      ).toHaveCount(0);
    }
  );

  write('that is broken says where, and recovers', async ({ openLab, put }) => {
    put(VIEW, view().replace('"version": 1,', '"version": 1'));
    const page = await openLab(VIEW);
    await expect(
      page.getByText(
        'This file is not valid JSON: line 3, column 3: a comma is missing.'
      )
    ).toBeVisible();
    await execute(page, 'docmanager:open', { path: VIEW, factory: 'Editor' });
    await page.locator('.cm-line', { hasText: '"version": 1' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(',');
    await tab(page, 'view.workload.json').first().click();
    await answered(page);
  });

  write(
    'that holds no view at all says so, and takes no source',
    async ({ openLab, put }) => {
      const text = '{ "version": 1, "source": {';
      const file = put(VIEW, text);
      const page = await openLab(VIEW);
      await expect(
        page.getByText('This file is not valid JSON: line 1,')
      ).toBeVisible();
      await expect(page.locator('.jp-Workload-start input')).toHaveCount(0);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  );

  write(
    'from elsewhere opens data outside its folder after a click only',
    async ({ openLab, put, watch }) => {
      const path = 'inbox/view.workload.json';
      put(path, view({ source: { paths: [`/${DATA}`] } }));
      const page = await openLab(path);
      const button = page.getByRole('button', { name: 'Open the data' });
      await expect(button).toBeVisible();
      expect(
        watch.requests.filter(url => url.includes('records.parquet'))
      ).toEqual([]);
      await button.click();
      await answered(page);
      await expect(tab(page, 'view.workload.json')).not.toHaveClass(
        /jp-mod-dirty/
      );
      // Once is enough for this document and these data.
      await page.waitForTimeout(2000);
      await page.reload();
      await untilReady(page);
      await answered(page);
    }
  );
});
