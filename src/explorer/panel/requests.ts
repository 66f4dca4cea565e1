import type { IRequestRecord } from '../../engine/engine';

export { consoleCommand, consoleCommands } from '../../elasticsearch/console';

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
