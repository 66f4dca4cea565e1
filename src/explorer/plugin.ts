import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';

/**
 * The explorer's plugin.
 *
 * #### Notes
 * It requires the notebook tracker, which only JupyterLab provides, so that it sleeps in Voilà.
 */
export const explorerPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-workload-explorer:explorer',
  description:
    'Opens Parquet files of import records in the Workload Explorer.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, _notebooks: INotebookTracker): void => {
    // The panel registers itself here.
  }
};
