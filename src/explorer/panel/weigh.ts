import type { IEngine } from '../../engine/engine';
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
      const more = await engine.overview(
        boardSelection(without(view, constraint)),
        { signal }
      );
      excluded.set(constraintKey(constraint), {
        constraint,
        records: more.records - records
      });
    } catch {
      // A count beside a chip is worth no message; the charts report what is wrong.
    }
  }
  signal.throwIfAborted();
  return excluded;
}
