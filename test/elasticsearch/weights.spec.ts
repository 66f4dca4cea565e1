import type { IElasticOptions } from '../../src/elasticsearch/elastic-engine';
import type { Filter, IQuery } from '../../src/workload/query';
import {
  indexOf,
  number,
  question,
  rowsOf,
  text,
  workloadOf
} from '../engine/tables';
import type { TestTable, Value } from '../engine/tables';
import { openEngine, serverOf } from './workloads';

/** Some records of two packages, each twice, with a column named like the role of weights. */
function tableOf(count: TestTable['count']): TestTable {
  const names = count.values.map((_, i) => (i % 2 === 0 ? 'numpy' : 'dask'));
  const twice = <T>(values: readonly T[]) => [...values, ...values];
  return {
    username: text(...twice(names.map((_, i) => `user${i % 3}`))),
    subservice: text(...twice(names)),
    count: { ...count, values: twice(count.values) }
  };
}

const WEIGHTS: readonly (readonly [string, readonly Value[]])[] = [
  ['negative, none and missing', [-3, 0, 5, null, 2, 1]],
  ['fractional', [0.25, 1.5, 2.5, 0, -0.75, 4]],
  ['positive', [1, 2, 2, 3, 5, 100]]
];
const CONDITIONS: readonly Filter[] = [
  { field: 'count', op: 'range', from: '2' },
  { field: 'count', op: 'range', to: '1.5' },
  { field: 'count', op: 'any', values: ['1', '5', '0.25'] },
  { field: 'count', op: 'any', values: ['1'], not: true },
  { field: 'count', op: 'missing' },
  { field: 'count', op: 'missing', not: true }
];
const MODES: readonly (readonly [string, Partial<IElasticOptions>])[] = [
  ['as a panel asks', { anticipate: true }],
  ['as a command line asks', {}]
];

async function rowsFrom(
  table: TestTable,
  asked: IQuery,
  options: Partial<IElasticOptions>
) {
  const engine = await openEngine(serverOf(table), options);
  const { table: found } = await engine.answer(asked);
  await engine.close();
  return found.rows;
}

describe.each(MODES)('weights of records, %s', (_mode, options) => {
  describe.each(WEIGHTS)('that are %s', (_name, values) => {
    const table = tableOf(number(...values));

    it.each(CONDITIONS)('are told apart by a condition: %j', async filter => {
      for (const mapping of [{}, { count: [] }]) {
        const asked = question('top-packages', {
          distinct: 'record',
          filters: [filter],
          mapping
        });
        expect(await rowsFrom(table, asked, options)).toEqual(
          rowsOf(table, asked)
        );
      }
    });

    it('are values that can be listed', async () => {
      const engine = await openEngine(serverOf(table), options);
      const workload = workloadOf(indexOf(table), {});
      const expected = workload.values(
        'count',
        workload.index.dataset.segments,
        {}
      );
      const selection = question('top-packages');
      expect(await engine.values('count', selection)).toEqual(expected);
      await engine.close();
    });
  });

  it('are none where the column holds texts, which conditions are about', async () => {
    const table = tableOf(text('c1', '1', '2', null, 'c1', ''));
    for (const filter of [
      { field: 'count', op: 'any', values: ['c1'] },
      { field: 'count', op: 'regexp', value: '1|2' }
    ] satisfies Filter[]) {
      const asked = question('top-packages', {
        distinct: 'record',
        filters: [filter]
      });
      expect(await rowsFrom(table, asked, options)).toEqual(
        rowsOf(table, asked)
      );
    }
  });

  it('may be another column, beside one that is named like them', async () => {
    const table = {
      ...tableOf(number(1, 2, 3)),
      own: number(2, 0, 1, 2, 4, 1)
    };
    for (const field of ['count', 'own']) {
      const asked = question('top-packages', {
        distinct: 'record',
        mapping: { count: ['own'] },
        filters: [{ field, op: 'range', from: '2' }]
      });
      expect(await rowsFrom(table, asked, options)).toEqual(
        rowsOf(table, asked)
      );
    }
  });
});
