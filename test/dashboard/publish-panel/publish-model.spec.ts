import type { ICompiling } from '../../../src/dashboard/compile-open';
import { PublishModel } from '../../../src/dashboard/publish/publish-model';
import type { IPublishForm } from '../../../src/dashboard/publish/publish-model';
import {
  formOf,
  lacksParameters,
  newForm,
  parametersOf,
  requestOf
} from '../../../src/dashboard/publish/publish-request';
import { AnswerError } from '../../../src/server/read-answer';
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
  notices: [],
  template: null
};

/** A model, and a server that tells of these states one after the other. */
function make(
  answers: readonly (object | Error)[],
  compiling: ICompiling | null = COMPILED
) {
  const left = [...answers];
  const started: IPublishRequest[] = [];
  const cancelled: string[] = [];
  const compiled: IPublishForm[] = [];
  const model = new PublishModel({
    form: newForm('a/report.ipynb'),
    compile: form => {
      compiled.push(form);
      return Promise.resolve(compiling);
    },
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
  return { model, started, cancelled, compiled };
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
    await model.publish();
    expect(model.isRunning).toBe(true);
    await until(() => !model.isRunning);
    expect(model.progress?.publishing?.state).toBe('published');
    expect(started).toHaveLength(1);
    expect(started[0]).toMatchObject({
      notebook: 'report.dashboard.ipynb',
      out: 'public/report',
      raw: ['records'],
      accept: '',
      acceptOnly: []
    });
    model.dispose();
  });

  it('says a reason of the findings that were seen, and of no others', async () => {
    const stopped = (acceptable: string | null) => ({
      state: 'stopped',
      step: 'privacy',
      outcome: { published: false, acceptable }
    });
    const { model, started } = make([
      stopped('not proven'),
      stopped('names'),
      stopped(null)
    ]);
    await model.publish();
    await until(() => !model.isRunning);
    await model.publishAnyway('a laptop');
    await until(() => !model.isRunning);
    await model.publishAnyway('they agree');
    await until(() => !model.isRunning);
    expect(
      started.map(({ accept, acceptOnly }) => [accept, ...acceptOnly])
    ).toEqual([
      [''],
      ['a laptop', 'not proven'],
      ['a laptop; they agree', 'not proven', 'names']
    ]);
    // Where no reason helps, none is sent; and another attempt begins without.
    await model.publishAnyway('please');
    expect(started).toHaveLength(3);
    await model.publish();
    expect(started[3].acceptOnly).toEqual([]);
    model.dispose();
  });

  it('compiles with the parameters that are asked, and misses them afterwards', async () => {
    const { model, started, compiled } = make([
      { state: 'published', step: 'swap', outcome: { published: true } }
    ]);
    const publish = async (parameters: string): Promise<unknown> => {
      model.set({ out: 'public/report', parameters });
      await model.publish();
      await until(() => !model.isRunning);
      return parametersOf(compiled[compiled.length - 1]);
    };
    const publishedWithParameters = 'public/report';
    expect(await publish('2021.yaml')).toEqual({ parameters: '2021.yaml' });
    expect(started[0].parameters).toBe('2021.yaml');
    expect(lacksParameters(model.form)).toBe(false);
    expect(await publish('')).toEqual({ publishedWithParameters });
    // That was asked for, and was done.
    expect(lacksParameters(model.form)).toBe(false);
    expect(await publish('')).toEqual({});
    model.dispose();
  });

  it('can be tried again when compiling fails, or the server has forgotten it', async () => {
    let fails = true;
    const model = new PublishModel({
      form: newForm('a.ipynb'),
      compile: () =>
        fails
          ? Promise.reject(new Error('It cannot be saved.'))
          : Promise.resolve(COMPILED),
      start: () => Promise.resolve('p1'),
      ask: () => Promise.reject(new AnswerError('Forgotten.', 404)),
      cancel: () => Promise.resolve()
    });
    await model.publish();
    expect(model.problem).toBe('It cannot be saved.');
    expect(model.isRunning).toBe(false);
    fails = false;
    await model.publish();
    await until(() => !model.isRunning);
    expect(model.problem).toBe('Forgotten.');
    model.dispose();
  });

  it('is cancelled before it has begun, too', async () => {
    const { model, started, cancelled } = make([
      { state: 'running', step: 'verify' }
    ]);
    const publishing = model.publish();
    await model.cancel();
    await publishing;
    expect(started).toEqual([]);
    expect(cancelled).toEqual([]);
    expect(model.isRunning).toBe(false);
    expect(model.progress).toBeNull();
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
    expect(requestOf({ ...form, out: '/' }, 'n').out).toBe('/');
  });

  it('is that of the last time', () => {
    const asked = readChoice({
      audience: 'center',
      k: 3,
      raw: ['records', 7],
      by_reference: ['/srv/data'],
      mapping: { user: 'handle', job: 7 },
      allowed_hosts: ['h:1'],
      kernel: 'other',
      page: false,
      compiled_with: '2021.yaml'
    });
    expect(formOf({ asked, out: 'public/report' } as IDashboard)).toEqual({
      audience: 'center',
      k: 3,
      raw: ['records'],
      map: ['user=handle'],
      byReference: ['/srv/data'],
      data: [],
      allowedHosts: ['h:1'],
      image: '',
      kernel: 'other',
      timeout: 300,
      page: false,
      parameters: '2021.yaml',
      out: 'public/report',
      archive: '',
      hadParameters: ''
    });
  });

  it('is sent without blanks and empty lines', () => {
    const form = {
      ...newForm('a.ipynb'),
      map: [' user = handle', '', 'job=a = b ', 'boss'],
      allowedHosts: [' h:1 ', ''],
      kernel: ' other '
    };
    expect(requestOf(form, 'n')).toMatchObject({
      map: ['user=handle', 'job=a = b', 'boss'],
      allowedHosts: ['h:1'],
      kernel: 'other'
    });
  });

  it('wants the file of parameters where it was published with some', () => {
    const asked = readChoice({});
    const had = formOf({
      asked,
      out: 'public/report',
      parameters: true
    } as IDashboard);
    const publishedWithParameters = 'public/report';
    expect(parametersOf(had)).toEqual({ publishedWithParameters });
    expect(lacksParameters(had)).toBe(true);
    const named = { ...had, parameters: ' 2021.yaml ' };
    expect(parametersOf(named)).toEqual({
      parameters: '2021.yaml',
      publishedWithParameters
    });
    expect(lacksParameters(named)).toBe(false);
    expect(requestOf(named, 'n').parameters).toBe('2021.yaml');
    expect(requestOf(named, 'n')).not.toHaveProperty('hadParameters');
    // Elsewhere nothing is lost; blanks and slashes name no other place.
    expect(parametersOf({ ...had, out: 'public/other' })).toEqual({});
    expect(lacksParameters({ ...had, out: ' public/report/ ' })).toBe(true);
    expect(parametersOf(newForm('a.ipynb'))).toEqual({});
  });
});
