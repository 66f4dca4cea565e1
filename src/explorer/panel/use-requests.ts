import { useEffect, useState } from 'react';

import { NO_REQUESTS } from '../../engine/engine';
import type { IRequestLog } from '../../engine/engine';
import { usePanel, useSignal } from './context';

/** How often requests are looked at, milliseconds: some are sent ahead of questions, when nothing else tells of them. */
const PAUSE = 500;

/**
 * Requests that the source has cost so far.
 *
 * @param last Records that are wanted, the latest ones.
 */
export function useRequests(last: number): IRequestLog {
  const { session } = usePanel();
  const engine = useSignal(session.changed, () => session.engine);
  const [log, setLog] = useState(NO_REQUESTS);

  useEffect(() => {
    let isOn = true;
    const read = () => {
      engine?.requests(last).then(
        found => isOn && setLog(old => (isSame(old, found) ? old : found)),
        // An engine that was just closed has none.
        () => undefined
      );
    };
    read();
    const timer = engine?.info.index ? setInterval(read, PAUSE) : undefined;
    return () => {
      isOn = false;
      clearInterval(timer);
    };
  }, [engine, last]);

  return engine ? log : NO_REQUESTS;
}

/** Whether nothing has come in between two looks. */
function isSame(old: IRequestLog, found: IRequestLog): boolean {
  return (
    old.sum.requests === found.sum.requests &&
    old.sum.waiting === found.sum.waiting &&
    old.records.at(0)?.startedAt === found.records.at(0)?.startedAt
  );
}
