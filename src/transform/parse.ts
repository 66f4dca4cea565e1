import { parse } from 'acorn';
import type { CallExpression, Expression, Program } from 'acorn';
import { english } from '../workload/translator';
import type { ITranslator } from '../workload/translator';
import { checkColumns } from './columns';
import { TransformError } from './error';
import { LIMITS } from './limits';
import { nearest } from '../workload/nearest';
import { fail } from './parse-expression';
import { parseVerb } from './parse-verb';
import { VERBS } from './verbs';
import type { ITransform } from './verbs';

/**
 * Read arquero verbs as typed by the user, such as
 * `filter(d => d.users >= 5).derive({share: d => d.users / op.sum(d.users)}).orderby(desc('share'))`.
 *
 * #### Notes
 * The text is parsed, never evaluated, into verbs and expressions of an allowlist: nothing that is not named there gets through
 * (docs/architecture: a view from somebody else is untrusted). Empty code is a transform without verbs.
 *
 * @param columns Columns of the table it will run on (`transformColumns`).
 * @throws TransformError with the place in `code`.
 */
export function parseTransform(
  code: string,
  columns: readonly string[],
  trans: ITranslator = english
): ITransform {
  const transform = parseVerbs(code, trans);
  checkColumns(transform.verbs, columns, trans);
  return transform;
}

/** Read the verbs without regard to the columns that the table has. */
export function parseVerbs(
  code: string,
  trans: ITranslator = english
): ITransform {
  if (code.length > LIMITS.code) {
    throw new TransformError(
      trans.__('This is too long: %1 characters are allowed.', LIMITS.code),
      LIMITS.code,
      code.length
    );
  }
  const program = parseProgram(code, trans);
  if (program.body.length === 0) {
    return { verbs: [] };
  }
  const [statement, more] = program.body;
  if (more) {
    throw fail(more, trans.__('Write one chain of verbs: join them with “.”.'));
  }
  if (statement.type !== 'ExpressionStatement') {
    throw fail(statement, startMessage(trans));
  }
  const calls = chain(statement.expression, trans);
  if (calls.length > LIMITS.verbs) {
    throw fail(
      calls[LIMITS.verbs],
      trans.__('At most %1 verbs are allowed.', LIMITS.verbs)
    );
  }
  return {
    verbs: calls.map(call => parseVerb(call.name, call.node, call.start, trans))
  };
}

/** Where the last verb of a transform ends; null when there is none. */
export function endOfVerbs(
  code: string,
  trans: ITranslator = english
): number | null {
  const { verbs } = parseVerbs(code, trans);
  return verbs.at(-1)?.to ?? null;
}

function startMessage(trans: ITranslator): string {
  return trans.__('Start with a verb, such as “filter(d => d.users >= 5)”.');
}

function parseProgram(code: string, trans: ITranslator): Program {
  try {
    // As a module: no HTML comments, no `with`, no legacy octals.
    return parse(code, { ecmaVersion: 2020, sourceType: 'module' });
  } catch (error) {
    if (error instanceof SyntaxError) {
      const at =
        'pos' in error && typeof error.pos === 'number'
          ? error.pos
          : code.length;
      const found = error.message.replace(/ \(\d+:\d+\)$/, '');
      throw new TransformError(
        at >= code.trimEnd().length
          ? trans.__('Something is missing at the end.')
          : trans.__('This cannot be read: %1.', found),
        Math.min(at, code.length),
        Math.min(at + 1, code.length)
      );
    }
    // A stack overflow in the parser, from absurd nesting.
    throw new TransformError(
      trans.__('This is nested too deeply.'),
      0,
      code.length
    );
  }
}

interface IVerbCall {
  readonly name: string;
  readonly node: CallExpression;
  /** Where the verb's own name begins. */
  readonly start: number;
  readonly end: number;
}

/** Take `a(…).b(…).c(…)` apart into its calls, first first. */
function chain(expression: Expression, trans: ITranslator): IVerbCall[] {
  const calls: IVerbCall[] = [];
  let node: Expression = expression;
  for (;;) {
    if (node.type !== 'CallExpression' || node.optional) {
      throw fail(
        node,
        node.type === 'Identifier' && VERBS.has(node.name)
          ? trans.__(
              'A verb is called with parentheses: %1.',
              VERBS.get(node.name) ?? ''
            )
          : startMessage(trans)
      );
    }
    const { callee }: CallExpression = node;
    const verb =
      callee.type === 'Identifier'
        ? callee
        : callee.type === 'MemberExpression' &&
            !callee.computed &&
            !callee.optional &&
            callee.property.type === 'Identifier'
          ? callee.property
          : null;
    if (!verb) {
      throw fail(callee, startMessage(trans));
    }
    if (!VERBS.has(verb.name)) {
      const meant = nearest(verb.name, VERBS.keys());
      throw fail(
        verb,
        meant
          ? trans.__('There is no verb “%1”. Is “%2” meant?', verb.name, meant)
          : trans.__(
              'There is no verb “%1”. Known are: %2.',
              verb.name,
              [...VERBS.keys()].join(', ')
            )
      );
    }
    calls.push({ name: verb.name, node, start: verb.start, end: node.end });
    if (callee.type !== 'MemberExpression') {
      return calls.reverse();
    }
    if (callee.object.type === 'Super') {
      throw fail(callee, startMessage(trans));
    }
    node = callee.object;
  }
}
