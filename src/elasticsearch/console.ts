import type { IRequestRecord } from '../engine/engine';
import { countByText } from './esql';
import type { ServerCall } from './search-client';

/** Stands where the id of a point in time belongs: that of the explorer is not known to others, and one's own goes there. */
export const POINT_ID = 'PIT_ID';

/** A request as Elasticsearch's console takes it. */
export type Command = Pick<IRequestRecord, 'method' | 'path' | 'body'>;

/**
 * A call as the request to Elasticsearch that it is, with `POINT_ID` in place of the point in time.
 *
 * @param indices Names and patterns of the source.
 */
export function commandOf(call: ServerCall, indices: string): Command {
  switch (call.call) {
    case 'fields':
      return {
        method: 'GET',
        path: `/${target(indices)}/_field_caps?fields=*&include_unmapped=true`,
        body: null
      };
    case 'open':
      return {
        method: 'POST',
        path: `/${target(indices)}/_pit?keep_alive=5m`,
        body: null
      };
    case 'close':
      return {
        method: 'DELETE',
        path: '/_pit',
        body: JSON.stringify({ id: POINT_ID })
      };
    case 'search':
      return {
        method: 'POST',
        path: '/_search',
        body: JSON.stringify({
          pit: { id: POINT_ID, keep_alive: '5m' },
          ...call.body
        })
      };
    case 'count-by':
      return {
        method: 'POST',
        path: '/_query',
        body: JSON.stringify({
          query: countByText(indices, call.count),
          filter: call.count.filter
        })
      };
  }
}

/** Names of indices in a path; date math has characters that a path cannot hold. */
export function target(indices: string): string {
  return indices
    .split(',')
    .map(name => encodeURIComponent(name))
    .join(',');
}

/** A request as a person reads it: method and path, then the body. */
export function consoleCommand({ method, path, body }: Command): string {
  return body === null
    ? `${method} ${path}`
    : `${method} ${path}\n${pretty(body)}`;
}

/** All requests, one after the other, each under a line that says what it is for. */
export function consoleCommands(records: readonly IRequestRecord[]): string {
  return records
    .map(record => `# ${record.purpose}\n${consoleCommand(record)}\n`)
    .join('\n');
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
