import { useEffect, useState } from 'react';

import type { IRequestRecord } from '../../engine/engine';
import { usePanel, useSignal } from './context';

/** How often requests are looked at, milliseconds: some are sent ahead of questions, when nothing else tells of them. */
const PAUSE = 500;

/** Requests that the source has cost so far, the first one first. */
export function useRequests(): readonly IRequestRecord[] {
  const { session } = usePanel();
  const engine = useSignal(session.changed, () => session.engine);
  const [records, setRecords] = useState<readonly IRequestRecord[]>([]);

  useEffect(() => {
    let isOn = true;
    const read = () => {
      engine?.requests().then(
        found => isOn && setRecords(old => (isSame(old, found) ? old : found)),
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
  }, [engine]);

  return engine ? records : [];
}

/** Whether nothing has come in between two looks. */
function isSame(
  old: readonly IRequestRecord[],
  found: readonly IRequestRecord[]
): boolean {
  return (
    old.length === found.length &&
    old.every(
      ({ startedAt, milliseconds }, i) =>
        startedAt === found[i].startedAt &&
        milliseconds === found[i].milliseconds
    )
  );
}
