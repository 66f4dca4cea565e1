/** @jest-environment jsdom */
import { act } from 'react';
import { createRoot } from 'react-dom/client';

import type { IPanelContext } from '../../src/roles/panel/context';
import { FindingsList } from '../../src/roles/panel/findings-list';
import { english } from '../../src/workload/translator';
import { LiveNotebook } from './live-notebook';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

it.each([false, true])(
  'offers a fix where the notebook may be changed, and says why not (read-only: %s)',
  readOnly => {
    const live = new LiveNotebook([{ tags: ['shared'] }]);
    live.model.readOnly = readOnly;
    const checked = {
      result: {
        findings: [
          {
            rule: 'order',
            cell: 0,
            cellId: null,
            severity: 'error',
            range: null,
            message: 'It comes too late.',
            fix: { title: 'Move it', edits: [], tags: [] }
          }
        ]
      },
      cells: live.ids.map(id => ({ id, source: '' }))
    };
    const context = {
      model: {
        open: {
          roles: live.roles,
          check: { checked, isStale: false, problem: null }
        }
      },
      trans: english
    } as unknown as IPanelContext;
    const node = document.body.appendChild(document.createElement('div'));
    const root = createRoot(node);
    act(() => root.render(<FindingsList context={context} />));
    const [fix, allow] = ['Move it', 'Allow…'].map(label =>
      [...node.querySelectorAll('button')].find(
        ({ textContent }) => textContent === label
      )
    );
    expect([fix?.disabled, allow?.disabled]).toEqual([readOnly, readOnly]);
    expect((fix?.title ?? '').includes('read-only')).toBe(readOnly);
    expect((allow?.title ?? '').includes('read-only')).toBe(readOnly);
    act(() => root.unmount());
    live.dispose();
  }
);
