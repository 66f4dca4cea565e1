import { readFile } from 'node:fs/promises';

import type { ParameterMap } from '../dashboard/parameters';
import { parseParameters } from '../dashboard/parameters-text';

/**
 * Read a file of parameters: YAML, as Papermill reads it, or JSON.
 *
 * @throws ParameterError when it cannot be understood, and what the system says when it cannot be read.
 */
export async function readParameters(path: string): Promise<ParameterMap> {
  return parseParameters(await readFile(path, 'utf8'));
}
