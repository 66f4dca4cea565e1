/**
 * @jest-environment jsdom
 */
import { EditorState } from '@codemirror/state';
import type { Extension, StateEffect } from '@codemirror/state';
import { EditorView, tooltips } from '@codemirror/view';

import type { IFinding } from '../../src/lint/finding';
import { allowanceAt } from '../../src/roles/allowance';
import { findAgain } from '../../src/roles/fixing';
import { findingCard } from '../../src/roles/marks/finding-card';
import { nextFinding } from '../../src/roles/marks/navigate';
import {
  findingsAt,
  findingsField,
  setFindings
} from '../../src/roles/marks/state';
import type { ISourceFindings } from '../../src/roles/marks/state';
import {
  findingMarks,
  isTooltipOpen,
  openTooltipAt
} from '../../src/roles/marks/tooltip';
import { english } from '../../src/workload/translator';

function finding(from: number, to: number, rest: object = {}): IFinding {
  return {
    rule: 'name-undefined',
    cell: 0,
    cellId: 'x',
    severity: 'error',
    range: { from, to },
    name: 'df',
    message: 'df is defined nowhere.',
    ...rest
  };
}

function showing(
  findings: readonly IFinding[],
  source = ''
): StateEffect<ISourceFindings> {
  return setFindings.of({ findings, source });
}

describe('findings in an editor', () => {
  const start = EditorState.create({
    doc: 'print(df)',
    extensions: [findingsField]
  });
  const marked = start.update({
    effects: showing([finding(6, 8)])
  }).state;
  const places = (state: EditorState): number[][] =>
    state.field(findingsField).map(({ from, to }) => [from, to]);

  it('stand at their names', () => {
    expect(places(marked)).toEqual([[6, 8]]);
  });

  it('move along with what is typed before them', () => {
    expect(
      places(marked.update({ changes: { from: 0, insert: 'x = 1\n' } }).state)
    ).toEqual([[12, 14]]);
  });

  it('do not grow with what is typed beside them', () => {
    expect(
      places(
        marked.update({
          changes: [
            { from: 6, insert: 'a' },
            { from: 8, insert: 'b' }
          ]
        }).state
      )
    ).toEqual([[7, 9]]);
  });

  it('go with their names', () => {
    expect(
      places(marked.update({ changes: { from: 5, to: 9 } }).state)
    ).toEqual([]);
  });

  it('are replaced by the next result', () => {
    expect(places(marked.update({ effects: showing([]) }).state)).toEqual([]);
  });

  it('leave out what has no place, and what lies behind the end', () => {
    const { state } = start.update({
      effects: showing([
        finding(0, 0, { range: null }),
        finding(100, 120),
        finding(8, 900)
      ])
    });
    expect(places(state)).toEqual([[8, 9]]);
  });

  it('are found at a position, the narrowest first', () => {
    const { state } = start.update({
      effects: showing([
        finding(0, 9, { rule: 'wide' }),
        finding(6, 8, { rule: 'narrow' })
      ])
    });
    const rules = (at: number): string[] =>
      findingsAt(state, at).map(each => each.finding.rule);
    expect(rules(7)).toEqual(['narrow', 'wide']);
    expect(rules(2)).toEqual(['wide']);
    expect(findingsAt(EditorState.create({ doc: 'x' }), 0)).toEqual([]);
  });
});

describe('the tooltip of the keyboard', () => {
  const view = (more: Extension = []): EditorView =>
    new EditorView({
      parent: document.body,
      state: EditorState.create({
        doc: 'print(df)',
        extensions: [
          more,
          findingMarks({
            draw: findings => {
              const node = document.createElement('div');
              node.className = 'jp-WorkloadRoles-tooltip';
              node.append(
                ...findings.map(({ name }) => {
                  const button = document.createElement('button');
                  button.textContent = name ?? '';
                  return button;
                })
              );
              return node;
            }
          })
        ]
      })
    });
  const shown = (): Element | null =>
    document.querySelector('.jp-WorkloadRoles-tooltip');

  it('adds no styles before it is needed, as they cost the page all of its own', () => {
    const { state } = view();
    const without = new EditorView().state;
    expect(state.facet(EditorView.styleModule)).toEqual(
      without.facet(EditorView.styleModule)
    );
  });

  it('opens at a finding, and closes with the next change', () => {
    const editor = view();
    editor.dispatch({ effects: showing([finding(6, 8)]) });
    openTooltipAt(editor, 7);
    expect(shown()?.textContent).toBe('df');
    editor.dispatch({ changes: { from: 0, insert: ' ' } });
    expect(shown()).toBeNull();
    editor.destroy();
  });

  it('keeps the keyboard while it is open, and is known to be open wherever it stands', () => {
    // As JupyterLab has it: tooltips stand in the page's body.
    const editor = view(tooltips({ parent: document.body }));
    editor.dispatch({
      effects: showing([finding(6, 8), finding(6, 8, { name: 'b' })])
    });
    expect(isTooltipOpen(editor)).toBe(false);
    openTooltipAt(editor, 7);
    expect(isTooltipOpen(editor)).toBe(true);
    const press = (node: Element | null, key: string): void => {
      node?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    };
    const [first, second] = shown()?.querySelectorAll('button') ?? [];
    first.focus();
    press(first, 'Tab');
    expect(document.activeElement).toBe(second);
    press(second, 'Tab');
    expect(document.activeElement).toBe(first);
    press(editor.contentDOM, 'Escape');
    expect(isTooltipOpen(editor)).toBe(false);
    editor.destroy();
  });

  it('does not open where nothing is found', () => {
    const editor = view();
    openTooltipAt(editor, 2);
    expect(shown()).toBeNull();
    editor.destroy();
  });
});

describe('findingCard', () => {
  const NO_RULES = { explain: async () => '', showPage: () => undefined };
  const fix = { title: 'Make cell 1 shared', edits: [], tags: [] };

  it('has the message, a button for the fix, and tells the rule on demand', async () => {
    const fixed: IFinding[] = [];
    const pages: string[] = [];
    const card = findingCard(
      [finding(6, 8, { fix })],
      {
        fix: each => fixed.push(each),
        rules: {
          explain: async rule => `All about ${rule}.`,
          showPage: rule => pages.push(rule)
        },
        blocked: null
      },
      english
    );
    expect(card.textContent).toContain('df is defined nowhere.');
    const [fixButton, ruleButton] = card.querySelectorAll('button');
    expect(fixButton.textContent).toBe('Make cell 1 shared');
    fixButton.click();
    expect(fixed).toHaveLength(1);
    expect(card.textContent).not.toContain('All about');
    ruleButton.click();
    await Promise.resolve();
    expect(card.textContent).toContain('All about name-undefined.');
    expect(ruleButton.getAttribute('aria-expanded')).toBe('true');
    card.querySelectorAll('button')[2].click();
    expect(pages).toEqual(['name-undefined']);
  });

  it('says why nothing can be fixed', () => {
    const card = findingCard(
      [finding(6, 8, { fix })],
      {
        fix: () => undefined,
        rules: NO_RULES,
        blocked: 'It is read-only.'
      },
      english
    );
    const [fixButton, ruleButton] = card.querySelectorAll('button');
    expect(fixButton.disabled).toBe(true);
    expect(fixButton.title).toBe('It is read-only.');
    expect(ruleButton.disabled).toBe(false);
  });

  it('shows messages as text, whatever they hold', () => {
    const card = findingCard(
      [finding(6, 8, { message: '<img src=x onerror=alert(1)>' })],
      { fix: () => undefined, rules: NO_RULES, blocked: null },
      english
    );
    expect(card.querySelector('img')).toBeNull();
    expect(card.textContent).toContain('<img');
  });
});

describe('nextFinding', () => {
  const a = finding(3, 5, { cell: 1 });
  const b = finding(9, 11, { cell: 1 });
  const c = finding(0, 0, { cell: 4, range: null });
  const all = [c, b, a];

  it('goes on in the order of the notebook, round and round', () => {
    expect(nextFinding(all, { cell: 0, offset: 7 }, 'next')).toBe(a);
    expect(nextFinding(all, { cell: 1, offset: 3 }, 'next')).toBe(b);
    expect(nextFinding(all, { cell: 1, offset: 9 }, 'next')).toBe(c);
    expect(nextFinding(all, { cell: 4, offset: 0 }, 'next')).toBe(a);
    expect(nextFinding(all, { cell: 1, offset: 3 }, 'previous')).toBe(c);
    expect(nextFinding(all, { cell: 4, offset: 0 }, 'previous')).toBe(c);
    expect(nextFinding(all, { cell: 4, offset: -1 }, 'previous')).toBe(b);
    expect(nextFinding([], { cell: 0, offset: 0 }, 'next')).toBeNull();
  });
});

describe('findAgain', () => {
  it('finds the same in another result, the nearest where there are several', () => {
    const old = finding(6, 8);
    const near = finding(9, 11);
    const far = finding(60, 62);
    expect(findAgain(old, [far, near])).toBe(near);
    expect(findAgain(old, [old, near])).toBe(old);
    expect(findAgain(old, [finding(6, 8, { name: 'x' })])).toBeNull();
    expect(findAgain(old, [finding(6, 8, { cellId: 'y' })])).toBeNull();
  });
});

describe('allowanceAt', () => {
  it('goes to the top of the cell', () => {
    expect(allowanceAt('x = 1', 'order', ' run\nby hand ')).toEqual({
      from: 0,
      to: 0,
      text: '# workload: allow order run by hand\n'
    });
  });

  it('goes below a cell magic', () => {
    const magic = '%%time\nx = 1';
    const { from, text } = allowanceAt(magic, 'order', 'why');
    expect(magic.slice(0, from) + text + magic.slice(from)).toBe(
      '%%time\n# workload: allow order why\nx = 1'
    );
    const alone = allowanceAt('%%bash', 'order', 'why');
    expect('%%bash'.slice(0, alone.from) + alone.text).toBe(
      '%%bash\n# workload: allow order why'
    );
  });
});
