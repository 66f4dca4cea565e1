import type { Contents } from '@jupyterlab/services';

import { previewPath } from '../dashboard-name';
import { isCompiled } from '../dashboard-record';
import { parseNotebook } from '../notebook-json';
import { readText } from '../text-file';

/**
 * Remove what a notebook was compiled to for its preview. A file of somebody else that has its name stays.
 *
 * It never rejects: what cannot be removed now is written over by the next preview.
 *
 * @param path Of the notebook.
 */
export async function removePreviewCopy(
  contents: Contents.IManager,
  path: string
): Promise<void> {
  const copy = previewPath(path);
  try {
    const text = await readText(contents, copy);
    const notebook = text === null ? null : parseNotebook(text);
    if (notebook && isCompiled(notebook)) {
      await contents.delete(copy);
    }
  } catch {
    // The server may be gone by now.
  }
}
