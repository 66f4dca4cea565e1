/** @jest-environment jsdom */
import { act } from 'react';
import type { JSX } from 'react';
import { createRoot } from 'react-dom/client';

import { RenderGuard } from '../../../src/explorer/panel/render-guard';
import { english } from '../../../src/workload/translator';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

it('shows a fault in place of what has it, and tries again', () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  let broken = true;
  function Part(): JSX.Element {
    if (broken) {
      throw new RangeError('no such zone');
    }
    return <p>all is well</p>;
  }
  const node = document.body.appendChild(document.createElement('div'));
  const root = createRoot(node);
  act(() =>
    root.render(
      <RenderGuard trans={english}>
        <Part />
      </RenderGuard>
    )
  );
  expect(node.querySelector('[role=alert]')?.textContent).toContain(
    'no such zone'
  );
  broken = false;
  act(() => node.querySelector('button')?.click());
  expect(node.textContent).toBe('all is well');
  act(() => root.unmount());
});
