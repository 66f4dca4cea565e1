/**
 * One question to an index, in Node, as the panel puts it for a chart: prints as JSON, in milliseconds from the beginning, when the index
 * was open, and the quick look and the exact answer there; directly afterwards, how long the answer takes to another filter on a column
 * that was read, and how many requests it costs; then the same of filters on other columns, once what is likely to be asked next has been
 * fetched. Usage:
 * node index.mjs ADDRESS INDEX ANALYSIS
 */
import { serverOptions, ServerTransport } from '../src/cli/elastic-server';
import { ElasticEngine } from '../src/elasticsearch/elastic-engine';
import { SearchClient } from '../src/elasticsearch/search-client';
import type { IAnswer } from '../src/workload/answer';
import { ANALYSIS_IDS } from '../src/workload/query';
import type { Filter } from '../src/workload/query';
import { filterOnRead, FILTERS, studyQuery } from './questions';

/** Nothing has been sent for so long: all is fetched, milliseconds. */
const QUIET = 2000;

const [address, indices, name] = process.argv.slice(2);
const analysis = ANALYSIS_IDS.find(id => id === name);
if (!analysis) {
  throw new Error(`There is no analysis ${name}.`);
}
const client = new SearchClient(
  new ServerTransport(await serverOptions(address)),
  indices
);
const began = performance.now();
const engine = await ElasticEngine.open(client, {
  tool: 'bench',
  anticipate: true
});
const opened = performance.now() - began;
let quick: number | null = null;
const tell = (found: IAnswer | null) => {
  quick ??=
    found === null || found.provenance.exact ? null : performance.now() - began;
};
const query = studyQuery(analysis, indices, FILTERS[0]);
const early = new AbortController();
await engine.cost([query], {
  onLacking: () =>
    void engine
      .estimate(query, { atOnce: true, signal: early.signal })
      .then(tell, () => undefined)
});
const answer = await engine.answer(query, { onPartial: tell });
early.abort();
const exact = performance.now() - began;
/** Milliseconds until the answer to another filter is there. */
const timeOf = async (filters: readonly Filter[]) => {
  const start = performance.now();
  await engine.answer(studyQuery(analysis, indices, filters));
  return performance.now() - start;
};
const sent = () => client.requests.sum.requests;
const requests = sent();
const first = await timeOf([filterOnRead(analysis)]);
const requestsOfFirst = sent() - requests;
for (let last = -1; last !== sent();) {
  last = sent();
  await new Promise(resolve => setTimeout(resolve, QUIET));
}
const fetched = performance.now() - began - QUIET;
const before = sent();
const changed: number[] = [];
for (const filters of FILTERS.slice(1)) {
  changed.push(await timeOf(filters));
}
process.stdout.write(
  `${JSON.stringify({
    opened,
    quick,
    exact,
    fetched,
    requests,
    values: numbers(answer),
    changed,
    first,
    requestsOfFirst,
    requestsOfChanges: sent() - before
  })}\n`
);
await engine.close();
process.exit(0);

/** What the answer counts or correlates, smallest first, to be compared with the other ways. */
function numbers({ table }: IAnswer): number[] {
  const { columns, rows } = table;
  const value = columns.includes('r') ? 'r' : columns[columns.length - 1];
  return rows.map(row => Number(row[value])).sort((a, b) => a - b);
}
