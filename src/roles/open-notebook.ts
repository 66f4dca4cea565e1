import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ServiceManager } from '@jupyterlab/services';

import { LintClient } from '../lint/lint-worker-client';
import { serverInfo } from '../server/info';
import type { ITranslator } from '../workload/translator';
import { FileExistence } from './file-existence';
import type { IOpened, OpenNotebook } from './manager';
import { NotebookCheck } from './notebook-check';
import { NotebookRoles } from './notebook-roles';
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
  const { services, settings, trans } = options;
  const client = new LintClient(trans);
  // What the site says of roles; without our server half, it says nothing.
  const site = serverInfo(services.serverSettings).then(info => info?.roles);

  return (panel: NotebookPanel): IOpened => {
    const roles = new NotebookRoles({ panel, settings });
    void site.then(said => {
      if (!roles.isDisposed && said !== undefined && said !== null) {
        roles.site = said;
      }
    });
    const check = new NotebookCheck({
      roles,
      client,
      trans,
      files: new FileExistence(services.contents, () => panel.context.path),
      isAutomatic: () => settings.checkWhileTyping
    });
    return {
      roles,
      check,
      get isDisposed() {
        return roles.isDisposed;
      },
      dispose: () => {
        check.dispose();
        roles.dispose();
      }
    };
  };
}
