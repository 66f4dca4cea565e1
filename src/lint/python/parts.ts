import type { IArgument } from './calls';
import { inner } from './expressions';
import type { Parts, Text, Value } from './facts';
import { stringValue } from './literals';
import { itemKey } from './places';
import { isNoText, textOf } from './texts';
import type { INode } from './tree';
import { UNKNOWN } from './walk';
import type { Walk } from './walk';

/** Longer lists and dicts are data. */
const MOST_PARTS = 200;

/** The texts in a list, tuple or dict that is written out; null when there are none, or more than is written. */
export function partsOf(walk: Walk, node: INode): Parts | null {
  const { children } = node;
  if (
    children.length > 4 * MOST_PARTS ||
    children.some(one => one.type === '*' || one.type === '**')
  ) {
    return null;
  }
  switch (node.type) {
    case 'ArrayExpression':
    case 'TupleExpression':
      return listParts(
        walk,
        children.filter(one => !/^[[\](),]$/.test(one.type))
      );
    case 'DictionaryExpression': {
      const parts: Record<string, Text> = {};
      for (const [i, one] of children.entries()) {
        if (one.type !== ':') {
          continue;
        }
        const key = keyText(walk, children[i - 1]);
        if (key === null || children[i + 1] === undefined) {
          return null;
        }
        parts[key] = textOf(walk, children[i + 1], 'value');
      }
      return tellingParts(parts);
    }
    default:
      return null;
  }
}

/** The texts in expressions that stand side by side, by their numbers from both ends. */
export function listParts(walk: Walk, nodes: readonly INode[]): Parts | null {
  const parts: Record<string, Text> = {};
  nodes.forEach((one, i) => {
    const text = textOf(walk, one, 'value');
    parts[`[${i}]`] = text;
    parts[`[${i - nodes.length}]`] = text;
  });
  return tellingParts(parts);
}

/** The texts that a namespace or dict is made of by keywords; null when something else is called, or given. */
export function keywordParts(
  name: string,
  walk: Walk,
  args: readonly IArgument[]
): Parts | null {
  const isNamespace =
    /^(?:(?:types\.)?SimpleNamespace|(?:argparse\.)?Namespace)$/.test(name);
  if (!isNamespace && name !== 'dict') {
    return null;
  }
  const parts: Record<string, Text> = {};
  for (const { node, keyword } of args) {
    if (keyword === undefined) {
      return null;
    }
    parts[isNamespace ? `.${keyword}` : itemKey(keyword)] = textOf(
      walk,
      node,
      'value'
    );
  }
  return tellingParts(parts);
}

/** What one of several targets gets of a value that is taken apart. */
export function partOf(value: Value, at: number, count: number): Value {
  if (value.kind === 'parts') {
    const isWhole =
      `[${count - 1}]` in value.parts && !(`[${count}]` in value.parts);
    const text = isWhole ? value.parts[`[${at}]`] : undefined;
    return text === undefined || isNoText(text)
      ? value.value
      : { kind: 'text', text };
  }
  return value.kind === 'text' ? UNKNOWN : withoutText(value);
}

/** A value of which only what runs is known. */
export function withoutText(value: Value): Value {
  if (value.kind === 'parts') {
    return withoutText(value.value);
  }
  if (value.kind !== 'names' || value.text === undefined) {
    return value;
  }
  const { kind, names, made } = value;
  return made === undefined ? { kind, names } : { kind, names, made };
}

function tellingParts(parts: Record<string, Text>): Parts | null {
  const isTelling = Object.values(parts).some(text => !isNoText(text));
  return isTelling ? parts : null;
}

function keyText(walk: Walk, node: INode | undefined): string | null {
  const it = node && inner(node);
  const text = it === undefined ? '' : walk.source.text(it);
  if (it?.type === 'Number' && /^\d+$/.test(text)) {
    return `[${Number(text)}]`;
  }
  const name = it?.type === 'String' ? stringValue(text) : null;
  return name === null ? null : itemKey(name);
}
