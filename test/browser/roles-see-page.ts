import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import type { ILabServer } from '../../scripts/lib/lab.mjs';
import { execute } from './explorer-page';
import { expect } from './fixtures';

/** A cell of a test's notebook. */
export interface ICellText {
  readonly source: string;
  readonly tags?: readonly string[];
  readonly type?: 'code' | 'markdown' | 'raw';
  /** Further metadata. */
  readonly metadata?: object;
  /** What a run has printed, one output each. */
  readonly prints?: readonly string[];
}

/** The ways in which JupyterLab keeps cells out of the page that are not in view. */
export const WINDOWING_MODES = [
  'full',
  'defer',
  'contentVisibility',
  'none'
] as const;

/** Write a notebook in Python below the server's root. Cells have the ids `cell-0`, `cell-1`, … */
export function writeNotebook(
  root: string,
  path: string,
  cells: readonly ICellText[],
  metadata: object = {}
): void {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3 (ipykernel)',
        language: 'python'
      },
      language_info: { name: 'python' },
      ...metadata
    },
    cells: cells.map(
      ({ source, tags, type = 'code', metadata: more, prints = [] }, i) => ({
        id: `cell-${i}`,
        cell_type: type,
        source,
        metadata: { ...(tags ? { tags } : {}), ...more },
        ...(type === 'code'
          ? {
              execution_count: prints.length > 0 ? i + 1 : null,
              outputs: prints.map(text => ({
                output_type: 'stream',
                name: 'stdout',
                text
              }))
            }
          : {})
      })
    )
  };
  writeFileSync(join(root, path), JSON.stringify(notebook, null, 1));
}

/** Set one of JupyterLab's settings, for pages that are opened afterwards. */
export async function setSettings(
  server: ILabServer,
  plugin: string,
  settings: object
): Promise<void> {
  const answer = await fetch(`${server.url}lab/api/settings/${plugin}`, {
    method: 'PUT',
    headers: {
      Authorization: `token ${server.token}`,
      'Content-Type': 'application/json'
    },
    body: JSON.stringify({ raw: JSON.stringify(settings) })
  });
  expect(answer.ok).toBe(true);
}

/** Let notebooks keep cells out of the page in a certain way. */
export function setWindowing(server: ILabServer, mode: string): Promise<void> {
  return setSettings(server, '@jupyterlab/notebook-extension:tracker', {
    windowingMode: mode
  });
}

/** A notebook in front, as people see its roles. */
export class RolesPage {
  constructor(readonly page: Page) {}

  get notebook(): Locator {
    return this.page.locator('.jp-NotebookPanel:visible .jp-Notebook');
  }

  /** All cells that are in the page, in order. */
  get cells(): Locator {
    return this.notebook.locator('.jp-Cell');
  }

  /** A cell by its place in the notebook. */
  cell(index: number): Locator {
    return this.notebook.locator(
      `.jp-Cell[data-windowed-list-index="${index}"]`
    );
  }

  /** The letter and sign at a cell. */
  mark(index: number): Locator {
    return this.cell(index).locator('.jp-WorkloadRoles-mark');
  }

  get panel(): Locator {
    return this.page.getByRole('region', { name: 'Cell roles' });
  }

  /** Lines of the panel's list that are drawn. */
  get rows(): Locator {
    return this.panel
      .getByRole('listbox', { name: 'Cells' })
      .getByRole('option');
  }

  get status(): Locator {
    return this.page.locator('button.jp-WorkloadRoles-status');
  }

  async openPanel(): Promise<void> {
    await execute(this.page, 'workload-explorer:show-cell-roles');
    await expect(this.panel).toBeVisible();
  }

  /** Wait until the notebook's roles are shown. */
  async shown(): Promise<void> {
    await expect(
      this.notebook.locator('.jp-WorkloadRoles-mark').first()
    ).toBeAttached({ timeout: 90_000 });
  }

  /** Wait until what was found fits the notebook as it is. */
  async checked(): Promise<void> {
    await expect(this.status).not.toHaveClass(/jp-mod-stale/);
  }

  async dark(): Promise<void> {
    await execute(this.page, 'apputils:change-theme', {
      theme: 'JupyterLab Dark'
    });
    await expect(this.page.locator('body')).toHaveAttribute(
      'data-jp-theme-light',
      'false'
    );
  }
}
