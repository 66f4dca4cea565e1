import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { isObject } from '../workload/json';

/**
 * What our server extension says of itself and of the site. It may be missing.
 */

/** The part of the server's addresses that is ours. */
export const NAMESPACE = 'workload-explorer';

/** A folder that the site lets everybody open. */
export interface IDataRoot {
  readonly name: string;
  readonly description: string;
  readonly available: boolean;
}

/** A part of the server half that its base installation leaves out. */
export interface IMissingExtra {
  readonly name: string;
  /** The command that installs it. */
  readonly install: string;
}

export interface IServerInfo {
  readonly version: string;
  readonly roots: readonly IDataRoot[];
  /** Rules of the site file, as they stand there; see `readEnvironmentRules`. */
  readonly environments: unknown;
  /** What the site file says of cells' roles, as it stands there; see `readRolePolicy`. */
  readonly roles: unknown;
  /** The site file in force, and why it is left out, if it is. */
  readonly site: {
    readonly path: string | null;
    readonly errors: readonly string[];
  };
  /** Extras that this server does not have. */
  readonly missing: readonly IMissingExtra[];
  /** Voilà in this server; null where the server half knows nothing of it. */
  readonly voila: IVoilaInfo | null;
}

export interface IVoilaInfo {
  readonly installed: boolean;
  /** Whether upstream cells are kept from running in it. */
  readonly guarded: boolean;
  /** Why they are not, a sentence or two; null when they are. */
  readonly why: string | null;
  /** The template by which pages of published dashboards are made, where this Voilà has it. */
  readonly template: string | null;
}

/** What is known of the server half; nothing is, where the server gives no answer of ours. */
export type ServerHalf =
  | { readonly status: 'there'; readonly info: IServerInfo }
  | { readonly status: 'missing' }
  | { readonly status: 'unknown' };

/** Ask the server half about itself. Never rejects. */
export async function serverHalf(
  settings: ServerConnection.ISettings
): Promise<ServerHalf> {
  try {
    const response = await ServerConnection.makeRequest(
      URLExt.join(settings.baseUrl, NAMESPACE, 'info'),
      {},
      settings
    );
    if (response.status === 404) {
      return { status: 'missing' };
    }
    const answer: unknown = response.ok ? await response.json() : null;
    return isObject(answer) && typeof answer.version === 'string'
      ? { status: 'there', info: readInfo(answer.version, answer) }
      : { status: 'unknown' };
  } catch {
    // A server that cannot be reached is reported where files are read.
    return { status: 'unknown' };
  }
}

/** What the server half says about itself; null when it says nothing. */
export async function serverInfo(
  settings: ServerConnection.ISettings
): Promise<IServerInfo | null> {
  const half = await serverHalf(settings);
  return half.status === 'there' ? half.info : null;
}

/** Parts that an older or newer server half does not send are empty. */
function readInfo(
  version: string,
  answer: Record<string, unknown>
): IServerInfo {
  const roots = Array.isArray(answer.data_roots) ? answer.data_roots : [];
  const extras = isObject(answer.extras) ? answer.extras : {};
  const site = isObject(answer.site) ? answer.site : {};
  const errors: unknown[] = Array.isArray(site.errors) ? site.errors : [];
  return {
    version,
    roots: roots.flatMap(dataRoot),
    environments: answer.environments,
    roles: answer.roles,
    site: {
      path: typeof site.path === 'string' ? site.path : null,
      errors: errors.filter(error => typeof error === 'string')
    },
    missing: Object.entries(extras).flatMap(([name, extra]) =>
      isObject(extra) &&
      extra.available === false &&
      typeof extra.install === 'string'
        ? [{ name, install: extra.install }]
        : []
    ),
    voila: voilaInfo(answer.voila)
  };
}

function voilaInfo(value: unknown): IVoilaInfo | null {
  return isObject(value)
    ? {
        installed: value.installed === true,
        guarded: value.guarded === true,
        why: typeof value.why === 'string' ? value.why : null,
        template: typeof value.template === 'string' ? value.template : null
      }
    : null;
}

function dataRoot(value: unknown): IDataRoot[] {
  return isObject(value) && typeof value.name === 'string'
    ? [
        {
          name: value.name,
          description:
            typeof value.description === 'string' ? value.description : '',
          available: value.available !== false
        }
      ]
    : [];
}
