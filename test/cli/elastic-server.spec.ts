import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { serverOptions, ServerTransport } from '../../src/cli/elastic-server';
import { connectionFailure } from '../../src/cli/connection-failure';
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
  await Promise.all(transports.splice(0).map(one => one.close()));
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

  it('tells at once of a server that does not speak HTTPS', async () => {
    const plain = await node((_, response) => response.end('{}'));
    const transport = await over([plain.replace('http:', 'https:')]);
    await expect(transport.send(SEARCH)).rejects.toMatchObject({
      kind: 'denied',
      told: expect.stringContaining('begins with http://')
    });
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ELASTICSEARCH_CA_CERTIFICATE'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ELASTICSEARCH_CA_CERTIFICATE'],
    ['CERT_HAS_EXPIRED', 'cannot be trusted'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'correct the address']
  ])('says what to do about %s', (code, sentence) => {
    const error = Object.assign(new Error('no'), { code });
    expect(connectionFailure(error)?.told).toContain(sentence);
  });

  it('takes what passes by itself for nothing else', () => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE']) {
      const error = Object.assign(new Error('no'), { code });
      expect(connectionFailure(error)).toBeNull();
    }
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

  it('leaves no point in time behind that is called off while it is taken', async () => {
    const stop = new AbortController();
    const asked: string[] = [];
    const address = await node((request, response) => {
      const path = request.url?.replace(/\?.*/, '') ?? '';
      asked.push(`${request.method} ${path}`);
      if (path.endsWith('/_pit') && request.method === 'POST') {
        stop.abort();
      }
      // Late, so that nobody would know of it any more.
      setTimeout(() => response.end('{"id":"point"}'), 50);
    });
    const transport = await over([address]);
    const opening = transport.send(
      { call: 'open', indices: 'mods' },
      stop.signal
    );
    const ended = expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    // Whoever called it off may not wait for it, but ends with the connections.
    while (!stop.signal.aborted) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    await transport.close();
    await ended;
    expect(asked.slice(-2)).toEqual(['POST /mods/_pit', 'DELETE /_pit']);
  });

  it('takes no point in time of a server that goes away before', async () => {
    const asked: string[] = [];
    const address = await node((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.destroy();
    });
    const transport = await over([address]);
    const opening = transport.send({ call: 'open', indices: 'mods' });
    await expect(opening).rejects.toMatchObject({ kind: 'unreachable' });
    expect(asked).toEqual(['GET /']);
  });

  it.each(['', 'https://a,', 'ftp://a', 'https://a,https://u:p@b'])(
    'takes no “%s” for addresses',
    async address => {
      await expect(serverOptions(address, {})).rejects.toThrow(/\./);
    }
  );
});
