/** @jest-environment jsdom */
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { ExplorerContent } from '../../src/explorer/content';
import type { ILoadedView } from '../../src/explorer/content';
import type { IViewModel } from '../../src/explorer/view-model';
import { english } from '../../src/workload/translator';
import { newView } from '../../src/workload/view';

function loaded(): ILoadedView & {
  model: { dispose: jest.Mock };
  release: jest.Mock;
} {
  const source: object = {};
  const model = {
    view: newView({ paths: [] }),
    readOnly: false,
    problem: null,
    path: null,
    trusted: true,
    trust: jest.fn(),
    canUndo: false,
    canRedo: false,
    update: jest.fn(),
    undo: jest.fn(),
    redo: jest.fn(),
    isDisposed: false,
    dispose: jest.fn()
  };
  const whole: IViewModel & typeof model = Object.assign(source, model, {
    changed: new Signal<IViewModel, void>(source as IViewModel)
  });
  return { model: whole, panel: new Widget(), release: jest.fn() };
}

describe('ExplorerContent', () => {
  it('holds the panel once it is loaded, and lets go of all when it is closed', async () => {
    const view = loaded();
    const content = new ExplorerContent({
      load: () => Promise.resolve(view),
      trans: english
    });
    const changed = jest.fn();
    content.modelChanged.connect(changed);
    expect(content.model).toBeNull();
    await content.loaded;
    expect(content.model).toBe(view.model);
    expect(view.panel.parent).toBe(content);
    expect(changed).toHaveBeenCalledTimes(1);
    content.dispose();
    content.dispose();
    expect(view.panel.isDisposed).toBe(true);
    expect(view.release).toHaveBeenCalledTimes(1);
    expect(view.model.dispose).toHaveBeenCalledTimes(1);
  });

  it('drops what comes after it is closed', async () => {
    const view = loaded();
    const content = new ExplorerContent({
      load: () => Promise.resolve(view),
      trans: english
    });
    content.dispose();
    await content.loaded;
    expect(view.panel.isDisposed).toBe(true);
    expect(view.model.dispose).toHaveBeenCalledTimes(1);
    expect(view.release).toHaveBeenCalledTimes(1);
  });

  it('says why there is no panel', async () => {
    const load = () => Promise.reject(new Error('no network'));
    const content = new ExplorerContent({ load, trans: english });
    await expect(content.loaded).rejects.toThrow('no network');
    expect(content.node.querySelector('[role=alert]')?.textContent).toContain(
      'Workload Explorer could not be loaded: no network.'
    );
  });
});
