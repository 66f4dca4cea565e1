import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parquetWriteBuffer } from 'hyparquet-writer';

import { openServer } from '../../src/cli/ask-server';
import type { IServerEngine } from '../../src/cli/ask-server';
import { writeSample } from '../../src/cli/sample/write-sample';
import type { LocalEngine } from '../../src/engine/local-engine';
import { defaultSelection } from '../../src/workload/query';
import type { ISelection } from '../../src/workload/query';
import { engineInThisThread } from '../cli/engine';
import { loadParquet } from '../services/documents.mjs';
import { startElasticsearch } from '../services/elasticsearch.mjs';
import type { IElasticsearch } from '../services/elasticsearch.mjs';

const ROWS = 30_000;
const SHAPES = ['long', 'wide', 'counted'] as const;
type Shape = (typeof SHAPES)[number];

const all = defaultSelection({ paths: [] });
const SELECTIONS: readonly [string, ISelection][] = [
  ['everything', { ...all, defaults: [] }],
  ['the default population', all],
  [
    'a period in a zone',
    {
      ...all,
      period: { from: '2021-02-14', to: '2021-04-01' },
      zone: 'America/Los_Angeles'
    }
  ],
  [
    'packages of jobs',
    {
      ...all,
      filters: [{ field: 'package', op: 'job-has', values: ['numpy'] }]
    }
  ],
  [
    'a pattern and values',
    {
      ...all,
      filters: [
        { field: 'package', op: 'regexp', value: '^n' },
        { field: 'user', op: 'any', values: ['u000001'], not: true }
      ]
    }
  ]
];

describe('the head of a board and completion', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workload-same-'));
  const engines = new Map<string, IServerEngine>();
  const files = new Map<Shape, LocalEngine>();
  let server: IElasticsearch;

  beforeAll(async () => {
    server = await startElasticsearch();
    for (const shape of SHAPES) {
      const path = await write(shape);
      await loadParquet(server, shape, path);
      files.set(shape, await engineInThisThread([path]));
      for (const anticipate of [false, true]) {
        engines.set(
          `${shape} ${anticipate}`,
          await openServer(
            { address: server.url, indices: shape },
            { anticipate }
          )
        );
      }
    }
  }, 240_000);

  afterAll(async () => {
    for (const engine of engines.values()) {
      await engine.close();
    }
    files.forEach(engine => engine.dispose());
    rmSync(folder, { recursive: true });
    await server.stop();
  }, 60_000);

  async function write(shape: Shape): Promise<string> {
    if (shape === 'counted') {
      const path = join(folder, 'counted.parquet');
      const rows = Array.from({ length: 500 }, (_, k) => k);
      const data = {
        username: rows.map(k => `u00000${k % 7}`),
        job_id: rows.map(k => `${k % 90}`),
        package: rows.map(k => ['numpy', 'scipy', ''][k % 3]),
        count: rows.map(k => 1 + (k % 5)),
        event_timestamp: rows.map(k => new Date(Date.UTC(2021, 1, 1 + k / 9)))
      };
      const columnData = Object.entries(data).map(([name, values]) => ({
        name,
        data: values
      }));
      writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData })));
      return path;
    }
    const out = join(folder, shape);
    await writeSample({ rows: ROWS, shape, seed: '1', out });
    return join(out, 'records.parquet');
  }

  describe.each(SHAPES)('of %s records', shape => {
    describe.each([false, true])('fetched at once: %s', anticipate => {
      const both = () => {
        const file = files.get(shape);
        const opened = engines.get(`${shape} ${anticipate}`);
        if (!file || !opened) {
          throw new Error('They are not open.');
        }
        return [opened.engine, file];
      };

      it.each(SELECTIONS)(
        'are those of a file: %s',
        async (_, selection) => {
          const [index, file] = both();
          const found = await index.overview(selection);
          expect(found).toEqual(await file.overview(selection));
          expect(found.estimate).toBeNull();
          for (const field of ['package', 'user', 'job', 'nodes'] as const) {
            if (index.info.mapping[field]) {
              expect(await index.values(field, selection)).toEqual(
                await file.values(field, selection)
              );
            }
          }
          const options = { contains: 'um', limit: 5 };
          expect(await index.values('package', selection, options)).toEqual(
            await file.values('package', selection, options)
          );
        },
        60_000
      );
    });
  });
});
