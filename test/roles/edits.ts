import { Clipboard } from '@jupyterlab/apputils';
import { NotebookActions } from '@jupyterlab/notebook';
import fc from 'fast-check';

import type { Role } from '../../src/workload/roles';
import type { ITestCell, LiveNotebook } from './live-notebook';

/**
 * Edits of a notebook, each as JupyterLab makes it and as a plain list of cells has it: the second is what the rules promise, written
 * apart from the program.
 */

/** A cell of the plain list. */
export interface IPlainCell {
  readonly type: 'code' | 'markdown' | 'raw';
  readonly tags: readonly string[];
  readonly source: string;
}

/** An edit at a place, of so many cells; numbers are cut down to what is there. */
export interface IEdit {
  readonly kind: EditKind;
  readonly at: number;
  readonly span: number;
  /** Where a cell is split. */
  readonly offset: number;
  readonly type: IPlainCell['type'];
  readonly tags: readonly string[];
  readonly role: Role | null;
}

const KINDS = [
  'above',
  'below',
  'split',
  'merge',
  'merge-above',
  'cut',
  'copy',
  'paste',
  'paste-above',
  'replace',
  'delete',
  'duplicate',
  'up',
  'down',
  'type',
  'set',
  'tag'
] as const;

export type EditKind = (typeof KINDS)[number];

const ROLE_TAGS = ['upstream', 'downstream', 'shared'] as const;

const tags = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ROLE_TAGS).map(tag => [tag]) },
  fc.uniqueArray(fc.constantFrom(...ROLE_TAGS, 'parameters', 'x', 'y'), {
    maxLength: 3
  })
);

/** Some cells: mostly code with a role. */
export const cells: fc.Arbitrary<ITestCell[]> = fc.array(
  fc.record({
    type: fc.constantFrom('code', 'code', 'code', 'markdown', 'raw'),
    tags,
    source: fc.constantFrom('', '# note', 'a = 1', 'a = 1\nb = 2\n', '# T\nx')
  }),
  { minLength: 1, maxLength: 6 }
);

export const edit: fc.Arbitrary<IEdit> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat(20),
  span: fc.integer({ min: 1, max: 3 }),
  offset: fc.nat(12),
  type: fc.constantFrom('code', 'markdown', 'raw'),
  tags,
  role: fc.constantFrom(...ROLE_TAGS, null)
});

/** What tags say of a code cell. */
export function roleByTags(own: readonly string[]): string {
  const said = new Set<string>(
    own
      .map(tag => (tag === 'parameters' ? 'shared' : tag))
      .filter(tag => ROLE_TAGS.some(each => each === tag))
  );
  return said.size > 1 ? 'conflict' : ([...said][0] ?? 'none');
}

/** The plain list, changed as the rules say where roles are on. */
export class PlainNotebook {
  constructor(
    public cells: readonly IPlainCell[],
    /** Cells cut or copied. */
    public clipboard: readonly IPlainCell[] = []
  ) {}

  /** How many merges of mixed roles there were. */
  warnings = 0;

  /** Do what an edit does to a notebook. */
  apply({ kind, at, span, offset, type, tags: own, role }: IEdit): void {
    const { cells: all } = this;
    const from = at % all.length;
    const to = Math.min(from + span, all.length);
    const some = all.slice(from, to);
    const cell = all[from];
    switch (kind) {
      case 'above':
        this._add(from, [EMPTY], 'below');
        break;
      case 'below':
        this._add(from + 1, [EMPTY], 'above');
        break;
      case 'split':
        if (cell.type === 'code') {
          const first = trim(cell.source.slice(0, offset));
          const last = trim(cell.source.slice(offset));
          if (last === cell.source) {
            // Nothing was split off but an empty cell.
            this._add(from, [{ ...cell, source: first }], 'below');
          } else {
            this._put(from, 1, [
              { ...cell, source: first },
              { ...cell, source: last }
            ]);
          }
        }
        break;
      case 'merge':
        if (some.length > 1) {
          this._merge(from, to, from);
        } else if (to < all.length) {
          this._merge(from, to + 1, from);
        }
        break;
      case 'merge-above':
        if (from > 0) {
          this._merge(from - 1, from + 1, from);
        }
        break;
      case 'cut':
        this.clipboard = some;
        this._delete(from, to);
        break;
      case 'copy':
        this.clipboard = some;
        break;
      case 'paste':
        this._add(from + 1, this.clipboard, 'above');
        break;
      case 'paste-above':
        this._add(from, this.clipboard, 'below');
        break;
      case 'replace':
        if (this.clipboard.length > 0) {
          this._put(from, 1, []);
          this._add(from, this.clipboard, 'above');
        }
        break;
      case 'delete':
        this._delete(from, to);
        break;
      case 'duplicate':
        this._add(from + 1, some, 'above');
        break;
      case 'up':
        if (from > 0) {
          this._put(from - 1, some.length + 1, [...some, all[from - 1]]);
        }
        break;
      case 'down':
        if (to < all.length) {
          this._put(from, some.length + 1, [all[to], ...some]);
        }
        break;
      case 'type':
        if (type !== cell.type) {
          this._put(from, 1, []);
          this._add(from, [{ ...cell, type }], 'above');
        }
        break;
      case 'set':
        this._put(
          from,
          some.length,
          some.map(each => ({ ...each, tags: tagsWith(each.tags, role) }))
        );
        break;
      case 'tag':
        this._put(from, 1, [{ ...cell, tags: own }]);
        break;
    }
  }

  private _put(from: number, count: number, by: readonly IPlainCell[]): void {
    this.cells = this.cells.toSpliced(from, count, ...by);
  }

  private _delete(from: number, to: number): void {
    this._put(from, to - from, []);
    if (this.cells.length === 0) {
      this.cells = [EMPTY];
    }
  }

  /** Cells become one, which is as the active one was; what it lacks, those that agree say. */
  private _merge(from: number, to: number, active: number): void {
    const merged = this.cells.slice(from, to);
    const { type, tags: own } = this.cells[active];
    const source = merged.map(cell => cell.source).join('\n\n');
    const roles = new Set(
      merged.flatMap(cell =>
        cell.type === 'code'
          ? ROLE_TAGS.filter(tag => saysRole(cell.tags, tag))
          : []
      )
    );
    const isCode = type === 'code';
    const [only] = roles;
    this._put(from, merged.length, [
      {
        type,
        source,
        tags:
          isCode && roles.size === 1 && roleByTags(own) === 'none'
            ? [...own, only]
            : own
      }
    ]);
    if (isCode && roles.size > 1) {
      this.warnings++;
    }
  }

  /** Add cells; code without a role takes that of a neighbor. */
  private _add(
    at: number,
    added: readonly IPlainCell[],
    side: 'above' | 'below'
  ): void {
    const isAlone = this.cells.length === 0;
    this._put(at, 0, added);
    const end = at + added.length;
    for (let index = at; index < end && !isAlone; index++) {
      const cell = this.cells[index];
      if (cell.type === 'code' && roleByTags(cell.tags) === 'none') {
        const role = this._neighborRole(index, side, [at, end]);
        this._put(index, 1, [
          { ...cell, tags: role === null ? cell.tags : [...cell.tags, role] }
        ]);
      }
    }
  }

  /** Of all code that has a say, the best: of the same section, on the side asked for, near. */
  private _neighborRole(
    index: number,
    side: 'above' | 'below',
    [start, end]: readonly [number, number]
  ): string | null {
    const headings = (upTo: number): number =>
      this.cells.slice(0, upTo + 1).filter(
        // Wherever it stands in its cell, as after a merge.
        cell => cell.type === 'markdown' && /^# /m.test(cell.source)
      ).length;
    const badness = (other: number): number =>
      (headings(other) === headings(index) ? 0 : 1e6) +
      (other < index === (side === 'above') ? 0 : 1e3) +
      Math.abs(other - index);
    const [best] = this.cells
      .map((cell, other) => ({ ...cell, other }))
      .filter(({ type, tags: own, source, other }) => {
        const isAdded = other >= start && other < end;
        const isBlank = source
          .split('\n')
          .every(line => line === '' || line.startsWith('#'));
        return (
          type === 'code' &&
          (roleByTags(own) !== 'none' || (!isAdded && !isBlank))
        );
      })
      .sort((a, b) => badness(a.other) - badness(b.other));
    const role = best ? roleByTags(best.tags) : 'none';
    return role === 'none' || role === 'conflict' ? null : role;
  }
}

/** A new cell. */
const EMPTY: IPlainCell = { type: 'code', tags: [], source: '' };

function saysRole(own: readonly string[], role: string): boolean {
  return (
    own.includes(role) || (role === 'shared' && own.includes('parameters'))
  );
}

function tagsWith(own: readonly string[], role: Role | null): string[] {
  const wanted = role === 'shared' && own.includes('parameters') ? null : role;
  const kept = own.filter(
    tag => tag === wanted || !ROLE_TAGS.some(each => each === tag)
  );
  return wanted === null || kept.includes(wanted) ? kept : [...kept, wanted];
}

function trim(source: string): string {
  return source.replace(/^\n+/, '').replace(/\n+$/, '');
}

/** Do in JupyterLab what an edit says. */
export function applyEdit(live: LiveNotebook, edit: IEdit): void {
  const { notebook, shared, roles } = live;
  const { length } = shared.cells;
  const from = edit.at % length;
  const to = Math.min(from + edit.span, length);
  const isSelecting = [
    'merge',
    'cut',
    'copy',
    'delete',
    'duplicate',
    'up',
    'down'
  ];
  const more = isSelecting.includes(edit.kind) ? to - from - 1 : 0;
  live.select(from, ...Array.from({ length: more }, (_, i) => from + 1 + i));
  const cell = shared.cells[from];
  switch (edit.kind) {
    case 'above':
      NotebookActions.insertAbove(notebook);
      break;
    case 'below':
      NotebookActions.insertBelow(notebook);
      break;
    case 'split': {
      const { editor } = notebook.activeCell ?? {};
      if (editor && cell.cell_type === 'code') {
        const offset = Math.min(edit.offset, cell.getSource().length);
        const position = editor.getPositionAt(offset);
        editor.setCursorPosition(position ?? { line: 0, column: 0 });
        NotebookActions.splitCell(notebook);
      }
      break;
    }
    case 'merge':
      NotebookActions.mergeCells(notebook);
      break;
    case 'merge-above':
      NotebookActions.mergeCells(notebook, true);
      break;
    case 'cut':
      NotebookActions.cut(notebook);
      break;
    case 'copy':
      NotebookActions.copy(notebook);
      break;
    case 'paste':
      NotebookActions.paste(notebook);
      break;
    case 'paste-above':
      NotebookActions.paste(notebook, 'above');
      break;
    case 'replace':
      NotebookActions.paste(notebook, 'replace');
      break;
    case 'delete':
      NotebookActions.deleteCells(notebook);
      break;
    case 'duplicate':
      NotebookActions.duplicate(notebook);
      break;
    case 'up':
      NotebookActions.moveUp(notebook);
      break;
    case 'down':
      // At the end JupyterLab fails with several cells.
      if (to < length) {
        NotebookActions.moveDown(notebook);
      }
      break;
    case 'type':
      NotebookActions.changeCellType(notebook, edit.type);
      break;
    case 'set':
      roles.setRole(live.ids.slice(from, to), edit.role);
      break;
    case 'tag':
      // As JupyterLab's tag editor does it: outside of any transaction of the notebook.
      cell.setMetadata('tags', [...edit.tags]);
      break;
  }
}

/** The cells as they would be saved. */
export function plainCells(live: LiveNotebook): IPlainCell[] {
  return live.shared.cells.map(cell => {
    const own = cell.getMetadata('tags');
    const type = cell.cell_type;
    return {
      type: type === 'code' || type === 'markdown' ? type : 'raw',
      tags: Array.isArray(own) ? own.map(String) : [],
      source: cell.getSource()
    };
  });
}

/** Forget what was cut or copied, also that it was: a cell that was cut is pasted under its old id, even after undo brought it back. */
export function forgetCut(live: LiveNotebook): void {
  live.notebook.recordCellClipboardInteraction('copy', []);
}

export function clearClipboard(): void {
  Clipboard.getInstance().clear();
}
