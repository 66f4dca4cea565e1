import type { Handlers } from '../engine/rpc';
import { deferring } from '../workload/deferred-translator';
import { NotebookChecker } from './check';
import type { ISentNotebook, LintApi } from './lint-api';
import type { INotebook } from './notebook';
import { suggestRoles } from './suggest';

/** What the worker keeps of an open notebook, so that a keystroke sends one cell and parses one cell. */
interface IKept {
  readonly checker: NotebookChecker;
  readonly sources: Map<string, string>;
}

/** The worker's side of `LintApi`. */
export function serveLint(): Handlers<LintApi> {
  const open = new Map<string, IKept>();
  const keep = (key: string): IKept => {
    let kept = open.get(key);
    if (!kept) {
      kept = { checker: new NotebookChecker(), sources: new Map() };
      open.set(key, kept);
    }
    return kept;
  };
  return {
    check: async ({ notebook, files }) => {
      const kept = keep(notebook.key);
      return {
        value: kept.checker.check(received(notebook, kept.sources), {
          policy: notebook.policy,
          trans: deferring,
          exists: path => files.get(path)
        })
      };
    },
    suggest: async ({ notebook }) => ({
      value: suggestRoles(received(notebook, keep(notebook.key).sources), {
        policy: notebook.policy,
        trans: deferring
      })
    }),
    forget: async ({ key }) => {
      open.delete(key);
      return { value: null };
    }
  };
}

/** The whole notebook; what is kept of it is brought up to date. */
function received(
  sent: ISentNotebook,
  sources: Map<string, string>
): INotebook {
  const cells = sent.cells.map(cell => ({
    ...cell,
    source: cell.source ?? sources.get(cell.id) ?? ''
  }));
  sources.clear();
  for (const { id, source } of cells) {
    sources.set(id, source);
  }
  return { cells, path: sent.path };
}
