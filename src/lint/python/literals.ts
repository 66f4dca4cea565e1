import type { Source } from './source';
import type { INode } from './tree';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': ''
};

/** The value of a string literal; null of bytes and of what cannot be told. */
export function stringValue(text: string): string | null {
  const [, prefix, quote] = /^([a-zA-Z]*)('''|"""|'|")/.exec(text) ?? [];
  if (quote === undefined || /b/i.test(prefix)) {
    return null;
  }
  const body = text
    .slice(prefix.length + quote.length, -quote.length)
    .replace(/\r\n?/g, '\n');
  if (/r/i.test(prefix)) {
    return body;
  }
  return body.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([^]))/g,
    (whole: string, ...groups: unknown[]) => {
      const [x, u, long, octal, one] = groups.map(group =>
        typeof group === 'string' ? group : undefined
      );
      const hex = x ?? u ?? long;
      const code =
        hex !== undefined
          ? parseInt(hex, 16)
          : octal !== undefined
            ? parseInt(octal, 8)
            : -1;
      return code >= 0 && code <= 0x10ffff
        ? String.fromCodePoint(code)
        : (ESCAPES[one ?? ''] ?? whole);
    }
  );
}

/** Whether an expression is a literal as papermill takes it: numbers, texts, None, booleans, and lists, tuples, dicts of these. */
export function isLiteral(source: Source, node: INode): boolean {
  switch (node.type) {
    case 'Number':
      return source.islandAt(node) === undefined;
    case 'String':
    case 'Boolean':
    case 'None':
      return true;
    case 'UnaryExpression':
      return (
        /^[+-]$/.test(source.text(node.children[0])) &&
        node.children[1]?.type === 'Number'
      );
    case 'ContinuedString':
    case 'ParenthesizedExpression':
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'DictionaryExpression':
      return node.children.every(
        child => /^[()[\]{},:]$/.test(child.type) || isLiteral(source, child)
      );
    default:
      return false;
  }
}
