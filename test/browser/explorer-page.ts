import type { Download, Locator, Page } from '@playwright/test';
import { readFileSync } from 'node:fs';

import { DEMO, expect } from './fixtures';

/** Demo data below the server's root. */
export const DATA = `${DEMO}/records.parquet`;

/** What tests ask of the application that JupyterLab puts into the page. */
interface IExposed {
  jupyterapp: {
    commands: { execute(id: string, args?: object): Promise<unknown> };
  };
}

/** Run a command of JupyterLab. */
export async function execute(
  page: Page,
  id: string,
  args: object = {}
): Promise<void> {
  await page.evaluate(
    async ([command, options]) => {
      const { jupyterapp } = globalThis as unknown as IExposed;
      await jupyterapp.commands.execute(command, options);
    },
    [id, args] as const
  );
}

/** The panel in front, as people use it. */
export class ExplorerPage {
  constructor(readonly page: Page) {}

  get root(): Locator {
    return this.page.locator('.jp-Workload:visible');
  }

  /** Wait until every chart shows the answer to what is asked now. */
  async answered(): Promise<void> {
    await expect(this.root.locator('.jp-Workload-status')).toBeVisible();
    await expect(this.root.locator('.jp-mod-stale')).toHaveCount(0);
  }

  /** Wait until all charts of the board are drawn. */
  async drawn(): Promise<void> {
    await this.answered();
    await expect(this.root.locator('.jp-Workload-waiting')).toHaveCount(0);
    await expect(
      this.root.locator('.jp-Workload-plot .main-svg').first()
    ).toBeVisible();
  }

  /** Numbers of the headline by what they count. */
  async headline(): Promise<Record<string, number>> {
    await this.answered();
    const texts = await this.root
      .locator('.jp-Workload-figure')
      .allTextContents();
    return Object.fromEntries(
      texts.flatMap(text => {
        const match = /^([\d,]+) (\w+)$/.exec(text.trim());
        return match
          ? [
              [
                match[2].replace(/s$/, ''),
                Number(match[1].replaceAll(',', ''))
              ] as const
            ]
          : [];
      })
    );
  }

  chips(): Locator {
    return this.root.locator('.jp-Workload-chip:not(.jp-mod-ghost)');
  }

  chip(text: string): Locator {
    return this.chips().filter({ hasText: text });
  }

  /** A card of the board by its title. */
  card(title: string): Locator {
    return this.root.getByRole('region', { name: title, exact: true });
  }

  /** Titles of the cards, in order. */
  titles(): Promise<string[]> {
    return this.root.locator('.jp-Workload-card h3').allTextContents();
  }

  /** The drawing of a card, which takes keys. */
  chart(title: string): Locator {
    return this.card(title).getByRole('application');
  }

  /** A bar of a card, by its place. */
  bar(title: string, place: number): Locator {
    return this.card(title).locator('.bars .point path').nth(place);
  }

  /** Press on a bar, in its middle, as quickly as the pointer is there. */
  async press(bar: Locator, key?: 'Shift' | 'Alt'): Promise<void> {
    const { mouse, keyboard } = this.page;
    await bar.scrollIntoViewIfNeeded();
    const box = await bar.boundingBox();
    if (!box) {
      throw new Error('The bar is not in sight.');
    }
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    if (key) {
      await keyboard.down(key);
    }
    await mouse.down();
    await mouse.up();
    if (key) {
      await keyboard.up(key);
    }
  }

  /** Type a condition into the field for filters. */
  async filter(text: string): Promise<void> {
    await this.root.getByRole('button', { name: '+ filter' }).click();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
  }

  /** Choose a line of the menu of a card. */
  async cardMenu(title: string, ...labels: string[]): Promise<void> {
    await this.card(title)
      .getByRole('button', { name: `More for ${title}` })
      .click();
    await this.choose(...labels);
  }

  /** Choose a line of the menu that is open. */
  async choose(...labels: string[]): Promise<void> {
    for (const label of labels) {
      // Lumino gives submenus no role, so lines are found by their text.
      await this.page
        .locator('.lm-Menu')
        .last()
        .locator('.lm-Menu-item')
        .filter({ has: this.page.getByText(label, { exact: true }) })
        .click();
    }
  }

  /** Open a card large, at one of its parts. */
  async enlarge(title: string, tab?: string): Promise<void> {
    await this.card(title)
      .getByRole('button', { name: `Open ${title} large` })
      .click();
    if (tab) {
      await this.root.getByRole('tab', { name: tab }).click();
    }
  }

  /** Rows of the table in sight, as texts. */
  async rows(): Promise<string[][]> {
    await this.answered();
    const rows = this.root.locator('.jp-Workload-table tbody tr[data-row]');
    return rows.evaluateAll(nodes =>
      nodes.map(node =>
        [...node.querySelectorAll('td')].map(cell => cell.textContent ?? '')
      )
    );
  }

  /** Export the selected chart. */
  async exportAs(label: string): Promise<{ name: string; bytes: Buffer }> {
    await this.root.getByRole('button', { name: 'Export' }).click();
    const [saved] = await Promise.all([
      this.page.waitForEvent('download'),
      this.choose(label)
    ]);
    return { name: saved.suggestedFilename(), bytes: await bytesOf(saved) };
  }
}

async function bytesOf(download: Download): Promise<Buffer> {
  return readFileSync(await download.path());
}
