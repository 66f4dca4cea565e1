import { completions } from '../../src/transform/complete';

const COLUMNS = ['package', 'users', 'num jobs'];

/** Labels offered at the mark `|`, and the word begun. */
function at(marked: string): { word: string; labels: string[] } | null {
  const position = marked.indexOf('|');
  const code = marked.replace('|', '');
  const found = completions(code, position, COLUMNS);
  return (
    found && {
      word: code.slice(found.from, position),
      labels: found.options.map(option => option.label)
    }
  );
}

describe('completions', () => {
  it('offers verbs at the start and after a verb', () => {
    expect(at('|')?.labels).toContain('filter');
    expect(at('fil|')).toMatchObject({ word: 'fil' });
    expect(at('filter(d => d.users > 1)\n  .ord|')?.labels).toContain(
      'orderby'
    );
    expect(at('filter(d => d.users > 1)|')).toBeNull();
  });

  it('offers columns after the row', () => {
    expect(at('filter(d => d.|')).toEqual({
      word: '',
      labels: ['package', 'users']
    });
    expect(at('filter((r) => r.us|')).toEqual({
      word: 'us',
      labels: ['package', 'users']
    });
    expect(at('derive({a: d => 1, b: e => e.|})')?.labels).toEqual([
      'package',
      'users'
    ]);
    expect(at('filter(d => x.|')).toBeNull();
    expect(at('filter(d => 1.|')).toBeNull();
  });

  it('offers columns in texts that name them', () => {
    expect(at("orderby('|')")).toEqual({ word: '', labels: COLUMNS });
    expect(at("select('package', \"nu|")).toEqual({
      word: 'nu',
      labels: COLUMNS
    });
    expect(at("filter(d => d['nu|'] > 1)")?.labels).toEqual(COLUMNS);
    expect(at("filter(d => d.package == 'nu|')")).toBeNull();
    expect(at("rename({users: 'pe|'})")).toBeNull();
  });

  it('offers the columns that are there after the verbs before', () => {
    expect(at("derive({share: d => d.users}).orderby('|')")?.labels).toEqual([
      ...COLUMNS,
      'share'
    ]);
    expect(
      at("groupby('package').rollup({n: op.count()}).filter(d => d.|)")?.labels
    ).toEqual(['package', 'n']);
    expect(at("pivot('package', 'users').orderby('|')")?.labels).toEqual([]);
    expect(at("nonsense(.orderby('|')")?.labels).toEqual(COLUMNS);
  });

  it('offers functions and helpers', () => {
    expect(at('derive({a: d => op.|')?.labels).toContain('sum');
    expect(at('derive({a: ro|')?.labels).toEqual(['rolling', 'd => ', 'op.']);
    expect(at('orderby(de|')?.labels).toContain('desc');
    expect(at('select(|')?.labels).toContain('not');
    expect(at('filter(d => |')?.labels).toEqual(['d.', 'op.']);
  });

  it('keeps silent in comments', () => {
    expect(at('// fil|')).toBeNull();
    expect(at('/* d.| */ filter(d => true)')).toBeNull();
    expect(at("filter(d => d.package == '//').|")?.labels).toContain('filter');
  });
});
