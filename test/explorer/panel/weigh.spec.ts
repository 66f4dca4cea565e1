import { boardSelection } from '../../../src/explorer/panel/asks';
import { weigh } from '../../../src/explorer/panel/weigh';
import { defaultQuestion } from '../../../src/workload/analyses';
import { newView } from '../../../src/workload/view';
import type { IView } from '../../../src/workload/view';
import { openEngine, serverOf } from '../../elasticsearch/workloads';
import { text, times } from '../../engine/tables';

/** Records: one a day, of five users. */
const DAYS = Array.from({ length: 60 }, (_, i) => i);
const VIEW: IView = {
  ...newView({ paths: ['mods'] }),
  period: { from: '2021-01-12', to: '2021-01-20' },
  defaults: [],
  filters: [
    { field: 'qos', op: 'any', values: ['a'] },
    { field: 'user', op: 'any', values: ['u1'] }
  ]
};

it('counts no days where all is read within a period', async () => {
  const server = serverOf(
    {
      username: text(...DAYS.map(i => `u${i % 5}`)),
      qos: text(...DAYS.map(i => (i % 2 === 0 ? 'a' : 'b'))),
      job_id: text(...DAYS.map(String)),
      subservice: text(...DAYS.map(() => 'numpy')),
      event_timestamp: times(
        ...DAYS.map(i => new Date(Date.UTC(2021, 0, 1 + i)).toISOString())
      )
    },
    { esql: false }
  );
  server.pageSize = 10;
  const engine = await openEngine(server, { anticipate: true });
  const selection = boardSelection(VIEW);
  const { records } = await engine.overview(selection);
  for (const analysis of ['users', 'package-trend'] as const) {
    await engine.answer({ ...selection, ...defaultQuestion(analysis) });
  }
  const before = server.bodies.length;
  const found = await weigh(
    engine,
    VIEW,
    records,
    new AbortController().signal
  );
  // From the 12th to the 19th u1 has the 12th and the 17th, and every other record is of “a”.
  expect(records).toBe(1);
  expect([...found.values()].map(one => one.records)).toEqual([1, 3, 5]);
  // One is for all time, of which not all is read; within the period no days are counted.
  const asked = server.bodies.slice(before);
  expect(asked.filter(({ aggs }) => aggs?.days)).toHaveLength(1);
  await engine.close();
});
