import type { ITable } from '../workload/answer';
import { english } from '../workload/translator';
import type { ITranslator } from '../workload/translator';
import { LiveTable } from './live-table';
import type { ITransform } from './verbs';

/**
 * Run a checked transform with arquero.
 *
 * #### Notes
 * Load this module lazily: with `live-table`, which it needs, it is all that imports arquero.
 * A row that is marked `other` stays so. Numbers that are not finite become null, dates ISO texts.
 *
 * @throws TransformError with the place of the verb or column concerned.
 */
export function runTransform(
  transform: ITransform,
  table: ITable,
  trans: ITranslator = english
): ITable {
  if (transform.verbs.length === 0) {
    return table;
  }
  const live = new LiveTable(table, trans);
  for (const verb of transform.verbs) {
    live.run(verb);
  }
  return live.result();
}
