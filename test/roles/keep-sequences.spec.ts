/** @jest-environment jsdom */
import { YNotebook } from '@jupyter/ydoc';
import { NotebookActions } from '@jupyterlab/notebook';
import fc from 'fast-check';
import * as Y from 'yjs';

import { size } from '../support/sizes';
import {
  PlainNotebook,
  applyEdit,
  cells,
  clearClipboard,
  edit,
  forgetCut,
  plainCells,
  roleByTags
} from './edits';
import type { IPlainCell } from './edits';
import { LiveNotebook } from './live-notebook';

const OPTIONS = {
  seed: Number(process.env.WORKLOAD_SEED ?? 1),
  numRuns: size('role_edits')
};

/** What the user is shown is what would be saved: a role, that there is none, or that there are two. */
function expectShown(live: LiveNotebook): void {
  expect(live.shown).toEqual(
    plainCells(live).map(({ type, tags }) =>
      type === 'code' ? roleByTags(tags) : null
    )
  );
}

function open(
  initial: ConstructorParameters<typeof LiveNotebook>[0],
  documentWideUndo = false
) {
  clearClipboard();
  const live = new LiveNotebook(initial, documentWideUndo);
  live.settings.show = 'always';
  // So that what is one step is so by intent, not because it was quick.
  live.shared.undoManager.captureTimeout = 0;
  return live;
}

/** Dispose a notebook, and let JupyterLab do what it has put off. */
async function close(live: LiveNotebook): Promise<void> {
  live.dispose();
  await new Promise(resolve => setTimeout(resolve));
}

/** Most that the many cases of `npm run prove` may take, ms. */
const TIMEOUT = 1_200_000;

describe('random edits of a notebook', () => {
  it.each([false, true])(
    'leave each code cell the role that the rules promise (document-wide undo: %s)',
    async documentWideUndo => {
      // Most people have JupyterLab's default.
      const numRuns = documentWideUndo ? OPTIONS.numRuns / 4 : OPTIONS.numRuns;
      let steps = 0;
      await fc.assert(
        fc.asyncProperty(
          cells,
          fc.array(
            fc.oneof(
              { weight: 4, arbitrary: edit },
              { weight: 1, arbitrary: fc.constantFrom('undo', 'redo') }
            ),
            { minLength: 6, maxLength: 18 }
          ),
          async (initial, edits) => {
            const live = open(initial, documentWideUndo);
            const plain = new PlainNotebook(plainCells(live));
            const undone: (typeof plain.cells)[] = [];
            const done: (typeof plain.cells)[] = [];
            const { undoStack } = live.shared.undoManager;
            for (const each of edits) {
              const before = plain.cells;
              if (each === 'undo') {
                NotebookActions.undo(live.notebook);
                forgetCut(live);
                const last = done.pop();
                if (last) {
                  undone.push(before);
                  plain.cells = last;
                }
              } else if (each === 'redo') {
                NotebookActions.redo(live.notebook);
                forgetCut(live);
                const next = undone.pop();
                if (next) {
                  done.push(before);
                  plain.cells = next;
                }
              } else {
                const depth = undoStack.length;
                applyEdit(live, each);
                plain.apply(each);
                // One edit is one step, if it is any.
                if (undoStack.length > depth) {
                  done.push(before);
                  undone.length = 0;
                }
              }
              expect(plainCells(live)).toEqual(plain.cells);
              expect(undoStack).toHaveLength(done.length);
              expectShown(live);
              expect(new Set(live.ids).size).toBe(live.ids.length);
              steps++;
            }
            expect(live.merges).toHaveLength(plain.warnings);
            await close(live);
          }
        ),
        { ...OPTIONS, numRuns }
      );
      expect(steps).toBeGreaterThan(numRuns * 6);
    },
    TIMEOUT
  );
});

/** Another person's edits, made through another program: they come with tags of their own, or with none. */
const others = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'move', 'tag', 'write'),
  at: fc.nat(20),
  to: fc.nat(20),
  cell: cells.map(([first]) => first)
});

type IOtherEdit = typeof others extends fc.Arbitrary<infer T> ? T : never;

/** Two notebooks, one of them another person's, which see each other's edits when they are delivered. */
class Pair {
  constructor(readonly live: LiveNotebook) {
    this.other = new YNotebook({ disableDocumentWideUndoRedo: true });
    this.deliver(live.shared, this.other);
  }

  readonly other: YNotebook;

  deliver(from: YNotebook, to: YNotebook): void {
    const known = Y.encodeStateVector(to.ydoc);
    const update = Y.encodeStateAsUpdate(from.ydoc, known);
    Y.applyUpdate(to.ydoc, update, 'network');
  }

  edit({ kind, at, to, cell }: IOtherEdit): void {
    const { other } = this;
    const { length } = other.cells;
    const index = at % Math.max(length, 1);
    const { type = 'code', tags = [], source = '' } = cell;
    if (kind === 'insert' || length === 0) {
      other.insertCell(index, {
        cell_type: type,
        source,
        metadata: { tags: [...tags] }
      });
    } else if (kind === 'delete' && length > 1) {
      other.deleteCell(index);
    } else if (kind === 'move') {
      other.moveCell(index, to % length);
    } else if (kind === 'tag') {
      other.cells[index].setMetadata('tags', [...tags]);
    } else if (kind === 'write') {
      other.cells[index].setSource(source);
    }
  }
}

describe('random edits of two people', () => {
  it(
    'come out the same, with the roles that each gave, and none that nobody gave',
    async () => {
      let delivered = 0;
      await fc.assert(
        fc.asyncProperty(
          cells,
          fc.array(
            fc.oneof(
              { weight: 3, arbitrary: edit.map(own => ({ own }) as const) },
              {
                weight: 3,
                arbitrary: others.map(other => ({ other }) as const)
              },
              {
                weight: 2,
                arbitrary: fc.constantFrom('undo', 'redo', 'send', 'receive')
              }
            ),
            { minLength: 6, maxLength: 18 }
          ),
          async (initial, steps) => {
            let clipboard: readonly IPlainCell[] = [];
            const live = open(initial);
            const pair = new Pair(live);
            const { other } = pair;
            for (const step of steps) {
              if (step === 'send') {
                pair.deliver(live.shared, other);
              } else if (step === 'receive') {
                // What is received changes nothing here but what it says: our own edits are known there before.
                pair.deliver(live.shared, other);
                pair.deliver(other, live.shared);
                expect(live.shared.toJSON()).toEqual(other.toJSON());
                delivered++;
              } else if (step === 'undo' || step === 'redo') {
                NotebookActions[step](live.notebook);
                forgetCut(live);
              } else if ('other' in step) {
                pair.edit(step.other);
              } else if (live.shared.cells.length > 0) {
                // Whatever the other has done, an edit does what the rules say.
                const plain = new PlainNotebook(plainCells(live), clipboard);
                applyEdit(live, step.own);
                plain.apply(step.own);
                clipboard = plain.clipboard;
                expect(plainCells(live)).toEqual(plain.cells);
              }
              expectShown(live);
            }
            other.dispose();
            await close(live);
          }
        ),
        OPTIONS
      );
      expect(delivered).toBeGreaterThan(0);
    },
    TIMEOUT
  );
});
