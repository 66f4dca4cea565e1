import { YNotebook } from '@jupyter/ydoc';
import type { ISharedNotebook } from '@jupyter/ydoc';

/**
 * Steps of a notebook's undo.
 *
 * Yjs puts changes that follow each other within half a second into one step. What is one action of the user must be one step, neither
 * more nor less, however quick the hands are.
 */

/** Do something as an undo step of its own. */
export function ownStep(notebook: ISharedNotebook, action: () => void): void {
  endStep(notebook);
  notebook.transact(action);
  endStep(notebook);
}

/** Do something that is undone together with the last undoable change, whenever that was. */
export function sameStep(notebook: ISharedNotebook, action: () => void): void {
  if (!(notebook instanceof YNotebook)) {
    notebook.transact(action);
    return;
  }
  const { undoManager } = notebook;
  const { captureTimeout } = undoManager;
  undoManager.captureTimeout = Infinity;
  try {
    notebook.transact(action);
  } finally {
    undoManager.captureTimeout = captureTimeout;
  }
}

/** Let the next change be a step of its own. */
export function endStep(notebook: ISharedNotebook): void {
  if (notebook instanceof YNotebook) {
    notebook.undoManager.stopCapturing();
  }
}
