/** Reading of time stamps that are text, straight from their UTF-8 bytes. */

const DAYS_BEFORE_MONTH = [
  0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
];

/**
 * Whole epoch seconds, rounded down, of a time stamp as text in `bytes[start, end)`; NaN when it is none.
 *
 * Understood are RFC 3339 and ISO 8601 in its extended form: `YYYY-MM-DD`, then optionally `T` or a blank and `HH:MM`,
 * `:SS`, a fraction after `.` or `,`, and `Z`, `UTC`, `±HH`, `±HHMM` or `±HH:MM`, which a blank may precede. Without
 * an offset the time is UTC. A 60th second is the first of the next minute.
 */
export function parseTimeText(
  bytes: Uint8Array,
  start: number,
  end: number
): number {
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) {
    return NaN;
  }
  const year = digits(bytes, start, end, 4);
  const month = digits(bytes, start + 5, end, 2);
  const day = digits(bytes, start + 8, end, 2);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (!(
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(month, leap) &&
    year >= 0
  )) {
    return NaN;
  }
  const past = year - 1;
  const leapDays =
    Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const days =
    365 * year +
    leapDays +
    DAYS_BEFORE_MONTH[month - 1] +
    (leap && month > 2 ? 1 : 0) +
    day -
    1 -
    719_527;
  const at = start + 10;
  return days * 86_400 + (at === end ? 0 : parseClock(bytes, at, end));
}

/** Seconds from the start of the day, less the offset; NaN when the bytes are no time of day. */
function parseClock(bytes: Uint8Array, at: number, end: number): number {
  const mark = bytes[at];
  // "T", "t" or a blank
  if (mark !== 84 && mark !== 116 && mark !== 32) {
    return NaN;
  }
  const hour = digits(bytes, at + 1, end, 2);
  const minute = digits(bytes, at + 4, end, 2);
  if (bytes[at + 3] !== 58 || !(hour <= 23) || !(minute <= 59)) {
    return NaN;
  }
  at += 6;
  let second = 0;
  if (at < end && bytes[at] === 58) {
    second = digits(bytes, at + 1, end, 2);
    if (!(second <= 60)) {
      return NaN;
    }
    at += 3;
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      const first = ++at;
      while (at < end && bytes[at] >= 48 && bytes[at] <= 57) {
        at++;
      }
      if (at === first) {
        return NaN;
      }
    }
  }
  return hour * 3600 + minute * 60 + second - parseOffset(bytes, at, end);
}

/** Seconds east of UTC; 0 when there is nothing left to read, NaN when it is no offset. */
function parseOffset(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) {
    return 0;
  }
  if (bytes[at] === 32) {
    at++;
  }
  const mark = bytes[at];
  const left = end - at;
  // "Z" or "z", and "UTC"
  if (left === 1 && (mark === 90 || mark === 122)) {
    return 0;
  }
  if (
    left === 3 &&
    mark === 85 &&
    bytes[at + 1] === 84 &&
    bytes[at + 2] === 67
  ) {
    return 0;
  }
  if (mark !== 43 && mark !== 45) {
    return NaN;
  }
  const hours = digits(bytes, at + 1, end, 2);
  const minutesAt =
    left === 6 && bytes[at + 3] === 58 ? at + 4 : left === 5 ? at + 3 : -1;
  const minutes =
    left === 3 ? 0 : minutesAt < 0 ? NaN : digits(bytes, minutesAt, end, 2);
  if (!(hours <= 23) || !(minutes <= 59)) {
    return NaN;
  }
  return (mark === 45 ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function daysIn(month: number, leap: boolean): number {
  if (month === 2) {
    return leap ? 29 : 28;
  }
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The number in `count` digits, NaN when one of them is no digit or lies behind the end. */
function digits(
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number
): number {
  if (at + count > end) {
    return NaN;
  }
  let value = 0;
  for (let i = 0; i < count; i++) {
    const digit = bytes[at + i] - 48;
    if (digit < 0 || digit > 9) {
      return NaN;
    }
    value = value * 10 + digit;
  }
  return value;
}
