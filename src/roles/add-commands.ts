import { Notification } from '@jupyterlab/apputils';
import type { ISessionContextDialogs } from '@jupyterlab/apputils';
import type { Notebook } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { DEFAULT_ROLE_TAGS, PAPERMILL_TAGS, ROLES } from '../workload/roles';
import type { IRoleTags, Role } from '../workload/roles';
import { cellTags } from './cell-tags';
import {
  runLabel,
  sectionLabel,
  selectLabel,
  setLabel
} from './command-labels';
import type { RoleChoice } from './command-labels';
import { CommandIDs } from './commands';
import type {
  ICellRoleState,
  INotebookRoles,
  IOpenNotebook,
  IRolesManager
} from './model';
import { tellOfHidden } from './hidden-notice';
import { tellOfPapermill } from './papermill-notice';
import { isReadOnly } from './read-only';
import { cellsToRun } from './run-role';
import { sectionOf } from './section';
import { hiddenNow, isHiddenNow } from './show/hidden';

export interface IAddCommandsOptions {
  readonly commands: CommandRegistry;
  readonly manager: IRolesManager;
  readonly trans: TranslationBundle;
  readonly translator: ITranslator;
  /** Asks for a kernel where there is none. */
  readonly sessionDialogs: ISessionContextDialogs | null;
}

/** Add the commands that set roles and that use them. */
export function addCommands({
  commands,
  manager,
  trans,
  translator,
  sessionDialogs
}: IAddCommandsOptions): void {
  const current = (): INotebookRoles | null => manager.current?.roles ?? null;
  const names = (): IRoleTags => current()?.policy.tags ?? DEFAULT_ROLE_TAGS;
  const canSet = (): boolean => {
    const roles = current();
    return roles !== null && !isReadOnly(roles);
  };
  const roleArgument = (description: string) => ({
    type: 'string',
    oneOf: [...ROLES, 'none'].map(role => ({ const: role })),
    description
  });

  commands.addCommand(CommandIDs.setRole, {
    label: args =>
      setLabel(
        choice(args.role),
        Array.isArray(args.cells) ? args.cells.length : 2,
        names(),
        trans
      ),
    caption: trans.__('Give the selected code cells this role'),
    describedBy: {
      args: {
        type: 'object',
        required: ['role'],
        properties: {
          role: roleArgument(trans.__('The role, or “none” to take it away.')),
          cells: {
            type: 'array',
            items: { type: 'string' },
            description: trans.__(
              'Ids of cells of the notebook in front; left out, the selected ones.'
            )
          }
        }
      }
    },
    isEnabled: canSet,
    isToggleable: true,
    isToggled: args => {
      const roles = current();
      const chosen = roles ? chosenCells(roles, args.cells) : [];
      return (
        chosen.length > 0 &&
        chosen.every(cell => cell.role === choice(args.role))
      );
    },
    execute: args => {
      const roles = current();
      const role = choice(args.role);
      if (roles === null || role === null) {
        return;
      }
      const cells = chosenCells(roles, args.cells).map(({ id }) => id);
      roles.setRole(cells, role === 'none' ? null : role);
      if (role === 'none') {
        tellOfPapermill(roles, cells, trans);
      }
      if (cells.length === 0 && activeIsHidden(roles)) {
        tellOfHidden(roles, 1, 'change', trans);
      }
    }
  });

  commands.addCommand(CommandIDs.setSectionRole, {
    label: args => sectionLabel(choice(args.role), names(), trans),
    caption: trans.__(
      'Give this role to the code cells from the heading above to the next heading of the same or a higher level'
    ),
    describedBy: {
      args: {
        type: 'object',
        required: ['role'],
        properties: {
          role: roleArgument(trans.__('The role, or “none” to take it away.'))
        }
      }
    },
    isEnabled: canSet,
    execute: args => {
      const roles = current();
      const role = choice(args.role);
      if (roles !== null && role !== null) {
        const [hidden, inSight] = apart(roles, codeOfSection(roles));
        roles.setRole(
          inSight.map(({ id }) => id),
          role === 'none' ? null : role
        );
        // Of those that have the role already there is nothing to say.
        const leftOut = hidden.filter(cell => cell.role !== role).length;
        tellOfHidden(roles, leftOut, 'change', trans);
      }
    }
  });

  commands.addCommand(CommandIDs.selectRole, {
    label: args => selectLabel(choice(args.role), trans),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          role: roleArgument(
            trans.__(
              'The role, or “none” for code cells without one; left out, that of the active cell.'
            )
          )
        }
      }
    },
    isEnabled: () => current() !== null,
    execute: args => {
      const roles = current();
      if (roles) {
        const role = choice(args.role) ?? activeRole(roles);
        const [hidden, inSight] = apart(
          roles,
          roles.cells.filter(
            cell =>
              cell.type === 'code' &&
              cell.role === role &&
              (role !== 'none' || cell.needsRole)
          )
        );
        select(roles.panel.content, new Set(inSight.map(({ id }) => id)));
        tellOfHidden(roles, hidden.length, 'selection', trans);
      }
    }
  });

  commands.addCommand(CommandIDs.runRole, {
    label: args => runLabel(choice(args.role), trans),
    caption: trans.__(
      'Run the cells of a role and the shared ones, in the notebook’s order, up to the first error'
    ),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          role: {
            type: 'string',
            oneOf: ROLES.map(role => ({ const: role })),
            description: trans.__(
              'The role; left out, that of the active cell.'
            )
          }
        }
      }
    },
    isEnabled: () => current() !== null,
    execute: args => {
      const open = manager.current;
      const role = open && (choice(args.role) ?? activeRole(open.roles));
      if (!open || !ROLES.some(each => each === role)) {
        Notification.info(
          trans.__('The active cell has no role: choose one that has.'),
          { autoClose: 4000 }
        );
        return undefined;
      }
      return run(open, ROLES[ROLES.findIndex(each => each === role)]);
    }
  });

  commands.addCommand(CommandIDs.toggleRoles, {
    label: trans.__('Show Cell Roles'),
    caption: trans.__('Show roles and findings at the cells of this notebook'),
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => current() !== null,
    isToggleable: true,
    isToggled: () => current()?.isOn ?? false,
    execute: () => {
      const roles = current();
      roles?.turn(!roles.isOn);
    }
  });

  /** Run what a machine runs, and say what it would leave out. */
  const run = async (
    { roles }: IOpenNotebook,
    role: Role
  ): Promise<boolean> => {
    const { panel } = roles;
    const { cells, leftOut } = cellsToRun(roles.cells, role);
    if (leftOut > 0) {
      Notification.warning(
        trans._n(
          '%1 code cell was left out: it has no role, or two.',
          '%1 code cells were left out: they have no role, or two.',
          leftOut
        ),
        { autoClose: 6000 }
      );
    }
    return NotebookActions.runCells(
      panel.content,
      cells.map(index => panel.content.widgets[index]),
      panel.sessionContext,
      sessionDialogs ?? undefined,
      translator
    );
  };

  const notify = (): void => {
    for (const id of Object.values(CommandIDs)) {
      commands.notifyCommandChanged(id);
    }
  };
  let followed: INotebookRoles | null = null;
  manager.currentChanged.connect((_, open) => {
    followed?.changed.disconnect(notify);
    followed = open?.roles ?? null;
    followed?.changed.connect(notify);
    notify();
  });
}

function choice(value: unknown): RoleChoice | null {
  return value === 'none'
    ? value
    : (ROLES.find(role => role === value) ?? null);
}

/** The cells that are named by their ids; where none are named, the selected code cells and the active one, as far as they are in sight. */
function chosenCells(
  { panel, cells }: INotebookRoles,
  ids: unknown
): ICellRoleState[] {
  if (Array.isArray(ids)) {
    const named = new Set<unknown>(ids);
    return cells.filter(({ id }) => named.has(id));
  }
  const { content } = panel;
  return content.widgets.flatMap((widget, index) => {
    const cell = cells.at(index);
    return cell?.type === 'code' &&
      content.isSelectedOrActive(widget) &&
      !isHiddenNow(widget)
      ? [cell]
      : [];
  });
}

function activeRole({ panel, cells }: INotebookRoles): RoleChoice | null {
  return choice(cells.at(panel.content.activeCellIndex)?.role);
}

/** Whether the active cell is hidden, as it is where all cells are. */
function activeIsHidden({ panel }: INotebookRoles): boolean {
  const { activeCell } = panel.content;
  return activeCell !== null && isHiddenNow(activeCell);
}

/** Cells that are hidden, and those that are in sight. */
function apart(
  { panel }: INotebookRoles,
  cells: readonly ICellRoleState[]
): [ICellRoleState[], ICellRoleState[]] {
  const hidden = hiddenNow(panel.content);
  return [
    cells.filter(({ id }) => hidden.has(id)),
    cells.filter(({ id }) => !hidden.has(id))
  ];
}

/** The code cells of the active cell's section, but for those of papermill, which are shared whatever is said. */
function codeOfSection({
  panel,
  cells: states
}: INotebookRoles): ICellRoleState[] {
  const cells = [...panel.context.model.sharedModel.cells];
  const { start, end } = sectionOf(
    cells.map(cell => ({
      type: cell.cell_type === 'markdown' ? 'markdown' : 'code',
      source: cell.getSource()
    })),
    panel.content.activeCellIndex
  );
  const ids = new Set(
    cells
      .slice(start, end)
      .filter(
        cell =>
          cell.cell_type === 'code' &&
          !cellTags(cell).some(tag => PAPERMILL_TAGS.includes(tag))
      )
      .map(cell => cell.getId())
  );
  return states.filter(({ id }) => ids.has(id));
}

/** Select cells by their ids, of which the first becomes the active one; nothing when there are none. */
function select(notebook: Notebook, ids: ReadonlySet<string>): void {
  const chosen = notebook.widgets.filter(({ model }) => ids.has(model.id));
  const [first] = chosen;
  if (!first) {
    return;
  }
  notebook.mode = 'command';
  notebook.deselectAll();
  notebook.activeCellIndex = notebook.widgets.indexOf(first);
  chosen.forEach(cell => notebook.select(cell));
  void NotebookActions.focusActiveCell(notebook).catch(() => undefined);
}
