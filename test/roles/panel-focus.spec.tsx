/** @jest-environment jsdom */
import { MessageLoop } from '@lumino/messaging';
import { act } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';

import type { IFinding } from '../../src/lint/finding';
import type { IPanelContext } from '../../src/roles/panel/context';
import { FindingsList } from '../../src/roles/panel/findings-list';
import { RolesSidebar } from '../../src/roles/panel/sidebar';
import { Suggestions } from '../../src/roles/panel/suggestions';
import { english } from '../../src/workload/translator';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** Where the keyboard is: the text of the element; null where nobody has it. */
function focused(): string | null {
  const { activeElement, body } = document;
  return activeElement === body ? null : (activeElement?.textContent ?? null);
}

describe('the keyboard in the side panel', () => {
  const ids = ['cell-0', 'cell-1'];
  const roles = {
    isOn: true,
    panel: { isDisposed: false, context: { model: { readOnly: false } } },
    cells: ids.map(id => ({ id, type: 'code' }))
  };
  let panel: HTMLElement;
  let root: Root;

  beforeEach(() => {
    panel = document.body.appendChild(document.createElement('div'));
    panel.className = 'jp-WorkloadRoles';
    panel.tabIndex = -1;
    root = createRoot(panel.appendChild(document.createElement('div')));
  });

  afterEach(() => {
    act(() => root.unmount());
    panel.remove();
  });

  const button = (label: string): HTMLButtonElement => {
    const found = [...panel.querySelectorAll('button')].find(
      ({ textContent }) => textContent === label
    );
    if (!found) {
      throw new Error(`There is no button “${label}”.`);
    }
    return found;
  };

  describe('at a finding', () => {
    const show = (...names: readonly string[]): void => {
      const findings = names.map((name): IFinding => ({
        rule: 'order',
        cell: 0,
        cellId: null,
        severity: 'error',
        range: null,
        name,
        message: `${name} comes too late.`,
        fix: { title: `Move ${name}`, edits: [], tags: [] }
      }));
      const cells = ids.map(id => ({ id, source: '' }));
      const checked = { result: { findings }, cells };
      const check = {
        checked,
        isStale: false,
        problem: null,
        now: async () => checked
      };
      const context = {
        model: { open: { roles, check } },
        trans: english
      } as unknown as IPanelContext;
      act(() => root.render(<FindingsList context={context} />));
    };

    it('goes to the next one when it is settled, at last to what is said instead', () => {
      show('a', 'b', 'c');
      button('Move b').focus();
      show('a', 'c');
      expect(focused()).toContain('c comes too late.');
      show('a');
      expect(focused()).toContain('a comes too late.');
      show();
      expect(focused()).toBe('Nothing found.');
    });

    it('stays where it is while others are settled, and where it has gone', () => {
      show('a', 'b');
      button('Move b').focus();
      show('b');
      expect(focused()).toBe('Move b');
      button('Move b').blur();
      show();
      expect(focused()).toBeNull();
    });

    it('goes back to the button when the form is closed, and to the next one when it is allowed', async () => {
      show('a', 'b');
      const allow = button('Allow…');
      act(() => allow.click());
      const input = panel.querySelector('input');
      expect(document.activeElement).toBe(input);
      act(() => button('Cancel').click());
      expect(document.activeElement).toBe(allow);
      act(() => allow.click());
      act(() => {
        panel
          .querySelector('input')
          ?.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })
          );
      });
      expect(panel.querySelector('form')).toBeNull();
      expect(document.activeElement).toBe(allow);
      show('b');
      expect(focused()).toContain('b comes too late.');
    });
  });

  it('goes on in the suggestions, and to the panel when there are none left', () => {
    const show = (...ids: readonly string[]): void => {
      const open = ids.map(id => ({
        id,
        role: 'shared',
        reasons: [],
        because: 'guess'
      }));
      const suggestions = {
        isBusy: false,
        open: open.length > 0 ? open : null
      };
      const context = {
        model: {
          open: { roles, suggestions },
          sourceOf: (index: number) => `source_${index}`
        },
        trans: english
      } as unknown as IPanelContext;
      act(() => root.render(<Suggestions context={context} />));
    };
    const [a, b] = ids;
    show(a, b);
    button('Accept').focus();
    show(b);
    expect(focused()).toContain('source_1');
    show();
    expect(document.activeElement).toBe(panel);
  });

  it('is taken by the panel, and left where it already is in it', async () => {
    const sidebar = new RolesSidebar({
      // It never comes: the panel is not loaded yet.
      createContext: () => new Promise(() => undefined),
      trans: english as unknown as RolesSidebar.IOptions['trans']
    });
    document.body.append(sidebar.node);
    const takeFocus = async (): Promise<void> => {
      sidebar.takeFocus();
      await Promise.resolve();
      MessageLoop.flush();
    };
    // As JupyterLab does when it restores its layout.
    sidebar.activate();
    MessageLoop.flush();
    expect(focused()).toBeNull();
    await takeFocus();
    expect(document.activeElement).toBe(sidebar.node);
    const inside = sidebar.node.appendChild(document.createElement('button'));
    const list = sidebar.node.appendChild(document.createElement('div'));
    list.className = 'jp-WorkloadRoles-list';
    list.tabIndex = 0;
    inside.focus();
    await takeFocus();
    expect(document.activeElement).toBe(inside);
    inside.blur();
    await takeFocus();
    expect(document.activeElement).toBe(list);
    sidebar.node.remove();
    sidebar.dispose();
  });
});
