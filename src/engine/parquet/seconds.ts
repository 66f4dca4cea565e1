import type { ChunkTask } from './chunk';
import { decodeCodes, eachPage, spread } from './codes';
import { makeCoder } from './coder';
import { unsupportedColumn } from './errors';
import { ENCODING } from './page-header';
import { Scratch } from './scratch';
import { plainSeconds, secondsOfNumber } from './time';
import { parseTimeText } from './time-text';
import {
  MISSING_SECONDS,
  type LocalDictionary,
  type SecondsChunk
} from './types';

const codeScratch = new Scratch();

/** Bytes of a time stamp by physical type. */
const BYTES: Record<string, number | undefined> = {
  INT32: 4,
  INT64: 8,
  INT96: 12
};

/** Decode a chunk to epoch seconds. See `decodeChunk`. */
export function decodeSeconds(task: ChunkTask): SecondsChunk {
  const { layout } = task;
  if (layout.maxRepetition > 0) {
    throw unsupportedColumn(
      layout,
      'a list has no time; map a column with one time in each row'
    );
  }
  switch (layout.type) {
    case 'time':
      return (
        decodeTimes(task, new Int32Array(task.rows)) ??
        decodeTimes(task, new Float64Array(task.rows)) ??
        secondsOfCodes(task)
      );
    case 'text':
    case 'number':
      return secondsOfCodes(task);
    default:
      throw unsupportedColumn(
        layout,
        'it holds no times; map a column of times'
      );
  }
}

/**
 * Decode time stamps, which mostly are distinct, without making codes of those that are not in a dictionary.
 *
 * @returns null when a value does not fit `seconds`.
 */
function decodeTimes(
  task: ChunkTask,
  seconds: Int32Array | Float64Array
): SecondsChunk | null {
  const { layout, rows, slow } = task;
  const narrow = seconds instanceof Int32Array;
  const missing = narrow ? MISSING_SECONDS : NaN;
  const coder = makeCoder(layout);
  const bytes = BYTES[layout.physical] ?? Infinity;
  let count = 0;
  let fits = true;
  let byCode = new Float64Array(0);
  const pages = eachPage(task, coder, (page, fill) => {
    const { present, view, at, encoding } = page;
    if (
      encoding === ENCODING.plain &&
      !slow &&
      layout.unit &&
      present * bytes === view.byteLength - at
    ) {
      fits =
        plainSeconds(view, at, present, layout.unit, seconds, count) && fits;
    } else {
      const codes = codeScratch.words(present);
      fill(codes, 0);
      if (coder.size !== byCode.length) {
        byCode = secondsByEntry(coder.dictionary()).seconds;
        fits &&= !narrow || byCode.every(fitsNarrow);
      }
      for (let i = 0; i < present; i++) {
        seconds[count + i] = byCode[codes[i] - 1];
      }
    }
    if (present < page.values) {
      spread(seconds, count, page.values, page, layout.maxDefinition, missing);
    }
    count += page.values;
  });
  return fits || !narrow
    ? { kind: 'seconds', rows, seconds, unparsable: 0, pages }
    : null;
}

/** Decode to codes, and look up the seconds of each. */
function secondsOfCodes(task: ChunkTask): SecondsChunk {
  const { codes, dictionary, rows, pages } = decodeCodes(task);
  const { seconds: byEntry, bad } = secondsByEntry(dictionary);
  const narrow = byEntry.every(fitsNarrow);
  const missing = narrow ? MISSING_SECONDS : NaN;
  const byCode = new Float64Array(byEntry.length + 1);
  byCode[0] = missing;
  byEntry.forEach((value, entry) => {
    byCode[entry + 1] = value === value ? value : missing;
  });
  const seconds = narrow ? new Int32Array(rows) : new Float64Array(rows);
  let unparsable = 0;
  for (let i = 0; i < rows; i++) {
    seconds[i] = byCode[codes[i]];
  }
  if (bad) {
    for (let i = 0; i < rows; i++) {
      unparsable += codes[i] > 0 ? bad[codes[i] - 1] : 0;
    }
  }
  return { kind: 'seconds', rows, seconds, unparsable, pages };
}

/** Whether seconds fit an Int32Array; NaN, which becomes the mark for "missing", does. */
function fitsNarrow(seconds: number): boolean {
  return !(seconds <= MISSING_SECONDS || seconds >= 2 ** 31);
}

/**
 * Seconds of each entry, NaN where it is no time. `bad` marks texts that could not be read, and is null if there are
 * none.
 */
function secondsByEntry(dictionary: LocalDictionary): {
  seconds: Float64Array<ArrayBuffer>;
  bad: Uint8Array | null;
} {
  switch (dictionary.type) {
    case 'time':
      return {
        seconds: Float64Array.from(dictionary.values, ms =>
          Math.floor(ms / 1000)
        ),
        bad: null
      };
    case 'number':
      return {
        seconds: Float64Array.from(dictionary.values, secondsOfNumber),
        bad: null
      };
    case 'bigint': {
      const values = dictionary.unsigned
        ? new BigUint64Array(dictionary.values.buffer)
        : dictionary.values;
      return {
        seconds: Float64Array.from(values, value =>
          secondsOfNumber(Number(value))
        ),
        bad: null
      };
    }
    case 'text': {
      const { bytes, offsets } = dictionary;
      const seconds = new Float64Array(offsets.length - 1);
      let bad: Uint8Array | null = null;
      for (let i = 0; i < seconds.length; i++) {
        seconds[i] = parseTimeText(bytes, offsets[i], offsets[i + 1]);
        if (seconds[i] !== seconds[i] && offsets[i + 1] > offsets[i]) {
          bad ??= new Uint8Array(seconds.length);
          bad[i] = 1;
        }
      }
      return { seconds, bad };
    }
    default:
      throw new TypeError('booleans are no times');
  }
}
