import { mix } from './colors';
import type { IFigureStyle } from './style';

/** A colour of a scale whose stops are evenly spaced, `t` from 0 to 1. */
export function colorAt(stops: readonly string[], t: number): string {
  const place = Math.min(1, Math.max(0, t)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(place));
  return mix(stops[i], stops[i + 1], place - i);
}

/**
 * The colour of a bar of a correlation: by sign, and stronger with its size, but never so close to zero's that it could not be seen.
 */
export function correlationColor(r: number, style: IFigureStyle): string {
  const strength = 0.55 + 0.45 * Math.min(1, Math.abs(r));
  return colorAt(style.palette.diverging, 0.5 + Math.sign(r) * strength * 0.5);
}
