import { english } from '../workload/translator';
import type { ITranslator } from '../workload/translator';
import { scopeAfter, scopeOf } from './columns';
import { functionTexts, verbTexts } from './descriptions';
import { FUNCTIONS } from './functions';
import { parseVerbs } from './parse';
import { VERBS } from './verbs';

/** Something that can be typed at a place. */
export interface ICompletion {
  readonly label: string;
  /** What is put in the place of the word begun. */
  readonly apply: string;
  readonly kind: 'verb' | 'column' | 'function' | 'helper';
  /** A few words beside the label. */
  readonly detail: string;
}

export interface ICompletions {
  /** Where the word begun starts; it ends at the position asked for. */
  readonly from: number;
  readonly options: readonly ICompletion[];
}

/**
 * What can be typed at a place of a transform: verbs, columns as they are there after the verbs before, functions, helpers.
 *
 * @returns null where nothing is known.
 */
export function completions(
  code: string,
  position: number,
  columns: readonly string[],
  trans: ITranslator = english
): ICompletions | null {
  const before = code.slice(0, position);
  const place = placeIn(before);
  if (place.comment) {
    return null;
  }
  const known = () => columnsAt(before.slice(0, place.verbStart), columns);
  if (place.quote !== null) {
    // A text that is compared or given as a name is no column.
    return /[([,]\s*$/.test(before.slice(0, place.quote))
      ? { from: place.quote + 1, options: known().map(columnOption) }
      : null;
  }
  const word = /[\w$]*$/.exec(before)?.[0] ?? '';
  const from = position - word.length;
  const lead = before.slice(0, from);
  if (place.depth === 0) {
    return /(^|\)\s*\.)\s*$/.test(lead)
      ? { from, options: verbOptions(trans) }
      : null;
  }
  const owner = /([A-Za-z_$][\w$]*)\.$/.exec(lead)?.[1];
  if (owner === 'op') {
    return { from, options: functionOptions(trans) };
  }
  if (owner !== undefined) {
    return owner === place.row
      ? { from, options: known().filter(isIdentifier).map(columnOption) }
      : null;
  }
  if (/[.\d]$/.test(lead)) {
    return null;
  }
  return { from, options: helperOptions(place.verb, place.row, trans) };
}

interface ITextPlace {
  /** Parentheses, brackets and braces open. */
  readonly depth: number;
  /** Where the text begins that the place is in. */
  readonly quote: number | null;
  readonly comment: boolean;
  /** Where the verb begins that the place is in, or would begin. */
  readonly verbStart: number;
  readonly verb: string | null;
  /** The parameter of the function that the place is in. */
  readonly row: string | null;
}

/** Where in the code its end is; the code may be unfinished in any way. */
function placeIn(before: string): ITextPlace {
  let depth = 0;
  let quote: number | null = null;
  let comment: 'line' | 'block' | null = null;
  let verbStart = 0;
  for (let i = 0; i < before.length; i++) {
    const char = before[i];
    const pair = before.slice(i, i + 2);
    if (comment !== null) {
      if (comment === 'line' ? char === '\n' : pair === '*/') {
        i += comment === 'line' ? 0 : 1;
        comment = null;
      }
    } else if (quote !== null) {
      if (char === '\\') {
        i++;
      } else if (char === before[quote]) {
        quote = null;
      }
    } else if (pair === '//' || pair === '/*') {
      comment = pair === '//' ? 'line' : 'block';
      i++;
    } else if (char === "'" || char === '"') {
      quote = i;
    } else if ('([{'.includes(char)) {
      depth++;
    } else if (')]}'.includes(char)) {
      depth--;
    } else if (char === '.' && depth === 0) {
      verbStart = i + 1;
    }
  }
  const inVerb = before.slice(verbStart);
  const rows = [
    ...inVerb.matchAll(/(?:\(\s*)?([A-Za-z_$][\w$]*)(?:\s*\))?\s*=>/g)
  ];
  return {
    depth,
    quote,
    comment: comment !== null,
    verbStart,
    verb: /^\s*([a-z_]+)/.exec(inVerb)?.[1] ?? null,
    row: rows.at(-1)?.[1] ?? null
  };
}

/** Columns after the verbs before a place; those of the table where they cannot be read. */
function columnsAt(
  head: string,
  columns: readonly string[]
): readonly string[] {
  try {
    const { verbs } = parseVerbs(head.trimEnd().replace(/\.$/, ''));
    return (
      verbs.reduce((scope, verb) => scopeAfter(verb, scope), scopeOf(columns))
        .columns ?? []
    );
  } catch {
    return columns;
  }
}

function columnOption(name: string): ICompletion {
  return { label: name, apply: name, kind: 'column', detail: '' };
}

function verbOptions(trans: ITranslator): ICompletion[] {
  const texts = verbTexts(trans);
  return [...VERBS.keys()].map(name => ({
    label: name,
    apply: `${name}(`,
    kind: 'verb',
    detail: texts.get(name) ?? ''
  }));
}

function functionOptions(trans: ITranslator): ICompletion[] {
  const texts = functionTexts(trans);
  return [...FUNCTIONS].map(([name, { args }]) => ({
    label: name,
    apply: args.length === 0 ? `${name}()` : `${name}(`,
    kind: 'function',
    detail: `(${args.join(', ')}) ${texts.get(name) ?? ''}`
  }));
}

const CHOICES = ['not(', 'all()', 'range(', 'startswith(', 'endswith('];

/** Helpers that each verb takes besides functions. */
const HELPERS: Readonly<Record<string, readonly string[]>> = {
  derive: ['rolling('],
  orderby: ['desc('],
  select: CHOICES,
  dedupe: CHOICES,
  relocate: CHOICES,
  fold: CHOICES
};

function helperOptions(
  verb: string | null,
  row: string | null,
  trans: ITranslator
): ICompletion[] {
  const about: Readonly<Record<string, string>> = {
    'd => ': trans.__('A function of the row'),
    'rolling(': trans.__('Over the rows so far, or around'),
    'desc(': trans.__('Highest first'),
    'not(': trans.__('All columns but these'),
    'all()': trans.__('All columns'),
    'range(': trans.__('Columns from one to another'),
    'startswith(': trans.__('Columns whose names start so'),
    'endswith(': trans.__('Columns whose names end so'),
    'op.': trans.__('A function')
  };
  const begun =
    row === null ? [...own(verb), 'd => ', 'op.'] : [`${row}.`, 'op.'];
  return begun.map(text => ({
    label: text.replace(/\($/, ''),
    apply: text,
    kind: 'helper',
    detail: about[text] ?? trans.__('The row')
  }));
}

function own(verb: string | null): readonly string[] {
  return verb !== null && Object.hasOwn(HELPERS, verb) ? HELPERS[verb] : [];
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}
