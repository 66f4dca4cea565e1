import type { IAnswer, Row } from '../../src/workload/answer';
import { ANALYSES } from '../../src/workload/analyses';
import { ANALYSIS_IDS } from '../../src/workload/query';
import { SLICE_DOCUMENTS } from '../../src/elasticsearch/slices';
import { question } from '../engine/tables';
import type { FakeDocument } from './fake-server';
import { fakeServer, rejection } from './fakes';
import { openEngine } from './workloads';

const PAIRS = [
  ['numpy', 'mkl'],
  ['numpy', 'dask'],
  ['dask', 'zarr'],
  ['mkl', 'zarr']
];
const FIELDS = {
  username: 'keyword',
  job_id: 'keyword',
  subservice: 'keyword',
  event_timestamp: 'date'
};

/** Jobs of two packages each, one after the other; the four kinds of them take turns. */
const documents = (jobs: number): FakeDocument[] =>
  Array.from({ length: 2 * jobs }, (_, i) => ({
    username: `user ${i % 10}`,
    job_id: `job ${i >> 1}`,
    subservice: PAIRS[(i >> 1) % 4][i % 2],
    event_timestamp: Date.UTC(2021, 0, 1) + 1000 * i
  }));

/** Enough for eight slices. */
const JOBS = (7 * SLICE_DOCUMENTS) / 2;

const near = (value: unknown, wanted: number) =>
  Math.abs(Number(value) - wanted) <= 0.01 * wanted;

function rowOf({ table: { rows } }: IAnswer, a: string, b: string): Row {
  const found = rows.find(row => row.package_a === a && row.package_b === b);
  if (!found) {
    throw new Error(`no row of ${a} and ${b}`);
  }
  return found;
}

describe('Estimator', () => {
  it('estimates counts of jobs by a sample of stretches, and claims no error', async () => {
    const server = fakeServer(FIELDS, documents(JOBS));
    const engine = await openEngine(server);
    const exact = await engine.answer(question('package-correlation'));
    server.calls.length = 0;
    const found = await engine.estimate(question('package-correlation'));
    if (!found) {
      throw new Error('there is no estimate');
    }
    const { provenance } = found;
    expect(provenance).toMatchObject({
      exact: false,
      partial: false,
      estimate: { method: 'sample', error: null }
    });
    for (const { package_a: a, package_b: b, ...row } of exact.table.rows) {
      const guess = rowOf(found, String(a), String(b));
      expect(Math.abs(Number(guess.r) - Number(row.r))).toBeLessThan(0.05);
      for (const name of ['jobs_a', 'jobs_b', 'jobs_both']) {
        expect([guess[name], near(guess[name], Number(row[name]))]).toEqual([
          guess[name],
          true
        ]);
      }
    }
    expect(near(provenance.population.jobs, JOBS)).toBe(true);
    expect(near(provenance.population.records, 2 * JOBS)).toBe(true);

    const share = await engine.estimate(question('mkl-share'));
    const [row] = share?.table.rows ?? [];
    // The counts are those of all jobs, the share is one.
    expect(near(row.eligible_jobs, JOBS / 2)).toBe(true);
    expect(near(row.mkl_jobs, JOBS / 4)).toBe(true);
    expect(row.share).toBeCloseTo(0.5, 2);
    // Three stretches of each, in a few pages.
    const pages = server.bodies.filter(({ aggs }) => aggs?.tuples);
    expect(pages.length).toBeLessThanOrEqual(6);
    await engine.close();
  }, 60_000);

  it('has no sample of little', async () => {
    const engine = await openEngine(fakeServer(FIELDS, documents(100)));
    expect(await engine.estimate(question('mkl-share'))).toBeNull();
    await engine.close();
  });

  it('says of each estimate that it is one, and how it was made', async () => {
    const engine = await openEngine(fakeServer(FIELDS, documents(100)));
    const estimated: string[] = [];
    for (const id of ANALYSIS_IDS) {
      if (ANALYSES[id].needs.every(role => engine.info.mapping[role])) {
        const found = await engine.estimate(
          question(id, {
            of: 20,
            package: 'numpy'
          })
        );
        if (found) {
          estimated.push(id);
          expect(found.provenance).toMatchObject({
            exact: false,
            estimate: { method: 'cardinality', error: expect.any(Number) },
            source: { rows: 200, index: 'records' }
          });
        }
      }
    }
    expect(estimated).toEqual([
      'users',
      'user-share',
      'top-packages',
      'package-trend'
    ]);
    await engine.close();
  });

  it('refuses what cannot be answered, as answers do', async () => {
    const engine = await openEngine(fakeServer(FIELDS, documents(2)));
    expect(
      await rejection(engine.estimate(question('job-sizes')))
    ).toMatchObject({ code: 'missing-column' });
    await engine.close();
  });
});
