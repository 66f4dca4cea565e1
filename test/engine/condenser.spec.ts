import fc from 'fast-check';

import { answerTable } from '../../src/engine/answers';
import { Condenser } from '../../src/engine/condenser';
import { needsOf } from '../../src/engine/needs';
import type { Filter, IQuery } from '../../src/workload/query';
import { engineOver } from './engines';
import { query, records, tableOf } from './random-workload';
import {
  answerFrom,
  indexOf,
  number,
  question,
  text,
  times,
  workloadOf
} from './tables';
import type { TestTable } from './tables';

const SEED = { seed: 20210118, numRuns: 300 };

/** Answers of one table, from its rows put together. */
function condensed(table: TestTable, worthWhile = Infinity) {
  const index = indexOf(table, [4, 8]);
  const workload = workloadOf(index);
  const { dataset } = index;
  const condenser = new Condenser(workload, index, worthWhile);
  return {
    workload,
    of: (own: IQuery, segments = dataset.segments) => {
      const { mapping, applicable } = workload;
      const needs = needsOf(own, dataset, mapping, applicable);
      workload.prepare(segments, needs.units);
      const made = condenser.get(own, needs, segments, true);
      return (
        made && {
          rows: made.segment.rows,
          ...answerTable(own, made.workload.on([made.segment], own, true))
        }
      );
    }
  };
}

const JOB = {
  username: text('ann', 'ann', 'ann', 'ann', 'bob', 'bob', 'cy', 'cy', 'cy'),
  job_id: text('1', '1', '2', '2', '3', '3', '', '', '4'),
  package: text('a', 'b', 'b', 'a', 'a', 'a', 'a', 'a', 'a'),
  num_nodes: number(1, 1, 1, 1, 2, 4, 1, 1, 2),
  timestamp: times(
    '2021-01-01T00:00:00Z',
    '2021-01-02T00:00:00Z',
    '2021-01-03T00:00:00Z',
    '2021-01-04T00:00:00Z',
    '2021-01-05T00:00:00Z',
    '2021-02-05T00:00:00Z',
    '2021-02-05T00:00:00Z',
    '2021-02-06T00:00:00Z',
    null
  )
} satisfies TestTable;

describe('condensed rows', () => {
  it('answer as the rows do', () => {
    let answered = 0;
    fc.assert(
      fc.property(
        records,
        fc.array(query, { minLength: 1, maxLength: 4 }),
        (groups, queries) => {
          const { of, workload } = condensed(tableOf(groups, false));
          for (const own of queries) {
            const found = of(own);
            if (!found) {
              continue;
            }
            answered++;
            expect(found.table.rows).toEqual(answerFrom(workload, own));
            const whole = workload
              .on(workload.index.dataset.segments, own, false)
              .population(own.filters);
            const short = found.population;
            if (own.defaults.length === 0) {
              expect(short.total('record')).toBe(whole.total('record'));
            }
          }
        }
      ),
      SEED
    );
    expect(answered).toBeGreaterThan(SEED.numRuns);
  });

  it('are one for all jobs that tell the same', () => {
    const { of } = condensed(JOB);
    // Jobs 1 and 2; jobs 3 and 4; what is outside jobs.
    expect(of(question('top-packages', { distinct: 'job' }))).toMatchObject({
      rows: 3,
      table: {
        rows: [
          { package: 'a', jobs: 4 },
          { package: 'b', jobs: 2 }
        ]
      }
    });
    // Users tell jobs 3 and 4 apart.
    expect(of(question('users'))?.rows).toBe(4);
  });

  it('keep apart what a job has of both', () => {
    const { of } = condensed(JOB);
    // Job 3 has two rows, for 2 nodes and for 4.
    expect(of(question('job-sizes', { bins: null }))).toMatchObject({
      rows: 5,
      table: {
        rows: [
          { num_nodes: 1, jobs: 2 },
          { num_nodes: 2, jobs: 1 },
          { num_nodes: 4, jobs: 1 }
        ]
      }
    });
    const few: Filter = { field: 'nodes', op: 'range', to: '3' };
    expect(
      of(question('job-sizes', { bins: null, filters: [few] }))?.table.rows
    ).toEqual([
      { num_nodes: 1, jobs: 2 },
      { num_nodes: 2, jobs: 2 }
    ]);
  });

  it('tell jobs apart of which only some were asked for before', () => {
    const system = text(...'aababbabb');
    const { of, workload } = condensed({ ...JOB, system });
    const jobs = question('top-packages', { distinct: 'job' });
    const { segments } = workload.index.dataset;
    expect(of(jobs, segments.slice(0, 1))).not.toBeNull();
    expect(of(question('users'))).not.toBeNull();
    expect(of(jobs)?.table.rows).toEqual(answerFrom(workload, jobs));
  });

  it('are not used where they cannot tell, or where there are too many', () => {
    const { of } = condensed(JOB);
    const job: Filter = { field: 'job', op: 'any', values: ['1'] };
    const instant: Filter = {
      field: 'time',
      op: 'any',
      values: ['2021-01-01T00:00:00Z']
    };
    expect(of(question('users', { filters: [job] }))).toBeNull();
    expect(of(question('users', { filters: [instant] }))).toBeNull();
    expect(of(question('top-packages', { distinct: 'record' }))).toBeNull();
    expect(condensed(JOB, 0.1).of(question('users'))).toBeNull();
  });
});

describe('an engine', () => {
  const asked = question('top-packages', { distinct: 'job' });
  const changed = question('top-packages', {
    distinct: 'job',
    filters: [{ field: 'nodes', op: 'range', to: '3' }]
  });

  it('condenses rows with the second question', async () => {
    const { engine } = await engineOver(
      { 'records.parquet': JOB },
      { worthWhile: Infinity }
    );
    const first = await engine.answer(asked);
    const second = await engine.answer(asked);
    expect(first.provenance.rows_condensed).toBeNull();
    expect(second.provenance.rows_condensed).toBe(3);
    expect(second.table).toEqual(first.table);
    // A new column is read first.
    const third = await engine.answer(changed);
    expect(third.provenance.rows_condensed).toBeNull();
    expect((await engine.answer(changed)).table).toEqual(third.table);
    engine.dispose();
  });

  it('condenses rows between questions where it is to anticipate them', async () => {
    const { engine } = await engineOver(
      { 'records.parquet': JOB },
      { worthWhile: Infinity, anticipate: true }
    );
    const first = await engine.answer(asked);
    // Nobody waits for it.
    const second = await engine.answer(asked);
    expect(second.provenance.rows_condensed).toBeNull();
    let last = second;
    while (last.provenance.rows_condensed === null) {
      await new Promise(resolve => setTimeout(resolve, 400));
      last = await engine.answer(asked);
    }
    expect(last.table).toEqual(first.table);
    engine.dispose();
  });
});
