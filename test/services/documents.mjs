// Puts documents into an index of a real server; `documents.py` does the work for Parquet files.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { ROOT } from '../../scripts/lib/project.mjs';
import { ask } from './elasticsearch.mjs';
import { PYTHON } from './program.mjs';

/** Documents of a request. */
const BATCH = 5000;

/** Makes an index of one shard whose fields are explicit; another field is an error. */
export async function createIndex(server, index, fields, options = {}) {
  const { envelope, settings = {} } = options;
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [name, { type }])
  );
  await ask(server, 'PUT', `/${index}`, {
    settings: { number_of_shards: 1, number_of_replicas: 0, ...settings },
    mappings: {
      dynamic: 'strict',
      properties:
        envelope === undefined ? properties : { [envelope]: { properties } }
    }
  });
}

/** Puts documents into an index; all can be found then. */
export async function loadDocuments(server, index, documents, options = {}) {
  const { envelope } = options;
  for (let start = 0; start < documents.length; start += BATCH) {
    const lines = documents
      .slice(start, start + BATCH)
      .map(
        ({ _id, ...fields }) =>
          `${JSON.stringify({ index: { _id } })}\n${JSON.stringify(
            envelope === undefined ? fields : { [envelope]: fields }
          )}\n`
      );
    const { errors, items } = await ask(
      server,
      'POST',
      `/${index}/_bulk`,
      lines.join('')
    );
    if (errors) {
      const failed = items.filter(item => item.index.status >= 300);
      throw new Error(
        `${failed.length} documents were refused, the first: ${JSON.stringify(failed[0])}`
      );
    }
  }
  await ask(server, 'POST', `/${index}/_refresh`);
}

/** Makes an index of a Parquet file's rows; all can be found then. */
export async function loadParquet(server, index, path, options = {}) {
  const { envelope, fields = {} } = options;
  const { stdout } = await promisify(execFile)(
    PYTHON,
    [
      '-m',
      'test.services.documents',
      server.url,
      index,
      path,
      `--fields=${JSON.stringify(fields)}`,
      ...(envelope === undefined ? [] : [`--envelope=${envelope}`]),
      ...(server.auth
        ? [`--login=${server.auth.user}:${server.auth.password}`]
        : [])
    ],
    { cwd: ROOT }
  );
  return JSON.parse(stdout).documents;
}
