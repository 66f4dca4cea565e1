import { isObject, own, sameJson } from './json';
import type { JsonPath } from './json';
import {
  formatMember,
  formatValue,
  formatView,
  isInline,
  isScalar,
  keyRank
} from './view-format';
import { commonItems, hasId, matches } from './view-match';
import { valueOf } from './view-tree';
import type { IArrayNode, IMember, IObjectNode, TreeNode } from './view-tree';

/** Replace the characters from `from` to `to` by `insert`. */
export interface ITextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/**
 * The edits that make a view's text say `after` where it said `before`, and leave all else as it is: the layout that a person gave it, keys
 * that this program does not know, and what somebody else is changing at the same time.
 *
 * #### Notes
 * Every edit replaces, adds or removes a whole member or a whole item, never a part of a text or number. Merged with
 * another person's edits (Yjs keeps both insertions, and what either removed is removed) the text then still has whole tokens and
 * brackets in balance, and two new values of one key stand side by side and can be told apart; `repairView` puts the rest right.
 *
 * @param root The text as a tree.
 * @param before What the text says, with all defaults; must come from the same text.
 * @returns Edits in ascending order that do not overlap; of two at one offset the first comes first in the result.
 */
export function editView(
  text: string,
  root: TreeNode,
  before: unknown,
  after: unknown
): readonly ITextEdit[] {
  return (
    new Editor(text).value(
      root,
      before,
      after,
      [],
      indentAt(text, root.from)
    ) ?? [{ from: root.from, to: root.to, insert: formatView(after).trimEnd() }]
  );
}

/** Apply edits to a text. */
export function applyEdits(text: string, edits: readonly ITextEdit[]): string {
  let result = text;
  for (const { from, to, insert } of [...edits].reverse()) {
    result = result.slice(0, from) + insert + result.slice(to);
  }
  return result;
}

/**
 * Lay what changed from `before` to `after` over a raw view, whose keys that are not known are kept.
 */
export function overlay(
  raw: unknown,
  before: unknown,
  after: unknown
): unknown {
  if (isObject(raw) && isObject(before) && isObject(after)) {
    const result: Record<string, unknown> = { ...raw };
    for (const key of new Set([
      ...Object.keys(before),
      ...Object.keys(after)
    ])) {
      const value = own(after, key);
      if (value === undefined) {
        delete result[key];
      } else if (Object.hasOwn(raw, key)) {
        result[key] = overlay(raw[key], own(before, key), value);
      } else if (!sameJson(value, own(before, key))) {
        result[key] = value;
      }
    }
    return result;
  }
  if (Array.isArray(raw) && Array.isArray(before) && Array.isArray(after)) {
    return after.map((item: unknown) => {
      const i = before.findIndex((old: unknown) => matches(old, item));
      return i < 0 ? item : overlay(raw[i], before[i], item);
    });
  }
  return after;
}

/** A child of an object or list: what stands in the text and stays, perhaps changed, or what is new. */
type Entry =
  | {
      readonly kind: 'keep';
      readonly index: number;
      readonly edits: readonly ITextEdit[];
    }
  | {
      readonly kind: 'replace';
      readonly index: number;
      readonly insert: string;
    }
  | { readonly kind: 'new'; readonly insert: string };

type Anchor = Exclude<Entry, { kind: 'new' }>;

class Editor {
  constructor(private _text: string) {}

  /** Edits within a node, or null when it must be replaced as a whole. */
  value(
    node: TreeNode,
    before: unknown,
    after: unknown,
    path: JsonPath,
    indent: string
  ): readonly ITextEdit[] | null {
    if (node.kind === 'object' && isObject(before) && isObject(after)) {
      return this._object(node, before, after, path, indent);
    }
    if (
      node.kind === 'array' &&
      Array.isArray(before) &&
      Array.isArray(after)
    ) {
      return this._array(node, before, after, path, indent);
    }
    return null;
  }

  private _object(
    node: IObjectNode,
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
    path: JsonPath,
    indent: string
  ): readonly ITextEdit[] {
    const inner = this._innerIndent(
      node.from,
      node.members.at(0)?.from,
      indent
    );
    const entries: Entry[] = [];
    const keys: (string | null)[] = [];
    node.members.forEach((member, index) => {
      if (node.members.findLast(({ key }) => key === member.key) !== member) {
        return;
      }
      const entry = this._member(member, index, before, after, path, inner);
      if (entry) {
        entries.push(entry);
        keys.push(member.key);
      }
    });
    for (const key of Object.keys(after).sort(
      (a, b) => keyRank(path, a) - keyRank(path, b)
    )) {
      const value = after[key];
      const inText = node.members.some(member => member.key === key);
      if (inText || value === undefined || sameJson(value, own(before, key))) {
        continue;
      }
      const rank = keyRank(path, key);
      const place =
        1 +
        keys.findLastIndex(
          other => other !== null && keyRank(path, other) < rank
        );
      entries.splice(place, 0, {
        kind: 'new',
        insert: formatMember(key, value, path, inner)
      });
      keys.splice(place, 0, key);
    }
    return this._children(node, node.members, entries, inner, indent);
  }

  /** What becomes of a member; null when it goes. */
  private _member(
    member: IMember,
    index: number,
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
    path: JsonPath,
    indent: string
  ): Entry | null {
    const { key } = member;
    const was = own(before, key);
    const is = own(after, key);
    if (sameJson(was, is)) {
      return { kind: 'keep', index, edits: [] };
    }
    if (is === undefined) {
      return null;
    }
    const edits = this.value(member.value, was, is, [...path, key], indent);
    if (edits) {
      return { kind: 'keep', index, edits };
    }
    const value = overlay(valueOf(member.value), was, is);
    return {
      kind: 'replace',
      index,
      insert: formatMember(key, value, path, indent)
    };
  }

  private _array(
    node: IArrayNode,
    before: readonly unknown[],
    after: readonly unknown[],
    path: JsonPath,
    indent: string
  ): readonly ITextEdit[] | null {
    if (node.items.length !== before.length) {
      return null;
    }
    const inner = this._innerIndent(node.from, node.items.at(0)?.from, indent);
    const pairs = commonItems(before, after);
    const scalars = [...before, ...after].every(isScalar);
    if (scalars) {
      // Numbers side by side would run into one, and two new values for one old item are no list that anybody wanted.
      const simple = pairs.length === Math.min(before.length, after.length);
      const strings = [...before, ...after].every(
        item => typeof item === 'string'
      );
      if (
        !simple ||
        !strings ||
        isInline(before, path, indent) !== isInline(after, path, indent)
      ) {
        return null;
      }
    }
    const entries: Entry[] = [];
    let i = 0;
    let j = 0;
    for (const [oldEnd, newEnd] of [
      ...pairs,
      [before.length, after.length] as const
    ]) {
      for (; j < newEnd; j++, i++) {
        const itemPath = [...path, j];
        const raw = () => this._moved(node, before, after[j], pairs);
        const edits =
          i < oldEnd && !hasId(before[i])
            ? this.value(node.items[i], before[i], after[j], itemPath, inner)
            : null;
        if (i >= oldEnd) {
          entries.push({
            kind: 'new',
            insert: formatValue(raw(), itemPath, inner)
          });
        } else if (edits) {
          entries.push({ kind: 'keep', index: i, edits });
        } else {
          const insert = formatValue(raw(), itemPath, inner);
          entries.push({ kind: 'replace', index: i, insert });
        }
      }
      i = oldEnd;
      if (oldEnd < before.length && newEnd < after.length) {
        const edits =
          this.value(node.items[i], before[i], after[j], [...path, j], inner) ??
          [];
        entries.push({ kind: 'keep', index: i, edits });
        i++;
        j++;
      }
    }
    return this._children(node, node.items, entries, inner, indent);
  }

  /** An item that comes to another place takes along what is not known of it. */
  private _moved(
    node: IArrayNode,
    before: readonly unknown[],
    item: unknown,
    pairs: readonly (readonly [number, number])[]
  ): unknown {
    const from = before.findIndex(
      (old, i) => matches(old, item) && !pairs.some(([kept]) => kept === i)
    );
    return from < 0
      ? item
      : overlay(valueOf(node.items[from]), before[from], item);
  }

  /** Edits that make the children of a container be the entries. */
  private _children(
    node: TreeNode,
    children: readonly { readonly from: number; readonly to: number }[],
    entries: readonly Entry[],
    inner: string,
    indent: string
  ): readonly ITextEdit[] {
    const anchors = entries.filter(
      (entry): entry is Anchor => entry.kind !== 'new'
    );
    const open = node.from + 1;
    const close = node.to - 1;
    const multiline =
      children.length === 0
        ? node.kind === 'object' || !entries.every(isScalarText)
        : this._text.slice(open, children[0].from).includes('\n');
    const separator = multiline ? `,\n${inner}` : ', ';
    if (anchors.length === 0) {
      const inserts = entries.map(entry =>
        entry.kind === 'new' ? entry.insert : ''
      );
      const insert =
        inserts.length === 0
          ? ''
          : multiline
            ? `\n${inner}${inserts.join(separator)}\n${indent}`
            : inserts.join(separator);
      return children.length === 0 && insert === ''
        ? []
        : [{ from: open, to: close, insert }];
    }
    const edits: ITextEdit[] = [];
    let previous: Anchor | null = null;
    let added = '';
    for (const entry of entries) {
      if (entry.kind === 'new') {
        if (previous) {
          const at = children[previous.index].to;
          edits.push({ from: at, to: at, insert: separator + entry.insert });
        } else {
          added += entry.insert + separator;
        }
        continue;
      }
      const child = children[entry.index];
      const gone = entry.index - (previous ? previous.index + 1 : 0);
      if (gone > 0) {
        edits.push({
          from: children[entry.index - gone].from,
          to: child.from,
          insert: ''
        });
      }
      if (added !== '') {
        edits.push({ from: child.from, to: child.from, insert: added });
        added = '';
      }
      if (entry.kind === 'replace') {
        edits.push({ from: child.from, to: child.to, insert: entry.insert });
      } else {
        edits.push(...entry.edits);
      }
      previous = entry;
    }
    const last = anchors[anchors.length - 1].index;
    if (last < children.length - 1) {
      edits.push({
        from: children[last].to,
        to: children[children.length - 1].to,
        insert: ''
      });
    }
    return edits;
  }

  /** White space that children's lines begin with: as the first child's does, or two spaces more than the container's. */
  private _innerIndent(
    from: number,
    first: number | undefined,
    indent: string
  ): string {
    if (first !== undefined && this._text.slice(from, first).includes('\n')) {
      return indentAt(this._text, first);
    }
    return `${indent}  `;
  }
}

/** White space at the start of the line of an offset. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** Whether an entry is a text, number, true, false or null; a member starts with its key, but is none of a list's. */
function isScalarText(entry: Entry): boolean {
  return entry.kind === 'new' && !/^[[{]/.test(entry.insert);
}
