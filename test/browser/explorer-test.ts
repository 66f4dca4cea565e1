import { DATA, ExplorerPage } from './explorer-page';
import { test as base } from './fixtures';

/** The board that a source opens with. */
export const BOARD = [
  'Top packages',
  'Job sizes',
  'Packages over time',
  'Package × job size',
  'Packages used together',
  'Partitions',
  'Environments',
  'MKL use'
];

/** Playwright's `test` with the demo data open. */
export const test = base.extend<{ explorer: ExplorerPage }>({
  /** The demo data, open. */
  explorer: async ({ openLab }, use) => {
    const page = await openLab(DATA);
    const explorer = new ExplorerPage(page);
    await explorer.drawn();
    await use(explorer);
  }
});
