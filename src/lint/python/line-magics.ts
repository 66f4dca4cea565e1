import type { IRange } from '../finding';
import { bindingsOf } from './bindings';
import type { Text } from './facts';
import { interpolated } from './islands';
import { lex } from './lexer';
import { loadExtension } from './imports';
import { libraryStarNames } from './library-star-names';
import { HARMLESS, RUNS_CODE } from './magic-tables';
import { mend } from './mend';
import { environmentMagic } from './places';
import { Scope } from './scope';
import { runStatements } from './statements';
import { shellWrites } from './shell';
import { parseTree } from './tree';
import { runsUnknown, writesUnknown } from './unknown-code';
import { UNKNOWN } from './walk';
import type { Walk } from './walk';

/** Emits what a line magic does. `range` begins with `signs` signs, `%` or none, before the magic's name. */
export function lineMagic(walk: Walk, range: IRange, signs: number): void {
  const { from, to } = range;
  const text = walk.source.text(range);
  const [head, name] = /^\s*([\w!]*)/.exec(text.slice(signs)) ?? ['', ''];
  const start = signs + head.length;
  const args = text.slice(start).trim();
  const code = RUNS_CODE.get(name);
  if (code !== undefined) {
    magicCode(walk, { from: from + start, to }, name);
    return;
  }
  interpolated(walk, range);
  const variable = environmentMagic(name, args);
  if (variable !== null) {
    walk.emit({ kind: 'environment', ...variable, from, to });
  }
  switch (name) {
    case 'store':
      storeMagic(walk, range, args);
      return;
    case 'pylab':
      pylabMagic(walk, range, args);
      break;
    case 'cd':
    case 'popd':
    case 'pushd':
      walk.emit({ kind: 'folder', path: folderOf(name, args), from, to });
      return;
    case 'cp':
    case 'logstart':
    case 'mv':
    case 'notebook':
    case 'save':
      writesUnknown(walk, range);
      return;
    case 'load_ext':
      loadExtension(walk, range, args);
      return;
    case 'sx':
    case 'system':
      shellWrites(walk, { from: from + start, to });
      return;
    case 'aimport':
    case 'macro':
    case 'sc':
      for (const one of name === 'aimport'
        ? args.split(/\s*,\s*|\s+/)
        : [args]) {
        const bound = /^(?:-\S+\s+)*([A-Za-z_]\w*)/.exec(one)?.[1];
        if (bound !== undefined) {
          walk.bind(bound, range, 'magic', UNKNOWN);
        }
      }
      return;
    case 'xdel':
      for (const one of args.split(/\s+/)) {
        if (/^[A-Za-z_]\w*$/.test(one)) {
          walk.delete(one, range);
        }
      }
      return;
    case 'sql': {
      const bound = /^(?:--?\S+\s+)*([A-Za-z_]\w*)\s*(?:<<|=\s*select\b)/i.exec(
        args
      )?.[1];
      if (bound !== undefined) {
        walk.bind(bound, range, 'magic', UNKNOWN);
      }
      return;
    }
  }
  if (!HARMLESS.has(name)) {
    runsUnknown(walk, range, 'magic');
  }
}

/** `%pylab` imports NumPy and Matplotlib, and all of their names, too, if it is not told otherwise. */
function pylabMagic(walk: Walk, range: IRange, args: string): void {
  const all = /--no-import-all\b/.test(args) ? [] : libraryStarNames('pylab');
  for (const name of new Set([...PYLAB_MODULES, ...all])) {
    walk.bind(name, range, 'magic', UNKNOWN);
  }
}

const PYLAB_MODULES = [
  ...['numpy', 'np', 'matplotlib', 'plt', 'pyplot', 'pylab', 'mlab'],
  ...['display', 'figsize', 'getfigs']
];

/** The folder that `%cd` names: with `-q` it says nothing, other words with `-` or `~` go somewhere else. */
function folderOf(magic: string, args: string): Text {
  const [, quote, plain] =
    /^(?:-q\s+)?(['"]?)([\w./][\w./ -]*)\1$/.exec(args) ?? [];
  const isOne = quote !== '' || !plain?.includes(' ');
  return magic === 'cd' && plain !== undefined && isOne
    ? { kind: 'literal', value: plain }
    : { kind: 'unknown' };
}

/** `%store -r name` brings a name back; without names, any. `%store name` reads it. */
function storeMagic(walk: Walk, range: IRange, args: string): void {
  const { from, to } = range;
  const words = args.split(/\s+/).filter(word => /^[A-Za-z_]\w*$/.test(word));
  if (/(?:^|\s)-r\b/.test(args)) {
    const names = words.length > 0 ? words : null;
    walk.emit({ kind: 'unknown', names, why: 'magic', from, to });
  } else if (!/(?:^|\s)-[dz]\b/.test(args) && words[0] !== undefined) {
    walk.use(words[0], range, 'read');
  }
}

/**
 * The code that a magic runs, behind its options.
 *
 * @param range - From behind the magic's name.
 * @param to - Where the code ends: `%%timeit` runs its line and the cell's body as one.
 */
export function magicCode(
  walk: Walk,
  range: IRange,
  name: string,
  to = range.to
): void {
  const { options = '', scope = 'module' } = RUNS_CODE.get(name) ?? {};
  const text = walk.source.text(range);
  let at = 0;
  for (;;) {
    const option = /^\s*(-{1,2})(\w[\w-]*)(=\S+)?(?=\s|$)/.exec(text.slice(at));
    if (option === null) {
      break;
    }
    at += option[0].length;
    const letter = option[2];
    const takesValue =
      option[1] === '-' && letter.length === 1 && options.includes(letter);
    if (takesValue) {
      const value = /^\s*(\S+)/.exec(text.slice(at));
      const start = range.from + at;
      at += value?.[0].length ?? 0;
      const root = /^[A-Za-z_]\w*/.exec(value?.[1] ?? '')?.[0];
      if (letter === 'f' && root !== undefined) {
        walk.use(root, { from: start, to: range.from + at }, 'read');
      }
    }
  }
  at += /^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0;
  runCode(walk, { from: range.from + at, to }, scope);
}

/** Runs a stretch of the cell as Python, either in the notebook or, as `%timeit` does, in a function of its own. */
export function runCode(
  walk: Walk,
  range: IRange,
  scope: 'module' | 'function'
): void {
  const lexed = lex(walk.source.value.slice(0, range.to), range.from);
  mend(lexed.chars, lexed.lines);
  const tree = parseTree(lexed.chars.join(''));
  walk.source.within(lexed, () => {
    const run = () => runStatements(walk, tree.children);
    if (scope === 'module') {
      run();
      return;
    }
    const bindings = bindingsOf(walk.source, tree.children);
    walk.within(new Scope('function', walk.scope, bindings), run);
  });
}
