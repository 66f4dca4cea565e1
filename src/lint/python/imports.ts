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
