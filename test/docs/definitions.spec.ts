import {
  ANALYSES,
  answerColumns,
  defaultQuestion
} from '../../src/workload/analyses';
import {
  ENVIRONMENT_RULES,
  OTHER_ENVIRONMENT
} from '../../src/workload/environment';
import { ALIASES, ROLES } from '../../src/workload/fields';
import { ANALYSIS_IDS, DISTINCTS } from '../../src/workload/query';
import { codes, page, table } from './markdown';

const DEFINITIONS = page('definitions.md');
const ANALYSES_TEXT = DEFINITIONS.slice(
  DEFINITIONS.indexOf('\n## The analyses'),
  DEFINITIONS.indexOf('\n## Exact, partial')
);

/** The list item of an analysis that begins with a word. */
function item(id: string, word: string): string {
  const section = ANALYSES_TEXT.split(`\n### \`${id}\`\n`)[1]?.split(
    '\n### '
  )[0];
  const line = section?.split('\n').find(one => one.startsWith(`- ${word}:`));
  if (line === undefined) {
    throw new Error(`definitions.md says no “${word}” of ${id}.`);
  }
  return line;
}

describe('definitions.md', () => {
  it('has every analysis, in order, and no other', () => {
    const headings = [...ANALYSES_TEXT.matchAll(/^### `(.+)`$/gm)].map(
      ([, id]) => id
    );
    expect(headings).toEqual(ANALYSIS_IDS);
  });

  it.each(ANALYSIS_IDS)('tells the columns of %s', id => {
    expect(codes(item(id, 'Columns'))).toEqual(
      answerColumns(defaultQuestion(id))
    );
  });

  it.each(ANALYSIS_IDS)('tells what %s counts, the default first', id => {
    expect(codes(item(id, 'Counts'))).toEqual(ANALYSES[id].distincts);
  });

  it.each(ANALYSIS_IDS)('tells the population and the needs of %s', id => {
    expect(codes(item(id, 'Population'))).toEqual(ANALYSES[id].population);
    expect(codes(item(id, 'Needs'))).toEqual(ANALYSES[id].needs);
  });

  it.each(ANALYSIS_IDS)('tells the options of %s', id => {
    const { options } = ANALYSES[id];
    const known = Object.entries(options)
      .filter(([, value]) => value !== undefined && value !== false)
      .map(([name]) => `--${name}`);
    expect(codes(item(id, 'Options')).sort()).toEqual(known.sort());
  });

  it('lists what can be counted once', () => {
    const rows = table(DEFINITIONS, '\n## What is counted once: distinct');
    expect(rows.map(([first]) => codes(first)[0])).toEqual(DISTINCTS);
  });

  it('lists the environments, in the order of their rules', () => {
    const rows = table(DEFINITIONS, '\n## Environments');
    expect(rows.map(([first]) => codes(first)[0])).toEqual([
      ...ENVIRONMENT_RULES.map(({ name }) => name),
      OTHER_ENVIRONMENT
    ]);
  });
});

describe('data.md', () => {
  it('lists the column names of each role, best first', () => {
    const rows = table(page('data.md'), '<!-- aliases');
    const listed = rows.map(([role, aliases]) => [
      codes(role)[0],
      codes(aliases)
    ]);
    expect(Object.fromEntries(listed)).toEqual(ALIASES);
    expect(listed.map(([role]) => role).sort()).toEqual([...ROLES].sort());
  });
});
