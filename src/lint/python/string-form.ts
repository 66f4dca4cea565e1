/** What kind of text is being read. */
export interface IStringForm {
  readonly quote: string;
  readonly isFormat: boolean;
  readonly isRaw: boolean;
  /** Whether it is the specification of a field. */
  readonly isSpec: boolean;
}

/** The length of an escape sequence, which a backslash begins. */
export function escapeLength(
  source: string,
  at: number,
  { isFormat, isRaw }: IStringForm
): number {
  if (source.startsWith('\r\n', at + 1)) {
    return 3;
  }
  if (isFormat && source[at + 1] === '{') {
    return 1;
  }
  if (isFormat && !isRaw && source.startsWith('N{', at + 1)) {
    const end = source.indexOf('}', at);
    return end < 0 ? 2 : end + 1 - at;
  }
  return 2;
}
