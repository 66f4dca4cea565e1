import { BytesTable } from './bytes-table';
import { NumberTable } from './hash-table';

/** Digits that a float holds exactly. */
const MOST_DIGITS = 15;

/**
 * Distinct texts, numbered densely in order of arrival. Those that are plain decimal numbers, as job ids are, are kept as numbers:
 * half the memory, and several times quicker to tell apart.
 */
export class Texts {
  /** By entry: the number; −1 − its entry in `others` for a text that is no plain decimal number. */
  readonly numbers = new NumberTable();
  /** Texts that are no plain decimal numbers, as UTF-8. */
  readonly others = new BytesTable();

  /** The entry of the text `bytes[start, end)`, a new one if need be. `view` is over the same memory as `bytes`. */
  intern(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number
  ): number {
    const number = decimal(bytes, view, start, end);
    if (number >= 0) {
      return this.numbers.intern(number);
    }
    const other = this.others.intern(bytes, view, start, end);
    if (other === this._entries.length) {
      this._entries.push(this.numbers.append(-1 - other));
    }
    return this._entries[other];
  }

  /** The entry of a text, or −1. */
  find(text: string): number {
    const { bytes, view } = encode(text);
    const number = decimal(bytes, view, 0, bytes.length);
    if (number >= 0) {
      return this.numbers.find(number);
    }
    const other = this.others.find(bytes, view, 0, bytes.length);
    return other < 0 ? -1 : this._entries[other];
  }

  /** Forget all texts; the memory serves those that follow. */
  clear(): void {
    this.numbers.clear();
    this.others.clear();
    this._entries.length = 0;
  }

  /** Entries by entry in `others`. */
  private readonly _entries: number[] = [];
}

/** A text as UTF-8. */
export function encode(text: string): { bytes: Uint8Array; view: DataView } {
  const bytes = encoder.encode(text);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** The number that ASCII digits spell, when printing it gives the same digits; else −1. `view` is over the same memory as `bytes`. */
export function decimal(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number
): number {
  const length = end - start;
  if (
    length > MOST_DIGITS ||
    length === 0 ||
    (bytes[start] === 0x30 && length > 1)
  ) {
    return -1;
  }
  let number = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four = fourDigits(view.getInt32(at, true));
    if (four < 0) {
      return -1;
    }
    number = number * 10_000 + four;
  }
  for (; at < end; at++) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9) {
      return -1;
    }
    number = number * 10 + digit;
  }
  return number;
}

/** The number that four ASCII digits spell, the first of which is the lowest byte; −1 if one is no digit. */
function fourDigits(word: number): number {
  const digits = word ^ 0x30303030;
  // A digit has no high bits, neither as it is nor with six added.
  if (((digits | (digits + 0x06060606)) & 0xf0f0f0f0) !== 0) {
    return -1;
  }
  // Two digits at a time: tens and ones, side by side; then hundreds of these.
  const pairs = (digits * 10 + (digits >>> 8)) & 0x00ff00ff;
  return (pairs & 0xff) * 100 + (pairs >>> 16);
}

const encoder = new TextEncoder();
