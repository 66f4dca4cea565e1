/**
 * @jest-environment jsdom
 */
import { NotebookActions } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { EditorState } from '@codemirror/state';
import fc from 'fast-check';

import type { IFinding, IFix } from '../../src/lint/finding';
import { allowanceAt } from '../../src/roles/allowance';
import {
  editorOffset,
  editorText,
  sourceOffset
} from '../../src/roles/line-ends';
import { EditorMarks, viewOf } from '../../src/roles/marks/editor-marks';
import { CellFindings } from '../../src/roles/show/cell-findings';
import { findingsAt, findingsField } from '../../src/roles/marks/state';
import type {
  IChecked,
  INotebookCheck,
  IOpenNotebook
} from '../../src/roles/model';
import { revealCell } from '../../src/roles/reveal';
import { LiveNotebook } from './live-notebook';

const sources = fc
  .array(fc.constantFrom('\r\n', '\n', '\r', 'a', 'b', '😀'), {
    maxLength: 20
  })
  .map(parts => parts.join(''));

describe('offsets of a source and of its editor', () => {
  it('are of the text that CodeMirror makes of it', () => {
    fc.assert(
      fc.property(sources, source => {
        const { doc } = EditorState.create({ doc: source });
        expect(editorText(source)).toBe(doc.toString());
        expect(editorOffset(source, source.length)).toBe(doc.length);
      }),
      { seed: 4 }
    );
  });

  it('stand for the same place', () => {
    fc.assert(
      fc.property(sources, source => {
        for (let at = 0; at <= source.length; at++) {
          const inEditor = editorOffset(source, at);
          const isWithin = source.slice(at - 1, at + 1) === '\r\n' && at > 0;
          expect(inEditor).toBe(
            editorText(source.slice(0, isWithin ? at - 1 : at)).length
          );
          expect(sourceOffset(source, inEditor)).toBe(isWithin ? at - 1 : at);
        }
      }),
      { seed: 4 }
    );
  });
});

describe('a notebook whose lines end in \\r\\n', () => {
  let live: LiveNotebook;

  beforeEach(async () => {
    live = new LiveNotebook([
      { tags: ['upstream'], source: 'import os\r\nimport json\r\nx = 1\r\n' },
      { tags: ['downstream'], source: 'a = 1\r\nb = 2\r\nprint(df)' },
      { source: 'c' }
    ]);
    await Promise.all(live.notebook.widgets.map(cell => cell.ready));
  });

  afterEach(() => live.dispose());

  const shown = (): (string | undefined)[] =>
    live.notebook.widgets.map(cell => viewOf(cell)?.state.doc.toString());

  function checkedOf(findings: readonly IFinding[] = []): IChecked {
    return {
      cells: live.shared.cells.map(cell => ({
        id: cell.getId(),
        source: cell.getSource()
      })),
      result: { findings, allowances: [], cells: [], paths: [] }
    };
  }

  /** `df` in cell 1. */
  const finding: IFinding = {
    rule: 'name-undefined',
    cell: 1,
    cellId: 'cell-1',
    severity: 'error',
    range: { from: 20, to: 22 },
    name: 'df',
    message: 'df is defined nowhere.'
  };

  it('keeps them in the shared model, and not in its editors', () => {
    expect(live.sources[1]).toBe('a = 1\r\nb = 2\r\nprint(df)');
    expect(shown()[1]).toBe('a = 1\nb = 2\nprint(df)');
  });

  it('has findings underlined where they are', () => {
    const check: Pick<INotebookCheck, 'checked' | 'changed'> = {
      checked: checkedOf([finding]),
      changed: new Signal<INotebookCheck, void>({} as INotebookCheck)
    };
    const marks = new EditorMarks({
      notebook: live.notebook,
      open: { roles: live.roles, check } as unknown as IOpenNotebook,
      findings: new CellFindings(),
      extension: [findingsField]
    });
    const { state } = viewOf(live.notebook.widgets[1])!;
    const [placed] = state.field(findingsField);
    expect(state.sliceDoc(placed.from, placed.to)).toBe('df');
    expect(findingsAt(state, 19)[0].finding).toBe(finding);
    marks.dispose();
  });

  it('has the cursor put to the place of a finding', async () => {
    await revealCell(live.roles, 'cell-1', finding);
    expect(live.notebook.widgets[1].editor?.getCursorPosition()).toEqual({
      line: 2,
      column: 6
    });
  });

  it.each([false, true])(
    'is fixed as stored, and its editors show the same, also after undo (of all at once: %s)',
    async documentWide => {
      live.dispose();
      live = new LiveNotebook(
        [
          {
            tags: ['upstream'],
            source: 'import os\r\nimport json\r\nx = 1\r\n'
          },
          { tags: ['downstream'], source: 'a = 1\r\nb = 2\r\nprint(df)' },
          { source: 'c' }
        ],
        documentWide
      );
      await Promise.all(live.notebook.widgets.map(cell => cell.ready));
      live.select(1);
      const before = [live.sources, live.tags, shown(), live.ids];
      const fix: IFix = {
        title: 'Fix it',
        edits: [
          { cell: 0, from: 11, to: 24, text: '' },
          { cell: 1, from: 20, to: 22, text: 'data' },
          { cell: 1, from: 0, to: 0, text: 'import json\r\n' },
          { cell: 2, from: 1, to: 1, text: ' = 3' }
        ],
        tags: [{ cell: 0, add: ['shared'], remove: ['upstream'] }],
        insert: [{ before: 1, source: 'new', tags: ['shared'] }]
      };
      expect(live.roles.applyFix(fix, checkedOf())).toBe(true);
      await Promise.all(live.notebook.widgets.map(cell => cell.ready));
      expect(live.sources).toEqual([
        'import os\r\nx = 1\r\n',
        'new',
        'import json\r\na = 1\r\nb = 2\r\nprint(data)',
        'c = 3'
      ]);
      expect(shown()).toEqual(live.sources.map(editorText));
      expect(live.tags).toEqual([
        ['shared'],
        ['shared'],
        ['downstream'],
        undefined
      ]);
      expect(live.ids.toSpliced(1, 1)).toEqual(before[3]);
      expect(live.notebook.activeCell?.model.id).toBe('cell-1');
      NotebookActions.undo(live.notebook);
      await Promise.all(live.notebook.widgets.map(cell => cell.ready));
      expect([live.sources, live.tags, shown(), live.ids]).toEqual(before);
      NotebookActions.redo(live.notebook);
      await Promise.all(live.notebook.widgets.map(cell => cell.ready));
      expect(live.sources[2]).toBe(
        'import json\r\na = 1\r\nb = 2\r\nprint(data)'
      );
      expect(shown()).toEqual(live.sources.map(editorText));
    }
  );

  it('gives a comment that allows a finding the same line end', () => {
    expect(allowanceAt('a\r\nb', 'order', 'so').text).toBe(
      '# workload: allow order so\r\n'
    );
    expect(allowanceAt('%%time\r\nb', 'order', 'so')).toEqual({
      from: 8,
      to: 8,
      text: '# workload: allow order so\r\n'
    });
  });
});
