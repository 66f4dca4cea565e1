import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parquetWriteBuffer } from 'hyparquet-writer';

import { createIndex, loadDocuments, loadParquet } from './documents.mjs';
import {
  type IElasticsearch,
  ask,
  startElasticsearch
} from './elasticsearch.mjs';
import { startFaultProxy } from './fault-proxy.mjs';

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a server for tests', () => {
  let server: IElasticsearch;
  const folder = mkdtempSync(join(tmpdir(), 'workload-services-'));

  beforeAll(async () => {
    server = await startElasticsearch({
      settings: { 'cluster.name': 'from-node' }
    });
  }, 180_000);

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await server.stop();
  }, 60_000);

  it('has the settings asked for', async () => {
    expect(await ask(server, 'GET', '/')).toMatchObject({
      cluster_name: 'from-node'
    });
  });

  it('takes documents, and keeps them when it is killed', async () => {
    await createIndex(
      server,
      'a',
      { user: 'keyword', packages: 'keyword' },
      { envelope: 'data' }
    );
    await loadDocuments(
      server,
      'a',
      [
        { _id: '1', user: 'ada', packages: ['numpy', 'scipy'] },
        { user: 'bob' }
      ],
      { envelope: 'data' }
    );
    const first = server.pid;
    await server.kill();
    expect(isRunning(first)).toBe(false);
    await expect(ask(server, 'GET', '/')).rejects.toThrow();
    await server.restart();
    expect(server.pid).not.toBe(first);
    expect(
      await ask(server, 'GET', '/a/_search?q=data.packages:scipy')
    ).toMatchObject({
      hits: {
        hits: [
          {
            _id: '1',
            _source: { data: { user: 'ada', packages: ['numpy', 'scipy'] } }
          }
        ]
      }
    });
  }, 60_000);

  it('refuses documents with other fields', async () => {
    await createIndex(server, 'b', { user: 'keyword' });
    await expect(loadDocuments(server, 'b', [{ other: 1 }])).rejects.toThrow(
      '1 documents were refused'
    );
  });

  it('takes Parquet files', async () => {
    const path = join(folder, 'records.parquet');
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'user', data: ['ada', null], type: 'STRING', nullable: true },
        { name: 'nodes', data: [1, 2], type: 'INT32' }
      ]
    });
    writeFileSync(path, new Uint8Array(file));
    const fields = { nodes: 'keyword' };
    expect(
      await loadParquet(server, 'c', path, { envelope: 'data', fields })
    ).toBe(2);
    expect(await ask(server, 'GET', '/c/_search?q=data.nodes:1')).toMatchObject(
      {
        hits: { hits: [{ _source: { data: { user: 'ada', nodes: 1 } } }] }
      }
    );
  }, 60_000);

  it('fails behind the proxy as asked', async () => {
    const proxy = await startFaultProxy(server.url);
    const behind = { url: proxy.url };
    try {
      await proxy.answer(429, { path: '_search', times: 1 });
      await expect(ask(behind, 'GET', '/_search')).rejects.toThrow('429');
      await ask(behind, 'GET', '/_search');
      await proxy.cut(20);
      await expect(ask(behind, 'GET', '/_search')).rejects.toThrow();
      expect(await proxy.cuts()).toBe(1);
      await ask(behind, 'GET', '/_search');
      expect(await proxy.requests()).toHaveLength(4);
    } finally {
      await proxy.stop();
    }
  }, 60_000);

  it('leaves nothing when it is stopped', async () => {
    const other = await startElasticsearch({ profile: 'es8' });
    await other.stop();
    await other.stop();
    expect(isRunning(other.pid)).toBe(false);
    expect(existsSync(other.home)).toBe(false);
  }, 180_000);
});
