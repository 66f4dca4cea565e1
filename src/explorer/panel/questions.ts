/**
 * Remembers which question each key was last asked, answered, or could not be answered; runs questions and drops those
 * that are outdated.
 */
export class Questions {
  /** Whether any question is being answered. */
  get isBusy(): boolean {
    return this._running.size > 0;
  }

  /** Whether a question has to be asked: it is neither answered, nor has it failed, nor is it on its way. */
  isOpen(key: string, query: string): boolean {
    return (
      !this.isSettled(key, query) && this._running.get(key)?.query !== query
    );
  }

  /** Whether what is known under a key belongs to this question. */
  isSettled(key: string, query: string): boolean {
    return this._settled.get(key) === query;
  }

  /** Whether a question is being answered under a key. */
  isRunning(key: string): boolean {
    return this._running.has(key);
  }

  /** The question that has been settled under a key. */
  settled(key: string): string | null {
    return this._settled.get(key) ?? null;
  }

  /**
   * Ask a question; one that runs under the same key must have been dropped.
   *
   * @param ended Called when it ends, unless it was dropped before; says whether the question counts as settled.
   */
  run<T>(
    key: string,
    query: string,
    ask: (signal: AbortSignal) => Promise<T>,
    ended: (result: { value: T } | { error: unknown }) => boolean
  ): void {
    const controller = new AbortController();
    this._running.set(key, { query, controller });
    const end = (result: { value: T } | { error: unknown }) => {
      if (this._running.get(key)?.controller !== controller) {
        return;
      }
      this._running.delete(key);
      // Settled before anybody hears of it, so that what is shown knows whose answer it is.
      this._settled.set(key, query);
      if (!ended(result)) {
        this.forget(key);
      }
    };
    ask(controller.signal).then(
      value => end({ value }),
      (error: unknown) => end({ error })
    );
  }

  /** Call off questions that are outdated. */
  drop(isOutdated: (key: string, query: string) => boolean): void {
    for (const [key, { query, controller }] of [...this._running]) {
      if (isOutdated(key, query)) {
        this._running.delete(key);
        controller.abort();
      }
    }
  }

  /** What was known under a key is not shown any more. */
  forget(key: string): void {
    this._settled.delete(key);
  }

  /** Forget keys that nobody asks for any more. */
  keep(isWanted: (key: string) => boolean): void {
    for (const key of [...this._settled.keys()]) {
      if (!isWanted(key)) {
        this.forget(key);
      }
    }
  }

  /** Call off everything and forget it. */
  clear(): void {
    this.drop(() => true);
    this._settled.clear();
  }

  private readonly _running = new Map<
    string,
    { readonly query: string; readonly controller: AbortController }
  >();
  private readonly _settled = new Map<string, string>();
}
