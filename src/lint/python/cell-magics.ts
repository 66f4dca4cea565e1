import type { IRange } from '../finding';
import { interpolated } from './islands';
import { shellWrites } from './shell';
import { magicCode } from './line-magics';
import {
  BINDING_OPTIONS,
  OTHER_LANGUAGE,
  READING_OPTIONS,
  RUNS_BODY,
  RUNS_CODE
} from './magic-tables';
import type { Text } from './facts';
import { runsUnknown, writesUnknown } from './unknown-code';
import { UNKNOWN } from './walk';
import type { Walk } from './walk';

/** A cell magic: `%%name arguments` in the first line that is not blank. */
export interface ICellMagic extends IRange {
  readonly name: string;
  /** Where its arguments stand. */
  readonly args: IRange;
  /** Where its body begins. */
  readonly body: number;
}

/** What becomes of the body of a cell magic. */
export type MagicBody = 'module' | 'function' | 'none';

const CELL_MAGIC = /\s*?^[ \t]*%%([\w!]+)([^\r\n]*)(?:\r\n|\r|\n|$)/my;

/** The cell magic that a cell, or the rest of one, begins with. */
export function cellMagicAt(value: string, from: number): ICellMagic | null {
  CELL_MAGIC.lastIndex = from;
  const found = CELL_MAGIC.exec(value);
  if (found === null || /\?\s*$/.test(found[2])) {
    return null;
  }
  const [whole, name, args] = found;
  const end = from + whole.trimEnd().length;
  const start = from + whole.indexOf('%%');
  const argsFrom = start + 2 + name.length;
  return {
    name,
    from: start,
    to: Math.max(end, argsFrom),
    args: { from: argsFrom, to: argsFrom + args.length },
    body: from + whole.length
  };
}

/** Cell magics that hand the body to programs which may write files. */
const PROGRAMS =
  /^(?:R|cmd|julia|node|octave|perl|powershell|px|pypy|python\d?|ruby|script|spark)$/;

/** Emits what a cell magic does before its body, and says what becomes of the body. */
export function beforeBody(walk: Walk, magic: ICellMagic): MagicBody {
  const { name, args } = magic;
  const code = RUNS_CODE.get(name);
  if (code !== undefined) {
    const isOne = code.scope === 'function';
    magicCode(walk, args, name, isOne ? walk.source.value.length : args.to);
    return code.scope;
  }
  interpolated(walk, args);
  if (RUNS_BODY.has(name)) {
    return 'module';
  }
  const text = walk.source.text(args);
  for (const option of optionValues(text, READING_OPTIONS[name] ?? [])) {
    walk.use(option, magic, 'read');
  }
  if (name === 'writefile' || name === 'file') {
    writeFile(walk, magic, text);
  }
  const bound = [
    ...optionValues(text, BINDING_OPTIONS[name] ?? []),
    ...(/^\s*(?:--?\S+\s+)*([A-Za-z_]\w*)\s*<</.exec(text)?.slice(1) ?? [])
  ];
  for (const option of bound) {
    walk.bind(option, magic, 'magic', UNKNOWN);
  }
  if (/^(?:!|bash|cmd|script|sh|sx|system)$/.test(name)) {
    shellWrites(walk, { from: magic.body, to: walk.source.value.length });
  }
  if (!OTHER_LANGUAGE.has(name)) {
    runsUnknown(walk, magic, 'magic');
  } else if (PROGRAMS.test(name)) {
    writesUnknown(walk, magic);
  }
  return 'none';
}

/** Emits what a cell magic does behind its body: `%%capture out` binds `out`. */
export function afterBody(walk: Walk, magic: ICellMagic): void {
  if (magic.name === 'capture') {
    const words = walk.source.text(magic.args).trim().split(/\s+/);
    const name = words.find(word => /^[A-Za-z_]\w*$/.test(word));
    if (name !== undefined) {
      walk.bind(name, magic, 'magic', UNKNOWN);
    }
  }
}

function writeFile(walk: Walk, magic: ICellMagic, args: string): void {
  const words = args.trim().split(/\s+/);
  const path = words
    .filter(word => !/^--?[a-z]+$/.test(word))
    .join(' ')
    .replace(/^(['"])(.*)\1$/, '$2');
  if (path === '') {
    return;
  }
  const parts: Text[] = path.split(/(\{\w+\}|\$\w+)/).flatMap(part => {
    const name = /^(?:\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*))$/.exec(part);
    const text: Text =
      name === null
        ? { kind: 'literal', value: part }
        : { kind: 'name', name: name[1] ?? name[2] };
    return part === '' ? [] : [text];
  });
  walk.emit({
    kind: 'file',
    access: 'write',
    path:
      parts.length === 1 ? parts[0] : { kind: 'join', parts, separator: '' },
    by: `%%${magic.name}`,
    guarded: false,
    from: magic.from,
    to: magic.to
  });
}

function optionValues(text: string, options: readonly string[]): string[] {
  const words = text.trim().split(/\s+/);
  return words.flatMap((word, i) => {
    const [option, value] = word.split('=', 2);
    return options.includes(option)
      ? (value ?? words[i + 1] ?? '')
          .split(',')
          .filter(name => /^[A-Za-z_]\w*$/.test(name))
      : [];
  });
}
