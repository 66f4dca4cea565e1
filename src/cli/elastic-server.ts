import { readFile } from 'node:fs/promises';
import * as http from 'node:http';
import * as https from 'node:https';

import { target } from '../elasticsearch/console';
import { countByText } from '../elasticsearch/esql';
import { ElasticFailure } from '../elasticsearch/failure';
import type {
  IRawAnswer,
  ITransport,
  ServerCall
} from '../elasticsearch/search-client';
import { UsageError } from './analyze-arguments';
import { connectionFailure } from './connection-failure';

/** How long a point in time lives after its last use. */
const KEEP_ALIVE = '5m';
/** Shards that cannot match are left out: they may hold a field as another type, which not even a search without matches could read. */
const SEARCH =
  '/_search?allow_partial_search_results=false&pre_filter_shard_size=1';
/** After so long without an answer a request is given up, milliseconds. */
const TIME_LIMIT = 120_000;
/** The server gives a search up before, and so does not go on with what nobody waits for. */
const OF_LIMIT = 0.9;
/** A node that says this cannot pass a request on; another one may. */
const ELSEWHERE = [502, 503];

/** Statuses that a server gives, not something on the way to it. */
const NO_PROXY = /^(2..|400|404|405)$/;
const ANONYMOUS =
  'Elasticsearch asks for a login. Set ELASTICSEARCH_API_KEY, ELASTICSEARCH_BEARER_TOKEN, or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD.';
const UNAUTHORIZED =
  'Elasticsearch refused the password or key. Correct what the variables ELASTICSEARCH_… hold.';

/** How to reach a server, and as whom. */
export interface IServerOptions {
  /** Nodes of one cluster. */
  readonly urls: readonly URL[];
  /** Value of the header `Authorization`; null without one. */
  readonly authorization: string | null;
  /** Certificate of the authority that signed the server's, PEM. */
  readonly ca: string | null;
  /** After so long without an answer a request is given up, milliseconds. */
  readonly timeLimit: number;
}

/**
 * Read from the environment who asks: `ELASTICSEARCH_API_KEY`, `ELASTICSEARCH_BEARER_TOKEN`, or `ELASTICSEARCH_USER` and
 * `ELASTICSEARCH_PASSWORD`; and `ELASTICSEARCH_CA_CERTIFICATE`, the path of a PEM file.
 *
 * @param address URLs, separated by commas.
 * @throws UsageError
 */
export async function serverOptions(
  address: string,
  environment: NodeJS.ProcessEnv = process.env
): Promise<IServerOptions> {
  const urls = address.split(',').map(urlOf);
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
    urls,
    timeLimit: TIME_LIMIT,
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

function urlOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      '--elasticsearch is the address of a server, such as https://search.example.org:9200, or several with commas between.'
    );
  }
  if (url.username || url.password) {
    throw new UsageError(
      'A password does not belong into an address: set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or ELASTICSEARCH_API_KEY.'
    );
  }
  return url;
}

/** A way to a server without a gateway between. */
export class ServerTransport implements ITransport {
  constructor(private readonly _options: IServerOptions) {
    this._secure = new https.Agent({
      keepAlive: true,
      ...(_options.ca === null ? {} : { ca: _options.ca })
    });
  }

  async send(call: ServerCall, signal?: AbortSignal): Promise<IRawAnswer> {
    switch (call.call) {
      case 'fields':
        return this._request(
          'GET',
          `/${target(call.indices)}/_field_caps?fields=*&include_unmapped=true`,
          null,
          signal
        );
      case 'open':
        return this._open(call.indices, signal);
      case 'close':
        return this._finishing(this._drop(call.pit));
      case 'search': {
        const pit = { id: call.pit, keep_alive: KEEP_ALIVE };
        const timeout = `${Math.ceil(this._options.timeLimit * OF_LIMIT)}ms`;
        const body = { ...call.body, pit, timeout };
        return this._request('POST', SEARCH, body, signal);
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

  /** Let go of connections, once no point in time is left behind. */
  async close(): Promise<void> {
    await Promise.allSettled(this._unfinished);
    this._plain.destroy();
    this._secure.destroy();
  }

  private async _open(
    indices: string,
    signal?: AbortSignal
  ): Promise<IRawAnswer> {
    const about = await this._request('GET', '/', null, signal);
    const version = /"number"\s*:\s*"([^"]*)"/.exec(about.text)?.[1] ?? '';
    return this._finishing(this._take(indices, version, signal));
  }

  /** Take a point in time. It is not called off, but dropped afterwards: one that nobody knows could not be closed. */
  private async _take(
    indices: string,
    server: string,
    signal?: AbortSignal
  ): Promise<IRawAnswer> {
    const path = `/${target(indices)}/_pit?keep_alive=${KEEP_ALIVE}`;
    const answer = await this._request('POST', path, null);
    const id = /"id"\s*:\s*"([^"]*)"/.exec(answer.text)?.[1];
    const isTaken = answer.status === 200 && id !== undefined;
    if (signal?.aborted) {
      if (isTaken) {
        await this._drop(id);
      }
      throw calledOff();
    }
    return isTaken
      ? { status: 200, text: JSON.stringify({ id, server }) }
      : answer;
  }

  private _drop(id: string): Promise<IRawAnswer> {
    return this._request('DELETE', '/_pit', { id });
  }

  /** Something that is to be done before connections are let go of. */
  private _finishing<T>(work: Promise<T>): Promise<T> {
    const ended = work.finally(() => this._unfinished.delete(ended));
    this._unfinished.add(ended);
    return ended;
  }

  /** Ask a node; when it cannot be reached, the next one, which is then asked from now on. */
  private async _request(
    method: string,
    path: string,
    body: unknown,
    signal?: AbortSignal
  ): Promise<IRawAnswer> {
    const { urls } = this._options;
    for (let tries = 1; ; tries++) {
      const at = this._at;
      const isLast = tries >= urls.length;
      try {
        const answer = await this._ask(urls[at], method, path, body, signal);
        if (isLast || !ELSEWHERE.includes(answer.status)) {
          return answer;
        }
      } catch (error) {
        const isAway =
          error instanceof ElasticFailure && error.kind === 'unreachable';
        if (isLast || !isAway) {
          throw error;
        }
      }
      // Of several requests that find it away, one goes on.
      if (this._at === at) {
        this._at = (at + 1) % urls.length;
      }
    }
  }

  private _ask(
    url: URL,
    method: string,
    path: string,
    body: unknown,
    signal?: AbortSignal
  ): Promise<IRawAnswer> {
    const { authorization, timeLimit } = this._options;
    const text = body === null ? null : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      let isLate = false;
      const fail = (error?: Error) =>
        reject(
          signal?.aborted
            ? calledOff()
            : (connectionFailure(error) ??
                new ElasticFailure(isLate ? 'timeout' : 'unreachable'))
        );
      const isSecure = url.protocol === 'https:';
      const { request } = isSecure ? https : http;
      const sent = request(
        new URL(url.pathname.replace(/\/$/, '') + path, url),
        {
          method,
          agent: isSecure ? this._secure : this._plain,
          signal,
          timeout: timeLimit,
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
          response.on('aborted', () => fail());
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
      sent.on('timeout', () => {
        // Where there is no connection yet, it is none that is slow.
        isLate = sent.socket?.connecting === false;
        sent.destroy();
      });
      sent.end(text ?? undefined);
    });
  }

  private readonly _unfinished = new Set<Promise<unknown>>();
  private readonly _plain = new http.Agent({ keepAlive: true });
  private readonly _secure: https.Agent;
  /** The node that is asked. */
  private _at = 0;
}

function calledOff(): DOMException {
  return new DOMException('The request was called off.', 'AbortError');
}
