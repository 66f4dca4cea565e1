import { ElasticFailure, jupyterFailure } from './failure';
import type { IRawAnswer, ITransport, ServerCall } from './search-client';

/**
 * The way to a server through the gateway of the Jupyter server, which holds the secrets and lets through what the explorer asks and
 * nothing else.
 *
 * @param base Absolute address of the connection: `<base>/workload-explorer/elasticsearch/<connection>`.
 * @param headers Headers of requests to the Jupyter server: its token, and what proves that they come from its own pages.
 */
export function gatewayTransport(
  base: string,
  headers: Readonly<Record<string, string>>
): ITransport {
  return {
    async send(call, signal): Promise<IRawAnswer> {
      const { method, path, body } = requestOf(call);
      const response = await fetch(`${base}/${path}`, {
        method,
        headers: {
          ...headers,
          ...(body === null ? {} : { 'Content-Type': 'application/json' })
        },
        body,
        credentials: 'same-origin',
        cache: 'no-store',
        // Closing the page must not leave a point in time behind.
        keepalive: call.call === 'close',
        signal
      }).catch((error: unknown) => {
        throw signal?.aborted ? error : new ElasticFailure('unreachable');
      });
      const text = await response.text().catch((error: unknown) => {
        throw signal?.aborted ? error : new ElasticFailure('unreachable');
      });
      const { status, ok } = response;
      const failure = ok ? null : jupyterFailure(status, jsonOf(text));
      return { status, text, ...(failure ? { failure } : {}) };
    }
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function requestOf(call: ServerCall): {
  method: string;
  path: string;
  body: string | null;
} {
  switch (call.call) {
    case 'fields':
      return post('fields', { indices: call.indices });
    case 'open':
      return post('pit', { indices: call.indices });
    case 'close':
      return {
        method: 'DELETE',
        path: `pit/${encodeURIComponent(call.pit)}`,
        body: null
      };
    case 'search':
      return post('search', { ...call.body, pit: { id: call.pit } });
    case 'count-by':
      return post('esql', { indices: call.indices, ...call.count });
  }
}

function post(path: string, body: unknown) {
  return { method: 'POST', path, body: JSON.stringify(body) };
}
