import fc from 'fast-check';

import { keyColumns, Keys, missingKey, unitOf } from '../../src/engine/keys';
import type { KeyUnit } from '../../src/engine/keys';
import type { WorkloadIndex } from '../../src/engine/workload-index';
import { WorkloadIndex as Index } from '../../src/engine/workload-index';
import type { Mapping } from '../../src/workload/fields';
import { codedChunk, datasetOf, indexOf, number, text } from './tables';
import type { TestTable } from './tables';

const SEED = { seed: 20210105, numRuns: 200 };

/** Codes of all rows; what is no unit is 0. */
function codesOf(
  keys: Keys,
  segments: WorkloadIndex['dataset']['segments']
): number[] {
  return segments.flatMap(segment =>
    [...keys.codes(segment)].map(code => (code >= keys.first ? code : 0))
  );
}

/** Two columns of codes tell the same rows apart. */
function expectSamePartition(
  codes: readonly number[],
  names: readonly (string | null)[]
): void {
  const nameOf = new Map<number, string>();
  const codeOf = new Map<string, number>();
  names.forEach((name, i) => {
    const code = codes[i];
    if (name === null) {
      expect(code).toBe(0);
      return;
    }
    expect(code).not.toBe(0);
    expect(nameOf.get(code) ?? name).toBe(name);
    expect(codeOf.get(name) ?? code).toBe(code);
    nameOf.set(code, name);
    codeOf.set(name, code);
  });
}

describe('keyColumns', () => {
  it('adds the system to a job, once', () => {
    const mapping: Mapping = {
      user: ['username'],
      job: ['job_id'],
      system: ['system']
    };
    expect(keyColumns('job', mapping)).toEqual(['job_id', 'system']);
    expect(keyColumns('user', mapping)).toEqual(['username']);
    expect(keyColumns('process', mapping)).toEqual([]);
    expect(
      keyColumns('job', { job: ['system', 'job_id'], system: ['system'] })
    ).toEqual(['system', 'job_id']);
    expect(keyColumns('job', { system: ['system'] })).toEqual([]);
  });
});

describe('unitOf', () => {
  it('is the first half of a pair', () => {
    expect(unitOf('job+package')).toBe('job');
    expect(unitOf('user+package')).toBe('user');
    expect(unitOf('record')).toBe('record');
    expect(unitOf('process')).toBe('process');
  });
});

describe('missingKey', () => {
  it.each<[KeyUnit, string]>([
    [
      'user',
      'No column is mapped as “user”, so users cannot be counted. Map one, or count jobs or records.'
    ],
    [
      'job',
      'No column is mapped as “job”, so jobs cannot be counted. Map one, or count users or records.'
    ],
    [
      'process',
      'No column is mapped as “process”, so processes cannot be counted. Map one, or count records.'
    ]
  ])(
    'says what cannot be counted without %s, and what can',
    (unit, sentence) => {
      expect(missingKey(unit)).toMatchObject({
        code: 'missing-column',
        field: unit,
        message: sentence
      });
      expect(() => new Keys(indexOf({ a: text('x') }), unit, {})).toThrow(
        sentence
      );
    }
  );
});

describe('Keys', () => {
  const id = fc.constantFrom('', '1', '2', '01', '12', 'a', null);
  const system = fc.constantFrom('', 'cori', 'perlmutter', null);
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), {
    maxLength: 4
  });

  it('tells jobs apart by id and system, as tuples do', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(id, system), { minLength: 1, maxLength: 24 }),
        cuts,
        (rows, positions) => {
          const index = indexOf(
            {
              job_id: text(...rows.map(row => row[0])),
              system: text(...rows.map(row => row[1]))
            },
            positions.filter(cut => cut < rows.length).sort((a, b) => a - b)
          );
          const keys = new Keys(index, 'job', index.dataset.mapping);
          keys.prepare(index.dataset.segments);
          const codes = codesOf(keys, index.dataset.segments);
          expectSamePartition(
            codes,
            rows.map(([job, where]) =>
              job === null || job === '' ? null : JSON.stringify([job, where])
            )
          );
          expect(Math.max(...codes)).toBeLessThan(Math.max(keys.size, 1));
        }
      ),
      SEED
    );
  });

  it('tells processes apart by three columns, all of which must have a value', () => {
    const part = fc.constantFrom('', 'a', 'b', 'ab', null);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(part, part, part), { minLength: 1, maxLength: 24 }),
        cuts,
        (rows, positions) => {
          const table: TestTable = {
            host: text(...rows.map(row => row[0])),
            pid: text(...rows.map(row => row[1])),
            started: text(...rows.map(row => row[2]))
          };
          const index = indexOf(
            table,
            positions.filter(cut => cut < rows.length).sort((a, b) => a - b)
          );
          const keys = new Keys(index, 'process', {
            process: ['host', 'pid', 'started']
          });
          keys.prepare(index.dataset.segments);
          expectSamePartition(
            codesOf(keys, index.dataset.segments),
            rows.map(row => (row.includes(null) ? null : JSON.stringify(row)))
          );
        }
      ),
      SEED
    );
  });

  it('counts no unit where a part never has a value', () => {
    const index = indexOf({ host: text('a', 'b'), pid: number(null, null) });
    const keys = new Keys(index, 'process', { process: ['host', 'pid'] });
    keys.prepare(index.dataset.segments);
    expect(codesOf(keys, index.dataset.segments)).toEqual([0, 0]);
  });

  it('uses one column as it is, also with a system that is always the same', () => {
    const index = indexOf(
      { job_id: number(7, 7, 8), system: text('cori', 'cori', 'cori') },
      [2]
    );
    const keys = new Keys(index, 'job', index.dataset.mapping);
    expect(keys.prepare(index.dataset.segments)).toBe(false);
    const [first] = index.dataset.segments;
    expect(keys.codes(first)).toBe(index.coded('job_id').codes[0]);
  });

  it('says that codes are void once a second system appears', () => {
    const table = {
      job_id: text('7', '7', '8', '7', '8'),
      system: text('cori', 'cori', 'cori', 'edison', 'edison')
    };
    const index = new Index(datasetOf(table, [3]));
    const [first, second] = index.dataset.segments;
    const keys = new Keys(index, 'job', index.dataset.mapping);
    const arrive = (segment: typeof first, from: number, to: number) => {
      for (const [name, { type, values }] of Object.entries(table)) {
        index.add(segment, name, codedChunk(type, values.slice(from, to)));
      }
    };
    arrive(first, 0, 3);
    expect(keys.prepare([first])).toBe(false);
    expect(new Set(codesOf(keys, [first])).size).toBe(2);
    arrive(second, 3, 5);
    expect(keys.prepare([first, second])).toBe(true);
    const codes = codesOf(keys, [first, second]);
    expectSamePartition(codes, ['7c', '7c', '8c', '7e', '8e']);
    expect(keys.prepare([first, second])).toBe(false);
  });

  it('keeps its codes for a part of the segments that one value would tell', () => {
    const index = indexOf(
      {
        job_id: text('7', '8', '7', '8'),
        system: text('cori', 'cori', 'edison', 'edison')
      },
      [2]
    );
    const { segments } = index.dataset;
    const keys = new Keys(index, 'job', index.dataset.mapping);
    expect(keys.prepare(segments)).toBe(true);
    const all = codesOf(keys, segments);
    expect(keys.prepare(segments.slice(0, 1))).toBe(false);
    expect(keys.prepare(segments)).toBe(false);
    expect(codesOf(keys, segments)).toEqual(all);
  });

  it('tells apart what other segments do, whichever columns tell in which', () => {
    // The second column tells in the first segment, the third in the second one.
    const index = indexOf(
      {
        host: text('a', 'a', 'a', 'a'),
        pid: text('1', '2', '1', '1'),
        started: text('x', 'x', 'x', 'y')
      },
      [2]
    );
    const [first, second] = index.dataset.segments;
    const keys = new Keys(index, 'process', {
      process: ['host', 'pid', 'started']
    });
    keys.prepare([first]);
    expectSamePartition(codesOf(keys, [first]), ['a1x', 'a2x']);
    keys.prepare([second]);
    expectSamePartition(codesOf(keys, [second]), ['a1x', 'a1y']);
    keys.prepare([first, second]);
    expectSamePartition(codesOf(keys, [first, second]), [
      'a1x',
      'a2x',
      'a1x',
      'a1y'
    ]);
  });

  it('takes an empty user name for a name, and a missing one for none', () => {
    const index = indexOf({ username: text('', null, 'ann', '') });
    const keys = new Keys(index, 'user', index.dataset.mapping);
    keys.prepare(index.dataset.segments);
    expectSamePartition(codesOf(keys, index.dataset.segments), [
      '',
      null,
      'ann',
      ''
    ]);
  });
});
