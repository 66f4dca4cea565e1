import type { IRange } from '../finding';
import type { Source } from './source';
import type { INode } from './tree';

/** What one clause of an import statement binds. */
export interface IImportClause extends IRange {
  /** The name that is bound; `*` of a star import. */
  readonly name: string;
  /** The part of the source that names it. */
  readonly at: IRange;
  /** The module that is imported, with the dots of a relative import. */
  readonly module: string;
  /** Of `from module import member`. */
  readonly member?: string;
  /** The statement that imports this alone. */
  readonly text: string;
}

/** The clauses of `import …` and `from … import …`. */
export function importClauses(source: Source, node: INode): IImportClause[] {
  const { children } = node;
  const split = children.findIndex(child => child.type === 'import');
  const isFrom = children[0]?.type === 'from';
  const dotted = (nodes: readonly INode[]) =>
    nodes.map(one => source.name(one)).join('');
  const from = isFrom ? dotted(children.slice(1, split)) : '';
  const groups: INode[][] = [[]];
  for (const child of children.slice(split + 1)) {
    if (child.type === ',') {
      groups.push([]);
    } else if (child.type !== '(' && child.type !== ')') {
      groups[groups.length - 1].push(child);
    }
  }
  const clauses: IImportClause[] = [];
  for (const group of groups) {
    if (group.length === 0 || group.some(one => one.hasError)) {
      continue;
    }
    const as = group.findIndex(one => one.type === 'as');
    const path = group.slice(0, as < 0 ? undefined : as);
    const alias = as < 0 ? undefined : group[as + 1];
    const at = alias ?? (isFrom ? path[path.length - 1] : path[0]);
    const imported = dotted(path);
    const suffix = alias === undefined ? '' : ` as ${source.name(alias)}`;
    clauses.push({
      name: source.name(at),
      at,
      from: group[0].from,
      to: group[group.length - 1].to,
      module: isFrom ? from : imported,
      ...(isFrom ? { member: imported } : {}),
      text: isFrom
        ? `from ${from} import ${imported}${suffix}`
        : `import ${imported}${suffix}`
    });
  }
  return clauses;
}
