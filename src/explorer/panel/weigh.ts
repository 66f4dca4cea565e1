import type { IEngine } from '../../engine/engine';
import { defaultQuestion } from '../../workload/analyses';
import type { ISelection } from '../../workload/query';
import type { IView } from '../../workload/view';
import { boardSelection, constraintKey, constraints, without } from './asks';
import type { IExcluded } from './session-state';

/**
 * Find out how many records each constraint of a view leaves out: those that would be added if it alone were taken away.
 *
 * @param records Records that are included now.
 * @returns By `constraintKey`; a constraint whose count cannot be had is left out.
 */
export async function weigh(
  engine: IEngine,
  view: IView,
  records: number,
  signal: AbortSignal
): Promise<Map<string, IExcluded>> {
  const excluded = new Map<string, IExcluded>();
  for (const constraint of constraints(view)) {
    signal.throwIfAborted();
    try {
      const selection = boardSelection(without(view, constraint));
      const more = await recordsOf(engine, selection, signal);
      if (more !== null) {
        excluded.set(constraintKey(constraint), {
          constraint,
          records: more - records
        });
      }
    } catch {
      // A count beside a chip is worth no message; the charts report what is wrong.
    }
  }
  signal.throwIfAborted();
  return excluded;
}

/** Number of records; null when it is not worth what would have to be fetched from an index. */
async function recordsOf(
  engine: IEngine,
  selection: ISelection,
  signal: AbortSignal
): Promise<number | null> {
  if (engine.info.index) {
    // The head of a board would ask for the days beside the period as well.
    const question = { ...selection, ...defaultQuestion('users') };
    const { bytes } = await engine.cost([question], { signal });
    if (bytes === 0) {
      const { provenance } = await engine.answer(question, { signal });
      return provenance.population.records;
    }
    // Users and jobs are estimated, records are counted.
    const counted = await engine.estimateOverview(selection, { signal });
    return counted?.records ?? null;
  }
  const { records } = await engine.overview(selection, { signal });
  return records;
}
