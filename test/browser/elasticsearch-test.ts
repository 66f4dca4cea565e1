import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Locator } from '@playwright/test';

import { type ILabServer, startLab } from '../../scripts/lib/lab.mjs';
import { loadParquet } from '../services/documents.mjs';
import {
  type IElasticsearch,
  ask,
  startElasticsearch
} from '../services/elasticsearch.mjs';
import { type IFaultProxy, startFaultProxy } from '../services/fault-proxy.mjs';
import { createReader } from './elasticsearch-node';
import { execute } from './explorer-page';
import { demoData, expect, python, test as base } from './fixtures';
import { Secrets } from './secrets';

/** The index with the demo data. */
export const INDEX = 'mods-2021';

/** So many that an estimate is there long before the exact answer. */
const ROWS = 120_000;
export const DOCUMENTS = ROWS.toLocaleString('en');

/** The same records in a file, below the server's root. */
export const FILE = 'many/records.parquet';

/** Who the panel's connections are, who may read and nothing else. */
const READER = 'panel-reader';
const PASSWORD = 'reader-Pass-83k1';
const WRONG = 'not-the-password';

/** Of the administrator of the server, whom no connection knows. */
const ADMIN = 'testpass123';

/** The secrets, and how they stand in headers. */
const SECRETS: readonly string[] = [
  PASSWORD,
  ADMIN,
  WRONG,
  ...[
    [READER, PASSWORD],
    [READER, WRONG],
    ['admin', ADMIN]
  ].map(login => Buffer.from(login.join(':')).toString('base64'))
];

interface IServed {
  readonly server: IElasticsearch;
  /** Before the server, for the connection `held`. */
  readonly proxy: IFaultProxy;
  readonly lab: ILabServer;
  /** What Jupyter keeps of a user: jobs, workspaces, what was opened. */
  readonly kept: string;
}

/** Playwright's `test` with connections to Elasticsearch; after each, secrets are looked for everywhere. */
export const test = base.extend<
  { secrets: Secrets; start: Locator },
  { served: IServed }
>({
  /** A JupyterLab with connections to an Elasticsearch with security that has the demo data. */
  served: [
    async ({ root }, use) => {
      const server = await startElasticsearch({ profile: 'es8-full' });
      const records = join(demoData(ROWS), 'records.parquet');
      mkdirSync(join(root, dirname(FILE)));
      copyFileSync(records, join(root, FILE));
      await loadParquet(server, INDEX, records);
      await ask(server, 'POST', '/_aliases', {
        actions: [{ add: { index: INDEX, alias: 'mods-all' } }]
      });
      await createReader(server, READER, PASSWORD, 'mods-*');
      const proxy = await startFaultProxy(server.url);
      const folder = mkdtempSync(join(tmpdir(), 'workload-secret-'));
      const secret = (name: string, text: string) => {
        const file = join(folder, name);
        writeFileSync(file, text, { mode: 0o600 });
        return { file };
      };
      const connection = (
        name: string,
        password: object,
        { url }: { readonly url: string } = server
      ) => ({
        name,
        description: `Records of ${name}`,
        urls: [url],
        authentication: { user: READER, password },
        indices: ['mods-*']
      });
      const kept = mkdtempSync(join(tmpdir(), 'workload-kept-'));
      const lab = await startLab({
        python: python(),
        root,
        env: {
          JUPYTER_DATA_DIR: join(kept, 'data'),
          JUPYTER_RUNTIME_DIR: join(kept, 'runtime'),
          JUPYTERLAB_WORKSPACES_DIR: join(kept, 'workspaces')
        },
        site: {
          version: 1,
          connections: [
            connection('mods', secret('right', PASSWORD)),
            connection('held', secret('held', PASSWORD), proxy),
            connection('wrong', secret('wrong', WRONG)),
            connection('unset', { environment: 'WORKLOAD_TEST_NOT_SET' })
          ]
        }
      });
      await use({ server, proxy, lab, kept });
      await lab.stop();
      await proxy.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      rmSync(kept, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 240_000 }
  ],

  secrets: async ({ page, served }, use) => {
    const secrets = new Secrets(page, SECRETS);
    await use(secrets);
    await secrets.check(page);
    secrets.checkText(served.lab.log(), 'the log of the server');
    secrets.checkFolder(served.kept);
    secrets.checkFolder(served.lab.root);
  },

  /** The source picker of an empty panel. */
  start: async ({ openLab, served, secrets }, use) => {
    expect(secrets).toBeDefined();
    const page = await openLab(undefined, served.lab);
    await execute(page, 'workload-explorer:open');
    await use(page.locator('.jp-Workload-start:visible'));
  }
});
