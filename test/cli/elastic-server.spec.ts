import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { serverOptions, ServerTransport } from '../../src/cli/elastic-server';
import type { ServerCall } from '../../src/elasticsearch/search-client';

const SEARCH: ServerCall = {
  call: 'search',
  pit: 'point',
  body: { size: 0, track_total_hits: false }
};
const servers: Server[] = [];
const transports: ServerTransport[] = [];

/** A node, and its address. */
async function node(answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('x-elastic-product', 'Elasticsearch');
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function over(
  addresses: readonly string[],
  timeLimit = 60_000
): Promise<ServerTransport> {
  const options = await serverOptions(addresses.join(','), {});
  const transport = new ServerTransport({ ...options, timeLimit });
  transports.push(transport);
  return transport;
}

afterEach(async () => {
  transports.splice(0).forEach(transport => transport.close());
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
});

/** An address at which nobody listens. */
async function nowhere(): Promise<string> {
  const address = await node(() => undefined);
  const server = servers.pop();
  await new Promise(resolve => server?.close(resolve));
  return address;
}

describe('ServerTransport', () => {
  it('asks the next node when one does not answer, and stays there', async () => {
    const asked: string[] = [];
    const [first, second] = await Promise.all([
      node((_, response) => {
        asked.push('first');
        response.writeHead(503).end();
      }),
      node((_, response) => {
        asked.push('second');
        response.end('{}');
      })
    ]);
    const transport = await over([await nowhere(), first, second]);
    expect(await transport.send(SEARCH)).toEqual({ status: 200, text: '{}' });
    expect(await transport.send(SEARCH)).toEqual({ status: 200, text: '{}' });
    expect(asked).toEqual(['first', 'second', 'second']);
  });

  it('tells when none answers', async () => {
    const transport = await over([await nowhere(), await nowhere()]);
    await expect(transport.send(SEARCH)).rejects.toMatchObject({
      kind: 'unreachable'
    });
  });

  it('tells a node that is late from one that is away, and asks no other', async () => {
    const bodies: unknown[] = [];
    const late = await node(request => {
      request.on('data', data => bodies.push(JSON.parse(String(data))));
    });
    let others = 0;
    const other = await node((_, response) => {
      others++;
      response.end('{}');
    });
    const transport = await over([late, other], 200);
    await expect(transport.send(SEARCH)).rejects.toMatchObject({
      kind: 'timeout'
    });
    expect(others).toBe(0);
    // It has been told how long somebody waits.
    expect(bodies).toEqual([expect.objectContaining({ timeout: '180ms' })]);
  });

  it('asks nobody else when it is called off', async () => {
    const stop = new AbortController();
    const first = await node(() => stop.abort());
    let others = 0;
    const other = await node(() => others++);
    const transport = await over([first, other]);
    await expect(transport.send(SEARCH, stop.signal)).rejects.toMatchObject({
      name: 'AbortError'
    });
    expect(others).toBe(0);
  });

  it.each(['', 'https://a,', 'ftp://a', 'https://a,https://u:p@b'])(
    'takes no “%s” for addresses',
    async address => {
      await expect(serverOptions(address, {})).rejects.toThrow(/\./);
    }
  );
});
