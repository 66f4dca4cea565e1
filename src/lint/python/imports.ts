import type { IImport } from './facts';
import { importClauses } from './import-clauses';
import type { INode } from './tree';
import { UNKNOWN } from './walk';
import type { Walk } from './walk';

/** `import …` and `from … import …`. */
export function runImport(walk: Walk, node: INode): void {
  const { from, to } = node;
  for (const clause of importClauses(walk.source, node)) {
    if (clause.name === '*') {
      if (walk.scope.kind === 'module') {
        const { module } = clause;
        walk.emit({
          kind: 'unknown',
          names: null,
          why: 'star-import',
          module,
          from,
          to
        });
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
