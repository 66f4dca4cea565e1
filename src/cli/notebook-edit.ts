import { createHash } from 'node:crypto';

import type { ICell } from '../lint/notebook';
import { isObject } from '../workload/json';
import { applyEdits } from '../workload/view-edit';
import type { ITextEdit } from '../workload/view-edit';
import { parseText, valueOf } from '../workload/view-tree';
import type { IArrayNode, IObjectNode, TreeNode } from '../workload/view-tree';

/** A cell after fixes, and the cell of the file that it was; null for a new one. */
export interface IEditedCell extends ICell {
  readonly origin: number | null;
}

/**
 * The text of a notebook file with changed sources and tags, and with new cells. All else stays to the letter: layout, order of keys,
 * numbers, and keys that nobody knows.
 *
 * @param before The cells as they stand in the text.
 * @param after Cells in the order of the file; none of them is missing.
 * @param hasIds Whether new cells get ids.
 * @returns Null when the text is of a kind that cannot be edited so.
 */
export function editNotebookText(
  text: string,
  before: readonly ICell[],
  after: readonly IEditedCell[],
  hasIds: boolean
): string | null {
  const { roots, faults } = parseText(text);
  const list = memberOf(roots.at(0), 'cells');
  if (faults.length > 0 || list?.kind !== 'array') {
    return null;
  }
  const layout = new Layout(text, roots[0]);
  const edits: ITextEdit[] = [];
  let next = after.length;
  const ids = new Set(before.map(({ id }) => id));
  for (const cell of after.toReversed()) {
    next--;
    if (cell.origin !== null) {
      edits.unshift(
        ...cellEdits(layout, list.items[cell.origin], before[cell.origin], cell)
      );
      continue;
    }
    const following = after
      .slice(next + 1)
      .find(({ origin }) => origin !== null);
    const made = newCell(cell, hasIds ? newId(cell, ids) : null);
    const at = following?.origin ?? null;
    edits.unshift(...layout.insertItem(list, at, made));
  }
  edits.sort((a, b) => a.from - b.from);
  return applyEdits(text, edits);
}

function cellEdits(
  layout: Layout,
  node: TreeNode,
  before: ICell,
  after: ICell
): readonly ITextEdit[] {
  if (node.kind !== 'object') {
    return [];
  }
  const edits: ITextEdit[] = [];
  const source = memberOf(node, 'source');
  if (source && before.source !== after.source) {
    const isList = source.kind === 'array';
    edits.push(
      layout.replace(source, isList ? linesOf(after.source) : after.source)
    );
  }
  const isSame =
    before.tags.length === after.tags.length &&
    before.tags.every((tag, i) => tag === after.tags[i]);
  if (!isSame) {
    const metadata = memberOf(node, 'metadata');
    const tags = memberOf(metadata, 'tags');
    if (tags) {
      edits.push(layout.replace(tags, after.tags));
    } else if (metadata?.kind === 'object') {
      edits.push(...layout.addMember(metadata, 'tags', after.tags));
    } else {
      edits.push(...layout.addMember(node, 'metadata', { tags: after.tags }));
    }
  }
  return edits;
}

/** Lines with their ends, as notebooks have them. */
function linesOf(source: string): readonly string[] {
  return source.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function newCell({ source, tags }: ICell, id: string | null): unknown {
  return {
    cell_type: 'code',
    execution_count: null,
    ...(id !== null && { id }),
    metadata: { tags },
    outputs: [],
    source: linesOf(source)
  };
}

/** An id that no cell has; of the content, so that the same fix gives the same file. */
function newId({ source }: ICell, ids: Set<string | null>): string {
  for (let i = 0; ; i++) {
    const id = createHash('sha256')
      .update(`${i} ${source}`)
      .digest('hex')
      .slice(0, 8);
    if (!ids.has(id)) {
      ids.add(id);
      return id;
    }
  }
}

/** The last value of a key, which is the one that counts. */
export function memberOf(
  node: TreeNode | undefined,
  key: string
): TreeNode | undefined {
  return node?.kind === 'object'
    ? node.members.findLast(member => member.key === key)?.value
    : undefined;
}

/** How a file is laid out, so that what is new looks like what is there. */
class Layout {
  constructor(
    private readonly _text: string,
    root: TreeNode
  ) {
    const first = root.kind === 'object' ? root.members.at(0) : undefined;
    const lead = first ? _text.slice(root.from + 1, first.from) : '';
    this._unit = lead.includes('\n')
      ? lead.slice(lead.lastIndexOf('\n') + 1)
      : null;
    this._newline = lead.includes('\r\n') ? '\r\n' : '\n';
    this._colon = /"\s*:\s/.test(_text.slice(first?.from ?? 0, first?.to))
      ? ': '
      : ':';
    // A file that is all ASCII, with escapes for all else, stays so.
    this._isAscii =
      // eslint-disable-next-line no-control-regex
      /^[\u0000-\u007f]*$/.test(_text) &&
      /\\u(?!00[01])[0-9a-f]{4}/i.test(_text);
  }

  replace(node: TreeNode, value: unknown): ITextEdit {
    const isEmpty = node.kind === 'array' && node.items.length === 0;
    const isInline =
      !isEmpty && !this._text.slice(node.from, node.to).includes('\n');
    return {
      from: node.from,
      to: node.to,
      insert: this._format(
        value,
        node.kind === 'array' && isInline ? null : this._indentAt(node.from)
      )
    };
  }

  /** Add a member where it belongs among keys that are in order, else at the end. */
  addMember(
    node: IObjectNode,
    key: string,
    value: unknown
  ): readonly ITextEdit[] {
    const indent = this._indentAt(node.from);
    if (node.members.length === 0) {
      return [
        {
          from: node.from,
          to: node.to,
          insert: this._format({ [key]: value }, indent)
        }
      ];
    }
    const isInline = !this._text.slice(node.from, node.to).includes('\n');
    const inner =
      isInline || indent === null ? null : indent + (this._unit ?? '');
    const member = `${this._string(key)}${this._colon}${this._format(value, inner)}`;
    const separator =
      inner === null
        ? this._colon === ': '
          ? ', '
          : ','
        : `,${this._newline}${inner}`;
    const after = node.members.find(other => other.key > key);
    const at = after?.from ?? node.members[node.members.length - 1].to;
    return [
      {
        from: at,
        to: at,
        insert: after ? member + separator : separator + member
      }
    ];
  }

  /** Put an item before another, or at the end with null. */
  insertItem(
    list: IArrayNode,
    before: number | null,
    value: unknown
  ): readonly ITextEdit[] {
    const node = before === null ? list.items.at(-1) : list.items[before];
    if (!node) {
      return [
        {
          from: list.from,
          to: list.to,
          insert: this._format([value], this._indentAt(list.from))
        }
      ];
    }
    const indent = this._indentAt(node.from);
    const item = this._format(value, indent);
    const between =
      indent === null
        ? this._colon === ': '
          ? ', '
          : ','
        : `,${this._newline}${indent}`;
    const at = before === null ? node.to : node.from;
    return [
      {
        from: at,
        to: at,
        insert: before === null ? between + item : item + between
      }
    ];
  }

  /** The blanks before the line on which something begins; null in a file of one line. */
  private _indentAt(offset: number): string | null {
    if (this._unit === null) {
      return null;
    }
    const start = this._text.lastIndexOf('\n', offset - 1) + 1;
    return /^[ \t]*/.exec(this._text.slice(start, offset))?.[0] ?? '';
  }

  /** A value as JSON; with an indent, one item a line. */
  private _format(value: unknown, indent: string | null): string {
    if (typeof value === 'string') {
      return this._string(value);
    }
    const isList = Array.isArray(value);
    if (!isList && !isObject(value)) {
      return JSON.stringify(value);
    }
    const [open, close] = isList ? '[]' : '{}';
    const inner = indent === null ? null : indent + (this._unit ?? '');
    const parts = isList
      ? value.map(item => this._format(item, inner))
      : Object.entries(value).map(
          ([key, item]) =>
            `${this._string(key)}${this._colon}${this._format(item, inner)}`
        );
    if (parts.length === 0) {
      return open + close;
    }
    return inner === null
      ? open + parts.join(this._colon === ': ' ? ', ' : ',') + close
      : `${open}${this._newline}${inner}${parts.join(`,${this._newline}${inner}`)}${this._newline}${indent}${close}`;
  }

  private _string(text: string): string {
    const json = JSON.stringify(text);
    return this._isAscii
      ? json.replace(
          /[\u007f-\uffff]/g,
          unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
        )
      : json;
  }

  private readonly _unit: string | null;
  private readonly _newline: string;
  private readonly _colon: string;
  private readonly _isAscii: boolean;
}

/** By cell, the line of the file on which it begins, and those of the lines of its source; all from 1. */
export function cellLines(
  text: string
): readonly { readonly cell: number; readonly source: readonly number[] }[] {
  const list = memberOf(parseText(text).roots.at(0), 'cells');
  if (list?.kind !== 'array') {
    return [];
  }
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const lineOf = (offset: number): number => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low + 1;
  };
  return list.items.map(item => {
    const source = memberOf(item, 'source');
    return {
      cell: lineOf(item.from),
      source:
        source?.kind === 'array'
          ? // An item may hold several lines, or a part of one.
            source.items.flatMap(line => {
              const value = valueOf(line);
              const count =
                typeof value === 'string' ? value.split('\n').length - 1 : 0;
              return Array.from({ length: Math.max(1, count) }, () =>
                lineOf(line.from)
              );
            })
          : source
            ? [lineOf(source.from)]
            : []
    };
  });
}
