import type { IAllowanceComment, ICellFacts, IStatement } from './facts';
import type { IRange } from '../finding';
import { assignmentParts } from './bindings';
import { lex } from './lexer';
import { isLiteral } from './literals';
import { mend } from './mend';
import { Source } from './source';
import { runStatement } from './statements';
import { parseTree } from './tree';
import type { INode } from './tree';
import { Walk } from './walk';

/** What a cell does, by its source alone. Never throws: what cannot be read is in `unparsed`. */
export function analyzeCell(value: string): ICellFacts {
  const lexed = lex(value);
  mend(lexed.chars, lexed.lines);
  const source = new Source(value, lexed.chars.join(''), lexed.islands);
  const tree = parseTree(source.code);
  const walk = new Walk(source);
  for (const statement of tree.children) {
    runStatement(walk, statement);
  }
  return {
    language: 'python',
    isBlank: lexed.lines.length === 0 && lexed.islands.length === 0,
    steps: walk.steps,
    unparsed: walk.unparsed,
    allowances: allowances(value, lexed.comments),
    statements: tree.children.flatMap(one => statementsOf(source, one))
  };
}

const ALLOW = /^#+\s*workload:\s*allow\s+([\w-]+)\s*:?\s*(.*?)\s*$/;

function allowances(
  value: string,
  comments: readonly IRange[]
): IAllowanceComment[] {
  return comments.flatMap(({ from, to }) => {
    const found = ALLOW.exec(value.slice(from, to));
    return found === null
      ? []
      : [{ from, to, rule: found[1], reason: found[2] }];
  });
}

function statementsOf(source: Source, node: INode): IStatement[] {
  const { from } = node;
  const to = from + source.text(node).trimEnd().length;
  switch (node.type) {
    case 'StatementGroup':
      return node.children
        .filter(one => one.type !== ';')
        .flatMap(one => statementsOf(source, one));
    case 'ImportStatement':
      return [{ kind: 'import', from, to }];
    case 'AssignStatement': {
      const { targets, values } = assignmentParts(node);
      const [name, ...others] = targets.flat();
      return [
        name?.type === 'VariableName' &&
        others.length === 0 &&
        values.length > 0
          ? {
              kind: 'assignment',
              from,
              to,
              name: source.name(name),
              isLiteral: values.every(
                one => one.type === ',' || isLiteral(source, one)
              )
            }
          : { kind: 'assignment', from, to }
      ];
    }
    case 'FunctionDefinition':
      return [{ kind: 'function', from, to }];
    case 'ClassDefinition':
      return [{ kind: 'class', from, to }];
    case 'DecoratedStatement': {
      const last = node.children[node.children.length - 1].type;
      return [
        { kind: last === 'ClassDefinition' ? 'class' : 'function', from, to }
      ];
    }
    case 'ExpressionStatement': {
      const island = source.islandAt(node);
      return [
        island === undefined
          ? { kind: 'other', from, to }
          : {
              kind: island.kind === 'broken' ? 'other' : 'magic',
              from: island.from,
              to: island.to
            }
      ];
    }
    default:
      return [{ kind: 'other', from, to }];
  }
}
