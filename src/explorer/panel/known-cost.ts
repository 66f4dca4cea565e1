import type { ICost, IEngine } from '../../engine/engine';
import type { IQuery } from '../../workload/query';

/** What questions still have to fetch; null where that cannot be told, because a question is wrong: it says so itself when it is asked. */
export async function knownCost(
  engine: IEngine,
  queries: readonly IQuery[]
): Promise<ICost | null> {
  try {
    return await engine.cost(queries);
  } catch {
    return null;
  }
}
