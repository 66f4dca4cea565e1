import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ServiceManager } from '@jupyterlab/services';

import { LintClient } from '../lint/lint-worker-client';
import { serverInfo } from '../server/info';
import type { ITranslator } from '../workload/translator';
import { FileExistence } from './file-existence';
import type { IOpened, OpenNotebook } from './manager';
import { RoleKeeper } from './keep';
import { RoleQuestion } from './keep-ask';
import { warnOfMerge } from './keep-notify';
import { NotebookCheck } from './notebook-check';
import { NotebookRoles } from './notebook-roles';
import { NotebookSuggestions } from './notebook-suggestions';
import type { IRolesSettings } from './settings';

/** All that is loaded with the first Python notebook, and not before. */

export interface IOpenNotebookOptions {
  readonly services: ServiceManager.IManager;
  readonly settings: IRolesSettings;
  readonly tracker: INotebookTracker;
  readonly trans: ITranslator;
}

/** What opens the roles of notebooks; all of them share one worker and one answer of the server. */
export function notebookOpener(options: IOpenNotebookOptions): OpenNotebook {
  const { services, settings, tracker, trans } = options;
  const client = new LintClient(trans);
  // What the site says of roles; without our server half, it says nothing.
  const site = serverInfo(services.serverSettings).then(info => info?.roles);

  return (panel: NotebookPanel): IOpened => {
    const roles = new NotebookRoles({ panel, settings });
    const policyRead = site.then(said => {
      if (!roles.isDisposed && said !== undefined && said !== null) {
        roles.site = said;
      }
    });
    const question = new RoleQuestion(roles, trans);
    // Only the latest is to be seen.
    let dismissWarning: (() => void) | null = null;
    const keeper = new RoleKeeper({
      roles,
      settings,
      isInCharge: () => panel === panelInCharge(tracker, panel),
      ask: (cells, suggested) => question.ask(cells, suggested),
      warnOfMerge: merge => {
        dismissWarning?.();
        dismissWarning = warnOfMerge(roles, merge, trans);
      }
    });
    const check = new NotebookCheck({
      roles,
      client,
      trans,
      files: new FileExistence(services.contents, () => panel.context.path),
      isAutomatic: () => settings.checkWhileTyping,
      policyRead
    });
    const suggestions = new NotebookSuggestions(
      roles,
      () => check.suggest(),
      policyRead
    );
    return {
      roles,
      check,
      suggestions,
      get isDisposed() {
        return roles.isDisposed;
      },
      dispose: () => {
        dismissWarning?.();
        question.dispose();
        keeper.dispose();
        suggestions.dispose();
        check.dispose();
        roles.dispose();
      }
    };
  };
}

/** Of the panels on the same file, the one that the user works in, or else the first. */
function panelInCharge(
  tracker: INotebookTracker,
  { context }: NotebookPanel
): NotebookPanel | undefined {
  const panels: NotebookPanel[] = [];
  tracker.forEach(each => {
    if (each.context.model === context.model) {
      panels.push(each);
    }
  });
  return panels.find(each => each === tracker.currentWidget) ?? panels.at(0);
}
