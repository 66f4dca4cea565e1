import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { isObject } from '../workload/json';
import { NAMESPACE } from './info';
import { readAnswer } from './read-answer';

/**
 * Publishing on the server, and the dashboards that this user has published.
 */

/** For whom a dashboard is. */
export type Audience = 'staff' | 'center' | 'public';

export const AUDIENCES: readonly Audience[] = ['staff', 'center', 'public'];

/**
 * What is asked of publishing, beyond the notebook and where it goes. Paths are below the server's root, `root:name/…` in a data root, or
 * from `/` on on the server's disk.
 */
export interface IPublishChoice {
  readonly audience: Audience;
  /** Fewest users of a shown cell; null for the audience's. */
  readonly k: number | null;
  /** Records that it must not read, and whose users are looked for. */
  readonly raw: readonly string[];
  /** Columns by role, which names do not tell. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Data that stay where they are. */
  readonly byReference: readonly string[];
  /** Data in its folder that it reads, where nobody can see that. */
  readonly data: readonly string[];
  /** ``HOST:PORT`` that it may connect to. */
  readonly allowedHosts: readonly string[];
  /** A container image by its digest; empty for none. */
  readonly image: string;
  /** The kernel to run it in; empty for the notebook's. */
  readonly kernel: string;
  /** Seconds for each run. */
  readonly timeout: number;
  /** With a static page. */
  readonly page: boolean;
  /** The file of the parameters that it is compiled with; empty for none. */
  readonly parameters: string;
}

export interface IPublishRequest extends Omit<IPublishChoice, 'mapping'> {
  /** Columns by role, as ``ROLE=COLUMN``, which the server takes apart. */
  readonly map: readonly string[];
  /** The compiled notebook. */
  readonly notebook: string;
  readonly out: string;
  /** A file for it as an archive; empty for none. */
  readonly archive: string;
  /** Why findings do not stop it; empty for no reason. */
  readonly accept: string;
  /** Which findings that is said of, as `IPublishOutcome.acceptable` names them. */
  readonly acceptOnly: readonly string[];
}

/** One thing that stands against publishing. */
export interface IPublishFinding {
  readonly rule: string;
  readonly message: string;
  /** Where, in words; null for the whole. */
  readonly place: string | null;
  /** Id of the cell, where it is one. */
  readonly cell: string | null;
}

/** What came of publishing. */
export interface IPublishOutcome {
  readonly published: boolean;
  /** Name of the version that is shown now. */
  readonly version: string | null;
  readonly unchanged: boolean;
  readonly message: string;
  readonly findings: readonly IPublishFinding[];
  /** Names the findings, where a reason would let them through. */
  readonly acceptable: string | null;
  readonly notes: readonly string[];
  /** Data it reads, with bytes of those that were copied. */
  readonly data: readonly {
    readonly path: string;
    readonly size: number | null;
  }[];
  /** What is known of its run; null where it did not run to its end. */
  readonly run: {
    readonly seconds: number;
    readonly cells: number;
    /** How it was watched. */
    readonly way: string;
  } | null;
  /** What was searched; null where nothing was. */
  readonly search: {
    readonly files: number;
    /** Fewest users of a shown cell. */
    readonly smallest: number;
    readonly findings: readonly IPublishFinding[];
  } | null;
}

/** The server's steps, in their order. */
export const STEPS = [
  'check',
  'verify',
  'stage',
  'verify bundle',
  'privacy',
  'write',
  'swap'
] as const;

export type PublishStep = (typeof STEPS)[number];

export type PublishingState =
  'running' | 'published' | 'stopped' | 'cancelled' | 'failed';

const STATES: readonly PublishingState[] = [
  'running',
  'published',
  'stopped',
  'cancelled',
  'failed'
];

export interface IPublishing {
  readonly state: PublishingState;
  /** The step that has begun last; null before the first. */
  readonly step: PublishStep | null;
  /** What came of it; null while it runs, and where it failed. */
  readonly outcome: IPublishOutcome | null;
  /** Why it failed. */
  readonly message: string | null;
}

export type DashboardState = 'fresh' | 'stale' | 'failing' | 'gone';

const DASHBOARD_STATES: readonly DashboardState[] = [
  'fresh',
  'stale',
  'failing',
  'gone'
];

/** A dashboard that was published. */
export interface IDashboard {
  readonly id: string;
  readonly out: string;
  /** The notebook it was made from; null where that is not known. */
  readonly source: string | null;
  readonly state: DashboardState;
  /** Why it is not fresh, as sentences. */
  readonly why: readonly string[];
  /** How many good versions there are. */
  readonly versions: number;
  /** When the version that is shown was published, ISO 8601; null where none is. */
  readonly created: string | null;
  readonly audience: Audience | null;
  /** Whether it has a static page. */
  readonly page: boolean;
  /** Whether values of parameters were set for it. */
  readonly parameters: boolean;
  readonly asked: IPublishChoice;
  /** Id of the publishing that is under way. */
  readonly publishing: string | null;
}

/** All dashboards of this user, the last one first. Rejects with a sentence. */
export async function publishedDashboards(
  settings: ServerConnection.ISettings
): Promise<IDashboard[]> {
  const answer = await ask(settings, '', {});
  return isObject(answer) && Array.isArray(answer.dashboards)
    ? answer.dashboards.flatMap(readDashboard)
    : [];
}

/** Publish; returns the publishing's id. Rejects with a sentence. */
export async function startPublishing(
  settings: ServerConnection.ISettings,
  {
    byReference,
    allowedHosts,
    acceptOnly,
    parameters,
    ...wanted
  }: IPublishRequest
): Promise<string> {
  const answer = await ask(settings, '', {
    method: 'POST',
    body: JSON.stringify({
      ...wanted,
      by_reference: byReference,
      allowed_hosts: allowedHosts,
      accept_only: acceptOnly,
      // It has been compiled by now; the server remembers the file.
      compiled_with: parameters
    })
  });
  return isObject(answer) && typeof answer.id === 'string' ? answer.id : '';
}

/** How far a publishing is. Rejects with a sentence. */
export async function askPublishing(
  settings: ServerConnection.ISettings,
  id: string
): Promise<IPublishing> {
  return readPublishing(await ask(settings, `publishing/${id}`, {}));
}

/** End a publishing; what was published before stays. Rejects with a sentence. */
export async function cancelPublishing(
  settings: ServerConnection.ISettings,
  id: string
): Promise<void> {
  await ask(settings, `publishing/${id}`, { method: 'DELETE' });
}

/** Show the good version before the one that is shown. Rejects with a sentence. */
export async function rollBackDashboard(
  settings: ServerConnection.ISettings,
  id: string
): Promise<void> {
  await ask(settings, `${id}/rollback`, { method: 'POST', body: '{}' });
}

/** Take a dashboard out of the list; nothing that is published is touched. Rejects with a sentence. */
export async function forgetDashboard(
  settings: ServerConnection.ISettings,
  id: string
): Promise<void> {
  await ask(settings, id, { method: 'DELETE' });
}

/** The address of the static page of a dashboard. */
export function dashboardPage(
  { baseUrl }: ServerConnection.ISettings,
  id: string
): string {
  return URLExt.join(baseUrl, NAMESPACE, 'dashboards', id, 'page');
}

async function ask(
  settings: ServerConnection.ISettings,
  path: string,
  init: RequestInit
): Promise<unknown> {
  const response = await ServerConnection.makeRequest(
    URLExt.join(settings.baseUrl, NAMESPACE, 'dashboards', path),
    init,
    settings
  );
  return response.status === 204 ? null : readAnswer(response);
}

/** What is not of its form is left out. */
export function readPublishing(answer: unknown): IPublishing {
  const told = isObject(answer) ? answer : {};
  return {
    state: STATES.find(each => each === told.state) ?? 'failed',
    step: STEPS.find(each => each === told.step) ?? null,
    outcome: isObject(told.outcome) ? readOutcome(told.outcome) : null,
    message: textOrNull(told.message)
  };
}

function readOutcome(told: Record<string, unknown>): IPublishOutcome {
  const reports = isObject(told.reports) ? told.reports : {};
  return {
    published: told.published === true,
    version: textOrNull(told.version),
    unchanged: told.unchanged === true,
    message: textOrNull(told.message) ?? '',
    findings: list(told.findings).flatMap(readFinding),
    acceptable: textOrNull(told.acceptable),
    notes: texts(told.notes),
    data: list(told.data).flatMap(one =>
      isObject(one) && typeof one.path === 'string'
        ? [{ path: one.path, size: numberOrNull(one.size) }]
        : []
    ),
    run: isObject(reports.verify)
      ? {
          seconds: numberOrNull(reports.verify.seconds) ?? 0,
          cells: list(reports.verify.cells).length,
          way: isObject(reports.verify.proof)
            ? (textOrNull(reports.verify.proof.way) ?? '')
            : ''
        }
      : null,
    search: isObject(reports.privacy)
      ? {
          files: list(reports.privacy.searched).length,
          smallest: numberOrNull(reports.privacy.smallest) ?? 1,
          findings: list(reports.privacy.findings).flatMap(readFound)
        }
      : null
  };
}

function readFinding(value: unknown): IPublishFinding[] {
  return isObject(value) && typeof value.message === 'string'
    ? [
        {
          rule: textOrNull(value.rule) ?? '',
          message: value.message,
          place: textOrNull(value.place),
          cell: textOrNull(value.cell)
        }
      ]
    : [];
}

/** A finding of the search, which names its places by file. */
function readFound(value: unknown): IPublishFinding[] {
  const place = isObject(value)
    ? [value.file, value.place].filter(each => typeof each === 'string')
    : [];
  return readFinding(
    isObject(value) ? { ...value, place: place.join(': ') } : value
  );
}

function readDashboard(value: unknown): IDashboard[] {
  if (
    !isObject(value) ||
    typeof value.id !== 'string' ||
    typeof value.out !== 'string'
  ) {
    return [];
  }
  return [
    {
      id: value.id,
      out: value.out,
      source: textOrNull(value.source),
      state: DASHBOARD_STATES.find(each => each === value.state) ?? 'failing',
      why: texts(value.why),
      versions: numberOrNull(value.versions) ?? 0,
      created: textOrNull(value.created),
      audience: AUDIENCES.find(each => each === value.audience) ?? null,
      page: value.page === true,
      parameters: value.parameters === true,
      asked: readChoice(value.asked),
      publishing: textOrNull(value.publishing)
    }
  ];
}

/** What was asked the last time; what is missing is as it is for a new one. */
export function readChoice(value: unknown): IPublishChoice {
  const told = isObject(value) ? value : {};
  const mapping = isObject(told.mapping) ? told.mapping : {};
  return {
    audience: AUDIENCES.find(each => each === told.audience) ?? 'public',
    k: numberOrNull(told.k),
    raw: texts(told.raw),
    mapping: Object.fromEntries(
      Object.entries(mapping).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string'
      )
    ),
    byReference: texts(told.by_reference),
    data: texts(told.data),
    allowedHosts: texts(told.allowed_hosts),
    image: textOrNull(told.image) ?? '',
    kernel: textOrNull(told.kernel) ?? '',
    timeout: numberOrNull(told.timeout) ?? 300,
    page: told.page !== false,
    parameters: textOrNull(told.compiled_with) ?? ''
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): string[] {
  return list(value).filter(each => typeof each === 'string');
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
