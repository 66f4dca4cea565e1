import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ContentsManager, ServerConnection } from '@jupyterlab/services';

/** JupyterLab's own manager of contents over a folder on disk, of which texts are answered as Jupyter Server does. */
export function contentsOnDisk(folder: string): ContentsManager {
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const path = decodeURIComponent(pathname.replace('/api/contents/', ''));
    const file = join(folder, path);
    const model = {
      name: path,
      path,
      type: 'file',
      format: 'text',
      mimetype: 'text/plain',
      created: '2021-06-01T00:00:00Z',
      last_modified: '2021-06-01T00:00:00Z',
      writable: true
    };
    if (request.method === 'PUT') {
      const { content } = (await request.json()) as { content: string };
      writeFileSync(file, content);
      return json(200, { ...model, content: null, format: null });
    }
    if (!existsSync(file)) {
      return json(404, {
        message: `file or directory does not exist: ${path}`
      });
    }
    return statSync(file).isDirectory()
      ? json(400, { message: `${path} is a directory, not a file` })
      : json(200, { ...model, content: readFileSync(file, 'utf8') });
  };
  return new ContentsManager({
    serverSettings: ServerConnection.makeSettings({
      baseUrl: 'http://host/',
      fetch: input =>
        input instanceof Request
          ? answer(input)
          : Promise.reject(new Error('No request.'))
    })
  });
}

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status });
}
