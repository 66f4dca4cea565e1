import { ENVIRONMENT, isRole } from '../../workload/fields';
import type { IColumn, Mapping } from '../../workload/fields';
import type { Filter } from '../../workload/query';
import type { ITranslator } from '../../workload/translator';

/** What there is to set conditions on. */
export interface IFilterable {
  readonly columns: readonly IColumn[];
  readonly unreadable: readonly { readonly name: string }[];
}

/**
 * Say why a condition cannot be asked of a source, before all charts do.
 *
 * @returns A sentence, or null where nothing that can be told at once speaks against it.
 */
export function filterProblem(
  filter: Filter,
  mapping: Mapping,
  source: IFilterable,
  trans: ITranslator
): string | null {
  const { field } = filter;
  const name = (isRole(field) ? mapping[field]?.[0] : undefined) ?? field;
  const column = source.columns.find(one => one.name === name);
  const isThere =
    column ??
    source.unreadable.find(one => one.name === name) ??
    (field === ENVIRONMENT && mapping.executable);
  if (!isThere) {
    return isRole(field)
      ? trans.__(
          'No column is mapped as “%1”. Map one under “fields”, or name another field.',
          field
        )
      : trans.__('There is no column “%1”. Name another one.', field);
  }
  if (filter.op === 'range' && column?.type !== 'time') {
    const wrong = [filter.from, filter.to].find(
      bound => bound && Number.isNaN(Number(bound))
    );
    if (wrong) {
      return trans.__(
        '“%1” is compared with numbers, and “%2” is none.',
        field,
        wrong
      );
    }
  }
  return null;
}
