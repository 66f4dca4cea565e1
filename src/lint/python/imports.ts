import type { IRange } from '../finding';
import type { IImport } from './facts';
import { importClauses } from './import-clauses';
import { libraryStarNames } from './library-star-names';
import { starNames } from './star-names';
import type { INode } from './tree';
import { UNKNOWN } from './walk';
import type { Walk } from './walk';

/** `import …` and `from … import …`. */
export function runImport(walk: Walk, node: INode): void {
  const { from, to } = node;
  for (const clause of importClauses(walk.source, node)) {
    if (clause.name === '*') {
      if (walk.scope.kind === 'module') {
        runStar(walk, clause.module, node);
      }
      continue;
    }
    if (clause.module === '__future__' && clause.member === 'annotations') {
      walk.annotationsAreTexts = true;
    }
    const module: IImport = {
      module: clause.module,
      ...(clause.member === undefined ? {} : { member: clause.member }),
      statement: { from, to },
      text: clause.text,
      guarded: walk.guards.imports
    };
    const full =
      clause.member === undefined
        ? clause.module
        : `${clause.module}.${clause.member}`;
    const isPlain =
      clause.member === undefined && clause.at.from === clause.from;
    walk.imports.set(clause.name, isPlain ? clause.name : full);
    walk.bind(clause.name, clause.at, 'import', UNKNOWN, module);
  }
}

/** Emits that a module is imported under no name, as `importlib.import_module` does. */
export function importByName(
  walk: Walk,
  { from, to }: IRange,
  module: string
): void {
  walk.emit({
    kind: 'import',
    module: {
      module,
      statement: { from, to },
      text: `import ${module}`,
      guarded: walk.guards.imports
    },
    from,
    to
  });
}

/** `%load_ext module` imports the module, if it is none of IPython's own. */
export function loadExtension(walk: Walk, range: IRange, args: string): void {
  const module = /^[A-Za-z_][\w.]*$/.exec(args.trim())?.[0];
  if (module !== undefined && !/^(?:autoreload|storemagic)$/.test(module)) {
    importByName(walk, range, module);
  }
}

/** `from module import *`: of a module that is known, its names; of others any, besides those that some libraries have. */
function runStar(walk: Walk, module: string, node: INode): void {
  const { from, to } = node;
  const known = starNames(module);
  for (const name of known?.certain ?? libraryStarNames(module)) {
    walk.bind(name, node, 'import', UNKNOWN);
  }
  if (known === null || known.possible.length > 0) {
    const names = known?.possible ?? null;
    walk.emit({ kind: 'unknown', names, why: 'star-import', module, from, to });
  }
}
