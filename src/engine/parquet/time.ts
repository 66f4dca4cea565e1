import { MISSING_SECONDS, type TimeUnit } from './types';

/** Days from the start of the Julian day count to 1970, as INT96 time stamps count. */
const JULIAN_1970 = 2_440_588;

const WORD = 2 ** 32;

/** A whole number divided and rounded down. `per` is positive. */
export function floorDivide(value: bigint, per: bigint): bigint {
  const quotient = value / per;
  return quotient * per > value ? quotient - 1n : quotient;
}

/**
 * A 64-bit integer, given as two 32-bit halves, divided by `per` (at most a million) and rounded down; exact.
 *
 * Below 2^53 the quotient of two doubles is exact enough: it lies at least 1e-6 from the next integer above, which is
 * more than half a unit in the last place of the largest quotient. Beyond, the division is done by halves.
 */
export function floorDivide64(high: number, low: number, per: number): number {
  if (high >= -0x200000 && high < 0x200000) {
    return Math.floor((high * WORD + (low >>> 0)) / per);
  }
  const quotient = Math.floor(high / per);
  return (
    quotient * WORD +
    Math.floor(((high - quotient * per) * WORD + (low >>> 0)) / per)
  );
}

/** Epoch milliseconds, rounded down, of a 64-bit time stamp in the given unit. */
export function millisOf(high: number, low: number, unit: TimeUnit): number {
  switch (unit) {
    case 'MILLIS':
      return high * WORD + (low >>> 0);
    case 'MICROS':
      return floorDivide64(high, low, 1000);
    default:
      return floorDivide64(high, low, 1_000_000);
  }
}

/** Epoch milliseconds, rounded down, of an INT96 time stamp: nanoseconds of the day, and the Julian day. */
export function millisOfInt96(high: number, low: number, day: number): number {
  return (day - JULIAN_1970) * 86_400_000 + floorDivide64(high, low, 1_000_000);
}

/**
 * Convert PLAIN time stamps to whole seconds, rounded down, into `out` from `outAt` on.
 *
 * @returns whether all fit an `Int32Array` (without its mark for "missing").
 */
export function plainSeconds(
  view: DataView,
  at: number,
  count: number,
  unit: TimeUnit,
  out: Int32Array | Float64Array,
  outAt: number
): boolean {
  switch (unit) {
    case 'DAYS':
      return daySeconds(view, at, count, out, outAt);
    case 'INT96':
      return int96Seconds(view, at, count, out, outAt);
    case 'NANOS':
      return nanoSeconds(view, at, count, out, outAt);
    default:
      return longSeconds(
        view,
        at,
        count,
        unit === 'MILLIS' ? 1000 : 1_000_000,
        out,
        outAt
      );
  }
}

function longSeconds(
  view: DataView,
  at: number,
  count: number,
  per: number,
  out: Int32Array | Float64Array,
  outAt: number
): boolean {
  let least = 0;
  let most = 0;
  let beforeLow = 0;
  let beforeHigh = 0;
  let seconds = 0;
  for (let i = 0; i < count; i++) {
    const low = view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    at += 8;
    // Packages that one process imports have one time.
    if (low !== beforeLow || high !== beforeHigh) {
      seconds = floorDivide64(high, low, per);
      least = seconds < least ? seconds : least;
      most = seconds > most ? seconds : most;
      beforeLow = low;
      beforeHigh = high;
    }
    out[outAt + i] = seconds;
  }
  return least > MISSING_SECONDS && most < 2 ** 31;
}

function nanoSeconds(
  view: DataView,
  at: number,
  count: number,
  out: Int32Array | Float64Array,
  outAt: number
): boolean {
  let least = 0;
  let most = 0;
  for (let i = 0; i < count; i++) {
    // Not at once by 1e9: the division by halves is exact up to a million only.
    const millis = floorDivide64(
      view.getInt32(at + 4, true),
      view.getInt32(at, true),
      1_000_000
    );
    const seconds = Math.floor(millis / 1000);
    out[outAt + i] = seconds;
    least = seconds < least ? seconds : least;
    most = seconds > most ? seconds : most;
    at += 8;
  }
  return least > MISSING_SECONDS && most < 2 ** 31;
}

function int96Seconds(
  view: DataView,
  at: number,
  count: number,
  out: Int32Array | Float64Array,
  outAt: number
): boolean {
  let fits = true;
  for (let i = 0; i < count; i++) {
    const millis = millisOfInt96(
      view.getInt32(at + 4, true),
      view.getInt32(at, true),
      view.getInt32(at + 8, true)
    );
    const seconds = Math.floor(millis / 1000);
    out[outAt + i] = seconds;
    fits &&= seconds > MISSING_SECONDS && seconds < 2 ** 31;
    at += 12;
  }
  return fits;
}

function daySeconds(
  view: DataView,
  at: number,
  count: number,
  out: Int32Array | Float64Array,
  outAt: number
): boolean {
  let fits = true;
  for (let i = 0; i < count; i++) {
    const seconds = view.getInt32(at, true) * 86_400;
    out[outAt + i] = seconds;
    fits &&= seconds > MISSING_SECONDS && seconds < 2 ** 31;
    at += 4;
  }
  return fits;
}

/**
 * Epoch seconds of a bare number, whose unit is told by its size: below 1e11 seconds (until the year 5138), below
 * 1e14 milliseconds (from 1973 on), below 1e17 microseconds, else nanoseconds. NaN and infinities give NaN.
 */
export function secondsOfNumber(value: number): number {
  const size = Math.abs(value);
  return size < Infinity ? Math.floor(value / unitsPerSecond(size)) : NaN;
}

/** The same for an integer that a double may not hold. */
export function secondsOfBigInt(value: bigint): number {
  const per = unitsPerSecond(Math.abs(Number(value)));
  return Number(floorDivide(value, BigInt(per)));
}

function unitsPerSecond(size: number): number {
  return size < 1e11 ? 1 : size < 1e14 ? 1e3 : size < 1e17 ? 1e6 : 1e9;
}
