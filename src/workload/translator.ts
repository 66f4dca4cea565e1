/**
 * Texts for people, as far as pure code needs them; JupyterLab's `TranslationBundle` is one.
 */
export interface ITranslator {
  /** Translate; `%1`, `%2` … stand for the arguments. */
  __(text: string, ...args: (string | number)[]): string;
  /** Translate with a plural form chosen by `n`, which is `%1`. */
  _n(
    singular: string,
    plural: string,
    n: number,
    ...args: (string | number)[]
  ): string;
}

/** English, for the command line and tests. */
export const english: ITranslator = {
  __: (text, ...args) => fill(text, args),
  _n: (singular, plural, n, ...args) =>
    fill(n === 1 ? singular : plural, [n, ...args])
};

function fill(text: string, args: readonly (string | number)[]): string {
  return text.replace(/%(\d+)/g, (whole, i: string) => {
    const value = args[Number(i) - 1];
    return value === undefined ? whole : String(value);
  });
}
