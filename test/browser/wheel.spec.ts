import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

import { startLab } from '../../scripts/lib/lab.mjs';
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
      await openLab(undefined, lab);
      expect(await pluginState(page)).toEqual({ has: true, active: true });
      const info = await page.request.get(
        `${lab.url}workload-explorer/info?token=${lab.token}`
      );
      expect(info.ok()).toBe(true);
    } finally {
      await lab.stop();
    }
  });
}
