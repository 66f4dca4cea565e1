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
import { tellOfPapermill } from './papermill-notice';
import { isReadOnly } from './read-only';
import { cellsToRun } from './run-role';
import { sectionOf } from './section';

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
        roles.setRole(codeOfSection(roles), role === 'none' ? null : role);
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
        select(
          roles.panel.content,
          roles.cells.flatMap((cell, index) =>
            cell.type === 'code' &&
            cell.role === role &&
            (role !== 'none' || cell.needsRole)
              ? [index]
              : []
          )
        );
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

/** The cells that are named by their ids; where none are named, the selected code cells and the active one. */
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
    return cell?.type === 'code' && content.isSelectedOrActive(widget)
      ? [cell]
      : [];
  });
}

function activeRole({ panel, cells }: INotebookRoles): RoleChoice | null {
  return choice(cells.at(panel.content.activeCellIndex)?.role);
}

/** Ids of the code cells of the active cell's section, but for those of papermill, which are shared whatever is said. */
function codeOfSection({ panel }: INotebookRoles): string[] {
  const cells = [...panel.context.model.sharedModel.cells];
  const { start, end } = sectionOf(
    cells.map(cell => ({
      type: cell.cell_type === 'markdown' ? 'markdown' : 'code',
      source: cell.getSource()
    })),
    panel.content.activeCellIndex
  );
  return cells
    .slice(start, end)
    .filter(
      cell =>
        cell.cell_type === 'code' &&
        !cellTags(cell).some(tag => PAPERMILL_TAGS.includes(tag))
    )
    .map(cell => cell.getId());
}

/** Select cells, of which the first becomes the active one; nothing when there are none. */
function select(notebook: Notebook, indices: readonly number[]): void {
  const [first] = indices;
  if (first === undefined) {
    return;
  }
  notebook.mode = 'command';
  notebook.deselectAll();
  notebook.activeCellIndex = first;
  indices.forEach(index => notebook.select(notebook.widgets[index]));
  void NotebookActions.focusActiveCell(notebook).catch(() => undefined);
}
