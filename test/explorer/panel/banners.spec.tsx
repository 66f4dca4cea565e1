/** @jest-environment jsdom */
import { act } from 'react';
import { createRoot } from 'react-dom/client';

import { EngineError } from '../../../src/engine/engine';
import { Banners } from '../../../src/explorer/panel/banners';
import { PanelContext } from '../../../src/explorer/panel/context';
import { fakePanel } from './fake-panel';
import { FakeEngine, INFO, ticks } from './fakes';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

it('says that an index has other documents, as of when what is shown is, and reloads', async () => {
  const engine = new FakeEngine();
  engine.info = {
    ...INFO,
    index: {
      expression: 'mods-2021',
      indices: ['mods-2021'],
      server: '8.19.0',
      taken: '2021-06-01T12:00:00.000Z',
      sample: null
    }
  };
  const panel = fakePanel(engine);
  const { session, model } = panel;
  model.update(view => ({ ...view, zone: 'UTC' }));
  const node = document.createElement('div');
  const root = createRoot(node);
  await act(async () => {
    root.render(
      <PanelContext.Provider value={panel}>
        <Banners />
      </PanelContext.Provider>
    );
    session.start();
    await ticks();
    await engine.answerAll();
  });
  expect(node.querySelector('[role=status]')).toBeNull();
  await act(async () => {
    model.update(view => ({ ...view, defaults: [] }));
    await ticks();
    engine.open.forEach(one =>
      one.reject(new EngineError('changed', 'Other documents are there.'))
    );
    await ticks();
  });
  expect(node.querySelector('[role=status] p')?.textContent).toMatch(
    /^Other documents are there\. What is shown is as of .*12:00.*\.$/
  );
  const buttons = [...node.querySelectorAll('button')];
  expect(buttons.map(one => one.textContent)).toEqual(['Reload as of now']);
  await act(async () => {
    buttons[0].click();
    await ticks();
  });
  expect(engine.disposed).toBe(true);
  expect(node.querySelector('[role=status]')).toBeNull();
  act(() => root.unmount());
  session.dispose();
});
