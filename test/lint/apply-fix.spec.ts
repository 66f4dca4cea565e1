import { applyFix, editedTags, editedText } from '../../src/lint/apply-fix';
import { cellsOf, notebookOf } from './rules/notebooks';

describe('applyFix', () => {
  const before = notebookOf({ cells: cellsOf('u: ab', 'd: cd') });

  it('changes sources and tags, and leaves other cells as they are', () => {
    const after = applyFix(before, {
      title: '',
      edits: [
        { cell: 0, from: 0, to: 1, text: 'x' },
        { cell: 0, from: 2, to: 2, text: '\ny' }
      ],
      tags: [{ cell: 0, add: ['shared'], remove: ['upstream'] }]
    });
    expect(after.cells.map(({ source, tags }) => [source, tags])).toEqual([
      ['xb\ny', ['shared']],
      ['cd', ['downstream']]
    ]);
    expect(after.cells[1]).toBe(before.cells[1]);
  });

  it('inserts cells, also at the end', () => {
    const after = applyFix(before, {
      title: '',
      edits: [{ cell: 1, from: 0, to: 2, text: '' }],
      tags: [],
      insert: [
        { before: 1, source: 'new', tags: ['shared'] },
        { before: 2, source: 'last', tags: [] }
      ]
    });
    expect(after.cells.map(({ source }) => source)).toEqual([
      'ab',
      'new',
      '',
      'last'
    ]);
  });
});

it('applies edits in any order', () => {
  expect(
    editedText('abc', [
      { from: 0, to: 1, text: 'x' },
      { from: 1, to: 1, text: '-' },
      { from: 2, to: 3, text: '' }
    ])
  ).toBe('x-b');
});

it('leaves other tags in their order', () => {
  expect(
    editedTags(['a', 'upstream', 'b'], {
      add: ['shared', 'b'],
      remove: ['upstream']
    })
  ).toEqual(['a', 'b', 'shared']);
});
