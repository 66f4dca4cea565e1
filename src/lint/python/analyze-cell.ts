import type { IAllowanceComment, ICellFacts, IStatement } from './facts';
import type { IRange } from '../finding';
import { assignmentParts } from './bindings';
import { afterBody, beforeBody, cellMagicAt } from './cell-magics';
import { wrongIndentation } from './indentation';
import { lex } from './lexer';
import { lineMagic } from './line-magics';
import { AUTOMAGIC, BARE_AUTOMAGIC } from './magic-tables';
import { isLiteral } from './literals';
import { mend } from './mend';
import { withoutPrompts } from './prompts';
import { refused, withoutStrayExits } from './refused';
import { Source } from './source';
import { runStatements } from './statements';
import { parseTree } from './tree';
import type { INode } from './tree';
import { unparsed } from './unparsed';
import { Walk } from './walk';

/**
 * What a cell does, by its source alone.
 *
 * Never throws: what cannot be read is in `unparsed`, and that is all of a cell that is nested too deep for the stack.
 */
export function analyzeCell(written: string): ICellFacts {
  const value = withoutPrompts(written);
  const walk = new Walk(new Source(value));
  const automagic = automagicOf(value);
  try {
    if (automagic !== null) {
      lineMagic(walk, automagic, 0);
      return facts(walk, { statements: [{ kind: 'magic', ...automagic }] });
    }
    return analyzeFrom(walk, 0);
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    const failed = new Walk(new Source(value));
    const whole = { from: 0, to: value.length };
    unparsed(failed, whole, 'it is nested too deep');
    return facts(failed, {});
  }
}

/** Reads a cell from `from` on: a cell magic and its body, or Python. */
function analyzeFrom(walk: Walk, from: number): ICellFacts {
  const { source } = walk;
  const { value } = source;
  const magic = cellMagicAt(value, from);
  if (magic !== null) {
    const body = beforeBody(walk, magic);
    const statements: readonly IStatement[] = [
      { kind: 'magic', from: magic.from, to: magic.to }
    ];
    if (body === 'none') {
      return facts(walk, {
        language: 'other',
        statements,
        allowances: allowances(value, commentLines(value, magic.body))
      });
    }
    const inner = body === 'module' ? analyzeFrom(walk, magic.body) : null;
    afterBody(walk, magic);
    return facts(walk, {
      ...(inner ?? {}),
      statements: [...statements, ...(inner?.statements ?? [])],
      isBlank: false
    });
  }
  const lexed = lex(value, from);
  mend(lexed.chars, lexed.lines);
  const tree = parseTree(lexed.chars.join(''));
  return source.within(lexed, () => {
    runStatements(walk, tree.children);
    if (walk.unparsed.length === 0) {
      walk.unparsed.push(
        ...wrongIndentation(value, lexed),
        ...refused(walk, tree.children)
      );
    }
    return facts(walk, {
      isBlank: lexed.lines.length === 0 && lexed.islands.length === 0,
      allowances: allowances(value, lexed.comments),
      statements: tree.children.flatMap(one => statementsOf(source, one))
    });
  });
}

function facts(walk: Walk, known: Partial<ICellFacts>): ICellFacts {
  return {
    language: 'python',
    isBlank: false,
    allowances: [],
    statements: [],
    ...known,
    steps: withoutStrayExits(walk.steps),
    unparsed: walk.unparsed
  };
}

/** A cell of one line that is a magic without `%`, such as `pip install pandas` or `ls`; never what may well be an expression. */
function automagicOf(value: string): IRange | null {
  const found = /^\s*(\w+)(?:[ \t]+([^\r\n]*))?\s*$/.exec(value);
  if (found === null) {
    return null;
  }
  const [, word, rest = ''] = found;
  const isExpression =
    /^(?:[=<>!+*%&|^,:;@([]|[-/]\s|(?:in|is|and|or|if|not)\b)/.test(rest);
  const isMagic = rest === '' ? BARE_AUTOMAGIC.has(word) : AUTOMAGIC.has(word);
  const from = value.search(/\S/);
  return isMagic && !isExpression ? { from, to: value.trimEnd().length } : null;
}

const ALLOW = /^#+\s*workload:\s*allow(?:\s+([\w-]+)\s*:?\s*(.*?))?\s*$/;

/** What was meant as one; without the colon a sentence may begin so, unless the name of a rule follows. */
const NEARLY_ALLOW =
  /^#+\s*workload(?:\s*:\s*allow\b|[\s-]+allow(?=\s+[a-z]+-[a-z]|\s+(?:order|unparsed)\b))\s*:?\s*([\w-]*)\s*:?\s*(.*?)\s*$/i;

/** Lines that begin with `#`, as a comment does in most languages. */
function commentLines(value: string, from: number): IRange[] {
  return [...value.slice(from).matchAll(/^[ \t]*(#[^\r\n]*)/gm)].map(found => {
    const start = from + found.index + found[0].length - found[1].length;
    return { from: start, to: start + found[1].length };
  });
}

function allowances(
  value: string,
  comments: readonly IRange[]
): IAllowanceComment[] {
  return comments.flatMap(({ from, to }) => {
    const comment = value.slice(from, to);
    const exact = ALLOW.exec(comment);
    const found = exact ?? NEARLY_ALLOW.exec(comment);
    if (found === null) {
      return [];
    }
    const [, rule = '', reason = ''] = found;
    return [
      exact
        ? { from, to, rule, reason }
        : { from, to, rule, reason, isMisspelled: true }
    ];
  });
}

function statementsOf(source: Source, node: INode): IStatement[] {
  const { from } = node;
  const last = node.children[node.children.length - 1];
  const magic = last === undefined ? undefined : source.islandAt(last);
  const to = magic?.to ?? from + source.text(node).trimEnd().length;
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
      const definition = node.children[node.children.length - 1].type;
      return [
        {
          kind: definition === 'ClassDefinition' ? 'class' : 'function',
          from,
          to
        }
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
