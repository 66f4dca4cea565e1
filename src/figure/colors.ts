/** Arithmetic with colours, `#rrggbb` or `rgb(r, g, b)` as a page's computed style has them. */

type Rgb = readonly [number, number, number];

/**
 * Read a colour; null for notations that name no plain colour.
 */
export function parseColor(color: string): Rgb | null {
  const text = color.trim();
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(text);
  if (short) {
    const [r, g, b] = short.slice(1).map(digit => parseInt(digit + digit, 16));
    return [r, g, b];
  }
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})(?:ff)?$/i.exec(text);
  if (long) {
    const [r, g, b] = long.slice(1, 4).map(pair => parseInt(pair, 16));
    return [r, g, b];
  }
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text);
  if (parts) {
    const [r, g, b] = parts.slice(1, 4).map(Number);
    return [r, g, b];
  }
  return null;
}

/** Relative luminance as WCAG 2 defines it, from 0 to 1; black for what is no plain colour. */
export function luminance(color: string): number {
  const [r, g, b] = (parseColor(color) ?? [0, 0, 0]).map(channel => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio as WCAG 2 defines it, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** A colour between two, `t` from 0 (the first) to 1. */
export function mix(a: string, b: string, t: number): string {
  const [x, y] = [parseColor(a) ?? [0, 0, 0], parseColor(b) ?? [0, 0, 0]];
  const hex = x.map((c, i) =>
    Math.round(c + (y[i] - c) * t)
      .toString(16)
      .padStart(2, '0')
  );
  return `#${hex.join('')}`;
}

/** A colour scale as Plotly takes it. */
export function colorscale(stops: readonly string[]): [number, string][] {
  return stops.map((color, i) => [i / (stops.length - 1), color]);
}

/** The colour of a scale at `t` from 0 to 1, as Plotly mixes it. */
export function scaleColor(stops: readonly string[], t: number): string {
  const place = Math.max(0, Math.min(1, t)) * (stops.length - 1);
  const low = Math.min(Math.floor(place), Math.max(0, stops.length - 2));
  return mix(stops[low], stops[low + 1] ?? stops[low], place - low);
}

/** Black or white, whichever reads better on a colour: one of them always has a contrast of 4.5 and more. */
export function inkOn(color: string): string {
  return contrast('#ffffff', color) >= contrast('#000000', color)
    ? '#ffffff'
    : '#000000';
}
