/**
 * Distinct texts and their codes, in the order in which they were first seen: the global
 * dictionary of one column.
 */
export class Names {
  /** All texts; the index is the code. */
  get texts(): readonly string[] {
    return this._texts;
  }

  /** The code of a text, new when it was not seen before. */
  code(text: string): number {
    let code = this._codes.get(text);
    if (code === undefined) {
      code = this._texts.length;
      this._codes.set(text, code);
      this._texts.push(text);
    }
    return code;
  }

  private readonly _texts: string[] = [];
  private readonly _codes = new Map<string, number>();
}
