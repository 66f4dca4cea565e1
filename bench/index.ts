/**
 * One question to an index, in Node: prints as JSON, in milliseconds since it was opened, when the quick look and the exact answer
 * were there; then, once what is likely to be asked next has been fetched, how long the answer to another filter takes and how many
 * requests it costs. Usage: node index.mjs ADDRESS INDEX ANALYSIS
 */
import { serverOptions, ServerTransport } from '../src/cli/elastic-server';
import { ElasticEngine } from '../src/elasticsearch/elastic-engine';
import { SearchClient } from '../src/elasticsearch/search-client';
import type { IAnswer } from '../src/workload/answer';
import { ANALYSIS_IDS } from '../src/workload/query';
import { FILTERS, studyQuery } from './questions';

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
let quick: number | null = null;
const answer = await engine.answer(studyQuery(analysis, indices, FILTERS[0]), {
  onPartial: partial => {
    quick ??= partial.provenance.exact ? null : performance.now() - began;
  }
});
const exact = performance.now() - began;
const requests = client.log.length;
for (let last = -1; last !== client.log.length;) {
  last = client.log.length;
  await new Promise(resolve => setTimeout(resolve, QUIET));
}
const fetched = performance.now() - began - QUIET;
const before = client.log.length;
const changed: number[] = [];
for (const filters of FILTERS.slice(1)) {
  const start = performance.now();
  await engine.answer(studyQuery(analysis, indices, filters));
  changed.push(performance.now() - start);
}
process.stdout.write(
  `${JSON.stringify({
    quick,
    exact,
    fetched,
    requests,
    values: numbers(answer),
    changed,
    requestsOfChanges: client.log.length - before
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
