/** @jest-environment jsdom */
import { act } from 'react';
import { createRoot } from 'react-dom/client';

import { PanelContext } from '../../../src/explorer/panel/context';
import { Toolbar } from '../../../src/explorer/panel/toolbar';
import { fakePanel } from './fake-panel';
import { FakeEngine, fakeOverview, ticks } from './fakes';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

it('calls a board exact only when its head is exact, too', async () => {
  const engine = new FakeEngine();
  engine.estimated = {
    ...fakeOverview(),
    estimate: { method: 'cardinality', error: 0.02, of: 'value' }
  };
  engine.costs = { bytes: 1e9, rows: 1e8, memory: 1e9 };
  const panel = fakePanel(engine);
  const node = document.createElement('div');
  const root = createRoot(node);
  const status = () => node.querySelector('.jp-Workload-status')?.textContent;
  await act(async () => {
    root.render(
      <PanelContext.Provider value={panel}>
        <Toolbar />
      </PanelContext.Provider>
    );
    panel.session.start();
    await ticks();
  });
  // No chart can be estimated here.
  expect(status()).toMatch(/estimated$/);
  await act(async () => {
    panel.session.stop();
    await ticks();
  });
  expect(status()).toMatch(/estimated$/);
  await act(async () => {
    panel.session.resume();
    panel.session.confirm();
    await ticks();
    await engine.answerAll();
  });
  expect(status()).toMatch(/exact$/);
  act(() => root.unmount());
  panel.session.dispose();
});
