import { YFile } from '@jupyter/ydoc';
import * as fc from 'fast-check';
import * as Y from 'yjs';

import { TextViewModel } from '../../../src/explorer/document/text-view-model';
import { TrustStore } from '../../../src/explorer/document/trust';
import { english } from '../../../src/workload/translator';
import { newView } from '../../../src/workload/view';
import type { IView } from '../../../src/workload/view';
import { formatView } from '../../../src/workload/view-format';
import { readView } from '../../../src/workload/view-read';
import { recipes, views } from '../../support/views';

/**
 * People who have a document open, as in jupyter-collaboration: what one of them changes goes to the server, and from there to
 * all others, each way in order but in its own time.
 */
class Room {
  static async open(text: string, people: number): Promise<Room> {
    return new Room(text, people, await TrustStore.load(null));
  }

  private constructor(text: string, people: number, trust: TrustStore) {
    this.files = Array.from({ length: people }, (_, i) => {
      const file = YFile.create();
      file.ydoc.clientID = i + 1;
      return file;
    });
    this.files[0].setSource(text);
    const start = Y.encodeStateAsUpdate(this.files[0].ydoc);
    this.files
      .slice(1)
      .forEach(file => Y.applyUpdate(file.ydoc, start, 'remote'));
    this.files.forEach((file, i) => {
      file.clearUndoHistory();
      file.ydoc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin !== 'remote') {
          this._up[i].push(update);
        }
      });
    });
    this._up = this.files.map(() => []);
    this._down = this.files.map(() => []);
    this.models = this.files.map(
      sharedModel =>
        new TextViewModel({
          sharedModel,
          trans: english,
          trust,
          path: 'folder/a.workload.json',
          isWritable: true
        })
    );
  }

  /** Deliver the next update on one of the ways. */
  async deliver(choice: number): Promise<void> {
    const people = this.files.length;
    const busy = [...this._up, ...this._down].flatMap((way, i) =>
      way.length > 0 ? [i] : []
    );
    const way = busy.at(choice % Math.max(1, busy.length));
    if (way === undefined) {
      return;
    }
    if (way < people) {
      const update = this._up[way].shift()!;
      this._down.forEach((other, i) => i !== way && other.push(update));
    } else {
      Y.applyUpdate(
        this.files[way - people].ydoc,
        this._down[way - people].shift()!,
        'remote'
      );
      await Promise.resolve();
    }
  }

  /** Deliver all updates, and those that they lead to. */
  async settle(choices: readonly number[] = [0]): Promise<void> {
    for (let i = 0; !this.isQuiet; i++) {
      expect(i).toBeLessThan(1000);
      await this.deliver(choices[i % choices.length]);
    }
  }

  /** Whether nothing is on its way. */
  get isQuiet(): boolean {
    return [...this._up, ...this._down].every(way => way.length === 0);
  }

  text(i: number): string {
    return this.files[i].getSource();
  }

  close(): void {
    this.models.forEach(model => model.dispose());
    this.files.forEach(file => file.dispose());
  }

  readonly files: readonly YFile[];
  readonly models: readonly TextViewModel[];
  private readonly _up: Uint8Array[][];
  private readonly _down: Uint8Array[][];
}

beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: ['queueMicrotask', 'nextTick', 'performance', 'Date']
  });
});

afterEach(() => {
  jest.useRealTimers();
});

type Action =
  | {
      readonly kind: 'change';
      readonly who: number;
      readonly change: (view: IView) => IView;
    }
  | { readonly kind: 'undo' | 'redo'; readonly who: number }
  | { readonly kind: 'deliver'; readonly choice: number };

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      who: fc.nat(2),
      change: recipes
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('undo' as const, 'redo' as const),
      who: fc.nat(2)
    })
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      choice: fc.nat(20)
    })
  }
);

async function act(room: Room, action: Action): Promise<void> {
  if (action.kind === 'deliver') {
    await room.deliver(action.choice);
    return;
  }
  const model = room.models[action.who % room.models.length];
  if (action.kind === 'change') {
    model.update(action.change);
  } else {
    model[action.kind]();
  }
  await Promise.resolve();
}

describe('views that several people edit', () => {
  it.each([2, 3])(
    'come out the same and valid for %s people, whatever they do',
    async people => {
      let repairs = 0;
      await fc.assert(
        fc.asyncProperty(
          views,
          fc.array(actions, { minLength: 4, maxLength: 16 }),
          fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
          async (view, steps, choices) => {
            const room = await Room.open(formatView(view), people);
            // What an undo leaves is mended by who undoes, but in a message of its own.
            const hasHistory = steps.some(
              ({ kind }) => kind === 'undo' || kind === 'redo'
            );
            for (const step of steps) {
              await act(room, step);
              if (!hasHistory) {
                room.models.forEach(model => expect(model.problem).toBeNull());
              }
            }
            repairs += room.models.some(
              (_, i) => readView(room.text(i), english).problem
            )
              ? 1
              : 0;
            await room.settle(choices);
            for (let i = 0; i < people; i++) {
              expect(room.text(i)).toBe(room.text(0));
              expect(room.models[i].view).toEqual(room.models[0].view);
            }
            expect(() => JSON.parse(room.text(0)) as unknown).not.toThrow();
            expect(readView(room.text(0), english)).toMatchObject({
              problem: null,
              view: room.models[0].view
            });
            // Nobody has anything left to repair.
            jest.advanceTimersByTime(10000);
            expect(room.isQuiet).toBe(true);
            room.close();
          }
        ),
        { seed: 10 + people, numRuns: 200 }
      );
      expect(repairs).toBeGreaterThan(0);
    }
  );

  const top =
    (n: number) =>
    (view: IView): IView => ({
      ...view,
      board: view.board.map((chart, i) =>
        i === 0 ? { ...chart, question: { ...chart.question, top: n } } : chart
      )
    });

  it('are repaired by one person, the one with the highest number among those who edited', async () => {
    const room = await Room.open(formatView(newView({ paths: ['a'] })), 3);
    room.models[0].update(top(10));
    room.models[1].update(top(15));
    const writers: number[] = [];
    room.files.forEach((file, i) =>
      file.ydoc.on('update', (_: unknown, origin: unknown) => {
        if (origin !== 'remote') {
          writers.push(i);
        }
      })
    );
    await room.settle();
    expect(writers).toEqual([1]);
    expect([10, 15]).toContain(room.models[2].view.board[0].question.top);
    room.close();
  });

  it('are repaired by the others when that person has gone', async () => {
    const room = await Room.open(formatView(newView({ paths: ['a'] })), 3);
    room.models[0].update(top(10));
    room.models[1].update(top(15));
    room.models[1].dispose();
    await room.settle();
    expect(readView(room.text(0), english).problem).not.toBeNull();
    // What is shown is sound before anybody has written it.
    expect(room.models[0].problem).toBeNull();
    expect([10, 15]).toContain(room.models[0].view.board[0].question.top);
    jest.advanceTimersByTime(5000);
    await room.settle();
    expect(readView(room.text(2), english).problem).toBeNull();
    expect(room.text(0)).toBe(room.text(2));
    room.close();
  });

  it('are left alone while somebody types in the text', async () => {
    const room = await Room.open(formatView(newView({ paths: ['a'] })), 2);
    const at = room.text(0).indexOf('"zone"');
    room.files[0].updateSource(at, at + 1, '');
    await room.settle();
    const broken = room.text(0);
    jest.advanceTimersByTime(60000);
    await room.settle();
    expect(room.text(1)).toBe(broken);
    expect(room.models[1].problem).toContain('not valid JSON');
    expect(room.models[1].readOnly).toBe(true);
    expect(room.models[1].view.zone).toBe('UTC');
    room.files[0].updateSource(at, at, '"');
    await room.settle();
    expect(room.models[1].problem).toBeNull();
    room.close();
  });

  it('take back own changes only', async () => {
    const room = await Room.open(formatView(newView({ paths: ['a'] })), 2);
    room.models[0].update(view => ({ ...view, zone: 'Asia/Tokyo' }));
    await room.settle();
    expect(room.models[1].canUndo).toBe(false);
    room.models[1].update(top(10));
    await room.settle();
    room.models[0].undo();
    await room.settle();
    expect(room.models[1].view).toMatchObject({ zone: 'UTC' });
    expect(room.models[1].view.board[0].question.top).toBe(10);
    expect(room.models[0].canUndo).toBe(false);
    expect(room.models[1].canUndo).toBe(true);
    room.close();
  });

  it('mend what an undo brings back beside what others have put in its place', async () => {
    const room = await Room.open(formatView(newView({ paths: ['a'] })), 2);
    room.models[0].update(top(10));
    await room.settle();
    room.models[1].update(top(15));
    await room.settle();
    room.models[0].undo();
    await room.settle();
    expect(room.text(1)).toBe(room.text(0));
    expect(readView(room.text(0), english).problem).toBeNull();
    expect(room.text(0).match(/"top": (15|20)/g)).toHaveLength(2);
    room.close();
  });
});
