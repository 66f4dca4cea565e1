import type { Role } from '../../workload/roles';
import type { ITranslator } from '../../workload/translator';
import type { IUnresolved } from '../flow/run-flow';
import type { IRuleContext } from '../rule';
import type { INameProblem } from './names';

/** “cell 3”, “cells 3 and 5”: cells are counted from 1, as people do. */
export function cellsText(
  cells: readonly number[],
  trans: ITranslator
): string {
  const numbers = cells.map(cell => cell + 1);
  const last = numbers[numbers.length - 1];
  switch (numbers.length) {
    case 1:
      return trans.__('cell %1', last);
    case 2:
    case 3:
      return trans.__('cells %1 and %2', numbers.slice(0, -1).join(', '), last);
    default:
      return trans.__(
        'cells %1 and %2 more',
        numbers.slice(0, 2).join(', '),
        numbers.length - 2
      );
  }
}

/** A role as its tag, which people see. */
export function roleText(role: Role, { policy }: IRuleContext): string {
  return policy.tags[role];
}

/** Sentences of a message, one after the other. */
export function sentences(
  ...texts: readonly (string | null | undefined | false)[]
): string {
  return texts.filter(Boolean).join(' ');
}

/** That a name is read by what is called here, when it is. */
export function viaText(
  { via, name }: IUnresolved,
  trans: ITranslator
): string | null {
  return via === null
    ? null
    : trans.__('“%1” reads “%2” when it is called here.', via, name);
}

/** That it may not come to it, when it may not. */
export function maybeText(
  { use: { openedBy, why }, isMaybe }: INameProblem,
  trans: ITranslator
): string | null {
  if (!isMaybe || why === 'sometimes') {
    return null;
  }
  return openedBy === null
    ? trans.__('It may not come to this in every run.')
    : trans.__(
        'Or cell %1 defines it, where names cannot be listed.',
        openedBy + 1
      );
}
