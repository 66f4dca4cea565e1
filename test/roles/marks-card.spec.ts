/**
 * @jest-environment jsdom
 */
import { EditorState } from '@codemirror/state';
import { activateHover, EditorView, tooltips } from '@codemirror/view';

import type { IFinding } from '../../src/lint/finding';
import { setFindings } from '../../src/roles/marks/state';
import {
  findingMarks,
  isTooltipOpen,
  openTooltipAt
} from '../../src/roles/marks/tooltip';

const FINDING: IFinding = {
  rule: 'name-undefined',
  cell: 0,
  cellId: 'x',
  severity: 'error',
  range: { from: 6, to: 8 },
  name: 'df',
  message: 'df is defined nowhere.'
};

describe('a card of findings', () => {
  let editor: EditorView;

  beforeEach(() => {
    editor = new EditorView({
      parent: document.body,
      state: EditorState.create({
        doc: 'print(df)',
        extensions: [
          // As JupyterLab has it: they stand in the page's body.
          tooltips({ parent: document.body }),
          findingMarks({
            draw: (findings, close) => {
              const node = document.createElement('div');
              node.className = 'jp-WorkloadRoles-tooltip';
              const button = document.createElement('button');
              button.textContent = findings.map(({ name }) => name).join();
              button.addEventListener('click', close);
              node.append(button);
              return node;
            }
          })
        ]
      })
    });
    show([FINDING]);
  });

  afterEach(() => editor.destroy());

  const show = (findings: readonly IFinding[]): void =>
    editor.dispatch({ effects: setFindings.of({ findings, source: '' }) });
  const card = (): Element | null =>
    document.querySelector('.jp-WorkloadRoles-tooltip');
  const hover = (): void => {
    editor.contentDOM.dispatchEvent(
      new MouseEvent('mouseover', { bubbles: true })
    );
    activateHover(editor, 7, 1);
    expect(card()).not.toBeNull();
  };
  /** Press Esc; whether anybody else would hear of it. */
  const escape = (node: Element): boolean => {
    const heard = jest.fn();
    document.body.addEventListener('keydown', heard);
    node.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })
    );
    document.body.removeEventListener('keydown', heard);
    return heard.mock.calls.length > 0;
  };

  it('that is hovered closes with its button', () => {
    hover();
    card()?.querySelector('button')?.click();
    expect(card()).toBeNull();
  });

  it.each(['the editor', 'elsewhere'])(
    'that is hovered closes by Esc with the keyboard in %s, and Esc does nothing else',
    where => {
      const node = where === 'elsewhere' ? document.body : editor.contentDOM;
      hover();
      expect(escape(node)).toBe(false);
      expect(card()).toBeNull();
      expect(escape(node)).toBe(true);
    }
  );

  it('that is hovered goes with its finding, and stays for the same one found again', () => {
    hover();
    show([{ ...FINDING }]);
    expect(card()).not.toBeNull();
    show([{ ...FINDING, name: 'other', message: 'Something else.' }]);
    expect(card()).toBeNull();
  });

  it('of the keyboard goes with its finding, and gives the keyboard back', async () => {
    openTooltipAt(editor, 7);
    const button = card()?.querySelector('button');
    button?.focus();
    show([{ ...FINDING }]);
    expect(document.activeElement).toBe(button);
    show([]);
    await Promise.resolve();
    expect(isTooltipOpen(editor)).toBe(false);
    expect(card()).toBeNull();
    expect(document.activeElement).toBe(editor.contentDOM);
  });

  it('of the keyboard leaves the keyboard where it has gone meanwhile', async () => {
    openTooltipAt(editor, 7);
    card()?.querySelector('button')?.focus();
    const other = document.body.appendChild(document.createElement('input'));
    other.focus();
    show([]);
    await Promise.resolve();
    expect(document.activeElement).toBe(other);
    other.remove();
  });
});
