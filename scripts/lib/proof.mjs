// What the README says of `npm run prove`: when, of which state, how many tests, how large.

const count = number => number.toLocaleString('en');

/**
 * A proof as Markdown, lines ended.
 * @param results each part's name and tally, in the order of the run
 * @param sizes test/sizes.json
 * @param date as `2021-01-31`
 * @param commit as `git describe` names it; undefined outside a clone
 */
export function proofText({ results, total, sizes, date, commit }) {
  const of = commit === undefined ? '' : `, commit \`${commit}\``;
  const ran = new Set(results.map(([name]) => name));
  const size = name => sizes[name].prove;
  const lines = [
    [
      'pytest',
      `${count(size('datasets') * size('queries'))} random questions to ${count(size('datasets'))} random datasets, each asked twice among the others, answered as by DuckDB`
    ],
    [
      'pytest',
      `${count(size('index_datasets') * size('index_queries'))} random questions to ${count(size('index_datasets'))} random datasets in three servers of Elasticsearch, answered as from Parquet`
    ],
    [
      'pytest',
      `${count(size('gather_kills'))} gathers killed at random moments, each of which the next run completed to the document`
    ],
    [
      'pytest',
      `the study's values in demo data of up to ${count(size('sample_rows'))} rows`
    ],
    [
      'pytest',
      `${count(size('notebooks'))} generated notebooks, run as both machines run them: what failed had been told, and what ran was left alone, [but for these](docs/checks.md#how-it-was-tested)`
    ],
    [
      'jest',
      `${count(size('role_edits'))} random sequences of edits of a notebook by one person, and as many by two, each cell of which has the role that the rules promise`
    ],
    [
      'pytest',
      `${count(size('suppressed_tables'))} random tables of people whose small groups were suppressed, none of which can be worked out from what is shown`
    ],
    [
      'pytest',
      `${count(size('publish_kills'))} publishings killed at random moments, after each of which readers find the version before or the next, whole`
    ],
    [
      'jest',
      `${count(size('compiled_notebooks'))} random notebooks compiled, none of which keeps a cell that is not allowed`
    ],
    ['jest', `${count(size('written_files'))} random files, read as written`],
    [
      'jest',
      `${count(size('damaged_files'))} damaged files of each kind of damage, read right or refused`
    ]
  ].filter(([part]) => ran.has(part));
  const table = results.map(
    ([name, { passed, failed, skipped }]) =>
      `| ${name} | ${count(passed)} | ${count(failed)} | ${count(skipped)} |`
  );
  return [
    `\`npm run prove\` on ${date}${of}:`,
    '',
    '| | passed | failed | skipped |',
    '|---|--:|--:|--:|',
    ...table,
    `| **all** | ${count(total.passed)} | ${count(total.failed)} | ${count(total.skipped)} |`,
    ...(lines.length > 0 ? ['', 'Among them:', ''] : []),
    ...lines.map(([, text]) => `- ${text}`),
    ''
  ].join('\n');
}
