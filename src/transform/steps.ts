import { english } from '../workload/translator';
import type { ITranslator } from '../workload/translator';
import { endOfVerbs } from './parse';

/** A step for those who do not write JavaScript; `appendStep` writes it as code. */
export type Step =
  | {
      readonly kind: 'sort';
      readonly column: string;
      readonly descending: boolean;
    }
  /** Each row's part of the sum of all rows. */
  | { readonly kind: 'share'; readonly column: string; readonly as: string }
  /** Keep rows of at least this value. */
  | {
      readonly kind: 'minimum';
      readonly column: string;
      readonly value: number;
    }
  /** Keep the rows with the highest values. */
  | { readonly kind: 'top'; readonly column: string; readonly count: number }
  /** The sum of all rows so far, in their present order. */
  | {
      readonly kind: 'cumulative';
      readonly column: string;
      readonly as: string;
    }
  | { readonly kind: 'rename'; readonly column: string; readonly as: string };

/** The kinds of steps, in the order of a menu. */
export const STEP_KINDS: readonly Step['kind'][] = [
  'sort',
  'share',
  'minimum',
  'top',
  'cumulative',
  'rename'
];

/**
 * Write a step at the end of a transform's code.
 *
 * @throws TransformError when the code so far cannot be read.
 */
export function appendStep(
  code: string,
  step: Step,
  trans: ITranslator = english
): string {
  const end = endOfVerbs(code, trans);
  const written = stepCode(step);
  return end === null
    ? `${code.trimEnd()}${code.trim() === '' ? '' : '\n'}${written}`
    : `${code.slice(0, end)}\n.${written}${code.slice(end)}`;
}

/** The code of one step. */
export function stepCode(step: Step): string {
  const column = columnAccess(step.column);
  switch (step.kind) {
    case 'sort':
      return step.descending
        ? `orderby(desc(${quoted(step.column)}))`
        : `orderby(${quoted(step.column)})`;
    case 'share':
      return `derive({${propertyName(step.as)}: d => ${column} / op.sum(${column})})`;
    case 'minimum':
      return `filter(d => ${column} >= ${step.value})`;
    case 'top':
      return `orderby(desc(${quoted(step.column)})).slice(0, ${step.count})`;
    case 'cumulative':
      return `derive({${propertyName(step.as)}: rolling(d => op.sum(${column}))})`;
    case 'rename':
      return `rename({${propertyName(step.column)}: ${quoted(step.as)}})`;
  }
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** How an expression reads a column. */
export function columnAccess(name: string, row = 'd'): string {
  return IDENTIFIER.test(name) ? `${row}.${name}` : `${row}[${quoted(name)}]`;
}

/** A column's name as the key of an object. */
export function propertyName(name: string): string {
  // In an object literal this one would not be a property.
  return IDENTIFIER.test(name) && name !== '__proto__' ? name : quoted(name);
}

/** A text as a literal in single quotes. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return `'${inner.replaceAll("'", "\\'")}'`;
}
