import type { ICompiling } from '../../../src/dashboard/compile-open';
import { PublishModel } from '../../../src/dashboard/publish/publish-model';
import {
  formOf,
  newForm,
  requestOf
} from '../../../src/dashboard/publish/publish-request';
import { readChoice, readPublishing } from '../../../src/server/dashboards';
import type {
  IDashboard,
  IPublishing,
  IPublishRequest
} from '../../../src/server/dashboards';

const COMPILED: ICompiling = {
  kind: 'compiled',
  path: 'report.dashboard.ipynb',
  isNew: true,
  places: [0],
  notices: []
};

/** A model, and a server that tells of these states one after the other. */
function make(
  answers: readonly (object | Error)[],
  compiling: ICompiling | null = COMPILED
) {
  const left = [...answers];
  const started: IPublishRequest[] = [];
  const cancelled: string[] = [];
  const model = new PublishModel({
    form: newForm('a/report.ipynb'),
    compile: () => Promise.resolve(compiling),
    start: request => {
      started.push(request);
      return Promise.resolve('p1');
    },
    ask: (): Promise<IPublishing> => {
      const next = left.length > 1 ? left.shift() : left[0];
      return next instanceof Error
        ? Promise.reject(next)
        : Promise.resolve(readPublishing(next));
    },
    cancel: id => {
      cancelled.push(id);
      return Promise.resolve();
    }
  });
  return { model, started, cancelled };
}

/** Wait until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

describe('PublishModel', () => {
  it('compiles, starts, and asks until it has ended', async () => {
    const { model, started } = make([
      { state: 'running', step: 'verify' },
      { state: 'published', step: 'swap', outcome: { published: true } }
    ]);
    model.set({ raw: [' records ', ''], out: ' public/report/ ' });
    await model.publish('a reason');
    expect(model.isRunning).toBe(true);
    await until(() => !model.isRunning);
    expect(model.progress?.publishing?.state).toBe('published');
    expect(started).toHaveLength(1);
    expect(started[0]).toMatchObject({
      notebook: 'report.dashboard.ipynb',
      out: 'public/report',
      raw: ['records'],
      accept: 'a reason'
    });
    model.dispose();
  });

  it('publishes nothing that cannot be compiled', async () => {
    const refused: ICompiling = { kind: 'findings', errors: [] };
    const { model, started } = make([{}], refused);
    await model.publish();
    expect(started).toEqual([]);
    expect(model.isRunning).toBe(false);
    expect(model.progress).toEqual({ compiling: refused, publishing: null });
  });

  it('is as before when the user would rather not compile', async () => {
    const { model, started } = make([{}], null);
    await model.publish();
    expect(started).toEqual([]);
    expect(model.progress).toBeNull();
    expect(model.isRunning).toBe(false);
  });

  it('tells why it cannot be started', async () => {
    const model = new PublishModel({
      form: newForm('a.ipynb'),
      compile: () => Promise.resolve(COMPILED),
      start: () => Promise.reject(new Error('There is no folder.')),
      ask: () => Promise.reject(new Error('never')),
      cancel: () => Promise.resolve()
    });
    await model.publish();
    expect(model.problem).toBe('There is no folder.');
    expect(model.isRunning).toBe(false);
  });

  it('goes on asking a server that does not answer once', async () => {
    const { model } = make([
      new Error('The server does not answer.'),
      { state: 'stopped', step: 'check' }
    ]);
    await model.publish();
    await until(() => model.problem !== null);
    expect(model.problem).toBe('The server does not answer.');
    await until(() => !model.isRunning);
    expect(model.problem).toBeNull();
  });

  it('cancels what is under way, and only that', async () => {
    const { model, cancelled } = make([{ state: 'running', step: 'verify' }]);
    await model.cancel();
    expect(cancelled).toEqual([]);
    await model.publish();
    await model.cancel();
    expect(cancelled).toEqual(['p1']);
    model.dispose();
  });
});

describe('what is filled in', () => {
  it('begins beside the notebook', () => {
    const form = newForm('a/report.ipynb');
    expect(form).toMatchObject({
      out: 'a/report-dashboard',
      audience: 'public',
      page: true,
      timeout: 300
    });
    // The root of a disk stays one.
    expect(requestOf({ ...form, out: '/' }, 'n', '').out).toBe('/');
  });

  it('is that of the last time', () => {
    const asked = readChoice({
      audience: 'center',
      k: 3,
      raw: ['records', 7],
      by_reference: ['/srv/data'],
      mapping: { user: 'handle', job: 7 },
      page: false
    });
    expect(formOf({ asked, out: 'public/report' } as IDashboard)).toEqual({
      audience: 'center',
      k: 3,
      raw: ['records'],
      mapping: { user: 'handle' },
      byReference: ['/srv/data'],
      data: [],
      image: '',
      timeout: 300,
      page: false,
      out: 'public/report',
      archive: ''
    });
  });
});
