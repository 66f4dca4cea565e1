/**
 * Compare texts by code point, as all answers sort names (`<` on strings compares UTF-16 units,
 * which orders characters beyond the basic plane differently).
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for code points above every other unit.
      const high = Number(isSurrogate(x)) - Number(isSurrogate(y));
      return high !== 0 ? high : x - y;
    }
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
