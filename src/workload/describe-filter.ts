import { describePeriod } from './describe-period';
import { isRole } from './fields';
import type { Role } from './fields';
import type { Filter } from './query';
import type { ITranslator } from './translator';

/** How many values a description names before it says how many more there are. */
const NAMED = 3;

/**
 * A filter in a few words, for chips and captions: "staff excluded", "package numpy or scipy", "2 to 3 nodes", "jobs with dask".
 * Whether it is disabled is not said.
 */
export function describeFilter(filter: Filter, trans: ITranslator): string {
  const { field } = filter;
  const name = fieldTitle(field, trans);
  const not = filter.not === true;
  switch (filter.op) {
    case 'any': {
      const flag = describeFlag(field, filter.values, not, trans);
      if (flag !== null) {
        return flag;
      }
      const values = alternatives(filter.values, trans);
      return not
        ? trans.__('%1 not %2', name, values)
        : trans.__('%1 %2', name, values);
    }
    case 'prefix':
      return not
        ? trans.__('%1 does not start with “%2”', name, filter.value)
        : trans.__('%1 starts with “%2”', name, filter.value);
    case 'glob':
      return not
        ? trans.__('%1 not like “%2”', name, filter.value)
        : trans.__('%1 like “%2”', name, filter.value);
    case 'regexp':
      return not
        ? trans.__('%1 does not match “%2”', name, filter.value)
        : trans.__('%1 matches “%2”', name, filter.value);
    case 'range': {
      const range =
        field === 'nodes'
          ? nodeRange(filter.from, filter.to, trans)
          : field === 'time'
            ? describePeriod(
                { from: filter.from ?? null, to: filter.to ?? null },
                trans
              )
            : plainRange(name, filter.from, filter.to, trans);
      return not ? trans.__('not %1', range) : range;
    }
    case 'missing':
      return not ? trans.__('with a %1', name) : trans.__('without a %1', name);
    case 'job-has': {
      const values = alternatives(filter.values, trans);
      return not
        ? trans.__('jobs without %1', values)
        : trans.__('jobs with %1', values);
    }
  }
}

/** A role or column in plain words, in the singular and in lower case. */
export function fieldTitle(field: string, trans: ITranslator): string {
  const titles: Readonly<Record<Role, string>> = {
    user: trans.__('user'),
    job: trans.__('job'),
    package: trans.__('package'),
    time: trans.__('time'),
    nodes: trans.__('number of nodes'),
    version: trans.__('version'),
    system: trans.__('system'),
    subsystem: trans.__('partition'),
    qos: trans.__('queue'),
    account: trans.__('account'),
    is_staff: trans.__('staff mark'),
    is_compute: trans.__('compute-node mark'),
    is_container: trans.__('container mark'),
    executable: trans.__('interpreter'),
    main: trans.__('script'),
    process: trans.__('process'),
    count: trans.__('count'),
    python_version: trans.__('Python version'),
    context: trans.__('node context'),
    origin: trans.__('build origin')
  };
  return isRole(field)
    ? titles[field]
    : field === 'environment'
      ? trans.__('environment')
      : field;
}

/** Fields that hold yes or no say it in their own words. */
function describeFlag(
  field: string,
  values: readonly string[],
  not: boolean,
  trans: ITranslator
): string | null {
  if (values.length !== 1 || (values[0] !== 'true' && values[0] !== 'false')) {
    return null;
  }
  const yes = (values[0] === 'true') !== not;
  const words = flagWords(field, trans);
  if (words === null) {
    return null;
  }
  const text = yes ? words[0] : words[1];
  // Negated conditions also keep records that do not say.
  return not ? trans.__('%1 or not known', text) : text;
}

function flagWords(
  field: string,
  trans: ITranslator
): readonly [string, string] | null {
  switch (field) {
    case 'is_staff':
      return [trans.__('staff only'), trans.__('staff excluded')];
    case 'is_compute':
      return [trans.__('compute nodes'), trans.__('no compute nodes')];
    case 'is_container':
      return [trans.__('in containers'), trans.__('not in containers')];
    default:
      return null;
  }
}

/** "numpy, scipy or dask"; a long list ends with the number of the rest. */
export function alternatives(
  values: readonly string[],
  trans: ITranslator
): string {
  const shown = values.map(value =>
    value === '' ? trans.__('(empty)') : value
  );
  if (shown.length <= 1) {
    return shown[0] ?? trans.__('nothing');
  }
  if (shown.length <= NAMED + 1) {
    return trans.__(
      '%1 or %2',
      shown.slice(0, -1).join(', '),
      shown[shown.length - 1]
    );
  }
  const rest = shown.length - NAMED;
  return trans._n(
    '%2 or %1 other',
    '%2 or %1 others',
    rest,
    shown.slice(0, NAMED).join(', ')
  );
}

/** Node counts are whole, so the exclusive end can be said as the last that belongs. */
function nodeRange(
  from: string | undefined,
  to: string | undefined,
  trans: ITranslator
): string {
  const last = to === undefined ? null : Number(to) - 1;
  if (from === undefined) {
    return last === null
      ? trans.__('any number of nodes')
      : trans._n('%1 node at most', '%1 nodes at most', last);
  }
  if (last === null) {
    return trans._n('%1 node or more', '%1 nodes or more', Number(from));
  }
  return last === Number(from)
    ? trans._n('%1 node', '%1 nodes', last)
    : trans.__('%1 to %2 nodes', from, last);
}

function plainRange(
  name: string,
  from: string | undefined,
  to: string | undefined,
  trans: ITranslator
): string {
  if (from === undefined) {
    return to === undefined
      ? trans.__('any %1', name)
      : trans.__('%1 below %2', name, to);
  }
  return to === undefined
    ? trans.__('%1 from %2', name, from)
    : trans.__('%1 from %2 to below %3', name, from, to);
}
