import { isEmpty, isNotEmpty } from './displays';
import { dottedName, inner } from './expressions';
import type { Text } from './facts';
import { textOf } from './texts';
import type { INode } from './tree';
import type { Walk } from './walk';

/** What a condition always is; null when it depends. */
export function constantOf(walk: Walk, test: INode): boolean | null {
  const { source } = walk;
  const node = inner(test);
  switch (node.type) {
    case 'Boolean':
      return source.text(node) === 'True';
    case 'None':
      return false;
    case 'Number': {
      const number = Number(source.text(node).replace(/_/g, ''));
      return Number.isNaN(number) ? null : number !== 0;
    }
    case 'VariableName':
    case 'MemberExpression': {
      const dotted = dottedName(node);
      const name = source.textOf(dotted?.attributes.at(-1) ?? dotted?.root);
      return name === 'TYPE_CHECKING'
        ? false
        : name === '__debug__'
          ? true
          : null;
    }
    case 'UnaryExpression': {
      const value = constantOf(walk, node.children[1]);
      return isNot(walk, node) && value !== null ? !value : null;
    }
    case 'BinaryExpression':
      return constantOfBinary(walk, node);
    default:
      return isNotEmpty(walk, node) ? true : isEmpty(walk, node) ? false : null;
  }
}

function constantOfBinary(walk: Walk, node: INode): boolean | null {
  const { source } = walk;
  const [left, operator, right] = node.children;
  if (right === undefined) {
    return null;
  }
  if (operator.type === 'and' || operator.type === 'or') {
    const decides = operator.type === 'or';
    const values = [constantOf(walk, left), constantOf(walk, right)];
    return values.includes(decides)
      ? decides
      : values.includes(null)
        ? null
        : !decides;
  }
  const sides = [source.text(left), source.text(right)];
  if (
    sides.includes('__name__') &&
    sides.some(side => /^(['"])__main__\1$/.test(side))
  ) {
    const sign = source.text(operator);
    return sign === '==' ? true : sign === '!=' ? false : null;
  }
  return null;
}

/** Whether it is `not x`, which the tree has as `~x`. */
export function isNot(walk: Walk, node: INode): boolean {
  return (
    node.type === 'UnaryExpression' &&
    walk.source.value.startsWith('not', node.from)
  );
}

/** What a condition asks. */
export interface IAsked {
  /** Names that are there when it holds. */
  readonly present: ReadonlySet<string>;
  /** Names that are not there when it holds. */
  readonly absent: ReadonlySet<string>;
  /** The files and folders that it asks for. */
  readonly files: readonly Text[];
}

/** What a condition asks of names, as by `'x' in globals()`, and of files, as by `path.exists()`. */
export function askedBy(walk: Walk, test: INode): IAsked {
  const present = new Set<string>();
  const absent = new Set<string>();
  const visit = (node: INode, isNegated: boolean): void => {
    const it = inner(node);
    const [left, operator, ...rest] = it.children;
    if (isNot(walk, it)) {
      visit(it.children[1], !isNegated);
    } else if (it.type === 'BinaryExpression') {
      const sign = operator.type;
      if (sign === (isNegated ? 'or' : 'and')) {
        visit(left, isNegated);
        visit(rest[0], isNegated);
      } else if (sign === 'in' || sign === 'not') {
        const isInverse = isNot(walk, left);
        const subject = isInverse ? left.children[1] : left;
        const container = rest[rest.length - 1];
        const name = /^[rubRUB]?(['"])(\w+)\1$/.exec(
          walk.source.text(subject)
        )?.[2];
        if (name !== undefined && isNamespace(walk, container)) {
          const isAbsent = (sign === 'not') !== (isInverse !== isNegated);
          (isAbsent ? absent : present).add(name);
        }
      }
    }
  };
  visit(test, false);
  return { present, absent, files: filesAskedFor(walk, test) };
}

/** The paths of `path.exists()`, `os.path.isfile(path)` and their like. */
function filesAskedFor(walk: Walk, node: INode): readonly Text[] {
  const within = node.children.flatMap(child => filesAskedFor(walk, child));
  if (node.type !== 'CallExpression') {
    return within;
  }
  const [callee, list] = node.children;
  const name = walk.source.textOf(
    callee.type === 'MemberExpression' ? callee.children[2] : callee
  );
  if (!/^(?:l?exists|is_?file|is_?dir)$/.test(name)) {
    return within;
  }
  const [, argument] = list?.children ?? [];
  const path =
    argument && !/^[(),]$/.test(argument.type) ? argument : callee.children[0];
  return [...within, path ? textOf(walk, path, 'path') : { kind: 'unknown' }];
}

/** Whether it is `globals()`, `locals()`, `vars()` or `dir()`. */
function isNamespace(walk: Walk, node: INode): boolean {
  return /^(?:globals|locals|vars|dir)\s*\(\s*\)(?:\s*\.\s*keys\s*\(\s*\))?$/.test(
    walk.source.text(node)
  );
}
