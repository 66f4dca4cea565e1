import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Notebooks for Voilà whose cells leave traces: a code cell prints `text-NAME` and leaves the file `ran-NAME` beside the notebook. The
 * text does not stand in its source, so that it is seen only where the cell ran.
 */

/** A cell of such a notebook. */
export interface ITraceCell {
  readonly name: string;
  readonly tags?: readonly string[];
  /** How the cell runs; a paragraph of text when it is `text`. */
  readonly kind?: 'python' | 'magic' | 'shell' | 'raises' | 'text';
}

/** Roles in every position, alone on the cell or not, and by cells of every kind. */
export const EVERY_POSITION: readonly ITraceCell[] = [
  { name: 'up-first', tags: ['upstream'] },
  { name: 'above-first', kind: 'text' },
  { name: 'first', tags: ['downstream'] },
  { name: 'doubled', tags: ['upstream', 'downstream'] },
  { name: 'doubled-again', tags: ['downstream', 'shared'] },
  { name: 'unknown', tags: ['upstraem'] },
  { name: 'another-case', tags: ['Downstream'] },
  { name: 'untagged' },
  { name: 'up-text', kind: 'text', tags: ['upstream'] },
  { name: 'up-middle', tags: ['mine', 'upstream'] },
  { name: 'above-magic', kind: 'text' },
  { name: 'magic', kind: 'magic', tags: ['shared', 'mine'] },
  { name: 'up-magic', kind: 'magic', tags: ['upstream'] },
  { name: 'up-shell', kind: 'shell', tags: ['upstream'] },
  { name: 'above-parameters', kind: 'text' },
  { name: 'parameters', tags: ['parameters'] },
  { name: 'up-parameters', tags: ['parameters', 'upstream'] },
  { name: 'up-raises', kind: 'raises', tags: ['upstream'] },
  { name: 'above-last', kind: 'text' },
  { name: 'last', tags: ['downstream'] },
  { name: 'up-last', tags: ['upstream'] }
];

/** What is to be seen of `EVERY_POSITION`, in this order, and nothing else. */
export const ALLOWED: readonly string[] = [
  'above-first',
  'first',
  'above-magic',
  'magic',
  'above-parameters',
  'parameters',
  'above-last',
  'last'
];

/** A single cell, which must not run. */
export const ALONE: readonly ITraceCell[] = [
  { name: 'up-alone', tags: ['upstream'] }
];

/** An error of a cell that may run: whatever stops the page must not let others run. */
export const RAISING: readonly ITraceCell[] = [
  { name: 'before', tags: ['downstream'] },
  { name: 'up-before', tags: ['upstream'] },
  { name: 'raising', kind: 'raises', tags: ['downstream'] },
  { name: 'up-behind', tags: ['upstream'] },
  { name: 'behind', tags: ['downstream'] }
];

/** One upstream cell between two others, each below a text with its name. */
export const SANDWICH: readonly ITraceCell[] = [
  { name: 'above-one', kind: 'text' },
  { name: 'one', tags: ['downstream'] },
  { name: 'up', tags: ['upstream'] },
  { name: 'above-two', kind: 'text' },
  { name: 'two', tags: ['downstream'] }
];

/** A dashboard of somebody who knows nothing of roles. */
export const FOREIGN: readonly ITraceCell[] = [
  { name: 'foreign' },
  { name: 'hidden', tags: ['hide_input'] },
  { name: 'preset', tags: ['parameters'] }
];

/** Writes a notebook; gives its path. */
export function writeNotebook(
  folder: string,
  name: string,
  cells: readonly ITraceCell[]
): string {
  const path = join(folder, `${name}.ipynb`);
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3 (ipykernel)',
        language: 'python'
      },
      language_info: { name: 'python' }
    },
    cells: cells.map(cell => ({
      id: cell.name,
      metadata: cell.tags === undefined ? {} : { tags: cell.tags },
      source: source(cell),
      ...(cell.kind === 'text'
        ? { cell_type: 'markdown' }
        : { cell_type: 'code', outputs: [], execution_count: null })
    }))
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

/** Names of the cells that a page shows, in their order; `page` is HTML or text. */
export function seen(page: string): string[] {
  return [...page.matchAll(/\btext-([a-z-]*[a-z])/g)].map(([, name]) => name);
}

/** Names of the code cells of a folder that have run. */
export function ran(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.startsWith('ran-'))
    .map(name => name.slice('ran-'.length))
    .sort();
}

/** Whether a cell has run. */
export function hasRun(folder: string, name: string): boolean {
  return existsSync(join(folder, `ran-${name}`));
}

function source({ name, kind = 'python' }: ITraceCell): string {
  const text = `text-${name}`;
  const backwards = [...text].reverse().join('');
  const python = `open("ran-${name}", "w").close()\nprint("${backwards}"[::-1])`;
  switch (kind) {
    case 'text':
      return text;
    case 'magic':
      return `%%time\n${python}`;
    case 'shell':
      return `%%bash\ntouch ran-${name}\necho ${backwards} | rev`;
    case 'raises':
      return `${python}\nraise ValueError("of no account")`;
    default:
      return python;
  }
}
