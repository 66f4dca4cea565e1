import { expect, test } from './fixtures';
import { pluginState } from './plugins';

test('JupyterLab starts with the extension', async ({ openLab, watch }) => {
  const page = await openLab();
  expect(await pluginState(page)).toEqual({ has: true, active: true });
  // The watch that guards every test does see what the page asks for.
  expect(watch.requests.some(url => url.includes('/lab/'))).toBe(true);
});

test('the watch finds what it is there for', async ({ openLab, watch }) => {
  const page = await openLab();
  await page.evaluate(() => {
    console.error('jupyterlab-workload-explorer: provoked');
    return fetch('http://127.0.0.2:9/elsewhere').catch(() => undefined);
  });
  await expect.poll(() => watch.errors).toHaveLength(1);
  expect(watch.foreign).toEqual(['http://127.0.0.2:9/elsewhere']);
  expect(() => watch.check()).toThrow('requests to other origins');
  watch.forget();
});

test('the server half is there', async ({ lab, page }) => {
  const answer = await page.request.get(
    `${lab.url}workload-explorer/info?token=${lab.token}`
  );
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toMatchObject({ data_roots: [] });
});
