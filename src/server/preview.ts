import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { isObject } from '../workload/json';
import { NAMESPACE } from './info';
import { readAnswer } from './read-answer';

/**
 * What ran in a page of Voilà that the preview asked for.
 */

/** How far such a page is. `refused` is one of which nothing ran. */
export type PreviewState = 'running' | 'done' | 'failed' | 'refused';

const STATES: readonly PreviewState[] = [
  'running',
  'done',
  'failed',
  'refused'
];

/** A cell that ran. */
export interface IPreviewCell {
  /** Its id in the compiled notebook, which is that in the notebook; null where notebooks have no ids. */
  readonly cell: string | null;
  /** Its place in the compiled notebook. */
  readonly index: number;
  /** Null while it runs. */
  readonly seconds: number | null;
  /** Mime types of its outputs. */
  readonly outputs: readonly string[];
  readonly error: {
    readonly name: string;
    readonly value: string;
    readonly traceback: string;
  } | null;
}

export interface IPreviewRun {
  readonly state: PreviewState;
  readonly cells: readonly IPreviewCell[];
  /** Why nothing ran, a sentence. */
  readonly refusal: string | null;
  /** Id of the kernel that runs them; null while there is none. */
  readonly kernel: string | null;
}

/**
 * What ran so far.
 *
 * @param id What the page was asked for with.
 * @returns Null while the server knows nothing of it: Voilà has not begun.
 * @throws Error with a sentence.
 */
export async function previewRun(
  settings: ServerConnection.ISettings,
  id: string
): Promise<IPreviewRun | null> {
  const response = await ServerConnection.makeRequest(
    URLExt.join(settings.baseUrl, NAMESPACE, 'preview', encodeURIComponent(id)),
    {},
    settings
  );
  return response.status === 404
    ? null
    : readPreviewRun(await readAnswer(response));
}

/** What is not of its form is left out. */
export function readPreviewRun(answer: unknown): IPreviewRun {
  const told = isObject(answer) ? answer : {};
  return {
    state: STATES.find(each => each === told.state) ?? 'running',
    cells: Array.isArray(told.cells) ? told.cells.flatMap(readCell) : [],
    refusal: typeof told.refusal === 'string' ? told.refusal : null,
    kernel: typeof told.kernel === 'string' ? told.kernel : null
  };
}

function readCell(value: unknown): IPreviewCell[] {
  if (!isObject(value) || typeof value.index !== 'number') {
    return [];
  }
  const { cell, index, seconds, outputs, error } = value;
  return [
    {
      cell: typeof cell === 'string' ? cell : null,
      index,
      seconds: typeof seconds === 'number' ? seconds : null,
      outputs: texts(outputs),
      error: isObject(error)
        ? {
            name: String(error.name),
            value: String(error.value),
            traceback: texts(error.traceback).join('\n')
          }
        : null
    }
  ];
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter(each => typeof each === 'string')
    : [];
}
