import fc from 'fast-check';

import type { IAnswer } from '../../src/workload/answer';
import type { LocalEngine } from '../../src/engine/local-engine';
import { engineOver } from './engines';
import { GROUP, query, records, tableOf } from './random-workload';
import { rowsOf } from './tables';
import type { TestTable } from './tables';

/**
 * What an engine keeps from one question to the next, in whatever order they come, together or one after the other, some given up:
 * each answer must be that of an engine that was never asked anything else.
 */

const SEED = { seed: 20210117, numRuns: 60 };
/** Questions that are asked together, or a question that is given up, or a look at the head of the board. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(query, { minLength: 1, maxLength: 3 })
      .map(queries => ({ kind: 'ask' as const, queries }))
  },
  {
    weight: 1,
    arbitrary: query.map(own => ({ kind: 'give up' as const, queries: [own] }))
  },
  {
    weight: 1,
    arbitrary: query.map(own => ({ kind: 'overview' as const, queries: [own] }))
  },
  {
    weight: 1,
    arbitrary: query.map(own => ({ kind: 'partial' as const, queries: [own] }))
  }
);

it.each([
  ['long', false, 0],
  ['long, condensed', false, Infinity],
  ['wide', true, Infinity]
])(
  'an engine answers as if it were asked for the first time (%s)',
  async (_, wide, worthWhile) => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.array(step, { minLength: 2, maxLength: 6 }),
        async (groups, steps) => {
          const table = tableOf(groups, wide);
          const { engine } = await engineOver(
            { 'records.parquet': table },
            { rowGroupSize: GROUP, worthWhile }
          );
          for (const { kind, queries } of steps) {
            if (kind === 'give up') {
              const controller = new AbortController();
              const given = engine.answer(queries[0], {
                signal: controller.signal
              });
              controller.abort();
              await given.catch(() => undefined);
              continue;
            }
            if (kind === 'overview') {
              expect(await engine.overview(queries[0])).toEqual(
                await afresh(table, one => one.overview(queries[0]))
              );
              continue;
            }
            const answers = await Promise.all(
              queries.map(own =>
                engine.answer(
                  own,
                  kind === 'partial' ? { onPartial: () => undefined } : {}
                )
              )
            );
            for (const [i, answer] of answers.entries()) {
              expect(answer.table.rows).toEqual(rowsOf(table, queries[i]));
              expect(said(answer)).toEqual(
                said(await afresh(table, one => one.answer(queries[i])))
              );
            }
          }
          engine.dispose();
        }
      ),
      SEED
    );
  }
);

/** What the caption says of an answer. */
function said({ provenance }: IAnswer) {
  const { population, span, jobs_with_differing_nodes, notes } = provenance;
  return { population, span, jobs_with_differing_nodes, notes };
}

/** What an engine says that was never asked anything else. */
async function afresh<T>(
  table: TestTable,
  ask: (engine: LocalEngine) => Promise<T>
): Promise<T> {
  const { engine } = await engineOver(
    { 'records.parquet': table },
    { rowGroupSize: GROUP }
  );
  const answer = await ask(engine);
  engine.dispose();
  return answer;
}
