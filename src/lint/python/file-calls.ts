import type { IArgument } from './calls';
import { dottedName, inner } from './expressions';
import type { IFileAccess, IFolderChange, Text } from './facts';
import {
  CHANGES_FOLDER,
  CONVENTIONAL,
  COPIES,
  FUNCTIONS,
  METHODS,
  MOVES,
  PATH_KEYWORDS,
  PATH_METHODS,
  PROGRAMS,
  SPARK_FORMATS
} from './file-tables';
import type { IFileCall } from './file-tables';
import { isNoText, isUnknownText, textOf } from './texts';
import type { INode } from './tree';
import type { Walk } from './walk';

/** The files that a call reads and writes, and the folder that it makes the working one. */
export function fileAccesses(
  walk: Walk,
  callee: INode,
  args: readonly IArgument[]
): (IFileAccess | IFolderChange)[] {
  if (callee.type !== 'VariableName' && callee.children[1]?.type !== '.') {
    return [];
  }
  const isMethod = callee.type === 'MemberExpression';
  const last = isMethod ? callee.children[2] : callee;
  if (last === undefined) {
    return [];
  }
  const name = walk.source.name(last);
  const full = fullName(walk, callee);
  const { from, to } = callee;
  if (full !== null && PROGRAMS.has(full)) {
    const path = { kind: 'unknown' } as const;
    const guarded = false;
    return [
      { kind: 'file', access: 'write', path, by: full, guarded, from, to }
    ];
  }
  if (full !== null && CHANGES_FOLDER.has(full)) {
    // A context manager changes back at an end that steps do not have.
    const path: Text =
      full === 'os.chdir' && args[0] !== undefined
        ? textOf(walk, args[0].node, 'path')
        : { kind: 'unknown' };
    return [{ kind: 'folder', path, from, to }];
  }
  const { by, ...found } = known(walk, callee, name, full, args);
  const call = (
    access: 'read' | 'write',
    node: INode | undefined,
    suffix?: string
  ) => (node === undefined ? [] : accesses(walk, access, node, by, suffix));
  if (found.copies === true) {
    return [...call('read', args[0]?.node), ...call('write', args[1]?.node)];
  }
  if (isMethod && found.call === undefined && movesTo(name, args)) {
    return call('write', args[0]?.node);
  }
  if (found.owner !== undefined) {
    return found.owner.flatMap(access => call(access, callee.children[0]));
  }
  if (found.call !== undefined) {
    const { access, path, suffix } = found.call;
    const node = pathArgument(args, path);
    return access !== 'mode'
      ? call(access, node, suffix)
      : modes(walk, found.call, args).flatMap(each => call(each, node));
  }
  return queries(walk, name, args);
}

interface IKnownCall {
  readonly by: string;
  readonly call?: IFileCall;
  readonly copies?: boolean;
  /** How the owner of the method is accessed, which is a path. */
  readonly owner?: readonly ('read' | 'write')[];
}

function known(
  walk: Walk,
  callee: INode,
  name: string,
  full: string | null,
  args: readonly IArgument[]
): IKnownCall {
  const by = full ?? name;
  const isMethod = callee.type === 'MemberExpression';
  if (full !== null) {
    if (COPIES.has(full)) {
      return { by, copies: true };
    }
    const call = FUNCTIONS.get(full);
    if (call !== undefined) {
      return { by, call };
    }
  }
  const pathMethod = PATH_METHODS.get(name);
  if (isMethod && pathMethod !== undefined) {
    return { by, owner: [pathMethod] };
  }
  if (isMethod && name === 'open' && isPathOpen(walk, callee, args)) {
    return { by, owner: modes(walk, PATH_OPEN, args) };
  }
  const base = isMethod ? walk.source.text(callee.children[0]) : '';
  if (isMethod && SPARK_FORMATS.has(name)) {
    const access = /\.write(?:\b|$)/.test(base)
      ? 'write'
      : /\.read(?:\b|$)/.test(base)
        ? 'read'
        : null;
    return access === null ? { by } : { by, call: { access, path: 0 } };
  }
  if (isMethod && name === 'save' && isTextual(walk, args[0]?.node)) {
    return { by, call: { access: 'write', path: 0 } };
  }
  const call = METHODS.get(name);
  const isKnown = isMethod || full?.includes('.') === true;
  return call !== undefined && isKnown ? { by, call } : { by };
}

/** Whether `x.rename(y)` may be that of a path, which moves the file: it has one argument, and that may be a path. */
function movesTo(name: string, args: readonly IArgument[]): boolean {
  const [target, ...others] = args;
  return (
    MOVES.has(name) &&
    target?.keyword === undefined &&
    target?.star === '' &&
    others.length === 0 &&
    /^(?:(?:Call|Binary|Member)Expression|(?:Format|Continued)?String|VariableName)$/.test(
      inner(target.node).type
    )
  );
}

const PATH_OPEN: IFileCall = {
  access: 'mode',
  path: -1,
  mode: 0,
  defaultMode: 'r'
};

/** Whether `x.open(…)` is that of a path: it has no argument, or a mode. */
function isPathOpen(
  walk: Walk,
  callee: INode,
  args: readonly IArgument[]
): boolean {
  const owner = walk.source.text(callee.children[0]);
  if (walk.imports.has(owner) || owner === 'webbrowser') {
    return false;
  }
  const first = args.find(arg => arg.keyword === undefined);
  if (first === undefined) {
    return true;
  }
  const text = textOf(walk, first.node, 'value');
  return text.kind === 'literal' && /^[rwaxbtU+]{1,4}$/.test(text.value);
}

/** Whether an expression is a text or path for certain. */
function isTextual(walk: Walk, node: INode | undefined): boolean {
  const text: Text =
    node === undefined ? { kind: 'unknown' } : textOf(walk, node, 'path');
  return text.kind === 'literal' || text.kind === 'join';
}

/** The module and name of a function, by the imports of the cell or by common names; null when the root is no module as far as is known. */
export function fullName(walk: Walk, callee: INode): string | null {
  const dotted = dottedName(callee);
  if (dotted === null) {
    return null;
  }
  const root = walk.source.name(dotted.root);
  if (!walk.scope.readsGlobal(root) && !walk.imports.has(root)) {
    return null;
  }
  const module = walk.imports.get(root) ?? CONVENTIONAL[root] ?? root;
  const attributes = dotted.attributes.map(one => walk.source.name(one));
  return [module, ...attributes].join('.');
}

/** How a file is accessed that is opened in a mode. */
function modes(
  walk: Walk,
  { mode = 0, defaultMode = 'r' }: IFileCall,
  args: readonly IArgument[]
): ('read' | 'write')[] {
  const positional = args.filter(arg => arg.keyword === undefined);
  const given =
    args.find(arg => arg.keyword === 'mode') ??
    (positional.every(arg => arg.star === '') ? positional[mode] : undefined);
  const text: Text =
    given === undefined
      ? { kind: 'literal', value: defaultMode }
      : textOf(walk, given.node, 'value');
  if (text.kind !== 'literal') {
    // It may write, and nothing is said of files that may be written.
    return ['write'];
  }
  const letter = text.value.replace(/[bt:|]/g, '')[0] ?? 'r';
  const updates = text.value.includes('+');
  return letter === 'r' ? (updates ? ['read', 'write'] : ['read']) : ['write'];
}

function pathArgument(
  args: readonly IArgument[],
  index: number
): INode | undefined {
  const keyword = args.find(arg => PATH_KEYWORDS.has(arg.keyword ?? ''));
  const positional = args.filter(arg => arg.keyword === undefined);
  const before = positional.slice(0, index + 1);
  return before.length > index && before.every(arg => arg.star === '')
    ? before[index].node
    : keyword?.node;
}

/** The accesses of one argument, which may be a list of paths. URLs are no files, nor are texts that hold the data themselves. */
function accesses(
  walk: Walk,
  access: 'read' | 'write',
  node: INode,
  by: string,
  suffix?: string
): IFileAccess[] {
  const it = inner(node);
  if (it.type === 'ArrayExpression') {
    return it.children
      .filter(one => !/^[[\],*]$/.test(one.type))
      .flatMap(one => accesses(walk, access, one, by, suffix));
  }
  const text = textOf(walk, it, 'path');
  const start = firstLiteral(text);
  // That something is written matters even where nobody can tell what.
  const isSaid = !isUnknownText(text) || (access === 'write' && isOpen(by));
  if (
    (!isSaid && isNoText(text)) ||
    /^(?:[a-z][\w+.-]+:\/\/|[a-z]+::|:memory:|\s*[[{<])|[\n]/i.test(start)
  ) {
    return [];
  }
  const path: Text =
    suffix !== undefined &&
    text.kind === 'literal' &&
    !text.value.endsWith(suffix)
      ? { kind: 'literal', value: text.value + suffix }
      : text;
  const { files: guarded, askedFiles: asked } = walk.guards;
  const { from, to } = node;
  const ifTold = !isSaid;
  return [
    {
      kind: 'file',
      access,
      path,
      by,
      guarded,
      asked,
      ...(ifTold && { ifTold }),
      from,
      to
    }
  ];
}

/** Whether it writes files for certain, whatever it is given: others have buffers, too. */
function isOpen(by: string): boolean {
  return /(?:^|\.)(?:open|save|savez|copy2?|copyfile|copytree|move|rename|replace|link|symlink|to_(?:csv|json|parquet|pickle|feather|excel|hdf)|write_(?:text|bytes|table))$/.test(
    by
  );
}

function firstLiteral(text: Text): string {
  return text.kind === 'literal'
    ? text.value
    : text.kind === 'join'
      ? firstLiteral(text.parts[0])
      : '';
}

/** Files that a query of DuckDB names: `FROM 'x.parquet'`, `read_parquet('x.parquet')`, `COPY … TO 'x.parquet'`. */
function queries(
  walk: Walk,
  name: string,
  args: readonly IArgument[]
): IFileAccess[] {
  const [first] = args;
  if (
    first === undefined ||
    !['sql', 'query', 'execute', 'from_query'].includes(name)
  ) {
    return [];
  }
  const text = textOf(walk, first.node, 'value');
  if (text.kind !== 'literal') {
    return [];
  }
  const { from, to } = first.node;
  const { files: guarded, askedFiles: asked } = walk.guards;
  const pattern =
    /\b(from|join|read_\w+\s*\(|to)\s*\[?\s*'([^']+\.(?:parquet|csv|json|jsonl|ndjson|arrow)(?:\.\w+)?)'/gi;
  return [...text.value.matchAll(pattern)].flatMap(([, word, value]) =>
    value.includes('://')
      ? []
      : [
          {
            kind: 'file' as const,
            access: /^to$/i.test(word) ? ('write' as const) : ('read' as const),
            path: { kind: 'literal' as const, value },
            by: name,
            guarded,
            asked,
            from,
            to
          }
        ]
  );
}
