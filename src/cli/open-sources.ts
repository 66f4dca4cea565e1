/** Sources that stay open; the one that was asked longest ago is closed for another. */
const MOST_OPEN = 4;

/** Keeps engines open from one call to the next. */
export class OpenSources<T> {
  constructor(private readonly _close: (opened: T) => Promise<void>) {}

  /** What is open under a key; opened when it is not. */
  async get(key: readonly string[], open: () => Promise<T>): Promise<T> {
    const text = JSON.stringify(key);
    const opened = this._opened.get(text) ?? (await open());
    // A map keeps the order of insertion, so the first has waited longest.
    this._opened.delete(text);
    this._opened.set(text, opened);
    const [oldest] = this._opened;
    if (this._opened.size > MOST_OPEN) {
      this._opened.delete(oldest[0]);
      await this._close(oldest[1]);
    }
    return opened;
  }

  /** Close what is open under a key. */
  async forget(key: readonly string[]): Promise<void> {
    const text = JSON.stringify(key);
    const opened = this._opened.get(text);
    this._opened.delete(text);
    if (opened) {
      await this._close(opened);
    }
  }

  async closeAll(): Promise<void> {
    const all = [...this._opened.values()];
    this._opened.clear();
    await Promise.all(all.map(this._close));
  }

  private readonly _opened = new Map<string, T>();
}
