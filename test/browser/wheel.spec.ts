import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

import { startLab } from '../../scripts/lib/lab.mjs';
import { DATA, ExplorerPage } from './explorer-page';
import { expect, test } from './fixtures';
import { pluginState } from './plugins';
import { buildWheel, wheelEnvironment } from './wheel-environment';

const RELEASES = ['jupyterlab==4.6.*', 'jupyterlab==4.2.*'];

let wheel = '';

test.beforeAll(() => {
  wheel = buildWheel();
});

test.afterAll(() => {
  rmSync(dirname(wheel), { recursive: true });
});

for (const release of RELEASES) {
  test(`the wheel works in ${release}`, async ({ page, openLab, root }) => {
    // The first time, an environment is made.
    test.setTimeout(600_000);
    const python = wheelEnvironment(release, wheel);
    const lab = await startLab({
      python,
      root,
      // No Node.js: only the environment's own programs are found.
      env: { PATH: dirname(python) }
    });
    try {
      const explorer = new ExplorerPage(await openLab(DATA, lab));
      await explorer.drawn();
      expect((await explorer.headline()).user).toBeGreaterThan(100);
      expect(await pluginState(page)).toEqual({ has: true, active: true });
      const info = await page.request.get(
        `${lab.url}workload-explorer/info?token=${lab.token}`
      );
      expect(info.ok()).toBe(true);
      // The server must not go while the page still asks it.
      await page.goto('about:blank');
    } finally {
      await lab.stop();
    }
  });
}
