import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import { ParameterError } from './parameters';
import type { ParameterMap } from './parameters';
import { parseParameters } from './parameters-text';
import { sentence } from './sentence';
import { isBrowsable } from './server-path';
import { readText } from './text-file';

/**
 * Read a file of parameters as the command line does, through the file browser.
 *
 * @param path From the file browser's top folder.
 * @throws ParameterError when there is no such file, or it cannot be understood.
 */
export async function readParametersFile(
  contents: Contents.IManager,
  path: string,
  trans: TranslationBundle
): Promise<ParameterMap> {
  // Publishing remembers it as a path on the server's disk, where other drives are not.
  if (!isBrowsable(path) || contents.driveName(path) !== '') {
    throw new ParameterError(
      trans.__(
        'Parameters are read through the file browser, and this file is outside the folder that it shows. Copy it there, and name the copy.'
      )
    );
  }
  const text = await readText(contents, path).catch((error: unknown) => {
    throw new ParameterError(
      trans.__(
        'This cannot be read: %1. Name a file of YAML or JSON.',
        sentence(error).replace(/\.$/, '')
      )
    );
  });
  if (text === null) {
    throw new ParameterError(
      trans.__(
        'There is no such file. Check its path, which begins in the top folder of the file browser.'
      )
    );
  }
  return parseParameters(text);
}
