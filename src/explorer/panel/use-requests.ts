import { useEffect, useState } from 'react';

import type { IRequestRecord } from '../../engine/engine';
import { usePanel, usePart, useSignal } from './context';

/** How often requests are looked at while there are new ones, milliseconds. */
const PAUSE = 500;

/** Requests that the source has cost so far, the first one first. */
export function useRequests(): readonly IRequestRecord[] {
  const { session } = usePanel();
  const engine = useSignal(session.changed, () => session.engine);
  const busy = usePart(one => one.busy);
  // What constraints leave out is asked after all else.
  const excluded = usePart(one => one.excluded);
  const [records, setRecords] = useState<readonly IRequestRecord[]>([]);

  useEffect(() => {
    let isOn = true;
    const read = () => {
      engine?.requests().then(
        found => isOn && setRecords(found),
        // An engine that was just closed has none.
        () => undefined
      );
    };
    read();
    const timer = busy ? setInterval(read, PAUSE) : undefined;
    return () => {
      isOn = false;
      clearInterval(timer);
    };
  }, [engine, busy, excluded]);

  return engine ? records : [];
}
