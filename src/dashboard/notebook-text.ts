import { isObject } from '../workload/json';
import { compareText } from '../workload/text';
import { mapValues, sourceOf } from './notebook-json';
import type { ICellJson, INotebookJson } from './notebook-json';

/** What ends a line for Python's `str.splitlines`. */
const LINES =
  // eslint-disable-next-line no-control-regex
  /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+/g;

/** The text of a notebook file, to the byte as nbformat writes it, so that opening and saving it changes nothing. */
export function notebookText(notebook: INotebookJson): string {
  const split = { ...notebook, cells: notebook.cells.map(splitCell) };
  return `${jsonText(split, '\n')}\n`;
}

function splitCell(cell: ICellJson): ICellJson {
  const { attachments } = cell;
  return {
    ...cell,
    source: linesOf(sourceOf(cell)),
    ...(isObject(attachments) && {
      attachments: mapValues(attachments, bundle =>
        isObject(bundle) ? mapValues(bundle, splitData) : bundle
      )
    })
  };
}

function splitData(data: unknown, mime: string): unknown {
  const isText =
    mime.startsWith('text/') ||
    mime === 'application/javascript' ||
    mime === 'image/svg+xml';
  return isText && typeof data === 'string' ? linesOf(data) : data;
}

/** The lines of a text with their ends. */
function linesOf(text: string): readonly string[] {
  return text.match(LINES) ?? [];
}

/**
 * JSON with keys sorted by code point, and one space more for each level. `JSON.stringify` puts keys that are numbers first, whatever
 * their order.
 *
 * @param newline What begins a line at this level.
 */
function jsonText(value: unknown, newline: string): string {
  const inner = `${newline} `;
  const around = (open: string, items: readonly string[], close: string) =>
    items.length === 0
      ? open + close
      : `${open}${inner}${items.join(`,${inner}`)}${newline}${close}`;
  if (Array.isArray(value)) {
    const items = value.map(item => jsonText(item, inner));
    return around('[', items, ']');
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, each]) => `${JSON.stringify(key)}: ${jsonText(each, inner)}`);
    return around('{', entries, '}');
  }
  return JSON.stringify(value ?? null);
}
