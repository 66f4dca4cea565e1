import type { Cell } from '../workload/answer';

/** A value from arquero as a cell: numbers that are not finite and missing values are null, dates ISO texts. */
export function plainCell(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number(value);
    default:
      return value instanceof Date && !Number.isNaN(value.getTime())
        ? value.toISOString()
        : null;
  }
}

/** Order of the columns that a pivot makes: numbers before texts, each ascending, the missing value last. */
export function comparePlain(a: unknown, b: unknown): number {
  const kind = (value: unknown) =>
    typeof value === 'number' ? 0 : value === null ? 2 : 1;
  if (kind(a) !== kind(b)) {
    return kind(a) - kind(b);
  }
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  const [x, y] = [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Make names differ by a number at the end, as columns made from data may meet others. */
export function distinctNames<T extends { readonly name: string }>(
  columns: readonly T[]
): T[] {
  const taken = new Set<string>();
  return columns.map(column => {
    let name = column.name === '__proto__' ? '__proto__ ' : column.name;
    for (let n = 2; taken.has(name); n++) {
      name = `${column.name} ${n}`;
    }
    taken.add(name);
    return { ...column, name };
  });
}
