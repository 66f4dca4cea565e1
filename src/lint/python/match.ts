import { patternNames } from './bindings';
import { read } from './expressions';
import { runBody } from './statements';
import type { INode } from './tree';
import { child, UNKNOWN } from './walk';
import type { Walk } from './walk';

/** `match`: each clause is tried when none before it was taken. */
export function runMatch(walk: Walk, node: INode): void {
  const body = child(node, 'MatchBody');
  for (const one of node.children) {
    if (one !== body) {
      read(walk, one);
    }
  }
  const clauses = (body?.children ?? []).filter(
    one => one.type === 'MatchClause'
  );
  runClauses(walk, clauses);
}

function runClauses(walk: Walk, clauses: readonly INode[]): void {
  const [clause, ...rest] = clauses;
  if (clause === undefined) {
    return;
  }
  const guard = child(clause, 'Guard');
  const body = child(clause, 'Body');
  const patterns = clause.children.filter(
    one => one.type.endsWith('Pattern') && !one.hasError
  );
  patterns.forEach(one => readPattern(walk, one));
  const taken = walk.collect(() => {
    for (const name of patterns.flatMap(one =>
      patternNames(walk.source, one)
    )) {
      walk.bind(walk.source.name(name), name, 'match', UNKNOWN);
    }
    guard?.children.forEach(one => read(walk, one));
    if (body !== undefined) {
      runBody(walk, body);
    }
  });
  if (
    guard === undefined &&
    patterns.length === 1 &&
    isIrrefutable(walk, patterns[0])
  ) {
    walk.steps.push(...taken);
    return;
  }
  const otherwise = walk.collect(() => runClauses(walk, rest));
  if (taken.length > 0 || otherwise.length > 0) {
    walk.emit({ kind: 'branch', alternatives: [taken, otherwise] });
  }
}

/** Whether a pattern matches anything: a name or `_`. */
function isIrrefutable(walk: Walk, node: INode): boolean {
  switch (node.type) {
    case 'CapturePattern':
      return /^[^\W\d]\w*$/u.test(walk.source.text(node));
    case 'AsPattern':
    case 'OrPattern':
      return node.children.some(one => isIrrefutable(walk, one));
    case 'SequencePattern':
      // In parentheses, without a comma, it is the pattern itself.
      return (
        node.children.length === 3 &&
        node.children[0].type === '(' &&
        isIrrefutable(walk, node.children[1])
      );
    default:
      return false;
  }
}

/** Names that a pattern reads: classes, and dotted names. */
function readPattern(walk: Walk, node: INode): void {
  const { source } = walk;
  switch (node.type) {
    case 'CapturePattern': {
      // `A()` stands as a name in the tree; see the mending.
      const called = /^([^\W\d]\w*)\s*[({[]/u.exec(source.text(node))?.[1];
      const dotted = /^([^\W\d]\w*)\s*\./u.exec(source.text(node))?.[1];
      const name = called ?? dotted;
      if (name !== undefined) {
        walk.use(
          name,
          { from: node.from, to: node.from + name.length },
          'read'
        );
      }
      return;
    }
    case 'AttributePattern': {
      const [root, ...rest] = node.children;
      const attributes = rest
        .filter(one => one.type === 'PropertyName')
        .map(one => source.name(one).replace(/\W.*$/u, ''));
      walk.use(source.name(root), root, 'read', attributes);
      return;
    }
    case 'ClassPattern':
    case 'MappingPattern': {
      node.children.forEach((one, i) => {
        if (one.type !== 'VariableName') {
          readPattern(walk, one);
          return;
        }
        const text = source.name(one).replace(/\W.*$/u, '');
        const isKey = node.type === 'MappingPattern';
        if ((i === 0 || isKey) && text !== '') {
          walk.use(
            text,
            { from: one.from, to: one.from + text.length },
            'read'
          );
        }
      });
      return;
    }
    case 'LiteralPattern':
      return;
    default:
      node.children.forEach(one => readPattern(walk, one));
  }
}
