import type { IRange } from '../finding';
import { identifiersIn } from './tokens';
import type { Source } from './source';
import type { INode } from './tree';
import type { Walk } from './walk';

/** Texts, which are blanked to `aaa` in mended source. */
const BLANKED = /("""|'''|"|')a*\1?/g;

/** Says that a stretch of code could not be understood: what it may bind counts as possibly bound. */
export function unparsed(
  walk: Walk,
  range: IRange,
  reason: string | null
): void {
  const { source } = walk;
  const text =
    reason === null
      ? source.code.slice(range.from, range.to).replace(BLANKED, ' ')
      : source.text(range);
  if (text.trim() === '') {
    return;
  }
  const { from } = range;
  const to = from + source.text(range).trimEnd().length;
  walk.unparsed.push({
    from,
    to,
    reason: reason ?? 'this is no Python that can be read'
  });
  const known = identifiersIn(source.text(range));
  const blanked = new Set(identifiersIn(text));
  const names = known.filter(
    name =>
      (reason !== null ||
        blanked.has(name) ||
        /^(?:print|match|case|type)$/.test(name)) &&
      walk.scope.bindsGlobal(name)
  );
  if (names.length > 0) {
    walk.emit({ kind: 'unknown', names, why: 'unparsed', from, to });
  }
}

/** A statement, or statements in a row that an error makes unreadable. */
export type StatementGroup =
  | { readonly isBroken: false; readonly node: INode }
  | ({ readonly isBroken: true } & IRange);

/** Puts each statement with an error together with what shares its line or stands indented below it. */
export function brokenGroups(
  source: Source,
  nodes: readonly INode[]
): StatementGroup[] {
  if (!nodes.some(node => node.hasError)) {
    return nodes.map(node => ({ isBroken: false, node }));
  }
  const { code } = source;
  const rows: { nodes: INode[]; isBroken: boolean }[] = [];
  for (const node of nodes) {
    const broken = node.hasError && isBroken(node);
    const last = rows.at(-1);
    const before = last?.nodes.at(-1);
    const isSameLine =
      before !== undefined &&
      !code.slice(endOf(code, before), node.from).includes('\n');
    const isBelow =
      last?.isBroken === true &&
      column(code, node.from) > column(code, last.nodes[0].from);
    if (
      last !== undefined &&
      (isBelow || (isSameLine && (broken || last.isBroken || before.hasError)))
    ) {
      last.nodes.push(node);
      last.isBroken = true;
    } else {
      rows.push({ nodes: [node], isBroken: broken });
    }
  }
  return rows.flatMap((row): StatementGroup[] => {
    if (!row.isBroken) {
      return row.nodes.map(node => ({ isBroken: false, node }));
    }
    const [first] = row.nodes;
    const last = row.nodes[row.nodes.length - 1];
    const lineEnd = code.indexOf('\n', endOf(code, last));
    const to = lineEnd < 0 ? code.length : lineEnd;
    return [{ isBroken: true, from: first.from, to }];
  });
}

function endOf(code: string, node: INode): number {
  return node.from + code.slice(node.from, node.to).trimEnd().length;
}

function column(code: string, at: number): number {
  return at - (code.lastIndexOf('\n', at - 1) + 1);
}

const BODIES = ['Body', 'MatchBody', 'MatchClause', 'StatementGroup'];

/** Whether the error is in the statement itself, so that its bodies cannot be trusted either. */
function isBroken(node: INode): boolean {
  return (
    node.type === '⚠' ||
    node.type === 'PrintStatement' ||
    (node.type !== 'StatementGroup' && node.children.some(isOwnError))
  );
}

function isOwnError(node: INode): boolean {
  if (node.type === '⚠') {
    return true;
  }
  if (!node.hasError) {
    return false;
  }
  if (node.type === 'Body') {
    // Its colon is missing.
    return node.children[0].type === '⚠';
  }
  if (node.type === 'MatchBody' || node.type === 'MatchClause') {
    return node.children.some(isOwnError);
  }
  return (
    !BODIES.includes(node.type) &&
    !node.type.endsWith('Statement') &&
    node.children.some(isOwnError)
  );
}
