import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

/**
 * Do something each time a notebook was saved.
 *
 * @param saved Told of each notebook that the user, or JupyterLab by itself, has saved.
 */
export function onSave(
  tracker: INotebookTracker,
  saved: (panel: NotebookPanel) => void
): void {
  const follow = (panel: NotebookPanel): void => {
    panel.context.saveState.connect(
      (_: unknown, state: DocumentRegistry.SaveState) => {
        if (state === 'completed') {
          saved(panel);
        }
      }
    );
  };
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_, panel) => follow(panel));
}
