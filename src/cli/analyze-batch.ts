import { createInterface } from 'node:readline';

import type { LocalEngine } from '../engine/local-engine';
import { analyze } from './analyze';
import { openNodeEngine } from './node-engine';

/** Sources that stay open; the one that was asked longest ago is closed for another. */
const MOST_OPEN = 4;

/**
 * Answer many calls of `analyze` in one process: a line of input is a JSON array of the arguments of one call, a line of output the
 * JSON of its `IOutcome`, in the same order.
 *
 * A source stays open from call to call, so that what an engine keeps of earlier questions is part of later answers; its rows are
 * condensed whatever is gained by it. Files must not change meanwhile.
 */
export async function analyzeBatch(
  input: NodeJS.ReadableStream,
  write: (text: string) => Promise<void>
): Promise<void> {
  const engines = new Map<string, LocalEngine>();
  const engineOver = async (paths: readonly string[]): Promise<LocalEngine> => {
    const key = JSON.stringify(paths);
    const engine =
      engines.get(key) ??
      (await openNodeEngine(paths, { worthWhile: Infinity }));
    // A map keeps the order of insertion, so the first has waited longest.
    engines.delete(key);
    engines.set(key, engine);
    const [oldest] = engines;
    if (engines.size > MOST_OPEN) {
      oldest[1].dispose();
      engines.delete(oldest[0]);
    }
    return engine;
  };
  for await (const line of createInterface({ input })) {
    const outcome = await analyze(argumentsIn(line), async query =>
      (await engineOver(query.source.paths)).answer(query)
    );
    await write(`${JSON.stringify(outcome)}\n`);
  }
  engines.forEach(engine => engine.dispose());
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
