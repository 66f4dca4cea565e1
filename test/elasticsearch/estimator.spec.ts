import type { IAnswer, Row } from '../../src/workload/answer';
import { ANALYSES } from '../../src/workload/analyses';
import { ANALYSIS_IDS } from '../../src/workload/query';
import type { ElasticEngine } from '../../src/elasticsearch/elastic-engine';
import type { IQuery } from '../../src/workload/query';
import { question } from '../engine/tables';
import { Random } from '../engine/parquet/random';
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
/** Documents of a slice. */
const SLICE = 500;
const SLICES = 30;
const JOBS = (SLICES * SLICE) / 2;

/**
 * Jobs of two packages each, one after the other, drawn by chance; what is in fashion changes.
 *
 * @param span How many jobs run at a time: each has its second document so much later.
 */
const documents = (jobs: number, seed = 1, span = 1): FakeDocument[] => {
  const random = new Random(seed);
  const kinds = Array.from({ length: jobs }, (_, job) =>
    random.below(job % 1000 < 500 ? 4 : 3)
  );
  return kinds.flatMap((kind, job) =>
    [0, 1].map(i => ({
      username: `user ${job % 10}`,
      job_id: `job ${job}`,
      subservice: PAIRS[kind][i],
      event_timestamp: Date.UTC(2021, 0, 1) + 1000 * (2 * (job + i * span) + i)
    }))
  );
};

async function openSliced(all: readonly FakeDocument[]) {
  const server = fakeServer(FIELDS, all);
  server.pageSize = SLICE;
  return { server, engine: await openEngine(server) };
}

const near = (value: unknown, wanted: number) =>
  Math.abs(Number(value) - wanted) <= 0.01 * wanted;

function rowOf({ table: { rows } }: IAnswer, a: string, b: string): Row {
  const found = rows.find(row => row.package_a === a && row.package_b === b);
  if (!found) {
    throw new Error(`no row of ${a} and ${b}`);
  }
  return found;
}

async function estimateOf(
  engine: ElasticEngine,
  query: IQuery
): Promise<IAnswer> {
  const found = await engine.estimate(query);
  if (!found) {
    throw new Error('there is no estimate');
  }
  return found;
}

describe('Estimator', () => {
  it('estimates numbers of jobs by a sample of stretches, as far off as it says in 95 of 100 cases', async () => {
    let cases = 0;
    let off = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const { engine } = await openSliced(documents(JOBS, seed));
      const exact = await engine.answer(question('package-correlation'));
      const found = await estimateOf(engine, question('package-correlation'));
      const { estimate } = found.provenance;
      expect(estimate).toEqual({
        method: 'sample',
        error: expect.any(Number),
        of: 'one'
      });
      const error = estimate?.error ?? 0;
      expect(error).toBeLessThan(0.5);
      for (const { package_a: a, package_b: b, r } of exact.table.rows) {
        const guess = rowOf(found, String(a), String(b));
        cases++;
        off += Number(Math.abs(Number(guess.r) - Number(r)) > error);
      }
      const share = await estimateOf(engine, question('mkl-share'));
      const [right] = (await engine.answer(question('mkl-share'))).table.rows;
      const [row] = share.table.rows;
      for (const name of ['eligible_jobs', 'mkl_jobs', 'share']) {
        const value = Number(right[name]);
        cases++;
        off += Number(
          Math.abs(Number(row[name]) - value) >
            (share.provenance.estimate?.error ?? 0) * value
        );
      }
      await engine.close();
    }
    expect(cases).toBe(12 * 9);
    expect([off, off <= 0.1 * cases]).toEqual([off, true]);
  }, 120_000);

  it('counts a job once that goes on from a stretch to the next', async () => {
    // One job of fifty has its second document in the slice after the first one.
    const { engine } = await openSliced(documents(JOBS, 3, 5));
    const exact = await engine.answer(
      question('package-affinity', { package: 'numpy' })
    );
    const found = await estimateOf(
      engine,
      question('package-affinity', { package: 'numpy' })
    );
    const { error } = found.provenance.estimate ?? {};
    expect(error).toBeGreaterThan(0);
    const { jobs } = found.provenance.population;
    expect([jobs, near(jobs, JOBS)]).toEqual([jobs, true]);
    expect(found.table.rows.map(row => row.package).sort()).toEqual(
      exact.table.rows.map(row => row.package).sort()
    );
    await engine.close();
  }, 60_000);

  it('claims no error where many jobs lie in several stretches', async () => {
    const { engine } = await openSliced(documents(JOBS, 4, 300));
    const found = await estimateOf(engine, question('package-correlation'));
    expect(found.provenance.estimate).toMatchObject({ error: null });
    await engine.close();
  }, 60_000);

  it('reads nothing for a sample that the exact answer reads again', async () => {
    const { server, engine } = await openSliced(documents(JOBS));
    const pages = () => server.bodies.filter(({ aggs }) => aggs?.tuples).length;
    await estimateOf(engine, question('package-correlation'));
    const sampled = pages();
    expect(sampled).toBeLessThanOrEqual(2 * 12);
    await engine.answer(question('package-correlation'));
    const all = pages();
    await engine.close();
    const alone = await openSliced(documents(JOBS));
    await alone.engine.answer(question('package-correlation'));
    expect(all).toBe(
      alone.server.bodies.filter(({ aggs }) => aggs?.tuples).length
    );
    await alone.engine.close();
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
            estimate: {
              method: 'cardinality',
              error: expect.any(Number)
            },
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
