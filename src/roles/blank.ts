/**
 * Whether code is nothing but blanks and comments, so that its cell needs no role.
 *
 * Line by line, without a parser: where no line before it has any code, a line that starts with `#` is a comment.
 */
export function isBlankCode(source: string): boolean {
  return !/^[^\S\r\n]*[^\s#]/m.test(source);
}
