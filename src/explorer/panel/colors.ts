/** Colours as computed styles have them: `rgb(r, g, b)` or `rgba(r, g, b, a)`. */

/** A colour laid over an opaque one; what cannot be read is passed on. */
export function blend(color: string, under: string): string {
  const top = channels(color);
  const ground = channels(under);
  if (!top || !ground || top.length < 4) {
    return color;
  }
  const alpha = top[3];
  const mixed = [0, 1, 2].map(i =>
    Math.round(top[i] * alpha + ground[i] * (1 - alpha))
  );
  return `rgb(${mixed.join(', ')})`;
}

function channels(color: string): number[] | null {
  const match = /^rgba?\(([^)]+)\)$/.exec(color);
  const parts = match?.[1].split(/[\s,/]+/).map(Number);
  return parts && parts.length >= 3 && parts.every(Number.isFinite)
    ? parts
    : null;
}
