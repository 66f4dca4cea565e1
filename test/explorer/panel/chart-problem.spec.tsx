/** @jest-environment jsdom */
import { act } from 'react';
import { createRoot } from 'react-dom/client';

import { EstimateProblem } from '../../../src/explorer/panel/chart-problem';
import { PanelContext } from '../../../src/explorer/panel/context';
import { NO_ANSWER } from '../../../src/explorer/panel/session-state';
import type { IChartState } from '../../../src/explorer/panel/session-state';
import { chartQuery } from '../../../src/explorer/panel/asks';
import { fakeEstimate, smallView } from './fakes';
import { fakePanel } from './fake-panel';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const view = smallView();
const [chart] = view.board;
const estimate = fakeEstimate(chartQuery(view, chart));
const REFUSED: IChartState = {
  ...NO_ANSWER,
  answer: estimate,
  table: estimate.table,
  stale: false,
  problem: { code: 'memory', message: 'Choose a shorter period.', field: null }
};

function shown(state: IChartState): HTMLElement {
  const node = document.createElement('div');
  const root = createRoot(node);
  act(() =>
    root.render(
      <PanelContext.Provider value={fakePanel()}>
        <EstimateProblem chart={chart} state={state} />
      </PanelContext.Provider>
    )
  );
  return node;
}

describe('EstimateProblem', () => {
  it('says why an estimate stays one, with a next step', () => {
    const node = shown(REFUSED);
    expect(node.querySelector('[role=alert] p')?.textContent).toBe(
      'There is no exact answer, only this estimate. Choose a shorter period.'
    );
    expect(node.querySelector('button')?.textContent).toBe('Reload');
  });

  it('says nothing of a question that is not asked any more, nor in the place of a chart', () => {
    expect(shown({ ...REFUSED, stale: true }).textContent).toBe('');
    expect(shown({ ...REFUSED, answer: null }).textContent).toBe('');
    expect(shown({ ...REFUSED, problem: null }).textContent).toBe('');
  });
});
