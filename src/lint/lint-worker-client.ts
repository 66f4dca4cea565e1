import { Caller } from '../engine/rpc';
import type { IEndpoint } from '../engine/rpc';
import { workerEndpoint } from '../engine/web-endpoint';
import { translateDeferred } from '../workload/deferred-translator';
import type { IRolePolicy } from '../workload/role-policy';
import type { ITranslator } from '../workload/translator';
import type { ISentNotebook, LintApi } from './lint-api';
import type { ICell, INotebook } from './notebook';
import type { ICheckResult } from './result';
import type { ISuggestion } from './suggest';

/** A notebook that is open: its cells have ids. */
export interface IOpenNotebookSource extends INotebook {
  /** The same as long as it is open, and no other notebook's. */
  readonly key: string;
  readonly cells: readonly (ICell & { readonly id: string })[];
}

/**
 * Checks notebooks in a worker of their own, which all open notebooks share. It starts with the first call, and again after it died.
 */
export class LintClient {
  constructor(
    private readonly _trans: ITranslator,
    private readonly _start: () => IEndpoint = () =>
      workerEndpoint(new Worker(new URL('./lint.worker.js', import.meta.url)))
  ) {}

  /**
   * Check a notebook.
   *
   * @param files What is known of files, by the path that cells name.
   * @throws EngineError when the worker cannot start or fails; the next call starts another.
   */
  async check(
    notebook: IOpenNotebookSource,
    policy: IRolePolicy,
    files: ReadonlyMap<string, boolean>
  ): Promise<ICheckResult> {
    const result = await this._caller().call('check', {
      notebook: this._sent(notebook, policy),
      files
    });
    const text = (told: string) => translateDeferred(told, this._trans);
    return {
      ...result,
      findings: result.findings.map(finding => ({
        ...finding,
        message: text(finding.message),
        ...(finding.fix && {
          fix: { ...finding.fix, title: text(finding.fix.title) }
        })
      }))
    };
  }

  /** Suggest a role for each code cell that should have one; see `suggestRoles`. */
  async suggest(
    notebook: IOpenNotebookSource,
    policy: IRolePolicy
  ): Promise<readonly ISuggestion[]> {
    const suggestions = await this._caller().call('suggest', {
      notebook: this._sent(notebook, policy)
    });
    return suggestions.map(suggestion => ({
      ...suggestion,
      reasons: suggestion.reasons.map(reason =>
        translateDeferred(reason, this._trans)
      )
    }));
  }

  /** The notebook is closed. */
  forget(key: string): void {
    this._sentSources.delete(key);
    if (this._worker && !this._worker.broken) {
      // A worker that dies meanwhile has forgotten, too.
      this._worker.call('forget', { key }).catch(() => undefined);
    }
  }

  dispose(): void {
    this._worker?.close();
    this._worker = null;
    this._sentSources.clear();
  }

  private _caller(): Caller<LintApi> {
    if (!this._worker || this._worker.broken) {
      this._sentSources.clear();
      this._worker = new Caller<LintApi>(this._start());
    }
    return this._worker;
  }

  /** The notebook without the sources that the worker has. */
  private _sent(
    { key, path, cells }: IOpenNotebookSource,
    policy: IRolePolicy
  ): ISentNotebook {
    const before = this._sentSources.get(key);
    this._sentSources.set(
      key,
      new Map(cells.map(({ id, source }) => [id, source]))
    );
    return {
      key,
      path,
      policy,
      cells: cells.map(({ source, ...cell }) =>
        before?.get(cell.id) === source ? cell : { ...cell, source }
      )
    };
  }

  private _worker: Caller<LintApi> | null = null;
  private readonly _sentSources = new Map<string, Map<string, string>>();
}
