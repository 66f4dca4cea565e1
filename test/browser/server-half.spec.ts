import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { type ILabOptions, startLab } from '../../scripts/lib/lab.mjs';
import { DATA, ExplorerPage, execute } from './explorer-page';
import { expect, python, test as base } from './fixtures';

/** Opens the demo data in a JupyterLab that is set up otherwise than usual. */
const test = base.extend<{
  explore: (options: Partial<ILabOptions>) => Promise<ExplorerPage>;
}>({
  explore: async ({ openLab, root }, use) => {
    const stops: (() => Promise<void>)[] = [];
    await use(async options => {
      const lab = await startLab({ python: python(), root, ...options });
      stops.push(() => lab.stop());
      return new ExplorerPage(await openLab(DATA, lab));
    });
    await Promise.all(stops.map(stop => stop()));
  }
});

test('without a server half files are explored, and the panel says what is missing', async ({
  explore
}) => {
  const explorer = await explore({
    args: [
      "--ServerApp.jpserver_extensions={'jupyterlab_workload_explorer': False}"
    ]
  });
  await explorer.drawn();
  expect((await explorer.headline()).user).toBeGreaterThan(100);
  await expect(explorer.root).toContainText(
    'This server does not have the server half of Workload Explorer: data roots cannot be opened.'
  );
});

test('the panel says why a site file is left out', async ({ explore }) => {
  const explorer = await explore({ site: { version: 1, data_root: [] } });
  await explorer.drawn();
  const side = explorer.root.getByRole('complementary');
  await expect(side).toContainText(
    /The site file “.*workload-site\.json” is left out.*data_root/
  );
});

test('the panel says how much of a data root is not read', async ({
  explore,
  root
}) => {
  const folder = join(root, 'linked');
  mkdirSync(folder);
  copyFileSync(join(root, DATA), join(folder, 'own.parquet'));
  symlinkSync(join(root, DATA), join(folder, 'outside.parquet'));
  const explorer = await explore({
    site: { version: 1, data_roots: [{ name: 'linked', path: folder }] }
  });
  const side = explorer.root.getByRole('complementary');
  await explorer.drawn();
  await expect(side).not.toContainText('not read');
  await execute(explorer.page, 'workload-explorer:open', {
    paths: ['root:linked/']
  });
  await explorer.drawn();
  await expect(side).toContainText(
    '1 entry of these folders is not read: a link that leads out of the data root'
  );
});
