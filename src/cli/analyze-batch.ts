import { createInterface } from 'node:readline';

import type { LocalEngine } from '../engine/local-engine';
import type { IAnswer } from '../workload/answer';
import type { IQuery } from '../workload/query';
import { analyze } from './analyze';
import type { IServerArguments } from './analyze-arguments';
import { askEngine, isChange, openServer } from './ask-server';
import type { IServerEngine } from './ask-server';
import { openNodeEngine } from './node-engine';
import { OpenSources } from './open-sources';

/** In a batch: fetch from a server at once what a panel is likely to ask next, rather than have the server apply conditions. */
const ANTICIPATE = '--anticipate';

/**
 * Answer many calls of `analyze` in one process: a line of input is a JSON array of the arguments of one call, a line of output the
 * JSON of its `IOutcome`, in the same order.
 *
 * A source stays open from call to call, so that what an engine keeps of earlier questions is part of later answers; its rows are
 * condensed whatever is gained by it. Files must not change meanwhile; indices are those of the point in time of the first call.
 */
export async function analyzeBatch(
  input: NodeJS.ReadableStream,
  write: (text: string) => Promise<void>
): Promise<void> {
  const files = new OpenSources<LocalEngine>(async engine => engine.dispose());
  const servers = new OpenSources<IServerEngine>(engine => engine.close());
  const answer = async (
    query: IQuery,
    server: IServerArguments | null,
    anticipate: boolean
  ): Promise<IAnswer> => {
    if (!server) {
      const { paths } = query.source;
      const engine = await files.get(paths, () =>
        openNodeEngine(paths, { worthWhile: Infinity })
      );
      return engine.answer(query);
    }
    const { address, indices } = server;
    const key = [address, indices, String(anticipate)];
    const engine = await servers.get(key, () =>
      openServer(server, { anticipate, worthWhile: Infinity })
    );
    try {
      return await askEngine(query, server, engine);
    } catch (error) {
      if (isChange(error)) {
        // The next call sees what is there then.
        await servers.forget(key);
      }
      throw error;
    }
  };
  try {
    for await (const line of createInterface({ input })) {
      const args = argumentsIn(line);
      const outcome = await analyze(
        args.filter(arg => arg !== ANTICIPATE),
        (query, server) => answer(query, server, args.includes(ANTICIPATE))
      );
      await write(`${JSON.stringify(outcome)}\n`);
    }
  } finally {
    await files.closeAll();
    await servers.closeAll();
  }
}

/** @throws SyntaxError, TypeError when the line is no array of texts. */
function argumentsIn(line: string): string[] {
  const found: unknown = JSON.parse(line);
  if (
    !Array.isArray(found) ||
    !found.every((one): one is string => typeof one === 'string')
  ) {
    throw new TypeError('A line of a batch is a JSON array of texts.');
  }
  return found;
}
