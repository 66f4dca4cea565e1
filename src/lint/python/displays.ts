import type { INode } from './tree';
import type { Walk } from './walk';

/** Whether an iterable certainly has something in it. */
export function isNotEmpty(walk: Walk, node: INode): boolean {
  switch (node.type) {
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
    case 'DictionaryExpression':
      return (
        node.children.length > 2 &&
        !node.children.some(one => one.type === '*' || one.type === '**')
      );
    case 'String':
      return /[^'"]/.test(walk.source.text(node).replace(/^[a-z]+/i, ''));
    case 'CallExpression':
      return /^range\(\s*0*[1-9][\d_]*\s*\)$/.test(walk.source.text(node));
    default:
      return false;
  }
}

/** Whether an iterable certainly has nothing in it. */
export function isEmpty(walk: Walk, node: INode): boolean {
  switch (node.type) {
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'DictionaryExpression':
      return node.children.length === 2;
    case 'String':
      return /^[a-z]*(?:''|""|'{6}|"{6})$/i.test(walk.source.text(node));
    default:
      return false;
  }
}
