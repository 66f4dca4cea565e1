import type { FrameLocator, Locator, Page } from '@playwright/test';

import type { ILabServer } from '../../scripts/lib/lab.mjs';
import { execute } from './explorer-page';
import { expect, test as base } from './fixtures';
import { RolesPage, writeNotebook } from './roles-see-page';

/** The source of the second cell, with another word. */
export const sets = (word: string): string =>
  `from pathlib import Path\n\nWORD = "${word}"`;

/** Long enough to be scrolled, and with a cell that must not run. */
export const CELLS = [
  { source: '# Our dashboard', type: 'markdown' },
  { source: sets('first'), tags: ['shared'] },
  { source: 'Path("upstream-ran").touch()', tags: ['upstream'] },
  {
    source: 'for i in range(100):\n    print(f"{WORD} line {i}")',
    tags: ['downstream']
  },
  { source: 'print(f"the {WORD} end")', tags: ['downstream'] }
] as const;

/** An installation for development is linked, which Voilà does not follow; ours has nothing to do there. */
export const NOT_FOLLOWED = /voila\/labextensions/;

/** Ids of the kernels that a server runs for pages: those that are of no notebook. */
async function pageKernels({ url, token }: ILabServer): Promise<string[]> {
  const ask = async <T>(what: string): Promise<T> => {
    const answer = await fetch(`${url}api/${what}`, {
      headers: { Authorization: `token ${token}` }
    });
    return (await answer.json()) as T;
  };
  const sessions = await ask<{ kernel: { id: string } }[]>('sessions');
  const ofNotebooks = new Set(sessions.map(({ kernel }) => kernel.id));
  return (await ask<{ id: string }[]>('kernels'))
    .map(({ id }) => id)
    .filter(id => !ofNotebooks.has(id));
}

/** What is asked of JupyterLab's shell. */
interface IExposedShell {
  jupyterapp: {
    shell: {
      widgets(area: string): Iterable<{ id: string; node: HTMLElement }>;
      add(widget: unknown, area: string, options: object): void;
    };
  };
}

/** A preview beside its notebook, as people see it. */
export class PreviewPage {
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

  get tab(): Locator {
    return this.page.locator('.lm-TabBar-tab', { hasText: /^report$/ });
  }

  get notebookTab(): Locator {
    return this.page.locator('.lm-TabBar-tab', { hasText: 'report.ipynb' });
  }

  async open(): Promise<void> {
    await execute(this.page, 'workload-explorer:preview-dashboard');
  }

  /** Wait until Voilà has laid out the page for good, which is after the page was loaded. */
  async laidOut(): Promise<void> {
    const cells = this.frame.locator('#main > * > #rendered_cells');
    await expect(cells).toBeAttached();
  }

  /** The name of the run whose page is seen. */
  run(): string | null {
    const urls = this.page.frames().map(frame => frame.url());
    const url = urls.find(each => each.includes('workload_preview='));
    return url ? new URL(url).searchParams.get('workload_preview') : null;
  }

  /** Put its tab to another place: beside the notebook, among its tabs, or into the area below. */
  async move(to: 'split-right' | 'tab-after' | 'down'): Promise<void> {
    await this.page.evaluate(place => {
      const { shell } = (globalThis as unknown as IExposedShell).jupyterapp;
      const widgets = [...shell.widgets('main'), ...shell.widgets('down')];
      const of = (name: string) =>
        widgets.find(({ node }) => node.classList.contains(name));
      const area = place === 'down' ? 'down' : 'main';
      shell.add(of('jp-WorkloadPreview'), area, {
        mode: place,
        ref: of('jp-NotebookPanel')?.id
      });
    }, to);
  }

  /** How far the page is scrolled, or what it is scrolled to. */
  place(to?: number): Promise<number> {
    return this.frame.locator('#rendered_cells').evaluate((node, wanted) => {
      let scroller = node;
      while (
        scroller.parentElement &&
        !/auto|scroll/.test(getComputedStyle(scroller).overflowY)
      ) {
        scroller = scroller.parentElement;
      }
      scroller.scrollTop = wanted ?? scroller.scrollTop;
      return Math.round(scroller.scrollTop);
    }, to);
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

/** Things that tests of the preview have. */
interface IPreviewFixtures {
  /** That of `report.ipynb`, which is open; the preview is not. */
  preview: PreviewPage;
  /** How many kernels run for pages of the test. */
  running: () => Promise<number>;
}

/** Playwright's `test` with a notebook that can be previewed. */
export const test = base.extend<IPreviewFixtures>({
  preview: async ({ openLab, root, watch }, use) => {
    watch.allow(NOT_FOLLOWED);
    writeNotebook(root, 'report.ipynb', CELLS);
    const preview = new PreviewPage(await openLab('report.ipynb'));
    await preview.roles.shown();
    await use(preview);
  },

  running: async ({ lab }, use) => {
    const before = await pageKernels(lab);
    await use(
      async () =>
        (await pageKernels(lab)).filter(id => !before.includes(id)).length
    );
  }
});
