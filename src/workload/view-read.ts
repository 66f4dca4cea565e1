import { isObject } from './json';
import type { JsonPath } from './json';
import type { ITranslator } from './translator';
import { newView, VIEW_VERSION } from './view';
import type { IView } from './view';
import { checkView } from './view-check';
import type { Expected, IIssue } from './decode';
import type { ICheckedView } from './view-check';
import { migrateView, versionOf } from './view-migrate';
import { parseText, placeOf, valueOf } from './view-tree';
import type { FaultKind, TreeNode } from './view-tree';

/** What a text says about a view. */
export interface IReading {
  /** The view; where there is a problem, what of it is sound, or null when nothing is. */
  readonly view: IView | null;
  /** A sentence on what is wrong, with the place; null when the text is a view that this program may change. */
  readonly problem: string | null;
  /** Version that the text is written in; null when it does not say. */
  readonly version: number | null;
  /** The text as a tree; null when there is no object in it, or nothing at all. */
  readonly root: TreeNode | null;
  /** What the check of the (migrated) view found. */
  readonly checked: ICheckedView | null;
}

/**
 * Read the text of a view. An empty text is a view with no data yet.
 *
 * @returns Never throws: what is wrong is in `problem`.
 */
export function readView(text: string, trans: ITranslator): IReading {
  if (text.trim() === '') {
    const view = newView({ paths: [] });
    return {
      view,
      problem: null,
      version: VIEW_VERSION,
      root: null,
      checked: null
    };
  }
  const { roots, faults } = parseText(text);
  const root = viewRoot(roots);
  const raw = root ? valueOf(root) : null;
  const fault = faults.at(0);
  if (!root || !isObject(raw)) {
    const problem = fault
      ? faultSentence(text, fault.kind, fault.at, trans)
      : trans.__('This file is not a workload view: it holds no JSON object.');
    return { view: null, problem, version: null, root: null, checked: null };
  }
  const version = versionOf(raw);
  if (version !== null && version > VIEW_VERSION) {
    const view = checkView({ ...raw, version: VIEW_VERSION }).view;
    return {
      view: view && { ...view, version },
      problem: trans.__(
        'This view was saved by a newer version of Workload Explorer (view version %1, this one knows up to %2). It is shown as far as it is understood, and cannot be changed here.',
        version,
        VIEW_VERSION
      ),
      version,
      root,
      checked: null
    };
  }
  const checked = checkView(version === null ? raw : migrateView(raw, version));
  const issue = checked.issues.at(0);
  const problem = fault
    ? faultSentence(text, fault.kind, fault.at, trans)
    : issue
      ? issueSentence(text, root, issue, trans)
      : null;
  return { view: checked.view, problem, version, root, checked };
}

/** The value among several that is the view: the first object that names a source, or else the first object. */
export function viewRoot(roots: readonly TreeNode[]): TreeNode | null {
  const objects = roots.filter(root => root.kind === 'object');
  const withSource = objects.find(root =>
    root.members.some(({ key }) => key === 'source')
  );
  return withSource ?? objects.at(0) ?? null;
}

/** The node at a path; where the path ends in nothing, the last node on the way. */
export function nodeAt(root: TreeNode, path: JsonPath): TreeNode {
  let node = root;
  for (const step of path) {
    const child: TreeNode | undefined =
      node.kind === 'object'
        ? node.members.findLast(({ key }) => key === step)?.value
        : node.kind === 'array' && typeof step === 'number'
          ? node.items[step]
          : undefined;
    if (!child) {
      return node;
    }
    node = child;
  }
  return node;
}

function issueSentence(
  text: string,
  root: TreeNode,
  { path, expected }: IIssue,
  trans: ITranslator
): string {
  const { line } = placeOf(text, nodeAt(root, path).from);
  const name = pathName(path, trans);
  return expected === 'present'
    ? trans.__(
        'This file is not a workload view: line %1: %2 is missing.',
        line,
        name
      )
    : trans.__(
        'This file is not a workload view: line %1: %2 must be %3.',
        line,
        name,
        expectedName(expected, trans)
      );
}

/** A path as people write it: `board[2].look.width`. */
export function pathName(path: JsonPath, trans: ITranslator): string {
  const name = path
    .map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  return name === '' ? trans.__('the view') : name;
}

function expectedName(
  expected: Exclude<Expected, 'present'>,
  trans: ITranslator
): string {
  switch (expected) {
    case 'object':
      return trans.__('an object in braces');
    case 'list':
      return trans.__('a list in brackets');
    case 'text':
      return trans.__('a text in quotes');
    case 'filled-text':
      return trans.__('a text in quotes that is not empty');
    case 'yes-no':
      return trans.__('true or false');
    case 'count':
      return trans.__('a whole number from 1 up, or null');
    case 'date':
      return trans.__('a date such as "2021-01-31", or null');
    case 'correlation-band':
      return trans.__('two numbers between -1 and 1, such as [0.6, 0.8]');
    case 'classes':
      return trans.__('"log2", a list of numbers, or null');
    default:
      return expected.length === 1
        ? JSON.stringify(expected[0])
        : trans.__(
            'one of %1',
            expected.map(value => JSON.stringify(value)).join(', ')
          );
  }
}

function faultSentence(
  text: string,
  kind: FaultKind,
  at: number,
  trans: ITranslator
): string {
  const { line, column } = placeOf(text, at);
  return trans.__(
    'This file is not valid JSON: line %1, column %2: %3.',
    line,
    column,
    faultName(kind, trans)
  );
}

function faultName(kind: FaultKind, trans: ITranslator): string {
  switch (kind) {
    case 'character':
      return trans.__('this is not JSON');
    case 'string':
      return trans.__(
        'a text in quotes does not end, or holds a character that must be escaped'
      );
    case 'comma-missing':
      return trans.__('a comma is missing');
    case 'comma-extra':
      return trans.__('there is a comma too many');
    case 'colon-missing':
      return trans.__('a colon is missing');
    case 'key-expected':
      return trans.__('a name in quotes is expected');
    case 'value-expected':
      return trans.__('a value is missing');
    case 'not-closed':
      return trans.__('a bracket is not closed');
    case 'not-expected':
      return trans.__('this does not belong here');
    case 'too-deep':
      return trans.__('brackets are nested too deeply');
  }
}
