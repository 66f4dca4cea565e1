import { readFile } from 'node:fs/promises';

import { EngineError } from '../engine/engine';
import { readEnvironmentRules } from '../workload/environment';
import type { IEnvironmentRule } from '../workload/environment';
import { isObject } from '../workload/json';

/**
 * The rules for environments in the site file that `WORKLOAD_SITE` names. The console script of the wheel sets it to the file on
 * Jupyter's configuration path.
 *
 * @throws EngineError when the file cannot be read, since answers would differ from the center's.
 */
export async function siteEnvironments(): Promise<
  readonly IEnvironmentRule[] | undefined
> {
  return readSite(
    content => readEnvironmentRules(content.environments) ?? undefined
  );
}

/**
 * `roles` of the same site file, as it is; undefined where there is none.
 *
 * @throws EngineError when the file cannot be read, since the check would differ from the center's.
 */
export async function siteRoles(): Promise<unknown> {
  return readSite(content => content.roles);
}

async function readSite<T>(
  read: (content: Readonly<Record<string, unknown>>) => T
): Promise<T | undefined> {
  const path = process.env.WORKLOAD_SITE;
  if (!path) {
    return undefined;
  }
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    return read(isObject(content) ? content : {});
  } catch (error) {
    throw new EngineError(
      'unreachable',
      `The site file “${path}” (WORKLOAD_SITE) cannot be used: ${error instanceof Error ? error.message : String(error)} Correct it, or unset WORKLOAD_SITE.`
    );
  }
}
