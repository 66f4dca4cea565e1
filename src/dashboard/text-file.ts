import type { Contents } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';

/** The text of a file; null where there is none. */
export async function readText(
  contents: Contents.IManager,
  path: string
): Promise<string | null> {
  try {
    const model = await contents.get(path, {
      type: 'file',
      format: 'text',
      content: true
    });
    const content: unknown = model.content;
    return typeof content === 'string' ? content : '';
  } catch (error) {
    if (
      error instanceof ServerConnection.ResponseError &&
      error.response.status === 404
    ) {
      return null;
    }
    throw error;
  }
}

/** Write a notebook as a text, so that it has the same bytes as by the command line. */
export async function writeText(
  contents: Contents.IManager,
  path: string,
  text: string
): Promise<void> {
  await contents.save(path, { type: 'file', format: 'text', content: text });
}
