import { isBlankCode } from '../../src/roles/blank';
import { headingLevel, sectionOf } from '../../src/roles/section';

describe('the level of a heading', () => {
  it.each([
    ['# One', 1],
    ['   ###### Six ##', 6],
    ['text\n\n## Two', 2],
    ['### Three\n\n# One', 1],
    ['Title\n=====', 1],
    ['Two\nlines\n---', 2],
    ['#', 1],
    ['#hashtag', null],
    ['    # code', null],
    ['####### seven', null],
    ['', null],
    ['text\n\n---', null],
    ['- list\n---', null],
    ['| a |\n---', null],
    ['```\n# comment\n```', null],
    ['~~~~\n```\n# a\n~~~~\n# One', 1],
    ['```\n# never closed', null]
  ])('of %j is %p', (markdown, level) => {
    expect(headingLevel(markdown)).toBe(level);
  });
});

describe('a section', () => {
  const cells = [
    'code',
    '# A',
    'code',
    '## A1',
    'code',
    'some text',
    'code',
    '## A2',
    'code',
    '# B'
  ].map(source => ({
    type: source === 'code' ? ('code' as const) : ('markdown' as const),
    source
  }));

  it.each([
    [0, 0, 1],
    [1, 1, 9],
    [2, 1, 9],
    [3, 3, 7],
    [5, 3, 7],
    [6, 3, 7],
    [8, 7, 9],
    [9, 9, 10]
  ])('of cell %i goes from %i to %i', (index, start, end) => {
    expect(sectionOf(cells, index)).toEqual({ start, end });
  });

  it('is the whole notebook without headings; comments in code are none', () => {
    const code = [
      { type: 'code', source: '# A' },
      { type: 'code', source: 'x' }
    ] as const;
    expect(sectionOf(code, 1)).toEqual({ start: 0, end: 2 });
  });
});

describe('blank code', () => {
  it.each(['', ' \n\t\n', '# a', '  # a\n\n#b\r\n', '\f'])('is %j', source => {
    expect(isBlankCode(source)).toBe(true);
  });

  it.each(['x', '# a\nx', '%matplotlib inline', '!ls', '"""doc"""', '%%bash'])(
    'is not %j',
    source => {
      expect(isBlankCode(source)).toBe(false);
    }
  );
});
