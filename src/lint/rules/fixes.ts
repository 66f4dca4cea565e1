import type { IFix, IInsertedCell, ITagEdit, ITextEdit } from '../finding';
import { PAPERMILL_TAGS, ROLES } from '../../workload/roles';
import type { Role } from '../../workload/roles';
import { isWithin } from '../../workload/role-policy';
import type { IRolePolicy } from '../../workload/role-policy';
import type { ICell } from '../notebook';
import type { IBind, IImport, IStatement, Step } from '../python/facts';
import { leafSteps } from '../python/walk-steps';
import type { ICheckedCell } from '../rule';

/** A fix; what it has none of is left out. */
export function fixOf(
  title: string,
  parts: {
    readonly edits?: readonly ITextEdit[];
    readonly tags?: readonly ITagEdit[];
    readonly insert?: readonly IInsertedCell[];
  }
): IFix {
  return {
    title,
    edits: parts.edits ?? [],
    tags: parts.tags ?? [],
    ...(parts.insert && { insert: parts.insert })
  };
}

/** The change of tags that gives a cell one role. */
export function tagAs(
  { index, cell }: ICheckedCell,
  role: Role,
  { tags }: IRolePolicy
): ITagEdit {
  const isShared =
    role === 'shared' && PAPERMILL_TAGS.some(tag => cell.tags.includes(tag));
  const has = cell.tags.includes(tags[role]);
  return {
    cell: index,
    add: has || isShared ? [] : [tags[role]],
    remove: ROLES.filter(other => other !== role)
      .map(other => tags[other])
      .filter(tag => cell.tags.includes(tag))
  };
}

/** Whether a package stands on a list: it, or a package that it belongs to. */
export function isListed(
  imported: IImport,
  packages: readonly string[]
): boolean {
  const { module, member } = imported;
  const whole = member === undefined ? module : `${module}.${member}`;
  return isWithin(module, packages) || isWithin(whole, packages);
}

/** The imports of a cell's outermost level, clause by clause. */
export function importsOf(
  cell: Pick<ICheckedCell, 'facts'>
): readonly (IBind & { readonly module: IImport })[] {
  const outer = new Set(
    (cell.facts?.statements ?? [])
      .filter(({ kind }) => kind === 'import')
      .map(({ from }) => from)
  );
  return [...leafSteps(cell.facts?.steps ?? [])].flatMap(step =>
    step.kind === 'bind' && step.module && outer.has(step.module.statement.from)
      ? [{ ...step, module: step.module }]
      : []
  );
}

/** Whether running a cell costs next to nothing wherever it runs: it imports and gives names to literals, and does nothing else. */
export function isLight(cell: Pick<ICheckedCell, 'facts'>): boolean {
  return hasOnly(cell, importsOrNamesLiteral);
}

/** Whether a cell defines functions and does nothing else but import and give names to literals. */
export function hasDefinitionsOnly({ cell, facts }: ICheckedCell): boolean {
  return (
    facts !== null &&
    hasOnly(
      { facts },
      statement =>
        statement.kind === 'function' || importsOrNamesLiteral(statement)
    ) &&
    ![...leafSteps(facts.steps)].some(step => isCall(cell, step))
  );
}

/** Whether a step calls something; what decorates a definition may be called. */
export function isCall({ source }: ICell, step: Step): boolean {
  return (
    step.kind === 'use' &&
    step.how === 'call' &&
    !/@[ \t]*$/.test(source.slice(0, step.from))
  );
}

function hasOnly(
  { facts }: Pick<ICheckedCell, 'facts'>,
  isOf: (statement: IStatement) => boolean
): boolean {
  return (
    facts !== null &&
    facts.statements.length > 0 &&
    facts.unparsed.length === 0 &&
    facts.statements.every(isOf)
  );
}

function importsOrNamesLiteral({ kind, isLiteral }: IStatement): boolean {
  return kind === 'import' || (kind === 'assignment' && isLiteral === true);
}

/**
 * Take one import out of a cell.
 *
 * @returns Null when it cannot be cut out cleanly: it shares its line with other code, stands in a block, or has comments in it.
 */
export function removeImport(
  cell: ICheckedCell,
  imported: IImport
): ITextEdit | null {
  const { source } = cell.cell;
  const { from, to } = imported.statement;
  const lineStart = source.lastIndexOf('\n', from - 1) + 1;
  const newline = source.indexOf('\n', to);
  const lineEnd = newline < 0 ? source.length : newline;
  const all = importsOf(cell).filter(
    ({ module }) => module.statement.from === from
  );
  const isWhole =
    source.slice(lineStart, from).trim() === '' &&
    /^[ \t\r]*(?:#.*)?$/.test(source.slice(to, lineEnd)) &&
    !source.slice(from, to).includes('#');
  const kept = all.filter(({ module }) => module.text !== imported.text);
  if (!isWhole || all.length === 0 || kept.length === all.length) {
    return null;
  }
  if (kept.length > 0) {
    return {
      cell: cell.index,
      from,
      to,
      text: oneStatement(
        kept.map(({ module }) => module),
        newlineOf(source)
      )
    };
  }
  return newline < 0
    ? {
        cell: cell.index,
        from: Math.max(0, lineEndAt(source, lineStart - 1)),
        to: source.length,
        text: ''
      }
    : { cell: cell.index, from: lineStart, to: newline + 1, text: '' };
}

/** How the lines of a source end. */
export function newlineOf(source: string): '\n' | '\r\n' {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

/** Where the line ends that a `\n` belongs to: before its `\r`, where it has one. */
function lineEndAt(source: string, newline: number): number {
  return source[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Imports of one statement, written as one again. */
function oneStatement(imports: readonly IImport[], newline: string): string {
  const [first] = imports;
  const head =
    first.member === undefined ? 'import ' : `from ${first.module} import `;
  return imports.every(({ text }) => text.startsWith(head))
    ? head + imports.map(({ text }) => text.slice(head.length)).join(', ')
    : imports.map(({ text }) => text).join(newline);
}

/** Add an import below those that a cell has. */
export function addImport(
  cell: ICheckedCell,
  imported: Pick<IImport, 'text'>
): ITextEdit {
  const { source } = cell.cell;
  const last = Math.max(
    ...importsOf(cell).map(({ module }) => module.statement.to)
  );
  const newline = source.indexOf('\n', last);
  const at = newline < 0 ? source.length : lineEndAt(source, newline);
  return {
    cell: cell.index,
    from: at,
    to: at,
    text: newlineOf(source) + imported.text
  };
}
