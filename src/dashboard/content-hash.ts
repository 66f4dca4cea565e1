import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

import { isObject } from '../workload/json';
import {
  idOf,
  isTexts,
  mapValues,
  memberOf,
  sourceOf,
  tagsOf
} from './notebook-json';
import type { ICellJson, INotebookJson } from './notebook-json';

/** What is kept in `metadata.workload` about a notebook, and is no part of it. */
const RECORDS: readonly string[] = ['check', 'dashboard'];

const UTF8 = new TextEncoder();

/**
 * A hash of what a notebook says: its cells (type, id, source, tags, attachments), kernel, and `metadata.voila` and
 * `metadata.workload`. Running a notebook does not change it, and neither does how its file is laid out.
 *
 * `jupyterlab_workload_explorer/dashboard/content_hash.py` makes the same hash; `test/fixtures/content-hashes.json` holds both to it.
 *
 * @returns `sha256:` and 64 hexadecimal digits.
 */
export function contentHash(notebook: INotebookJson): string {
  const { metadata, cells } = notebook;
  const content = {
    cells: cells.map(cellContent),
    kernel: memberOf(metadata, 'kernelspec', 'name') ?? null,
    voila: memberOf(metadata, 'voila') ?? null,
    workload: workloadContent(memberOf(metadata, 'workload'))
  };
  return `sha256:${bytesToHex(sha256(UTF8.encode(canonical(content))))}`;
}

function cellContent(cell: ICellJson): unknown {
  return {
    type: cell.cell_type,
    id: idOf(cell),
    source: sourceOf(cell),
    tags: sortedByBytes(new Set(tagsOf(cell)), tag => tag),
    attachments: attachmentsContent(cell.attachments)
  };
}

/** Attachments with their texts in one piece, as nbformat reads them. */
function attachmentsContent(attachments: unknown): unknown {
  return isObject(attachments)
    ? mapValues(attachments, bundle =>
        isObject(bundle)
          ? mapValues(bundle, (data, mime) =>
              isTexts(data) && !isJsonMime(mime) ? data.join('') : data
            )
          : bundle
      )
    : null;
}

/** Lists under these types are lists, not lines of a text. */
function isJsonMime(mime: string): boolean {
  return mime === 'application/json' || /^application\/.*\+json$/s.test(mime);
}

function workloadContent(workload: unknown): unknown {
  const entries = isObject(workload)
    ? Object.entries(workload).filter(([key]) => !RECORDS.includes(key))
    : [];
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/**
 * A text that two values share only when they are the same JSON. Numbers are doubles, since JavaScript has no others; lone surrogates,
 * which UTF-8 cannot hold, are U+FFFD.
 */
function canonical(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 't' : 'f';
    case 'number':
      return `d${doubleDigits(value)}`;
    case 'string': {
      const bytes = UTF8.encode(value).length;
      return `s${bytes}:${value}`;
    }
    default:
      break;
  }
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join('')}]`;
  }
  if (isObject(value)) {
    // A key without a value is none: models of JupyterLab may have such.
    const entries = Object.entries(value).filter(
      ([, each]) => each !== undefined
    );
    const pairs = sortedByBytes(entries, ([key]) => key).map(
      ([key, each]) => canonical(key) + canonical(each)
    );
    return `{${pairs.join('')}}`;
  }
  return 'n';
}

/** The 64 bits of a double in hexadecimal digits, the highest first; 0 and -0 are one. */
function doubleDigits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** Items in the order of the bytes of their keys in UTF-8, which is also that of code points. */
function sortedByBytes<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return [...items]
    .map(item => ({ item, bytes: UTF8.encode(keyOf(item)) }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes))
    .map(({ item }) => item);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) {
      return a[i] - b[i];
    }
  }
  return a.length - b.length;
}
