// Elasticsearch: our answers beside those of the Python client, one after the other on one server.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { ROOT, Stop } from '../scripts/lib/project.mjs';
import { venvProgram } from '../scripts/lib/python.mjs';
import { loadParquet } from '../test/services/documents.mjs';
import { ask, startElasticsearch } from '../test/services/elasticsearch.mjs';

const QUESTIONS = [
  'top-packages',
  'job-sizes',
  'package-job-size',
  'package-correlation'
];
const INDEX = 'records';

/**
 * @param file Parquet file of the records
 * @param script bench/index.ts, bundled
 */
export async function measureElasticsearch(file, runs, script) {
  // As servers run: tests start quicker without the second compiler.
  process.env.ES_TIER = '4';
  process.env.ES_HEAP = '1g';
  const server = await startElasticsearch({ profile: 'es8-esql' });
  try {
    const documents = await loadParquet(server, INDEX, file);
    await ask(server, 'POST', `/${INDEX}/_forcemerge?max_num_segments=5`);
    const questions = {};
    for (let i = 0; i < runs; i++) {
      for (const question of QUESTIONS) {
        const found = (questions[question] ??= {
          ours: [],
          scan: [],
          composite: []
        });
        await forget(server);
        const ours = measured(process.execPath, [
          script,
          server.url,
          INDEX,
          question
        ]);
        found.ours.push(ours);
        for (const way of ['scan', 'composite']) {
          await forget(server);
          const theirs = measured(venvProgram('python'), [
            join(ROOT, 'bench', 'indices.py'),
            way,
            question,
            server.url,
            INDEX
          ]);
          if (!same(ours.values, theirs.values)) {
            throw new Stop(
              `${question}: the answer differs from that by ${way}.`
            );
          }
          found[way].push(theirs.milliseconds);
        }
      }
    }
    const gather = measured(venvProgram('python'), [
      join(ROOT, 'bench', 'gather.py'),
      server.url,
      INDEX
    ]);
    return { documents, questions, gather };
  } finally {
    await server.stop();
  }
}

/** The tables of the README. */
export function printElasticsearch({ documents, questions, gather }, median) {
  const seconds = values => (median(values) / 1000).toFixed(2);
  const lines = Object.entries(questions).map(([question, found]) => {
    const of = key => found.ours.map(one => one[key]);
    return `| ${[
      question,
      seconds(of('opened')),
      of('quick').every(value => value === null)
        ? '–'
        : seconds(of('quick').filter(value => value !== null)),
      seconds(of('exact')),
      seconds(found.scan),
      seconds(found.composite),
      Math.max(...of('first')).toFixed(0),
      Math.max(...of('requestsOfFirst')),
      Math.max(...found.ours.flatMap(one => one.changed)).toFixed(0),
      Math.max(...of('requestsOfChanges')),
      seconds(of('fetched'))
    ].join(' | ')} |`;
  });
  console.log(
    [
      `\nElasticsearch, ${documents.toLocaleString('en')} documents`,
      '| | index open, s | quick look, s | exact, s | scan into pandas, s | composite paging, s | changed filter on what was read, at once, ms | its requests | on other columns, once fetched, ms | its requests | these fetched after, s |',
      '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
      ...lines,
      '',
      `gather: ${JSON.stringify(gather)}`
    ].join('\n')
  );
}

/** Each way starts without what Elasticsearch remembers of the one before. */
function forget(server) {
  return ask(server, 'POST', `/${INDEX}/_cache/clear`);
}

/** pandas correlates in single precision here. */
function same(ours, theirs) {
  return (
    ours.length === theirs.length &&
    ours.every((value, i) => Math.abs(value - theirs[i]) < 1e-4)
  );
}

function measured(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8'
  });
  if (status !== 0) {
    throw new Stop(`${command} ${args.join(' ')} failed:\n${stderr}`);
  }
  return JSON.parse(stdout);
}
