import { isObject, sameJson } from './json';
import type { JsonPath } from './json';
import type { ITranslator } from './translator';
import { VIEW_VERSION } from './view';
import { checkView } from './view-check';
import { applyEdits } from './view-edit';
import type { ITextEdit } from './view-edit';
import { readView, viewRoot } from './view-read';
import { isBalanced, parseText, tokens, valueOf } from './view-tree';
import type { IToken, TreeNode } from './view-tree';

/**
 * The edits that make a view of what concurrent edits have left of one: nothing but whole tokens, with brackets in balance (`editView`).
 *
 * #### Notes
 * All that is removed is removed where it stands, and all that is ever added are commas (one where there is none) and new ids of charts. So even
 * when several people's programs repair the same text at the same time the result is at most a comma or an id too many, which the next repair
 * removes, and removing it twice is removing it once: repairs come to an end, and everybody has the same text.
 * Of a key that comes twice the last member stays, of two views the first.
 *
 * @returns Edits in ascending order, none when the text is a view already; null when the text cannot be repaired this way, because somebody typed in it.
 */
export function repairView(
  text: string,
  trans: ITranslator
): readonly ITextEdit[] | null {
  if (!isBalanced(text)) {
    return null;
  }
  const { roots } = parseText(text);
  const root = viewRoot(roots);
  const raw = root ? valueOf(root) : null;
  if (!root || !isObject(raw) || raw.version !== VIEW_VERSION) {
    return null;
  }
  const { dropped, renamed, view } = checkView(raw);
  if (!view) {
    return null;
  }
  const edits: ITextEdit[] = [];
  const all = tokens(text);
  const gap = (from: number, to: number, comma: boolean): void => {
    edits.push(...gapEdits(text, all, from, to, comma));
  };
  gap(0, root.from, false);
  repairNode(root, []);
  gap(root.to, text.length, false);
  const repaired = applyEdits(text, edits);
  return readView(repaired, trans).problem === null ? edits : null;

  function repairNode(node: TreeNode, path: JsonPath): void {
    if (node.kind === 'scalar') {
      return;
    }
    let at = node.from + 1;
    let first = true;
    for (const child of keptChildren(node, path)) {
      gap(at, child.from, !first);
      const id =
        child.path.length === 3 && child.path[2] === 'id'
          ? newId(child.path)
          : null;
      if (id === null) {
        repairNode(child.value, child.path);
      } else {
        edits.push({
          from: child.from,
          to: child.to,
          insert: `"id": ${JSON.stringify(id)}`
        });
      }
      at = child.to;
      first = false;
    }
    gap(at, node.to - 1, false);
  }

  function newId(path: JsonPath): string | null {
    if (path[0] !== 'board') {
      return null;
    }
    // Charts that are dropped have no place among those that the check renamed.
    const lost = dropped.filter(
      other =>
        other.length === 2 &&
        other[0] === 'board' &&
        Number(other[1]) < Number(path[1])
    );
    return renamed.get(Number(path[1]) - lost.length) ?? null;
  }

  function keptChildren(
    node: Exclude<TreeNode, { kind: 'scalar' }>,
    path: JsonPath
  ): { from: number; to: number; value: TreeNode; path: JsonPath }[] {
    const children =
      node.kind === 'array'
        ? node.items.map((value, i) => ({
            ...span(value),
            value,
            path: [...path, i]
          }))
        : node.members
            .filter(
              member =>
                node.members.findLast(({ key }) => key === member.key) ===
                member
            )
            .map(member => ({
              ...span(member),
              value: member.value,
              path: [...path, member.key]
            }));
    return children.filter(
      child => !dropped.some(other => sameJson(other, child.path))
    );
  }
}

function span({ from, to }: { from: number; to: number }): {
  from: number;
  to: number;
} {
  return { from, to };
}

/**
 * Edits after which there is nothing but white space between two offsets, and one comma if there must be one: the first
 * of those that are there.
 */
function gapEdits(
  text: string,
  all: readonly IToken[],
  from: number,
  to: number,
  comma: boolean
): ITextEdit[] {
  const between = all.filter(
    token => token.from >= from && token.to <= to && token.kind !== 'end'
  );
  if (
    comma
      ? between.length === 1 && between[0].kind === ','
      : between.length === 0
  ) {
    return [];
  }
  const kept = comma ? between.find(token => token.kind === ',') : undefined;
  // One run of white space stays, because a line begins with it: the last one, or else the one behind the comma.
  const last = from + text.slice(from, to).trimEnd().length;
  if (!kept) {
    const space = comma && last === to ? spaceBefore(text, from, to) : '';
    return [{ from, to: last, insert: comma ? `,${space}` : '' }];
  }
  const behind = kept.to + leadingSpace(text.slice(kept.to, to)).length;
  const removed =
    last === to ? { from: behind, to } : { from: kept.to, to: last };
  return [{ from, to: kept.from }, removed]
    .filter(edit => edit.to > edit.from)
    .map(edit => ({ ...edit, insert: '' }));
}

/** White space to put where two children stand side by side: objects get a line each. */
function spaceBefore(text: string, from: number, to: number): string {
  const line = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  return text[to] === '{' ? `\n${leadingSpace(line)}` : ' ';
}

function leadingSpace(text: string): string {
  return /^\s*/.exec(text)?.[0] ?? '';
}
