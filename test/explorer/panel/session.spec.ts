import { EngineError } from '../../../src/engine/engine';
import type { ICost, IEngine, IOverview } from '../../../src/engine/engine';
import type { ITable } from '../../../src/workload/answer';
import { english } from '../../../src/workload/translator';
import { boardSelection } from '../../../src/explorer/panel/asks';
import { ASK_BEFORE_BYTES } from '../../../src/explorer/panel/board-answers';
import { Session } from '../../../src/explorer/panel/session';
import {
  FakeEngine,
  FakeModel,
  fakeAnswer,
  fakeEstimate,
  fakeOverview,
  smallView,
  ticks
} from './fakes';

interface IRig {
  model: FakeModel;
  engine: FakeEngine;
  session: Session;
  opened: string[][];
  /** Waits that have been started, with what ends them. */
  waits: { milliseconds: number; run: () => void; cancelled: boolean }[];
}

async function rig(
  options: {
    open?: () => Promise<IEngine>;
    transform?: (code: string, table: ITable) => Promise<ITable>;
    engine?: FakeEngine;
    model?: FakeModel;
  } = {}
): Promise<IRig> {
  const model = options.model ?? new FakeModel();
  const engine = options.engine ?? new FakeEngine();
  const opened: string[][] = [];
  const waits: IRig['waits'] = [];
  const session = new Session({
    model,
    trans: english,
    resolve: paths => paths,
    open: async paths => {
      opened.push([...paths]);
      return { engine: (await options.open?.()) ?? engine, leftOut: 0 };
    },
    transform: options.transform ?? ((_code, table) => Promise.resolve(table)),
    after: (milliseconds, run) => {
      const wait = { milliseconds, run, cancelled: false };
      waits.push(wait);
      return () => {
        wait.cancelled = true;
      };
    }
  });
  session.start();
  await ticks();
  return { model, engine, session, opened, waits };
}

const chart = (session: Session, id: string) => session.snapshot.charts.get(id);

/** Have weighing go on until it is called off, or a test says what it came to. */
function holdCosts(engine: FakeEngine): (cost: ICost) => void {
  const waiting: ((cost: ICost) => void)[] = [];
  engine.cost = (_, { signal } = {}) =>
    new Promise((resolve, reject) => {
      waiting.push(resolve);
      signal?.addEventListener('abort', () =>
        reject(new DOMException('called off', 'AbortError'))
      );
    });
  return cost => waiting.forEach(resolve => resolve(cost));
}

describe('Session', () => {
  it('opens the source and asks for every chart and the whole board', async () => {
    const { engine, session, opened } = await rig();
    expect(opened).toEqual([['demo.parquet']]);
    expect(engine.asked.map(one => one.query.analysis)).toEqual([
      'top-packages',
      'job-sizes'
    ]);
    expect(engine.overviews).toHaveLength(1);
    expect(session.snapshot.busy).toBe(true);
    await engine.answerAll();
    expect(session.snapshot.busy).toBe(false);
    expect(chart(session, 'a')?.stale).toBe(false);
    expect(session.snapshot.overview?.users).toBe(10);
    expect(session.snapshot.elapsed).not.toBeNull();
  });

  it('keeps old answers in sight, marked, while new ones are on their way', async () => {
    const { engine, session, model } = await rig();
    await engine.answerAll();
    const before = chart(session, 'a')?.answer;
    model.update(view => ({ ...view, defaults: [] }));
    await ticks();
    expect(chart(session, 'a')).toMatchObject({ stale: true, answer: before });
    expect(session.snapshot.overviewStale).toBe(true);
    await engine.answerAll(2000);
    expect(chart(session, 'a')?.stale).toBe(false);
    expect(chart(session, 'a')?.answer).not.toBe(before);
  });

  it('calls off questions that a newer view has overtaken', async () => {
    const { engine, model } = await rig();
    model.update(view => ({ ...view, zone: 'Asia/Tokyo' }));
    await ticks();
    const [first, , second] = engine.asked;
    expect(first.options.signal?.aborted).toBe(true);
    expect(second.query.zone).toBe('Asia/Tokyo');
    expect(second.options.signal?.aborted).toBe(false);
    expect(engine.open).toHaveLength(2);
  });

  it('asks nothing anew when only a look changes', async () => {
    const { engine, model } = await rig();
    await engine.answerAll();
    const asked = engine.asked.length;
    model.update(view => ({
      ...view,
      board: view.board.map(one => ({
        ...one,
        look: { ...one.look, log: true }
      }))
    }));
    await ticks();
    expect(engine.asked).toHaveLength(asked);
  });

  it('asks all other charts anew when a chart is clicked, not that chart', async () => {
    const { engine, model } = await rig();
    await engine.answerAll();
    const asked = engine.asked.length;
    model.update(view => ({
      ...view,
      board: view.board.map(one =>
        one.id === 'a'
          ? {
              ...one,
              picks: [
                { field: 'package', op: 'any' as const, values: ['numpy'] }
              ]
            }
          : one
      )
    }));
    await ticks();
    const fresh = engine.asked.slice(asked);
    expect(fresh.map(one => one.query.analysis)).toEqual(['job-sizes']);
    expect(fresh[0].query.filters).toEqual([
      { field: 'package', op: 'any', values: ['numpy'] }
    ]);
  });

  it('shows parts of an answer only until there is a whole one', async () => {
    const { engine, session, model } = await rig();
    const [first] = engine.asked;
    first.options.onPartial?.(fakeAnswer(first.query, 10, true));
    expect(chart(session, 'a')?.answer?.provenance.partial).toBe(true);
    await engine.answerAll();
    const whole = chart(session, 'a')?.answer;
    expect(whole?.provenance.partial).toBe(false);
    model.update(view => ({ ...view, defaults: [] }));
    await ticks();
    const again = engine.asked[2];
    again.options.onPartial?.(fakeAnswer(again.query, 10, true));
    expect(chart(session, 'a')?.answer).toBe(whole);
  });

  it('shows an estimate at once, and nothing that jumps until the exact answer is there', async () => {
    const { engine, session, model } = await rig();
    const [first] = engine.asked;
    const estimate = fakeEstimate(first.query);
    first.options.onPartial?.(estimate);
    expect(chart(session, 'a')).toMatchObject({
      answer: estimate,
      stale: false
    });
    first.options.onPartial?.(fakeAnswer(first.query, 10, true));
    expect(chart(session, 'a')?.answer).toBe(estimate);
    await engine.answerAll();
    expect(chart(session, 'a')?.answer?.provenance.exact).toBe(true);

    // An estimate of what is asked now tells more than an exact answer to something else.
    model.update(view => ({ ...view, defaults: [] }));
    await ticks();
    const again = engine.asked[2];
    again.options.onPartial?.(fakeEstimate(again.query));
    expect(chart(session, 'a')?.answer?.provenance.exact).toBe(false);
    expect(chart(session, 'a')?.stale).toBe(false);
    model.update(view => ({ ...view, zone: 'Asia/Tokyo' }));
    await ticks();
    expect(chart(session, 'a')?.stale).toBe(true);
  });

  it('keeps an estimate when reading is stopped, and goes on from there', async () => {
    const { engine, session, model } = await rig();
    const [first] = engine.asked;
    first.options.onPartial?.(fakeEstimate(first.query));
    session.stop();
    await ticks();
    model.update(view => ({
      ...view,
      board: view.board.map(one => ({
        ...one,
        look: { ...one.look, log: true }
      }))
    }));
    await ticks();
    expect(chart(session, 'a')).toMatchObject({ stale: false });
    expect(chart(session, 'a')?.answer?.provenance.exact).toBe(false);
    expect(chart(session, 'b')?.answer ?? null).toBeNull();
    session.resume();
    await ticks();
    await engine.answerAll();
    expect(chart(session, 'a')?.answer?.provenance.exact).toBe(true);
  });

  it('asks before it fetches much', async () => {
    const engine = new FakeEngine();
    engine.costs = { bytes: ASK_BEFORE_BYTES + 1, rows: 1, memory: 1 };
    const { session } = await rig({ engine });
    expect(engine.asked).toHaveLength(0);
    expect(session.snapshot.confirm?.bytes).toBe(ASK_BEFORE_BYTES + 1);
    session.confirm();
    await ticks();
    expect(session.snapshot.confirm).toBeNull();
    expect(engine.asked).toHaveLength(2);
  });

  it('shows estimates while it asks, and asks once when less is chosen', async () => {
    const engine = new FakeEngine();
    engine.costs = { bytes: ASK_BEFORE_BYTES + 1, rows: 1, memory: 1 };
    engine.estimates = fakeEstimate;
    engine.estimated = fakeOverview(42);
    const { session, model } = await rig({ engine });
    expect(session.snapshot.confirm).not.toBeNull();
    expect(session.snapshot.overview?.records).toBe(42);
    expect(session.snapshot.overviewEstimateOf).toBe(
      JSON.stringify(boardSelection(model.view))
    );
    expect(chart(session, 'a')).toMatchObject({ stale: false });
    expect(chart(session, 'a')?.answer?.provenance.exact).toBe(false);
    session.confirm(() =>
      model.update(view => ({
        ...view,
        period: { from: '2021-04-01', to: '2021-07-01' }
      }))
    );
    await ticks();
    expect(session.snapshot.confirm).toBeNull();
    expect(engine.asked.map(({ query }) => query.period.from)).toEqual([
      '2021-04-01',
      '2021-04-01'
    ]);
    await engine.answerAll();
    expect(chart(session, 'a')?.answer?.provenance.exact).toBe(true);
    expect(session.snapshot.overviewEstimateOf).toBeNull();
  });

  it('asks nothing that was undone while it was weighed', async () => {
    const { engine, model, session } = await rig();
    await engine.answerAll();
    const before = model.view;
    const [asked, overviews] = [engine.asked.length, engine.overviews.length];
    holdCosts(engine);
    model.update(view => ({ ...view, zone: 'Asia/Tokyo' }));
    await ticks();
    model.update(() => before);
    await ticks();
    expect(engine.asked).toHaveLength(asked);
    // Those of constraints, which are weighed as they were before.
    const zones = engine.overviews.slice(overviews).map(one => one.query.zone);
    expect(zones).not.toContain('Asia/Tokyo');
    expect(chart(session, 'a')).toMatchObject({ stale: false });
    expect(session.snapshot.overviewStale).toBe(false);
  });

  it('shows no estimate of what was undone as the answer', async () => {
    const { engine, model, session } = await rig();
    await engine.answerAll();
    const before = model.view;
    engine.estimates = fakeEstimate;
    engine.estimated = fakeOverview(42);
    engine.costs = { bytes: ASK_BEFORE_BYTES + 1, rows: 1, memory: 1 };
    model.update(view => ({ ...view, zone: 'Asia/Tokyo' }));
    await ticks();
    expect(chart(session, 'a')?.estimateOf).toContain('Tokyo');
    expect(session.snapshot.overview?.records).toBe(42);
    engine.costs = { bytes: 0, rows: 0, memory: 0 };
    model.update(() => before);
    await ticks();
    expect(session.snapshot.busy).toBe(true);
    await engine.answerAll();
    expect(chart(session, 'a')).toMatchObject({
      stale: false,
      estimateOf: null,
      answer: { provenance: { exact: true, query: { zone: 'UTC' } } }
    });
    expect(session.snapshot).toMatchObject({
      overview: { records: 1000 },
      overviewStale: false,
      overviewEstimateOf: null
    });
  });

  it('does not ask about what was undone, nor take that for agreed to', async () => {
    const { engine, model, session } = await rig();
    await engine.answerAll();
    const before = model.view;
    engine.costs = { bytes: ASK_BEFORE_BYTES + 1, rows: 1, memory: 1 };
    model.update(view => ({ ...view, zone: 'Asia/Tokyo' }));
    await ticks();
    expect(session.snapshot.confirm).not.toBeNull();
    model.update(() => before);
    await ticks();
    expect(session.snapshot.confirm).toBeNull();
    session.confirm();
    const asked = engine.asked.length;
    model.update(view => ({ ...view, zone: 'America/New_York' }));
    await ticks();
    expect(session.snapshot.confirm).not.toBeNull();
    expect(engine.asked).toHaveLength(asked);
  });

  it('goes on weighing when another question ends meanwhile', async () => {
    const { engine, model, session } = await rig();
    const release = holdCosts(engine);
    model.update(view => ({
      ...view,
      board: view.board.map(one =>
        one.id === 'a'
          ? {
              ...one,
              picks: [
                { field: 'package', op: 'any' as const, values: ['numpy'] }
              ]
            }
          : one
      )
    }));
    await ticks();
    await engine.answerAll();
    engine.overviews.slice(-1)[0].resolve(fakeOverview());
    await ticks();
    expect(session.snapshot.busy).toBe(true);
    release({ bytes: ASK_BEFORE_BYTES + 1, rows: 1, memory: 1 });
    await ticks();
    expect(session.snapshot.confirm).not.toBeNull();
    expect(engine.open).toHaveLength(0);
  });

  it('keeps an estimate beside the refusal of its exact answer, and no longer than it is asked', async () => {
    const engine = new FakeEngine();
    engine.costs = { bytes: ASK_BEFORE_BYTES + 1, rows: 1, memory: 1 };
    engine.estimates = fakeEstimate;
    const { session, model } = await rig({ engine });
    const estimate = chart(session, 'a');
    const refuse = async () => {
      engine.open.forEach(one =>
        one.reject(new EngineError('memory', 'Choose a shorter period.'))
      );
      await ticks();
    };
    session.confirm();
    await ticks();
    await refuse();
    expect(chart(session, 'a')).toMatchObject({
      answer: estimate?.answer,
      table: estimate?.table,
      stale: false,
      problem: { code: 'memory', message: 'Choose a shorter period.' }
    });
    expect(chart(session, 'a')?.answer?.provenance.exact).toBe(false);
    // It is not asked again, nor is the estimate outdated, as long as the question is the same.
    session.setLarge({ id: 'b', all: false });
    await ticks();
    expect(chart(session, 'a')).toMatchObject({ stale: false });
    expect(engine.open).toHaveLength(0);
    // Of another question nothing is shown beside its refusal.
    engine.estimates = () => null;
    model.update(view => ({ ...view, zone: 'Asia/Tokyo' }));
    await ticks();
    expect(chart(session, 'a')).toMatchObject({ stale: true });
    session.confirm();
    await ticks();
    await refuse();
    expect(chart(session, 'a')).toMatchObject({
      answer: null,
      table: null,
      problem: { code: 'memory' }
    });
  });

  it('estimates what is lacking while that is weighed, and weighs until the user stops it', async () => {
    const engine = new FakeEngine();
    engine.estimated = fakeOverview(42);
    const told: boolean[] = [];
    let signal: AbortSignal | undefined;
    engine.cost = (_, options) => {
      signal = options?.signal;
      options?.onLacking?.([1]);
      return new Promise(() => undefined);
    };
    engine.estimate = async (query, options) => {
      told.push(options?.atOnce === true);
      return fakeEstimate(query);
    };
    const { session } = await rig({ engine });
    expect(session.snapshot.busy).toBe(true);
    expect(engine.asked).toHaveLength(0);
    expect(chart(session, 'a')?.answer).toBeNull();
    expect(chart(session, 'b')?.estimateOf).not.toBeNull();
    expect(session.snapshot.overview?.records).toBe(42);
    // Documents are not read yet.
    expect(told).toEqual([true]);
    session.stop();
    expect(signal?.aborted).toBe(true);
    expect(session.snapshot.busy).toBe(false);
    session.dispose();
  });

  it('shows no estimate over an exact answer', async () => {
    const engine = new FakeEngine();
    let tell: () => void = () => undefined;
    engine.estimate = query =>
      new Promise(resolve => {
        tell = () => resolve(fakeEstimate(query));
      });
    engine.cost = async (_, options) => {
      options?.onLacking?.([0]);
      return engine.costs;
    };
    const { session } = await rig({ engine });
    const [first] = engine.asked;
    first.resolve(fakeAnswer(first.query));
    await ticks();
    tell();
    await ticks();
    expect(chart(session, 'a')).toMatchObject({
      estimateOf: null,
      answer: { provenance: { exact: true } }
    });
    session.dispose();
  });

  it('shows no estimate that comes after the user stopped it', async () => {
    const engine = new FakeEngine();
    engine.costs = { bytes: ASK_BEFORE_BYTES + 1, rows: 1, memory: 1 };
    let come: (overview: IOverview) => void = () => undefined;
    engine.estimateOverview = () =>
      new Promise(resolve => {
        come = resolve;
      });
    const { session } = await rig({ engine });
    session.stop();
    come(fakeOverview(42));
    await ticks();
    expect(session.snapshot.overview).toBeNull();
  });

  it('stops at the user’s word and goes on at another', async () => {
    const { engine, session, model } = await rig();
    session.stop();
    await ticks();
    expect(engine.quieted).toBe(1);
    expect(engine.open).toHaveLength(0);
    expect(session.snapshot).toMatchObject({ stopped: true, busy: false });
    model.update(view => ({ ...view, defaults: [] }));
    await ticks();
    expect(engine.open).toHaveLength(0);
    session.resume();
    await ticks();
    expect(engine.open).toHaveLength(2);
    expect(engine.open[0].query.defaults).toEqual([]);
  });

  it('keeps a problem with its chart and leaves the others alone', async () => {
    const { engine, session } = await rig();
    engine.asked[1].reject(
      new EngineError(
        'missing-column',
        'No column says how many nodes.',
        'nodes'
      )
    );
    await engine.answerAll();
    expect(chart(session, 'b')?.problem).toEqual({
      code: 'missing-column',
      message: 'No column says how many nodes.',
      field: 'nodes'
    });
    expect(chart(session, 'a')?.problem).toBeNull();
  });

  it('does not keep the answer to another question beside a problem', async () => {
    const { engine, model, session } = await rig();
    await engine.answerAll();
    expect(chart(session, 'a')?.table).not.toBeNull();
    model.update(view => ({
      ...view,
      filters: [{ field: 'nope', op: 'any', values: ['1'] }]
    }));
    await ticks();
    engine.open.forEach(one =>
      one.reject(new EngineError('missing-column', 'There is no “nope”.'))
    );
    await ticks();
    expect(chart(session, 'a')).toMatchObject({
      problem: { code: 'missing-column' },
      answer: null,
      table: null,
      stale: false
    });
    model.update(view => ({ ...view, filters: [] }));
    await ticks();
    await engine.answerAll();
    expect(chart(session, 'a')).toMatchObject({ problem: null, stale: false });
    expect(chart(session, 'a')?.table).not.toBeNull();
  });

  it('asks again by itself when the server is back, waiting longer each time', async () => {
    const { engine, session, waits } = await rig();
    const gone = () =>
      new EngineError('unreachable', 'The server does not answer.');
    engine.open.forEach(one => one.reject(gone()));
    engine.overviews.forEach(one => one.reject(gone()));
    await ticks();
    expect(session.snapshot.outage?.seconds).toBe(2);
    expect(waits).toHaveLength(1);
    waits[0].run();
    await ticks();
    expect(engine.open).toHaveLength(2);
    engine.open.forEach(one => one.reject(gone()));
    await ticks();
    expect(session.snapshot.outage?.seconds).toBe(4);
    waits[1].run();
    await ticks();
    await engine.answerAll();
    expect(session.snapshot.outage).toBeNull();
    expect(chart(session, 'a')?.stale).toBe(false);
  });

  it('opens the source again when the server was gone at first', async () => {
    const engine = new FakeEngine();
    let tries = 0;
    const { session, waits } = await rig({
      open: () =>
        tries++ === 0
          ? Promise.reject(
              new EngineError('unreachable', 'The server does not answer.')
            )
          : Promise.resolve(engine)
    });
    expect(session.snapshot.source.status).toBe('opening');
    expect(session.snapshot.outage?.seconds).toBe(2);
    waits[0].run();
    await ticks();
    expect(session.snapshot.source.status).toBe('open');
    expect(session.snapshot.outage).toBeNull();
  });

  it('says what is wrong with a source and opens another', async () => {
    let fails = true;
    const engine = new FakeEngine();
    const { session, model } = await rig({
      open: () =>
        fails
          ? Promise.reject(
              new EngineError(
                'not-parquet',
                'demo.parquet is not a Parquet file.'
              )
            )
          : Promise.resolve(engine)
    });
    expect(session.snapshot.source).toMatchObject({
      status: 'failed',
      problem: { code: 'not-parquet' }
    });
    fails = false;
    model.update(view => ({ ...view, source: { paths: ['other.parquet'] } }));
    await ticks();
    expect(session.snapshot.source.status).toBe('open');
  });

  it('reports a changed file once, and reloads on demand with old answers in sight', async () => {
    const { engine, session, model, opened } = await rig();
    await engine.answerAll();
    model.update(view => ({ ...view, defaults: [] }));
    await ticks();
    engine.open.forEach(one =>
      one.reject(new EngineError('changed', 'demo.parquet has changed.'))
    );
    await ticks();
    expect(session.snapshot.changed).toEqual({
      message: 'demo.parquet has changed.'
    });
    // What is shown is no answer to what is asked, also when something else is looked at.
    session.setLarge({ id: 'a', all: false });
    await ticks();
    expect(chart(session, 'a')?.stale).toBe(true);
    expect(session.snapshot.overviewStale).toBe(true);
    expect(chart(session, 'a')).toMatchObject({ problem: null });
    expect(chart(session, 'a')?.answer).not.toBeNull();
    session.reload();
    await ticks();
    expect(opened).toHaveLength(2);
    expect(session.snapshot.changed).toBeNull();
    expect(engine.disposed).toBe(true);
    expect(chart(session, 'a')?.answer).not.toBeNull();
  });

  it('reads nothing of a view that is not trusted', async () => {
    const model = new FakeModel();
    model.trusted = false;
    const { session, opened } = await rig({ model });
    expect(opened).toEqual([]);
    expect(session.snapshot.source.status).toBe('untrusted');
    model.trust();
    await ticks();
    expect(opened).toEqual([['demo.parquet']]);
  });

  it('drops the answers of another source', async () => {
    const { engine, session, model } = await rig();
    await engine.answerAll();
    model.update(view => ({ ...view, source: { paths: ['other.parquet'] } }));
    expect(chart(session, 'a')).toBeUndefined();
    expect(engine.disposed).toBe(true);
  });

  it('counts what each constraint leaves out', async () => {
    const { engine, session } = await rig();
    await engine.answerAll(600);
    // Two parts of the default population, weighed one after the other.
    expect(engine.overviews[1].query.defaults).toEqual(['is_compute']);
    await engine.answerAll(700);
    expect(engine.overviews[2].query.defaults).toEqual(['is_staff']);
    await engine.answerAll(1000);
    expect(
      [...session.snapshot.excluded].map(([key, one]) => [key, one.records])
    ).toEqual([
      ['default:is_staff', 100],
      ['default:is_compute', 400]
    ]);
  });

  it('runs a transform over the answer and keeps the last good table when it is wrong', async () => {
    const done: ITable = { columns: ['package'], rows: [{ package: 'numpy' }] };
    const applied: string[] = [];
    const { engine, session, model } = await rig({
      transform: code => {
        applied.push(code);
        return code === 'bad'
          ? Promise.reject(
              Object.assign(new Error('No such verb.'), { from: 0, to: 3 })
            )
          : Promise.resolve(done);
      }
    });
    await engine.answerAll();
    const type = (code: string) =>
      model.update(view => ({
        ...view,
        board: view.board.map(one =>
          one.id === 'a' ? { ...one, transform: code } : one
        )
      }));
    type('good');
    await ticks();
    expect(chart(session, 'a')?.table).toBe(done);
    type('bad');
    await ticks();
    expect(chart(session, 'a')).toMatchObject({
      table: done,
      transform: 'good',
      transformProblem: { message: 'No such verb.', from: 0, to: 3 }
    });
    // Newer rows go through what was right last, which is what captions and exports name.
    applied.length = 0;
    model.update(view => ({ ...view, defaults: [] }));
    await ticks();
    await engine.answerAll();
    expect(applied).toEqual(['bad', 'good']);
    expect(chart(session, 'a')).toMatchObject({
      table: done,
      transform: 'good',
      transformProblem: { message: 'No such verb.' }
    });
    type('');
    await ticks();
    expect(chart(session, 'a')?.table).toBe(chart(session, 'a')?.answer?.table);
    expect(chart(session, 'a')?.transformProblem).toBeNull();
  });

  it('asks for all rows of a chart that is open large, and shows its card’s meanwhile', async () => {
    const model = new FakeModel();
    model.view = {
      ...smallView(),
      board: smallView().board.map(one => ({
        ...one,
        question: { ...one.question, top: 5 }
      }))
    };
    const { engine, session } = await rig({ model });
    await engine.answerAll();
    session.setLarge({ id: 'a', all: true });
    await ticks();
    expect(engine.open.map(one => one.query.top)).toEqual([null]);
    expect(chart(session, 'a/all')).toMatchObject({ stale: true });
    expect(chart(session, 'a/all')?.answer).toBe(chart(session, 'a')?.answer);
    await engine.answerAll();
    session.setLarge(null);
    expect(chart(session, 'a/all')).toBeUndefined();
  });

  it('shows how far the slowest question is, as long as it is read for', async () => {
    const { engine, session } = await rig();
    const at = (rowsRead: number) => ({
      rowsRead,
      rowsTotal: 100,
      bytesRead: rowsRead,
      bytesTotal: 100
    });
    const [first, second] = engine.asked;
    first.options.onProgress?.(at(80));
    second.options.onProgress?.(at(20));
    first.options.onProgress?.(at(90));
    expect(session.snapshot.work?.rowsRead).toBe(20);
    second.resolve(fakeAnswer(second.query));
    await ticks();
    second.options.onProgress?.(at(100));
    first.options.onProgress?.(at(95));
    expect(session.snapshot.work?.rowsRead).toBe(95);
    await engine.answerAll();
    expect(session.snapshot.work).toBeNull();
  });

  it('does nothing more once disposed', async () => {
    const { engine, session, model } = await rig();
    let heard = 0;
    session.changed.connect(() => heard++);
    session.dispose();
    session.dispose();
    model.update(view => ({ ...view, defaults: [] }));
    await ticks();
    expect(heard).toBe(0);
    expect(engine.disposed).toBe(true);
    expect(engine.open).toHaveLength(0);
  });
});
