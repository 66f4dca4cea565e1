import { isObject, own } from '../workload/json';

/** A notebook of nbformat 4, as it is in its file or in a model of JupyterLab: only what is relied on here. */
export interface INotebookJson {
  readonly cells: readonly ICellJson[];
  readonly metadata?: unknown;
  readonly nbformat?: unknown;
  readonly nbformat_minor?: unknown;
}

/** A cell of such a notebook. Everything but its type and source may be missing, or be something else. */
export interface ICellJson {
  readonly cell_type: string;
  /** A text, or its lines with their ends. */
  readonly source: string | readonly string[];
  readonly id?: unknown;
  readonly metadata?: unknown;
  readonly attachments?: unknown;
  readonly outputs?: unknown;
  readonly execution_count?: unknown;
}

/** Whether a value read from JSON is a notebook of this form. */
export function isNotebookJson(value: unknown): value is INotebookJson {
  return (
    isObject(value) && Array.isArray(value.cells) && value.cells.every(isCell)
  );
}

/** A notebook from the text of its file; null where that is none. */
export function parseNotebook(text: string): INotebookJson | null {
  try {
    const notebook: unknown = JSON.parse(text);
    return isNotebookJson(notebook) ? notebook : null;
  } catch {
    return null;
  }
}

function isCell(value: unknown): value is ICellJson {
  return (
    isObject(value) &&
    typeof value.cell_type === 'string' &&
    (typeof value.source === 'string' || isTexts(value.source))
  );
}

/** Whether a value is a list of texts, as long texts are stored in notebooks. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

/** The source of a cell as one text. */
export function sourceOf({ source }: ICellJson): string {
  return typeof source === 'string' ? source : source.join('');
}

/** A cell's id; null before nbformat 4.5. */
export function idOf({ id }: ICellJson): string | null {
  return typeof id === 'string' ? id : null;
}

/** The tags of a cell, in their order; what is no text is none. */
export function tagsOf({ metadata }: ICellJson): readonly string[] {
  const tags = memberOf(metadata, 'tags');
  return Array.isArray(tags)
    ? tags.filter((tag): tag is string => typeof tag === 'string')
    : [];
}

/** A value below an object by its keys; undefined where it is not there. */
export function memberOf(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>(
    (found, key) => (isObject(found) ? own(found, key) : undefined),
    value
  );
}

/** An object with other values under its keys. */
export function mapValues(
  object: Readonly<Record<string, unknown>>,
  change: (value: unknown, key: string) => unknown
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(value, key)])
  );
}
