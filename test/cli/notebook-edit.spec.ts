import { cellLines, editNotebookText } from '../../src/cli/notebook-edit';
import type { IEditedCell } from '../../src/cli/notebook-edit';
import { readNotebook } from '../../src/cli/notebook-file';

const CONTENT = {
  cells: [
    {
      cell_type: 'markdown',
      id: 'aa',
      metadata: {},
      source: ['# Users\n', 'é']
    },
    {
      cell_type: 'code',
      execution_count: 1,
      id: 'bb',
      metadata: { collapsed: true, tags: ['upstream', 'x'] },
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['1\n'] }],
      source: 'print(1)'
    },
    {
      cell_type: 'code',
      execution_count: null,
      metadata: { collapsed: true, zoom: 1.0 },
      outputs: [],
      source: []
    }
  ],
  metadata: { unknown: { key: 1e2 } },
  nbformat: 4,
  nbformat_minor: 5
};

const LAYOUTS: Readonly<Record<string, string>> = {
  'one blank': `${JSON.stringify(CONTENT, null, 1)}\n`,
  'two blanks, no end of line': JSON.stringify(CONTENT, null, 2),
  tabs: `${JSON.stringify(CONTENT, null, '\t')}\n`,
  'one line': JSON.stringify(CONTENT),
  'one line of Python': JSON.stringify(CONTENT)
    .replaceAll('":', '": ')
    .replaceAll(',"', ', "'),
  'carriage returns': JSON.stringify(CONTENT, null, 1).replaceAll('\n', '\r\n'),
  'ASCII only': JSON.stringify(CONTENT, null, 1).replaceAll('é', '\\u00e9')
};

function edit(
  text: string,
  change: (cells: IEditedCell[]) => IEditedCell[]
): string | null {
  const { notebook, hasIds } = readNotebook(text, 'a.ipynb');
  const cells = notebook.cells.map((cell, origin) => ({ ...cell, origin }));
  return editNotebookText(text, notebook.cells, change(cells), hasIds);
}

const INSERTED: IEditedCell = {
  id: null,
  type: 'code',
  source: 'import json\nimport os',
  tags: ['shared'],
  origin: null
};

describe.each(Object.keys(LAYOUTS))('a file with %s', name => {
  const text = LAYOUTS[name];

  it('stays to the letter when nothing changes', () => {
    expect(edit(text, cells => cells)).toBe(text);
  });

  it('says what was changed, and nothing else', () => {
    const edited = edit(text, ([first, second, third]) => [
      first,
      { ...second, source: 'print(2)\nü', tags: ['x', 'shared'] },
      INSERTED,
      { ...third, source: 'a\nb\n', tags: ['downstream'] }
    ]);
    const [first, second, third] = CONTENT.cells;
    expect(JSON.parse(edited ?? '')).toEqual({
      ...CONTENT,
      cells: [
        first,
        {
          ...second,
          metadata: { collapsed: true, tags: ['x', 'shared'] },
          source: 'print(2)\nü'
        },
        {
          cell_type: 'code',
          execution_count: null,
          id: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown,
          metadata: { tags: ['shared'] },
          outputs: [],
          source: ['import json\n', 'import os']
        },
        {
          ...third,
          metadata: { collapsed: true, tags: ['downstream'], zoom: 1.0 },
          source: ['a\n', 'b\n']
        }
      ]
    });
  });

  it('keeps its layout', () => {
    const edited = edit(text, ([first, second, third]) => [
      INSERTED,
      { ...first, tags: ['shared'], source: 'x\ny' },
      { ...second, tags: [] },
      { ...third, tags: ['downstream'] }
    ]);
    // What JSON.stringify would have written is what stands there.
    const value: unknown = JSON.parse(edited ?? '');
    const again: Readonly<Record<string, string>> = {
      'one blank': `${JSON.stringify(value, null, 1)}\n`,
      'two blanks, no end of line': JSON.stringify(value, null, 2),
      tabs: `${JSON.stringify(value, null, '\t')}\n`,
      'one line': JSON.stringify(value),
      'carriage returns': JSON.stringify(value, null, 1).replaceAll(
        '\n',
        '\r\n'
      ),
      'ASCII only': JSON.stringify(value, null, 1).replaceAll('é', '\\u00e9')
    };
    expect(edited).toBe(again[name] ?? edited);
  });

  it('gives cells at the end, too', () => {
    const edited = edit(text, cells => [...cells, INSERTED]);
    const { cells } = JSON.parse(edited ?? '') as typeof CONTENT;
    expect(cells.map(({ source }) => source)).toEqual([
      ...CONTENT.cells.map(({ source }) => source),
      ['import json\n', 'import os']
    ]);
  });
});

it('gives no ids where cells have none', () => {
  const text = JSON.stringify({ ...CONTENT, nbformat_minor: 4 });
  const edited = edit(text, cells => [INSERTED, ...cells]);
  expect(JSON.parse(edited ?? '')).not.toHaveProperty('cells.0.id');
});

it('fills an empty notebook', () => {
  const text = JSON.stringify({ ...CONTENT, cells: [] }, null, 1);
  const edited = edit(text, () => [INSERTED]);
  expect(JSON.parse(edited ?? '')).toHaveProperty('cells.0.source', [
    'import json\n',
    'import os'
  ]);
});

it('numbers the lines of sources, also of such that are cut anywhere', () => {
  const text = JSON.stringify(
    {
      cells: [
        { source: ['a\n', 'b\nc\n', 'd'] },
        { source: 'e\nf' },
        { source: [] }
      ]
    },
    null,
    1
  );
  expect(cellLines(text)).toEqual([
    { cell: 3, source: [5, 6, 6, 7] },
    { cell: 10, source: [11] },
    { cell: 13, source: [] }
  ]);
});
