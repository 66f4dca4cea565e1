import type { IRequestRecord } from '../../engine/engine';

/** A request as Elasticsearch's console takes it: method and path, then the body. */
export function consoleCommand({
  method,
  path,
  body
}: Pick<IRequestRecord, 'method' | 'path' | 'body'>): string {
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

/** What requests amount to. */
export interface IRequestSum {
  readonly requests: number;
  readonly waiting: number;
  readonly failed: number;
  readonly bytes: number;
  /** From the first one's start to the last one's end; requests run side by side. */
  readonly milliseconds: number;
}

export function sumRequests(records: readonly IRequestRecord[]): IRequestSum {
  const ended = records.filter(({ milliseconds }) => milliseconds !== null);
  const from = Math.min(...ended.map(({ startedAt }) => startedAt));
  const to = Math.max(
    ...ended.map(
      ({ startedAt, milliseconds }) => startedAt + (milliseconds ?? 0)
    )
  );
  return {
    requests: records.length,
    waiting: records.length - ended.length,
    failed: records.filter(isFailed).length,
    bytes: records.reduce((sum, { bytes }) => sum + bytes, 0),
    milliseconds: ended.length > 0 ? to - from : 0
  };
}

/** Whether a request came to nothing: refused, or without an answer. */
export function isFailed({ status }: Pick<IRequestRecord, 'status'>): boolean {
  return status !== null && (status === 0 || status >= 400);
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
