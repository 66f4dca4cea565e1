import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { isObject } from '../workload/json';
import { NAMESPACE } from './info';
import { readAnswer } from './read-answer';

/**
 * Jobs on the server that gather an index into Parquet. They outlive the page.
 */

export type GatherState =
  'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

const STATES: readonly GatherState[] = [
  'running',
  'done',
  'failed',
  'cancelled',
  'interrupted'
];

export interface IGatherJob {
  readonly id: string;
  readonly connection: string;
  readonly index: string;
  /** Source path of the dataset: a contents path, or one in a data root. */
  readonly folder: string;
  readonly state: GatherState;
  /** Documents that are written, of those there are; 0 while nobody knows. */
  readonly documents: number;
  readonly total: number;
  /** Documents a second. */
  readonly rate: number;
  /** Null while nobody can tell. */
  readonly secondsLeft: number | null;
  /** It was cancelled, and finishes what it is at. */
  readonly stopping: boolean;
  /** What happened, a sentence; null while nothing is to be said. */
  readonly message: string | null;
}

/** What is gathered, and where it goes. */
export interface IGatherRequest {
  readonly connection: string;
  readonly index: string;
  readonly folder: string;
  /** Fields by name; empty for all. */
  readonly columns: readonly string[];
  /** Columns by role, where the user has corrected the proposal. */
  readonly mapping: Readonly<Record<string, readonly string[]>>;
  readonly shape: 'long' | 'wide';
  /** One row for each day and all that is kept, with a count. */
  readonly distill: boolean;
  /** Zone in which days begin, for `distill`. */
  readonly zone: string;
  /** Columns without a role that stay in distilled data. */
  readonly keep: readonly string[];
  /** Roles whose values are replaced by pseudonyms. */
  readonly pseudonymise: readonly string[];
}

/** All jobs of this user, the latest first. Rejects with a sentence. */
export async function gatherJobs(
  settings: ServerConnection.ISettings
): Promise<IGatherJob[]> {
  const response = await request(settings, '', {});
  if (response.status === 404) {
    return [];
  }
  return readJobs(await readAnswer(response));
}

/** Start a job. Rejects with a sentence. */
export async function startGather(
  settings: ServerConnection.ISettings,
  wanted: IGatherRequest
): Promise<void> {
  await send(settings, '', 'POST', wanted);
}

/** Stop a job; what it has written stays. Rejects with a sentence. */
export async function cancelGather(
  settings: ServerConnection.ISettings,
  id: string
): Promise<void> {
  await send(settings, encodeURIComponent(id), 'DELETE');
}

/** Go on with a job that was stopped, interrupted, or has failed. Rejects with a sentence. */
export async function resumeGather(
  settings: ServerConnection.ISettings,
  id: string
): Promise<void> {
  await send(settings, `${encodeURIComponent(id)}/resume`, 'POST', {});
}

/** The answer of `GET gather`; what does not fit is left out. */
export function readJobs(answer: unknown): IGatherJob[] {
  const jobs: unknown = isObject(answer) ? answer.jobs : null;
  return (Array.isArray(jobs) ? jobs : []).flatMap((job: unknown) =>
    isObject(job) &&
    typeof job.id === 'string' &&
    typeof job.connection === 'string' &&
    typeof job.index === 'string' &&
    typeof job.folder === 'string' &&
    isState(job.state)
      ? [
          {
            id: job.id,
            connection: job.connection,
            index: job.index,
            folder: job.folder,
            state: job.state,
            documents: number(job.documents) ?? 0,
            total: number(job.total) ?? 0,
            rate: number(job.rate) ?? 0,
            secondsLeft: number(job.seconds_left),
            stopping: job.stopping === true,
            message: typeof job.message === 'string' ? job.message : null
          }
        ]
      : []
  );
}

function isState(value: unknown): value is GatherState {
  return STATES.some(state => state === value);
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

async function send(
  settings: ServerConnection.ISettings,
  path: string,
  method: 'POST' | 'DELETE',
  body?: object
): Promise<void> {
  const response = await request(settings, path, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {})
  });
  if (response.status !== 204) {
    await readAnswer(response);
  }
}

function request(
  settings: ServerConnection.ISettings,
  path: string,
  init: RequestInit
): Promise<Response> {
  return ServerConnection.makeRequest(
    URLExt.join(settings.baseUrl, NAMESPACE, 'gather', path),
    init,
    settings
  );
}
