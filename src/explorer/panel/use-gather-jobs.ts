import { useCallback, useEffect, useState } from 'react';

import { gatherJobs } from '../../server/gather';
import type { IGatherJob } from '../../server/gather';
import { usePanel } from './context';

/** How often running jobs are looked at, milliseconds. */
const PAUSE = 1000;

/** The jobs of this user, and a way to look at them anew. */
export interface IGatherJobs {
  readonly jobs: readonly IGatherJob[];
  readonly refresh: () => void;
}

/** Jobs that gather an index into Parquet; followed as long as one of them runs. */
export function useGatherJobs(): IGatherJobs {
  const { serverSettings } = usePanel();
  const [jobs, setJobs] = useState<readonly IGatherJob[]>([]);
  const [looks, setLooks] = useState(0);
  const running = jobs.some(({ state }) => state === 'running');

  useEffect(() => {
    let isOn = true;
    const look = () =>
      gatherJobs(serverSettings).then(
        found => isOn && setJobs(found),
        // A server that does not answer now is asked again; jobs go on without it.
        () => undefined
      );
    void look();
    const timer = running ? setInterval(() => void look(), PAUSE) : undefined;
    return () => {
      isOn = false;
      clearInterval(timer);
    };
  }, [serverSettings, running, looks]);

  return { jobs, refresh: useCallback(() => setLooks(n => n + 1), []) };
}
