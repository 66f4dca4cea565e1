/** @jest-environment jsdom */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import { RolesManager } from '../../src/roles/manager';
import type { IOpened, OpenNotebook } from '../../src/roles/manager';
import type { IChecked } from '../../src/roles/model';

/** As much of a panel as the manager looks at. */
class FakePanel {
  constructor(
    language: string | null = 'python',
    public name = 'panel'
  ) {
    this.metadata = {
      language_info: language === null ? undefined : { name: language }
    };
    this.context = { ready: this.ready.promise };
  }

  readonly ready = new PromiseDelegate<void>();
  readonly context: { ready: Promise<void> };
  readonly disposed = new Signal<this, void>(this);
  isDisposed = false;
  metadata: Record<string, unknown>;
  readonly model = {
    metadataChanged: new Signal<object, void>({}),
    getMetadata: (key: string): unknown => this.metadata[key]
  };

  get panel(): NotebookPanel {
    return this as unknown as NotebookPanel;
  }

  setLanguage(name: string): void {
    this.metadata = { language_info: { name } };
    this.model.metadataChanged.emit();
  }

  close(): void {
    this.isDisposed = true;
    this.disposed.emit();
  }
}

class FakeTracker {
  readonly widgetAdded = new Signal<this, NotebookPanel>(this);
  readonly currentChanged = new Signal<this, NotebookPanel | null>(this);
  currentWidget: NotebookPanel | null = null;
  readonly panels: NotebookPanel[] = [];

  forEach(each: (panel: NotebookPanel) => void): void {
    this.panels.forEach(each);
  }

  add({ panel }: FakePanel): void {
    this.panels.push(panel);
    this.widgetAdded.emit(panel);
  }

  front(fake: FakePanel | null): void {
    this.currentWidget = fake?.panel ?? null;
    this.currentChanged.emit(this.currentWidget);
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await Promise.resolve();
  }
}

function setUp(found: readonly string[] = []) {
  const tracker = new FakeTracker();
  const disposed: NotebookPanel[] = [];
  const opened: NotebookPanel[] = [];
  const checked = {
    result: { findings: found.map(severity => ({ severity })) }
  } as unknown as IChecked;
  let loads = 0;
  const open: OpenNotebook = panel => {
    opened.push(panel);
    return {
      roles: { panel },
      check: { now: () => Promise.resolve(checked) },
      isDisposed: false,
      dispose: () => disposed.push(panel)
    } as unknown as IOpened;
  };
  const manager = new RolesManager({
    tracker: tracker as unknown as INotebookTracker,
    load: () => {
      loads++;
      return Promise.resolve(open);
    }
  });
  return { tracker, manager, opened, disposed, loads: () => loads };
}

describe('the manager of roles', () => {
  it('opens Python notebooks when they are loaded, and loads what that takes once', async () => {
    const { tracker, manager, opened, loads } = setUp();
    const told: NotebookPanel[] = [];
    manager.opened.connect((_, { roles }) => told.push(roles.panel));
    const [a, b, r, unknown] = [
      new FakePanel(),
      new FakePanel('ipython'),
      new FakePanel('R'),
      new FakePanel(null)
    ];
    for (const fake of [a, b, r, unknown]) {
      tracker.add(fake);
    }
    await settle();
    expect(loads()).toBe(0);
    for (const fake of [r, a, b, unknown]) {
      fake.ready.resolve();
    }
    await settle();
    expect(loads()).toBe(1);
    expect(opened).toEqual([a.panel, b.panel, unknown.panel]);
    expect(told).toEqual(opened);
    expect(manager.get(a.panel)?.roles.panel).toBe(a.panel);
    expect(manager.get(r.panel)).toBeNull();
  });

  it('knows the notebook that was last in front', async () => {
    const { tracker, manager } = setUp();
    const seen: (NotebookPanel | undefined)[] = [];
    manager.currentChanged.connect((_, open) => seen.push(open?.roles.panel));
    const [a, r] = [new FakePanel(), new FakePanel('R')];
    tracker.add(a);
    tracker.add(r);
    tracker.front(a);
    expect(manager.current).toBeNull();
    a.ready.resolve();
    r.ready.resolve();
    await settle();
    tracker.front(r);
    tracker.front(a);
    a.close();
    expect(seen).toEqual([a.panel, undefined, a.panel, undefined]);
    expect(manager.current).toBeNull();
  });

  it('follows the language of the kernel', async () => {
    const { tracker, manager, disposed } = setUp();
    const fake = new FakePanel(null);
    tracker.add(fake);
    fake.ready.resolve();
    await settle();
    fake.setLanguage('julia');
    expect(manager.get(fake.panel)).toBeNull();
    expect(disposed).toEqual([fake.panel]);
    fake.setLanguage('python');
    await settle();
    expect(manager.get(fake.panel)).not.toBeNull();
  });

  it('forgets notebooks that close, also while they load, and all when it is disposed', async () => {
    const { tracker, manager, opened, disposed } = setUp();
    const [a, b, c] = [new FakePanel(), new FakePanel(), new FakePanel()];
    [a, b, c].forEach(fake => tracker.add(fake));
    b.ready.resolve();
    b.close();
    a.ready.resolve();
    c.ready.reject(new Error('Cannot be read'));
    await settle();
    expect(opened).toEqual([a.panel]);
    manager.dispose();
    manager.dispose();
    expect(disposed).toEqual([a.panel]);
    tracker.add(new FakePanel());
    await settle();
    expect(opened).toHaveLength(1);
  });

  it.each([
    [[], true],
    [['warning', 'info'], true],
    [['warning', 'error'], false]
  ])('says whether a notebook with %j is clean: %p', async (found, isClean) => {
    const { tracker, manager } = setUp(found);
    const fake = new FakePanel();
    expect(await manager.checkClean(fake.panel)).toBeNull();
    tracker.add(fake);
    fake.ready.resolve();
    await settle();
    const clean = await manager.checkClean(fake.panel);
    expect(clean?.isClean).toBe(isClean);
    expect(clean?.errors).toHaveLength(isClean ? 0 : 1);
  });
});
