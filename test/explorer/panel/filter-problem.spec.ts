import { filterProblem } from '../../../src/explorer/panel/filter-problem';
import { parseFilterText } from '../../../src/workload/filter-text';
import { english } from '../../../src/workload/translator';

const SOURCE = {
  columns: [
    { name: 'login', type: 'text', list: false },
    { name: 'num_nodes', type: 'number', list: false },
    { name: 'ended', type: 'time', list: false },
    { name: 'exe', type: 'text', list: false }
  ],
  unreadable: [{ name: 'tags' }]
} as const;

const MAPPING = { user: ['login'], nodes: ['num_nodes'], executable: ['exe'] };

describe('filterProblem', () => {
  it.each([
    'user=ada',
    'login~^a',
    'nodes>=2',
    'ended>=2021-01-01',
    'environment=conda',
    'num_nodes<1e3',
    // The engine knows why it cannot be read.
    'tags=a'
  ])('finds none in %j', text => {
    expect(
      filterProblem(parseFilterText(text), MAPPING, SOURCE, english)
    ).toBeNull();
  });

  it.each([
    ['colour=red', 'There is no column “colour”. Name another one.'],
    ['package=numpy', 'No column is mapped as “package”.'],
    ['has-package:numpy', 'No column is mapped as “package”.'],
    ['nodes>=many', '“nodes” is compared with numbers, and “many” is none.'],
    ['nodes<many', '“nodes” is compared with numbers, and “many” is none.']
  ])('says what is wrong with %j', (text, sentence) => {
    expect(
      filterProblem(parseFilterText(text), MAPPING, SOURCE, english)
    ).toContain(sentence);
  });

  it('misses the path from which the environment is told', () => {
    expect(
      filterProblem(parseFilterText('environment=conda'), {}, SOURCE, english)
    ).toContain('There is no column “environment”.');
  });
});
