import type { Role } from '../../workload/fields';
import type { Bins } from '../../workload/query';
import type { ITranslator } from '../../workload/translator';

/** Names of things in the panel's menus and selects. */

/** What a role is, in a few words. */
export function roleLabel(role: Role, trans: ITranslator): string {
  switch (role) {
    case 'user':
      return trans.__('user');
    case 'job':
      return trans.__('job');
    case 'package':
      return trans.__('package');
    case 'time':
      return trans.__('time of the record');
    case 'nodes':
      return trans.__('nodes of the job');
    case 'version':
      return trans.__('package version');
    case 'system':
      return trans.__('machine');
    case 'subsystem':
      return trans.__('partition');
    case 'qos':
      return trans.__('queue');
    case 'account':
      return trans.__('charge account');
    case 'is_staff':
      return trans.__('by staff');
    case 'is_compute':
      return trans.__('on a compute node');
    case 'is_container':
      return trans.__('in a container');
    case 'executable':
      return trans.__('path of the interpreter');
    case 'main':
      return trans.__('path of the application');
    case 'process':
      return trans.__('process');
    case 'count':
      return trans.__('number of identical records');
    case 'python_version':
      return trans.__('Python version');
    case 'context':
      return trans.__('kind of node');
    case 'origin':
      return trans.__('who built the package');
  }
}

/** Classes of the second study, by their lower bounds (domain: "job width (nodes) classes"). */
export const WIDTH_CLASSES: readonly number[] = [
  1, 2, 33, 65, 129, 257, 513, 1025
];

export function binsLabel(bins: Bins, trans: ITranslator): string {
  return bins === null
    ? trans.__('every node count by itself')
    : bins === 'log2'
      ? trans.__('doubling: 1, 2–3, 4–7, …')
      : bins
          .map((from, i) =>
            i + 1 < bins.length ? range(from, bins[i + 1] - 1) : `${from}+`
          )
          .join(', ');
}

function range(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}
