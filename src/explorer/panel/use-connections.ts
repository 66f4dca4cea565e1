import { useCallback, useEffect, useRef, useState } from 'react';

import { listConnections, listIndices } from '../../server/elasticsearch';
import type { IConnections, IIndexList } from '../../server/elasticsearch';
import { usePanel } from './context';

/** Something that is asked of the server. */
export type Asked<T> =
  | { readonly status: 'waiting' }
  | { readonly status: 'there'; readonly value: T }
  | { readonly status: 'failed'; readonly message: string };

/** Ask the server for something, and again on demand. */
export function useAsked<T>(
  ask: (signal: AbortSignal) => Promise<T>
): readonly [Asked<T>, () => void] {
  const [asked, setAsked] = useState<Asked<T>>({ status: 'waiting' });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setAsked({ status: 'waiting' });
    ask(signal).then(
      value => {
        if (!signal.aborted) {
          setAsked({ status: 'there', value });
        }
      },
      (error: unknown) => {
        if (!signal.aborted) {
          const message =
            error instanceof Error ? error.message : String(error);
          setAsked({ status: 'failed', message });
        }
      }
    );
    return () => controller.abort();
  }, [ask, tries]);
  return [asked, useCallback(() => setTries(n => n + 1), [])];
}

/** The connections to Elasticsearch, as soon as they are known. */
export function useConnections(): readonly [Asked<IConnections>, () => void] {
  const { serverSettings } = usePanel();
  return useAsked(
    useCallback(() => listConnections(serverSettings), [serverSettings])
  );
}

/** Lists indices, each connection's once for as long as the caller is shown. */
export function useIndexLists(): (connection: string) => Promise<IIndexList> {
  const { serverSettings } = usePanel();
  const known = useRef(new Map<string, Promise<IIndexList>>());
  return useCallback(
    connection => {
      const list =
        known.current.get(connection) ??
        listIndices(serverSettings, connection);
      known.current.set(connection, list);
      // What failed is asked anew.
      list.catch(() => known.current.delete(connection));
      return list;
    },
    [serverSettings]
  );
}
