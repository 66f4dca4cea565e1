import type { JSX } from 'react';
import { useEffect, useState } from 'react';

import { serverHalf } from '../../server/info';
import type { ServerHalf } from '../../server/info';
import { usePanel } from './context';
import { serverNotes } from './server-notes';

/** What the server half is, as soon as that is known. */
export function useServerHalf(): ServerHalf {
  const { serverSettings } = usePanel();
  const [half, setHalf] = useState<ServerHalf>({ status: 'unknown' });
  useEffect(() => {
    let isOn = true;
    void serverHalf(serverSettings).then(found => isOn && setHalf(found));
    return () => {
      isOn = false;
    };
  }, [serverSettings]);
  return half;
}

/**
 * What is missing on the server.
 *
 * @param props.warnings Only what was meant to work and does not, where the rest would be in the way.
 */
export function ServerNotes(props: {
  readonly half: ServerHalf;
  readonly warnings?: boolean;
}): JSX.Element {
  const { trans } = usePanel();
  const notes = serverNotes(props.half, trans).filter(
    note => note.isWarning || !props.warnings
  );
  return (
    <>
      {notes.map(({ isWarning, text }) => (
        <p
          key={text}
          className={`jp-Workload-hint ${isWarning ? 'jp-mod-warn' : ''}`}
        >
          {text}
        </p>
      ))}
    </>
  );
}
