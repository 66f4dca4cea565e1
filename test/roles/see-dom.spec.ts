/**
 * @jest-environment jsdom
 */
import { MarkdownCell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';

import type { IFinding } from '../../src/lint/finding';
import type {
  ICellRoleState,
  IChecked,
  IOpenNotebook
} from '../../src/roles/model';
import { CellFindings } from '../../src/roles/show/cell-findings';
import { CellMarks } from '../../src/roles/show/cell-marks';
import { applyRoleColors } from '../../src/roles/show/colors';
import { DEFAULT_ROLE_TAGS } from '../../src/workload/roles';
import type { CellRole, IRoleTags } from '../../src/workload/roles';
import { english } from '../../src/workload/translator';
import { LiveNotebook } from './live-notebook';

/** A notebook as far as marks look at it. */
class FakeNotebook {
  constructor(roles: readonly CellRole[]) {
    roles.forEach((role, i) => this.add(`cell-${i}`, role));
  }

  readonly widgets: { node: HTMLElement; model: { id: string } }[] = [];
  readonly cellCollapsed = new Signal<object, void>(this);
  readonly modelContentChanged = new Signal<object, void>(this);
  isDisposed = false;
  cells: ICellRoleState[] = [];
  isOn = true;
  tags: IRoleTags = DEFAULT_ROLE_TAGS;
  checked: IChecked | null = null;
  readonly changed = new Signal<object, void>(this);
  readonly contentChanged = new Signal<object, void>(this);
  readonly checkChanged = new Signal<object, void>(this);

  add(id: string, role: CellRole, needsRole = true): void {
    this.widgets.push({ node: document.createElement('div'), model: { id } });
    this.cells = [...this.cells, { id, type: 'code', role, needsRole }];
  }

  /** As JupyterLab moves cells: what moves is made anew. */
  move(from: number, to: number): void {
    const [widget] = this.widgets.splice(from, 1);
    this.widgets.splice(to, 0, {
      ...widget,
      node: document.createElement('div')
    });
    const cells = [...this.cells];
    cells.splice(to, 0, ...cells.splice(from, 1));
    this.cells = cells;
  }

  setRole(index: number, role: CellRole): void {
    this.cells = this.cells.map((cell, i) =>
      i === index ? { ...cell, role } : cell
    );
    this.changed.emit();
  }

  find(cell: number, severity: IFinding['severity'], message: string): void {
    this.checked = {
      result: {
        findings: [
          { rule: 'order', cell, cellId: null, severity, range: null, message }
        ],
        allowances: [],
        cells: [],
        paths: []
      },
      cells: this.cells.map(({ id }) => ({ id, source: '' }))
    };
    this.checkChanged.emit();
  }

  /** What the nodes show: role, finding and text. */
  get shown(): string[] {
    return this.widgets.map(({ node }) =>
      [
        node.dataset.workloadRole,
        node.dataset.workloadFinding,
        node.textContent
      ]
        .filter(Boolean)
        .join(' ')
    );
  }

  get marks(): CellMarks {
    const open = {
      roles: Object.defineProperties(
        { changed: this.changed, contentChanged: this.contentChanged },
        {
          isOn: { get: () => this.isOn },
          policy: { get: () => ({ tags: this.tags }) },
          cells: { get: () => this.cells }
        }
      ),
      check: Object.defineProperties(
        { changed: this.checkChanged },
        { checked: { get: () => this.checked } }
      )
    };
    return new CellMarks({
      notebook: this as unknown as Notebook,
      open: open as unknown as IOpenNotebook,
      findings: new CellFindings(),
      trans: english
    });
  }
}

describe('CellMarks', () => {
  it('marks the nodes of all cells, and follows their roles', () => {
    const fake = new FakeNotebook(['upstream', 'none', 'conflict']);
    const marks = fake.marks;
    expect(fake.shown).toEqual(['upstream U', 'none ?', 'conflict !']);
    fake.setRole(1, 'shared');
    expect(fake.shown).toEqual(['upstream U', 'shared S', 'conflict !']);
    const [mark] = fake.widgets[1].node.children;
    expect(mark.getAttribute('aria-label')).toBe(
      'Shared cell: runs upstream and downstream.'
    );
    expect(mark.getAttribute('title')).toBe(mark.getAttribute('aria-label'));
    marks.dispose();
    expect(fake.shown).toEqual(['', '', '']);
  });

  it('touches no node that shows what it should', () => {
    const fake = new FakeNotebook(['upstream', 'shared']);
    const marks = fake.marks;
    const letters = fake.widgets.map(
      ({ node }) => node.firstElementChild?.firstChild
    );
    fake.contentChanged.emit();
    fake.setRole(1, 'downstream');
    const after = fake.widgets.map(
      ({ node }) => node.firstElementChild?.firstChild
    );
    expect(after[0]).toBe(letters[0]);
    expect(after[1]).not.toBe(letters[1]);
    marks.dispose();
  });

  it('marks a moved cell anew, and a new one', () => {
    const fake = new FakeNotebook(['upstream', 'shared', 'downstream']);
    const marks = fake.marks;
    fake.move(0, 2);
    fake.add('new', 'none');
    fake.contentChanged.emit();
    expect(fake.shown).toEqual([
      'shared S',
      'downstream D',
      'upstream U',
      'none ?'
    ]);
    marks.dispose();
  });

  it('shows findings beside the letter, and takes them away', () => {
    const fake = new FakeNotebook(['upstream', 'downstream']);
    const marks = fake.marks;
    fake.find(1, 'warning', 'Mind this.');
    expect(fake.shown).toEqual(['upstream U', 'downstream warning D▲']);
    expect(
      fake.widgets[1].node.firstElementChild?.getAttribute('title')
    ).toContain('Mind this.');
    fake.checked = null;
    fake.checkChanged.emit();
    expect(fake.shown).toEqual(['upstream U', 'downstream D']);
    marks.dispose();
  });

  it('follows the names of tags', () => {
    const fake = new FakeNotebook(['upstream', 'shared']);
    const marks = fake.marks;
    fake.tags = { ...DEFAULT_ROLE_TAGS, upstream: 'reduce' };
    fake.changed.emit();
    const titles = fake.widgets.map(({ node }) =>
      node.firstElementChild?.getAttribute('title')
    );
    expect(titles[0]).toContain('reduce');
    expect(titles[1]).not.toContain('tag');
    marks.dispose();
  });

  it('shows at a collapsed heading what it hides', async () => {
    const text = (source: string) => ({ type: 'markdown', source }) as const;
    const live = new LiveNotebook([
      text('# One'),
      { tags: ['shared'] },
      text('## Within'),
      {},
      text('# Two'),
      {}
    ]);
    const { notebook } = live;
    const open = {
      roles: live.roles,
      check: { changed: new Signal({}), checked: null }
    };
    const marks = new CellMarks({
      notebook,
      open: open as unknown as IOpenNotebook,
      findings: new CellFindings(),
      trans: english
    });
    const letters = (): (string | undefined)[] =>
      notebook.widgets.map(
        ({ node }) =>
          node.querySelector('.jp-WorkloadRoles-mark')?.textContent ?? ''
      );
    expect(letters()).toEqual(['', 'S', '', '?', '', '?']);
    const heading = notebook.widgets[0];
    if (!(heading instanceof MarkdownCell)) {
      throw new Error('The first cell is a heading.');
    }
    heading.headingCollapsed = true;
    expect(letters()).toEqual(['?', 'S', '', '?', '', '?']);
    live.roles.setRole([live.ids[3]], 'shared');
    await Promise.resolve();
    expect(letters()).toEqual(['', 'S', '', 'S', '', '?']);
    live.roles.setRole([live.ids[3]], null);
    await Promise.resolve();
    expect(letters()[0]).toBe('?');
    heading.headingCollapsed = false;
    expect(letters()).toEqual(['', 'S', '', '?', '', '?']);
    marks.dispose();
    live.dispose();
  });

  it('shows nothing while roles are off', () => {
    const fake = new FakeNotebook(['upstream', 'none']);
    fake.isOn = false;
    const marks = fake.marks;
    expect(fake.shown).toEqual(['', '']);
    fake.isOn = true;
    fake.changed.emit();
    expect(fake.shown).toEqual(['upstream U', 'none ?']);
    fake.isOn = false;
    fake.changed.emit();
    expect(fake.shown).toEqual(['', '']);
    expect(fake.widgets[0].node.outerHTML).toBe('<div></div>');
    marks.dispose();
  });
});

describe('applyRoleColors', () => {
  const color = (role: string): string =>
    document.body.style.getPropertyValue(`--jp-WorkloadRoles-user-${role}`);

  it('hands colors to the style sheets, and takes them back', () => {
    applyRoleColors({ upstream: '#123456', shared: 'rgb(1 2 3 / 50%)' });
    expect(color('upstream')).toBe('#123456');
    expect(color('shared')).toBe('rgb(1 2 3 / 50%)');
    expect(color('downstream')).toBe('');
    applyRoleColors({ upstream: '' });
    expect(color('upstream')).toBe('');
    expect(color('shared')).toBe('');
    applyRoleColors(null);
  });

  it.each(['url(https://example.org/x)', 'red; background: blue', 7, {}])(
    'takes %j for no color',
    value => {
      applyRoleColors({ upstream: value });
      expect(color('upstream')).toBe('');
    }
  );
});
