import { readFile } from 'node:fs/promises';
import * as http from 'node:http';
import * as https from 'node:https';

import { countByText } from '../elasticsearch/esql';
import { ElasticFailure } from '../elasticsearch/failure';
import type {
  IRawAnswer,
  ITransport,
  ServerCall
} from '../elasticsearch/search-client';
import { UsageError } from './analyze-arguments';

/** How long a point in time lives after its last use. */
const KEEP_ALIVE = '5m';
/** Shards that cannot match are left out: they may hold a field as another type, which not even a search without matches could read. */
const SEARCH =
  '/_search?allow_partial_search_results=false&pre_filter_shard_size=1';
/** After so long without an answer a request is given up, milliseconds. */
const TIME_LIMIT = 120_000;

/** Statuses that a server gives, not something on the way to it. */
const NO_PROXY = /^(2..|400|404|405)$/;
const ANONYMOUS =
  'Elasticsearch asks for a login. Set ELASTICSEARCH_API_KEY, ELASTICSEARCH_BEARER_TOKEN, or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD.';
const UNAUTHORIZED =
  'Elasticsearch refused the password or key. Correct what the variables ELASTICSEARCH_… hold.';

/** How to reach a server, and as whom. */
export interface IServerOptions {
  readonly url: URL;
  /** Value of the header `Authorization`; null without one. */
  readonly authorization: string | null;
  /** Certificate of the authority that signed the server's, PEM. */
  readonly ca: string | null;
}

/**
 * Read from the environment who asks: `ELASTICSEARCH_API_KEY`, `ELASTICSEARCH_BEARER_TOKEN`, or `ELASTICSEARCH_USER` and
 * `ELASTICSEARCH_PASSWORD`; and `ELASTICSEARCH_CA_CERTIFICATE`, the path of a PEM file.
 *
 * @throws UsageError
 */
export async function serverOptions(
  address: string,
  environment: NodeJS.ProcessEnv = process.env
): Promise<IServerOptions> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      '--elasticsearch is the address of a server, such as https://search.example.org:9200.'
    );
  }
  if (url.username || url.password) {
    throw new UsageError(
      'A password does not belong into an address: set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or ELASTICSEARCH_API_KEY.'
    );
  }
  const {
    ELASTICSEARCH_API_KEY: key,
    ELASTICSEARCH_BEARER_TOKEN: token,
    ELASTICSEARCH_USER: user,
    ELASTICSEARCH_PASSWORD: password = '',
    ELASTICSEARCH_CA_CERTIFICATE: certificate
  } = environment;
  const basic = () =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  let ca: string | null = null;
  if (certificate) {
    try {
      ca = await readFile(certificate, 'utf8');
    } catch {
      throw new UsageError(
        `ELASTICSEARCH_CA_CERTIFICATE names “${certificate}”, which cannot be read.`
      );
    }
  }
  return {
    url,
    authorization: key
      ? `ApiKey ${key}`
      : token
        ? `Bearer ${token}`
        : user
          ? basic()
          : null,
    ca
  };
}

/** A way to a server without a gateway between. */
export class ServerTransport implements ITransport {
  constructor(private readonly _options: IServerOptions) {
    const { protocol } = _options.url;
    this._agent =
      protocol === 'https:'
        ? new https.Agent({
            keepAlive: true,
            ...(_options.ca === null ? {} : { ca: _options.ca })
          })
        : new http.Agent({ keepAlive: true });
  }

  async send(call: ServerCall, signal?: AbortSignal): Promise<IRawAnswer> {
    switch (call.call) {
      case 'fields':
        return this._request(
          'GET',
          `/${target(call.indices)}/_field_caps?fields=*&include_unmapped=true&filters=-parent`,
          null,
          signal
        );
      case 'open':
        return this._open(call.indices, signal);
      case 'close':
        return this._request('DELETE', '/_pit', { id: call.pit }, signal);
      case 'search': {
        const pit = { id: call.pit, keep_alive: KEEP_ALIVE };
        return this._request('POST', SEARCH, { ...call.body, pit }, signal);
      }
      case 'count-by':
        return this._request(
          'POST',
          '/_query?allow_partial_results=false',
          {
            query: countByText(call.indices, call.count),
            filter: call.count.filter
          },
          signal
        );
    }
  }

  /** Let go of connections. */
  close(): void {
    this._agent.destroy();
  }

  private async _open(
    indices: string,
    signal?: AbortSignal
  ): Promise<IRawAnswer> {
    const answer = await this._request(
      'POST',
      `/${target(indices)}/_pit?keep_alive=${KEEP_ALIVE}`,
      null,
      signal
    );
    if (answer.status !== 200) {
      return answer;
    }
    const about = await this._request('GET', '/', null, signal);
    const version = /"number"\s*:\s*"([^"]*)"/.exec(about.text)?.[1] ?? '';
    const id = /"id"\s*:\s*"([^"]*)"/.exec(answer.text)?.[1];
    return { status: 200, text: JSON.stringify({ id, server: version }) };
  }

  private _request(
    method: string,
    path: string,
    body: unknown,
    signal?: AbortSignal
  ): Promise<IRawAnswer> {
    const { url, authorization } = this._options;
    const text = body === null ? null : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const fail = () =>
        reject(
          signal?.aborted
            ? new DOMException('The request was called off.', 'AbortError')
            : new ElasticFailure('unreachable')
        );
      const { request } = url.protocol === 'https:' ? https : http;
      const sent = request(
        new URL(url.pathname.replace(/\/$/, '') + path, url),
        {
          method,
          agent: this._agent,
          signal,
          timeout: TIME_LIMIT,
          headers: {
            Accept: 'application/json',
            ...(authorization === null ? {} : { Authorization: authorization }),
            ...(text === null
              ? {}
              : {
                  'Content-Type': 'application/json',
                  'Content-Length': Buffer.byteLength(text)
                })
          }
        },
        response => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', fail);
          response.on('aborted', fail);
          response.on('end', () => {
            const isElastic =
              response.headers['x-elastic-product'] !== undefined;
            const status = response.statusCode ?? 0;
            if (!isElastic && NO_PROXY.test(String(status))) {
              reject(new ElasticFailure('product'));
              return;
            }
            if (status === 401) {
              reject(
                new ElasticFailure(
                  'unauthorized',
                  authorization === null ? ANONYMOUS : UNAUTHORIZED
                )
              );
              return;
            }
            resolve({ status, text: Buffer.concat(parts).toString('utf8') });
          });
        }
      );
      sent.on('error', fail);
      sent.on('timeout', () => sent.destroy());
      sent.end(text ?? undefined);
    });
  }

  private readonly _agent: http.Agent | https.Agent;
}

/** Names of indices in a path; date math has characters that a path cannot hold. */
function target(indices: string): string {
  return indices.split(',').map(encodeURIComponent).join(',');
}
