import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { gatewayTransport } from '../../src/elasticsearch/gateway-transport';
import { asEngineError } from '../../src/elasticsearch/failure';
import { SearchClient } from '../../src/elasticsearch/search-client';
import type { ServerCall } from '../../src/elasticsearch/search-client';
import { rejection } from './fakes';

const HEADERS = { Authorization: 'token abc', 'X-XSRFToken': 'xyz' };

interface ISeen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

const seen: ISeen[] = [];
let reply: (response: ServerResponse) => void;
let server: Server;
let base: string;

beforeEach(async () => {
  seen.length = 0;
  reply = response => response.end('{"hits":{}}');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      seen.push({
        method: request.method,
        path: request.url,
        headers: request.headers,
        body: body === '' ? null : JSON.parse(body)
      });
      reply(response);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}/hub/user/workload-explorer/elasticsearch/mods`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

const SEARCH: ServerCall = {
  call: 'search',
  pit: 'handle',
  body: { size: 0, track_total_hits: false }
};

describe('gatewayTransport', () => {
  it.each<[ServerCall, string, string, unknown]>([
    [
      { call: 'fields', indices: 'mods-*' },
      'POST',
      'fields',
      { indices: 'mods-*' }
    ],
    [{ call: 'open', indices: 'mods-*' }, 'POST', 'pit', { indices: 'mods-*' }],
    [{ call: 'close', pit: 'a/b?c' }, 'DELETE', 'pit/a%2Fb%3Fc', null],
    [
      SEARCH,
      'POST',
      'search',
      { size: 0, track_total_hits: false, pit: { id: 'handle' } }
    ],
    [
      {
        call: 'count-by',
        indices: 'mods-*',
        count: { by: ['user'], filter: { match_all: {} }, limit: 10 }
      },
      'POST',
      'esql',
      { indices: 'mods-*', by: ['user'], filter: { match_all: {} }, limit: 10 }
    ]
  ])('sends %j', async (call, method, path, body) => {
    await gatewayTransport(base, HEADERS).send(call);
    expect(seen).toEqual([
      expect.objectContaining({
        method,
        path: `/hub/user/workload-explorer/elasticsearch/mods/${path}`,
        body,
        headers: expect.objectContaining({
          authorization: 'token abc',
          'x-xsrftoken': 'xyz'
        })
      })
    ]);
    expect(seen[0].headers['content-type']).toBe(
      body === null ? undefined : 'application/json'
    );
  });

  it('gives answers as they are, also refusals', async () => {
    reply = response => {
      response.statusCode = 429;
      response.end('{"reason":"busy"}');
    };
    expect(await gatewayTransport(base, HEADERS).send(SEARCH)).toEqual({
      status: 429,
      text: '{"reason":"busy"}'
    });
  });

  it.each([
    [403, '{"message":"XSRF cookie does not match","reason":null}', 'denied'],
    [403, '<html>Forbidden</html>', 'denied'],
    [404, '{"message":"Not Found","reason":null}', 'not-found'],
    [503, '', 'unreachable'],
    [424, '{}', 'unreachable'],
    [413, '', 'refused']
  ])(
    'tells a %i of the Jupyter server from one of Elasticsearch',
    async (status, text, kind) => {
      reply = response => {
        response.statusCode = status;
        response.end(text);
      };
      const client = new SearchClient(gatewayTransport(base, HEADERS), 'mods');
      const failure = await rejection(client.fields());
      expect(failure).toMatchObject({ kind });
      expect(asEngineError(failure, 'mods')).toMatchObject({
        message: expect.not.stringMatching(/mods|this connection read/)
      });
      expect(client.requests.records.at(-1)?.status).toBe(status);
    }
  );

  it('passes on what the gateway says of a mistake of its own', async () => {
    reply = response => {
      response.statusCode = 500;
      response.end('{"reason":"error","message":"Look into its log."}');
    };
    const { failure } = await gatewayTransport(base, HEADERS).send(SEARCH);
    expect(failure).toMatchObject({ told: 'Look into its log.' });
  });

  it('says that the server cannot be reached', async () => {
    reply = response => response.destroy();
    await expect(
      gatewayTransport(base, HEADERS).send(SEARCH)
    ).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('says so, too, when an answer ends early', async () => {
    reply = response => {
      response.setHeader('Content-Length', 1000);
      response.write('{"hits":', () => response.destroy());
    };
    await expect(
      gatewayTransport(base, HEADERS).send(SEARCH)
    ).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('ends the connection when the question is called off', async () => {
    const stop = new AbortController();
    const closed = new Promise<void>(resolve => {
      reply = response => {
        response.on('close', resolve);
        stop.abort();
      };
    });
    const failed = rejection(
      gatewayTransport(base, HEADERS).send(SEARCH, stop.signal)
    );
    expect(await failed).toMatchObject({ name: 'AbortError' });
    await closed;
  });
});
