import { importClauses } from './import-clauses';
import type { INode } from './tree';
import { identifiersIn } from './tokens';
import { noBindings } from './scope';
import type { IBindings } from './scope';
import type { Source } from './source';

/** The names that statements bind in their own scope: functions and classes within count by their name only. */
export function bindingsOf(
  source: Source,
  nodes: readonly INode[],
  parameters: Iterable<string> = []
): IBindings {
  const bindings = noBindings(parameters);
  for (const node of nodes) {
    collect(source, node, bindings);
  }
  for (const name of [...bindings.globals, ...bindings.nonlocals]) {
    bindings.locals.delete(name);
  }
  return bindings;
}

/** The names of parameters, of functions or lambdas. */
export function parametersOf(source: Source, list: INode | undefined): INode[] {
  const names: INode[] = [];
  let isName = true;
  for (const child of list?.children ?? []) {
    if (child.type === ',' || child.type === '(') {
      isName = true;
    } else if (child.type === 'VariableName' && isName) {
      isName = false;
      if (source.text(child) !== '/') {
        names.push(child);
      }
    } else if (child.type === 'AssignOp') {
      isName = false;
    }
  }
  return names;
}

/** The names that a target binds: those of attributes and items are none. */
export function targetNames(node: INode): INode[] {
  switch (node.type) {
    case 'VariableName':
      return [node];
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'ParenthesizedExpression':
    case 'UnaryExpression':
      return node.children.flatMap(targetNames);
    default:
      return [];
  }
}

/** The children of an assignment: groups of targets, an annotation, and the values. */
export function assignmentParts(node: INode): {
  readonly targets: readonly (readonly INode[])[];
  readonly annotation: INode | undefined;
  readonly values: readonly INode[];
} {
  const groups: INode[][] = [[]];
  let annotation: INode | undefined;
  for (const child of node.children) {
    if (child.type === 'AssignOp' || child.type === 'UpdateOp') {
      groups.push([]);
    } else if (child.type === 'TypeDef') {
      annotation = child;
    } else {
      groups[groups.length - 1].push(child);
    }
  }
  return groups.length === 1
    ? { targets: groups, annotation, values: [] }
    : {
        targets: groups.slice(0, -1),
        annotation,
        values: groups[groups.length - 1]
      };
}

/** The children between a keyword and another. */
export function between(node: INode, from: string, to: string): INode[] {
  const start = node.children.findIndex(child => child.type === from) + 1;
  const end = node.children.findIndex(
    (child, i) => i >= start && child.type === to
  );
  return node.children.slice(start, end < 0 ? undefined : end);
}

/** The names that a pattern of `match` binds. */
export function patternNames(source: Source, node: INode): INode[] {
  switch (node.type) {
    case 'CapturePattern': {
      const [name] = node.children;
      const text = name === undefined ? '' : source.text(name);
      return text === '' || text === '_' || !/^[^(){}[\].]+$/.test(text)
        ? []
        : [name];
    }
    case 'AsPattern':
      return node.children.flatMap(child =>
        child.type === 'VariableName' ? [child] : patternNames(source, child)
      );
    case 'LiteralPattern':
    case 'AttributePattern':
      return [];
    default:
      return node.children.flatMap(child => patternNames(source, child));
  }
}

function collect(source: Source, node: INode, into: IBindings): void {
  const add = (names: readonly INode[]) => {
    for (const name of names) {
      into.locals.add(source.name(name));
    }
  };
  switch (node.type) {
    case 'FunctionDefinition':
    case 'ClassDefinition':
    case 'TypeDefinition':
    case 'LambdaExpression':
      if (node.type !== 'LambdaExpression') {
        add(
          node.children
            .filter(child => child.type === 'VariableName')
            .slice(0, 1)
        );
      }
      // Defaults and bases are evaluated outside, and may hold `:=`.
      for (const child of node.children) {
        if (child.type === 'ParamList' || child.type === 'ArgList') {
          collect(source, child, into);
        }
      }
      return;
    case 'AssignStatement':
    case 'UpdateStatement': {
      for (const target of assignmentParts(node).targets) {
        add(target.flatMap(targetNames));
      }
      break;
    }
    case 'ForStatement':
      add(between(node, 'for', 'in').flatMap(targetNames));
      break;
    case 'DeleteStatement':
      add(node.children.flatMap(targetNames));
      break;
    case 'WithStatement':
    case 'TryStatement':
      node.children.forEach((child, i) => {
        if (node.children[i - 1]?.type === 'as') {
          add([child]);
        } else if (isItemWithTarget(source, child)) {
          add(targetNames(child.children[2]));
        }
      });
      break;
    case 'MatchClause':
      add(
        node.children
          .filter(child => child.type !== 'Body' && child.type !== 'Guard')
          .flatMap(child => patternNames(source, child))
      );
      break;
    case 'ImportStatement':
      for (const clause of importClauses(source, node)) {
        into.locals.add(clause.name);
      }
      return;
    case 'ScopeStatement': {
      const names =
        node.children[0].type === 'global' ? into.globals : into.nonlocals;
      for (const child of node.children) {
        if (child.type === 'VariableName') {
          names.add(source.name(child));
        }
      }
      return;
    }
    case 'NamedExpression':
      add(node.children.slice(0, 1));
      break;
    case 'BinaryExpression':
      if (source.textOf(node.children[1]) === ':=') {
        add(node.children.slice(0, 1));
      }
      break;
    case 'ArgList':
      node.children.forEach((child, i) => {
        if (source.textOf(node.children[i + 1]) === ':=') {
          add([child]);
        }
      });
      break;
    case 'Number': {
      const island = source.islandAt(node);
      if (island?.kind === 'broken') {
        for (const name of identifiersIn(source.text(island))) {
          into.locals.add(name);
        }
      }
      return;
    }
  }
  for (const child of node.children) {
    collect(source, child, into);
  }
}

/** Whether it is `expression as target` of a `with`, which stands as a comparison in the tree unless the target is a name. */
export function isItemWithTarget(source: Source, node: INode): boolean {
  return (
    node.type === 'BinaryExpression' &&
    node.children.length === 3 &&
    source.text(node.children[1]) === 'as'
  );
}
