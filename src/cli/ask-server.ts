import type { IAnswer } from '../workload/answer';
import type { IQuery } from '../workload/query';
import { EngineError } from '../engine/engine';
import { ElasticEngine } from '../elasticsearch/elastic-engine';
import type { IElasticOptions } from '../elasticsearch/elastic-engine';
import { consoleCommands } from '../elasticsearch/console';
import { SearchClient } from '../elasticsearch/search-client';
import { VERSION } from '../version';
import type { IServerArguments } from './analyze-arguments';
import { serverOptions, ServerTransport } from './elastic-server';
import { siteEnvironments } from './site-file';

/** A question is put again so often when documents change under it. */
const MOST_TRIES = 3;

/** An engine over indices of a server, and the end of its connections. */
export interface IServerEngine {
  readonly engine: ElasticEngine;
  close(): Promise<void>;
}

/**
 * Open indices of a server.
 *
 * @param tell Is told of the requests in the end.
 */
export async function openServer(
  { address, indices }: Pick<IServerArguments, 'address' | 'indices'>,
  options: Pick<IElasticOptions, 'anticipate' | 'worthWhile'> = {},
  tell?: (text: string) => void,
  signal?: AbortSignal
): Promise<IServerEngine> {
  const transport = new ServerTransport(await serverOptions(address));
  const client = new SearchClient(transport, indices);
  const end = async () => {
    await transport.close();
    tell?.(`${consoleCommands(client.requests.records)}\n`);
  };
  try {
    const engine = await ElasticEngine.open(
      client,
      {
        tool: `workload-explorer ${VERSION}`,
        environments: await siteEnvironments(),
        memory: Infinity,
        ...options
      },
      signal
    );
    return {
      engine,
      close: async () => {
        await engine.close();
        await end();
      }
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * Put one question to a server.
 *
 * @param tell Is told of the requests, where the arguments say so.
 * @param signal Calls it off; nothing is left behind on the server.
 */
export async function askServer(
  query: IQuery,
  server: IServerArguments,
  tell: (text: string) => void,
  signal?: AbortSignal
): Promise<IAnswer> {
  for (let tries = 1; ; tries++) {
    const opened = await openServer(
      server,
      {},
      server.requests ? tell : undefined,
      signal
    );
    try {
      return await askEngine(query, server, opened, signal);
    } catch (error) {
      if (!isChange(error) || tries >= MOST_TRIES) {
        throw error;
      }
    } finally {
      await opened.close();
    }
  }
}

/** Put a question to indices that are open. */
export async function askEngine(
  query: IQuery,
  { estimate }: Pick<IServerArguments, 'estimate'>,
  { engine }: IServerEngine,
  signal?: AbortSignal
): Promise<IAnswer> {
  if (!estimate) {
    return engine.answer(query, { signal });
  }
  const answer = await engine.estimate(query, { signal });
  if (answer) {
    return answer;
  }
  throw new EngineError(
    'query',
    `“${query.analysis}” with these conditions cannot be estimated. Ask with --exact.`
  );
}

/** Whether documents changed under a question, which is then put again. */
export function isChange(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'changed';
}
