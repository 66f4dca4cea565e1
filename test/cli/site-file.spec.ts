import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { siteEnvironments } from '../../src/cli/site-file';

describe('siteEnvironments', () => {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  const path = join(folder, 'workload-site.json');
  const before = process.env.WORKLOAD_SITE;

  afterAll(() => {
    rmSync(folder, { recursive: true });
    if (before === undefined) {
      delete process.env.WORKLOAD_SITE;
    } else {
      process.env.WORKLOAD_SITE = before;
    }
  });

  it('is undefined without a site file, or where it sets none', async () => {
    delete process.env.WORKLOAD_SITE;
    expect(await siteEnvironments()).toBeUndefined();
    process.env.WORKLOAD_SITE = path;
    writeFileSync(path, '{"version": 1}');
    expect(await siteEnvironments()).toBeUndefined();
  });

  it('reads the rules', async () => {
    process.env.WORKLOAD_SITE = path;
    const environments = [{ name: 'ours', executable: '^/opt/' }];
    writeFileSync(path, JSON.stringify({ version: 1, environments }));
    expect(await siteEnvironments()).toEqual(environments);
  });

  it('refuses to go on with a file that cannot be used', async () => {
    process.env.WORKLOAD_SITE = path;
    writeFileSync(path, '{');
    await expect(siteEnvironments()).rejects.toThrow('WORKLOAD_SITE');
    process.env.WORKLOAD_SITE = join(folder, 'missing.json');
    await expect(siteEnvironments()).rejects.toThrow('WORKLOAD_SITE');
  });
});
