import { ANALYSES } from '../workload/analyses';
import type { IQuery } from '../workload/query';
import type { IApplicable } from './answers';
import { FIRST } from './dictionary';
import { distilledNote } from './distilled';
import type { Dictionary } from './dictionary';
import { wantedPopulation } from './needs';
import type { INeeds } from './needs';
import type { WorkloadIndex } from './workload-index';

/** What a reader of an answer must know: defaults that could not be applied, values that could not be used. */
export function notesOf(
  query: IQuery,
  { mapping, applicable }: IApplicable,
  needs: INeeds,
  index: WorkloadIndex
): string[] {
  const notes: string[] = [];
  for (const field of wantedPopulation(query.analysis)) {
    if (query.defaults.includes(field) && !applicable.includes(field)) {
      notes.push(
        `No column is mapped as “${field}”, so ${field === 'is_staff' ? 'staff are included' : 'all nodes are included'}.`
      );
    }
  }
  const readsTime = needs.columns.some(({ form }) => form === 'seconds');
  if (readsTime && index.unparsableTimes > 0) {
    notes.push(
      `${index.unparsableTimes} time stamps could not be read and count as missing.`
    );
  }
  const nodes = mapping.nodes?.[0];
  if (
    nodes !== undefined &&
    ANALYSES[query.analysis].needs.includes('nodes') &&
    holdsOthers(index.coded(nodes).dictionary)
  ) {
    notes.push(
      `Column “${nodes}”, mapped as “nodes”, holds values that are no numbers; they count as unknown.`
    );
  }
  const { distilled } = index.dataset.info;
  if (distilled) {
    notes.push(distilledNote(distilled));
  }
  return notes;
}

/** Whether some of the first values are no numbers. */
function holdsOthers(dictionary: Dictionary): boolean {
  const end = Math.min(dictionary.size, FIRST + 1000);
  for (let code = FIRST; dictionary.type === 'text' && code < end; code++) {
    if (Number.isNaN(dictionary.number(code))) {
      return true;
    }
  }
  return false;
}
