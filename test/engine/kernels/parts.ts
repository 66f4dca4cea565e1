import fc from 'fast-check';

import { NONE } from '../../../src/engine/kernels/distinct';

/** Rows of one segment as tests draw them. */
export interface ITestRow {
  readonly chosen: boolean;
  /** Below 2 there is no unit. */
  readonly unit: number;
  /** null leaves the row out. */
  readonly group: number | null;
  /** Package codes; 0 and 1 are no package. */
  readonly packages: readonly number[];
  readonly weight: number;
}

export const FIRST_UNIT = 2;
export const UNITS = 70;
export const GROUPS = 3;
export const PACKAGE_CODES = 8;

export const rows: fc.Arbitrary<ITestRow[]> = fc.array(
  fc.record({
    chosen: fc.boolean(),
    unit: fc.nat({ max: UNITS - 1 }),
    group: fc.option(fc.nat({ max: GROUPS - 1 })),
    packages: fc.array(fc.nat({ max: PACKAGE_CODES - 1 }), { maxLength: 5 }),
    weight: fc.constantFrom(0, 1, 2, 0.5)
  }),
  { maxLength: 40 }
);

/** Segments: rows with lists of packages, or with one package each. */
export function partOf(own: readonly ITestRow[], lists: boolean) {
  const offsets = new Uint32Array(own.length + 1);
  own.forEach(({ packages }, i) => {
    offsets[i + 1] = offsets[i] + packages.length;
  });
  return {
    mask: Uint8Array.from(own, row => Number(row.chosen)),
    groups: Uint32Array.from(own, row => row.group ?? NONE),
    units: Uint16Array.from(own, row => row.unit),
    weights: Float64Array.from(own, row => row.weight),
    packages: lists
      ? { codes: Uint16Array.from(own.flatMap(row => row.packages)), offsets }
      : {
          codes: Uint16Array.from(own, row => row.packages[0] ?? 0),
          offsets: null
        }
  };
}

/** The packages of a row by one of the shapes. */
export function packagesOf(row: ITestRow, lists: boolean): readonly number[] {
  return lists ? row.packages : [row.packages[0] ?? 0];
}
