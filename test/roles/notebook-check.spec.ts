/** @jest-environment jsdom */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import { NotebookChecker } from '../../src/lint/check';
import type { LintClient } from '../../src/lint/lint-worker-client';
import { checkClean } from '../../src/roles/clean-check';
import { FileExistence } from '../../src/roles/file-existence';
import { fixFinding } from '../../src/roles/fixing';
import type { IOpenNotebook, IRolesManager } from '../../src/roles/model';
import { NotebookCheck } from '../../src/roles/notebook-check';
import { english } from '../../src/workload/translator';
import { liveNotebooks } from './live-notebook';
import type { ITestCell } from './live-notebook';

/** Holds back what comes to it while it is closed, and tells when something has come. */
class Gate {
  /** How many have come. */
  count = 0;

  async pass(): Promise<void> {
    this.count += 1;
    this._come.resolve();
    this._come = new PromiseDelegate();
    await this._isOpen.promise;
  }

  /** Resolves when so many have come. */
  async come(count: number): Promise<void> {
    while (this.count < count) {
      await this._come.promise;
    }
  }

  close(): void {
    this._isOpen = new PromiseDelegate();
  }

  open(): void {
    this._isOpen.resolve();
  }

  private _come = new PromiseDelegate<void>();
  private _isOpen = (() => {
    const isOpen = new PromiseDelegate<void>();
    isOpen.resolve();
    return isOpen;
  })();
}

const open = liveNotebooks();
const checks: NotebookCheck[] = [];
afterEach(() => {
  checks.splice(0).forEach(check => check.dispose());
});

interface IOptions {
  readonly isAutomatic?: boolean;
  readonly policyRead?: Promise<unknown>;
}

/** The check of a notebook in folders with one file each, `there.csv`; the worker and the server answer when they are let. */
function setUp(
  cells: readonly ITestCell[],
  { isAutomatic = true, policyRead }: IOptions = {}
) {
  const live = open(cells);
  const { roles } = live;
  const context = Object.assign(roles.panel.context, {
    path: 'note.ipynb',
    pathChanged: new Signal<object, string>({}),
    sessionContext: { statusChanged: new Signal<object, string>({}) }
  });
  const worker = new Gate();
  const server = new Gate();
  const checker = new NotebookChecker();
  const client: Pick<LintClient, 'check' | 'forget'> = {
    check: async (notebook, policy, files) => {
      const known = new Map(files);
      await worker.pass();
      return checker.check(notebook, {
        policy,
        trans: english,
        exists: path => known.get(path)
      });
    },
    forget: () => undefined
  };
  const listed = ['there.csv', 'data'];
  const contents = {
    driveName: () => '',
    localPath: (path: string) => path,
    get: async () => {
      const content = listed.map(name => ({
        name,
        type: name.includes('.') ? 'file' : 'directory'
      }));
      await server.pass();
      return { content };
    }
  } as unknown as Contents.IManager;
  const check = new NotebookCheck({
    roles,
    client: client as LintClient,
    files: new FileExistence(contents, () => context.path),
    trans: english,
    isAutomatic: () => isAutomatic,
    policyRead
  });
  checks.push(check);
  const opened = { roles, check } as unknown as IOpenNotebook;
  const manager: Pick<IRolesManager, 'get'> = { get: () => opened };
  return {
    live,
    check,
    opened,
    worker,
    server,
    listed,
    write: (cell: number, source: string) =>
      live.shared.getCell(cell).setSource(source),
    clean: () =>
      checkClean(manager as IRolesManager, {} as unknown as NotebookPanel),
    /** Resolves when the check has told something of which a condition holds. */
    until: async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        const told = new PromiseDelegate<void>();
        const tell = (): void => told.resolve();
        check.changed.connect(tell);
        await told.promise;
        check.changed.disconnect(tell);
      }
    },
    run: () => context.sessionContext.statusChanged.emit('idle')
  };
}

const UP = { tags: ['upstream'], source: 'limit = 1' };
const DOWN = { tags: ['downstream'], source: 'print(1)' };
const READ = 'import pandas as pd\ndf = pd.read_csv("nope.csv")';

/** Rules of errors. */
function errorsOf(
  clean: Awaited<ReturnType<typeof checkClean>>
): string[] | undefined {
  return clean?.errors.map(({ rule }) => rule);
}

/** After what was put off to the end of this turn of the event loop. */
function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}

describe('a notebook', () => {
  it('is not called clean by the result of before while another check runs', async () => {
    const { check, worker, write, clean, until } = setUp([UP, DOWN]);
    expect((await clean())?.isClean).toBe(true);
    await until(() => !check.isStale);
    worker.close();
    write(1, 'print(limit)');
    await worker.come(2);
    expect(check.isStale).toBe(true);
    const late = clean();
    worker.open();
    expect((await late)?.isClean).toBe(false);
    expect(check.isStale).toBe(false);
  });

  it('is checked as it is when it is asked for, also right after a change and while a check runs', async () => {
    const { check, worker, write, clean } = setUp([UP, DOWN]);
    await check.now();
    write(1, 'print(limit)');
    expect((await clean())?.isClean).toBe(false);
    worker.close();
    write(1, 'print(2)');
    const early = clean();
    await worker.come(3);
    write(1, 'print(limit, 2)');
    const late = clean();
    worker.open();
    expect((await early)?.isClean).toBe(true);
    expect((await late)?.isClean).toBe(false);
  });

  it('is not checked again as long as it is the same', async () => {
    const { live, check, worker, until } = setUp([UP, DOWN]);
    const checked = await check.now();
    live.roles.show('downstream');
    await until(() => check.isStale);
    expect(await check.now()).toBe(checked);
    expect(check.isStale).toBe(false);
    expect(worker.count).toBe(1);
  });

  it('has what was found with what it was found in, and is fixed as it is', async () => {
    const { live, check, opened, worker, write } = setUp([
      UP,
      { ...DOWN, source: 'print(limit)' }
    ]);
    const finding = (await check.now()).result.findings.find(({ fix }) => fix);
    worker.close();
    write(0, 'limit = 2');
    await worker.come(2);
    const fixed = finding && fixFinding(opened, finding, english);
    worker.open();
    expect(await fixed).toBe(true);
    expect(live.tags[0]).toEqual(['shared']);
  });

  it('is not called clean before it is known which files exist', async () => {
    const { server, clean } = setUp([UP, { ...DOWN, source: READ }]);
    server.close();
    const early = clean();
    await server.come(1);
    const other = clean();
    server.open();
    expect(errorsOf(await early)).toEqual(['file-not-written']);
    expect(errorsOf(await other)).toEqual(['file-not-written']);
  });

  it('sees files that somebody else has written since', async () => {
    const { listed, clean } = setUp([UP, { ...DOWN, source: READ }]);
    expect(errorsOf(await clean())).toEqual(['file-not-written']);
    listed.push('nope.csv');
    expect(errorsOf(await clean())).toEqual([]);
  });

  it('is checked for files while its roles are off', async () => {
    const source = READ.replace('nope', 'there');
    const { live, server, write, clean } = setUp([UP, { ...DOWN, source }]);
    live.roles.turn(false);
    expect(errorsOf(await clean())).toEqual([]);
    server.close();
    write(1, READ.replace('nope', 'data/nope'));
    const late = clean();
    await server.come(2);
    await turn();
    server.open();
    expect(errorsOf(await late)).toEqual(['file-not-written']);
  });

  it('is not called clean before the site’s policy is read', async () => {
    const read = new PromiseDelegate<void>();
    const { live, clean } = setUp([UP, DOWN, { source: 'print(2)' }], {
      policyRead: read.promise.then(() => {
        live.roles.site = { severities: { 'role-missing': 'info' } };
      })
    });
    const early = clean();
    await turn();
    read.resolve();
    expect((await early)?.isClean).toBe(true);
  });

  it('cannot be checked once it is closed', async () => {
    const { check } = setUp([UP]);
    check.dispose();
    await expect(check.now()).rejects.toThrow('The notebook is closed.');
  });
});

describe('where nothing is checked while typing', () => {
  const cells = [UP, { ...DOWN, source: `${READ}\nprint(limit)` }];

  it('what was asked for stays when files are learned and other cells shown', async () => {
    const { live, check, until, listed, run } = setUp(cells, {
      isAutomatic: false
    });
    const rules = () =>
      check.checked?.result.findings.map(({ rule }) => rule).sort();
    const found = await check.now();
    await until(() => !check.isStale);
    expect(check.checked).toBe(found);
    expect(check.problem).toBeNull();
    expect(rules()).toContain('file-not-written');

    live.roles.show('downstream');
    await turn();
    expect(check.checked).toBe(found);

    listed.push('nope.csv');
    run();
    await until(() => check.checked !== found && !check.isStale);
    expect(check.problem).toBeNull();
    expect(rules()).toHaveLength(found.result.findings.length - 1);
    expect(rules()).not.toContain('file-not-written');
  });

  it('it goes with the next change', async () => {
    const { check, write } = setUp(cells, { isAutomatic: false });
    await check.now();
    write(0, 'limit = 2');
    await turn();
    expect(check.checked).toBeNull();
    expect(check.problem).toMatch(/^Not checked/);
  });

  it('a result that is behind when it comes is given to who asked, and to nobody else', async () => {
    const { check, worker, write } = setUp([UP, DOWN], { isAutomatic: false });
    worker.close();
    const now = check.now();
    await worker.come(1);
    write(1, 'print(2)');
    await turn();
    worker.open();
    expect((await now).cells[1].source).toBe('print(1)');
    expect(check.checked).toBeNull();
    expect(check.problem).toMatch(/^Not checked/);
  });
});
