import type { ICompiling } from '../../src/dashboard/compile-open';
import { PreviewModel } from '../../src/dashboard/preview/preview-model';
import type { IPreviewRun } from '../../src/server/preview';

const COMPILED = {
  kind: 'compiled',
  path: 'x.preview.ipynb',
  isNew: true,
  places: [],
  notices: [],
  template: null
} as const;
const REFUSED: ICompiling = { kind: 'problem', message: 'It is no Python.' };
const RUN: IPreviewRun = {
  state: 'running',
  cells: [],
  refusal: null,
  kernel: null
};

interface IWorld {
  readonly model: PreviewModel;
  /** What was asked of the server. */
  readonly asked: string[];
  /** Kernels that were ended. */
  readonly ended: string[];
  compiled: () => Promise<ICompiling>;
  ran: (run: string) => Promise<IPreviewRun | null>;
}

function world(): IWorld {
  let runs = 0;
  const asked: string[] = [];
  const ended: string[] = [];
  const made: IWorld = {
    asked,
    ended,
    compiled: () => Promise.resolve(COMPILED),
    ran: () => Promise.resolve({ ...RUN, state: 'done' }),
    model: new PreviewModel({
      compile: () => made.compiled(),
      ask: run => {
        asked.push(run);
        return made.ran(run);
      },
      newRun: () => `run-${++runs}`,
      endKernel: id => ended.push(id)
    })
  };
  return made;
}

/** Resolves when something holds. */
function when(model: PreviewModel, holds: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (holds()) {
        model.changed.disconnect(look);
        resolve();
      }
    };
    model.changed.connect(look);
    look();
  });
}

describe('PreviewModel', () => {
  it('compiles, asks for a page, and tells what ran until all has', async () => {
    const { model, asked } = world();
    await model.refresh();
    expect(model.status).toEqual({
      kind: 'page',
      compiled: COMPILED,
      run: 'run-1'
    });
    await when(model, () => model.ran?.state === 'done');
    expect(asked).toEqual(['run-1']);
    model.dispose();
  });

  it('keeps asking while nothing is known, and until cells have run', async () => {
    const made = world();
    const { model } = made;
    const answers: (IPreviewRun | null)[] = [null, RUN];
    made.ran = () => {
      const answer = answers.shift();
      return Promise.resolve(
        answer === undefined ? { ...RUN, state: 'failed' } : answer
      );
    };
    await model.refresh();
    await when(model, () => model.ran?.state === 'failed');
    expect(made.asked).toEqual(['run-1', 'run-1', 'run-1']);
    model.dispose();
  });

  it('gives up where the page is there and the server knows of nothing', async () => {
    const made = world();
    const { model } = made;
    made.ran = () => Promise.resolve(null);
    await model.refresh();
    model.pageLoaded();
    await when(model, () => model.knowledge === 'unknown');
    expect(model.ran).toBeNull();
    model.dispose();
  });

  it('says that the server has forgotten what it told before', async () => {
    const made = world();
    const answers: (IPreviewRun | null)[] = [RUN, null];
    made.ran = () => Promise.resolve(answers.shift() ?? null);
    await made.model.refresh();
    await when(made.model, () => made.model.knowledge === 'lost');
    expect(made.model.ran).toEqual(RUN);
    made.model.dispose();
  });

  it('ends the kernel of a page that it leaves', async () => {
    const made = world();
    made.ran = run => Promise.resolve({ ...RUN, kernel: `of-${run}` });
    await made.model.refresh();
    await when(made.model, () => made.model.ran !== null);
    await made.model.refresh();
    expect(made.ended).toEqual(['of-run-1']);
    await when(made.model, () => made.model.ran !== null);
    made.model.dispose();
    expect(made.ended).toEqual(['of-run-1', 'of-run-2']);
  });

  it('ends the kernel of a page that it leaves before it was told of it', async () => {
    const made = world();
    made.ran = run => Promise.resolve({ ...RUN, kernel: `of-${run}` });
    await made.model.refresh();
    made.model.dispose();
    await Promise.resolve();
    expect(made.ended).toEqual(['of-run-1']);
  });

  it('runs a page that is lost again, as it was compiled', async () => {
    const made = world();
    const { model } = made;
    model.runAgain();
    expect(model.page).toBeNull();
    made.ran = run => Promise.resolve({ ...RUN, kernel: `of-${run}` });
    await model.refresh();
    await when(model, () => model.ran !== null);
    made.compiled = () => Promise.reject(new Error('It is compiled again.'));
    model.runAgain();
    expect(made.ended).toEqual(['of-run-1']);
    expect(model.ran).toBeNull();
    const page = { kind: 'page', compiled: COMPILED, run: 'run-2' };
    expect(model.status).toEqual(page);
    await when(model, () => model.ran?.kernel === 'of-run-2');

    // What is refused now is another state of the notebook than that which is seen.
    made.compiled = () => Promise.resolve(REFUSED);
    await model.follow();
    model.runAgain();
    expect(model.status).toEqual({ kind: 'refused', compiling: REFUSED });
    expect(model.page).toEqual({ ...page, run: 'run-3' });
    model.dispose();
    model.runAgain();
    expect(model.page?.run).toBe('run-3');
  });

  it('asks again what ran for a page that the reader loads again', async () => {
    const made = world();
    const { model } = made;
    const kernels = ['first', 'second'];
    made.ran = () =>
      Promise.resolve({
        ...RUN,
        state: 'done',
        kernel: kernels.shift() ?? null
      });
    await model.refresh();
    await when(model, () => model.ran?.kernel === 'first');
    model.pageLoaded();
    model.pageLoaded();
    await when(model, () => model.ran?.kernel === 'second');
    expect(made.asked).toEqual(['run-1', 'run-1']);
    model.dispose();
    expect(made.ended).toEqual(['second']);
  });

  it('runs again what is another dashboard, and the same when asked to', async () => {
    const made = world();
    const { model } = made;
    const runs = () => (model.status.kind === 'page' ? model.status.run : null);
    await model.follow();
    expect(runs()).toBe('run-1');
    made.compiled = () => Promise.resolve({ ...COMPILED, isNew: false });
    await model.follow();
    expect(runs()).toBe('run-1');
    await model.refresh();
    expect(runs()).toBe('run-2');
    made.compiled = () => Promise.resolve(REFUSED);
    await model.follow();
    made.compiled = () => Promise.resolve({ ...COMPILED, isNew: false });
    await model.follow();
    expect(runs()).toBe('run-3');
    model.dispose();
  });

  it('says why there is no page', async () => {
    const made = world();
    made.compiled = () => Promise.resolve(REFUSED);
    await made.model.refresh();
    expect(made.model.status).toEqual({ kind: 'refused', compiling: REFUSED });
    expect(made.asked).toEqual([]);
    made.model.dispose();
  });

  it('says that the server cannot be asked, and takes it back', async () => {
    const made = world();
    const { model } = made;
    let isDown = true;
    made.ran = () =>
      isDown
        ? Promise.reject(new Error('It is down.'))
        : Promise.resolve({ ...RUN, state: 'done' });
    await model.refresh();
    await when(model, () => model.problem !== null);
    expect(model.problem).toBe('It is down.');
    isDown = false;
    await when(model, () => model.ran?.state === 'done');
    expect(model.problem).toBeNull();
    model.dispose();
  });

  it('compiles once more when asked while it compiles, not more often', async () => {
    const made = world();
    let count = 0;
    const waiting: ((value: ICompiling) => void)[] = [];
    made.compiled = () => {
      count++;
      return new Promise(resolve => waiting.push(resolve));
    };
    const all = Promise.all([1, 2, 3, 4].map(() => made.model.refresh()));
    waiting.shift()?.(COMPILED);
    await when(made.model, () => made.model.status.kind === 'page');
    await Promise.resolve();
    waiting.shift()?.(REFUSED);
    await all;
    expect(count).toBe(2);
    expect(made.model.status.kind).toBe('refused');
    made.model.dispose();
  });

  it('does nothing more once it is disposed', async () => {
    const made = world();
    const first = made.model.refresh();
    made.model.dispose();
    await first;
    expect(made.model.status.kind).toBe('compiling');
    expect(made.asked).toEqual([]);
  });
});
