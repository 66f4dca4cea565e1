import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { askServer } from '../../src/cli/ask-server';
import { untilInterrupted } from '../../src/cli/interruption';
import { question } from '../engine/tables';

/** Requests by method and path. */
const asked: string[] = [];
let onSearch: () => void = () => undefined;
let server: Server;
let address: string;

/** A node whose searches never end. */
beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    const path = request.url?.replace(/\?.*/, '') ?? '';
    asked.push(`${request.method} ${path}`);
    response.setHeader('x-elastic-product', 'Elasticsearch');
    request.resume();
    if (path === '/_search') {
      onSearch();
    } else if (path.endsWith('/_field_caps')) {
      response.end(
        JSON.stringify({
          indices: ['mods'],
          fields: {
            username: {
              keyword: { type: 'keyword', searchable: true, aggregatable: true }
            }
          }
        })
      );
    } else if (path === '/') {
      response.end('{"version":{"number":"8.19.0"}}');
    } else {
      response.end('{"id":"point"}');
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  address = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

it('leaves no point in time behind when it is interrupted', async () => {
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  const before = process.listenerCount('SIGINT');
  onSearch = () => process.emit('SIGINT', 'SIGINT');
  const given = untilInterrupted(signal =>
    askServer(
      question('users'),
      { address, indices: 'mods', estimate: false, requests: false },
      () => undefined,
      signal
    )
  );
  await expect(given).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked.at(-1)).toBe('DELETE /_pit');
  // It ends as it was asked to, and a second time would have ended it at once.
  expect(kill.mock.calls).toEqual([[process.pid, 'SIGINT']]);
  expect(process.listenerCount('SIGINT')).toBe(before);
  kill.mockRestore();
});

it('ends nothing that was not interrupted', async () => {
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  expect(await untilInterrupted(async () => 'done')).toBe('done');
  expect(kill).not.toHaveBeenCalled();
  kill.mockRestore();
});
