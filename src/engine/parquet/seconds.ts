import type { ChunkTask } from './chunk';
import { decodeCodes, eachPage, spread } from './codes';
import { damagedColumn, unsupportedColumn } from './errors';
import { scanPages, type ChunkPages, type DataPage } from './pages';
import { Scratch } from './scratch';
import { plainSeconds, secondsOfBigInt, secondsOfNumber } from './time';
import { parseTimeText } from './time-text';
import {
  MISSING_SECONDS,
  type LeafLayout,
  type LocalDictionary,
  type PageCounts,
  type SecondsChunk,
  type TimeUnit
} from './types';
import { isIndexed, readPageIndices } from './indices';
import { plainValues } from './values';

const indexScratch = new Scratch();

/** Bytes of a time stamp by physical type. */
const WIDTHS: Record<string, number | undefined> = {
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
      if (task.slow || !layout.unit) {
        return secondsOfCodes(task);
      }
      return decodeTimes(task, layout.unit);
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

/** Decode time stamps, of which most are distinct, without giving them codes. */
function decodeTimes(task: ChunkTask, unit: TimeUnit): SecondsChunk {
  const found = scanPages(task.bytes, task.info, task.layout);
  const narrow = new Int32Array(task.rows);
  const { pages, fits } = fillSeconds(task, found, unit, narrow);
  let seconds: Int32Array | Float64Array = narrow;
  if (!fits) {
    // Rare: a time before 1901 or after 2038.
    seconds = new Float64Array(task.rows);
    fillSeconds(task, found, unit, seconds);
  }
  return { kind: 'seconds', rows: task.rows, seconds, unparsable: 0, pages };
}

/** Fill `seconds`; `fits` says whether all values fit an Int32Array. */
function fillSeconds(
  task: ChunkTask,
  found: ChunkPages,
  unit: TimeUnit,
  seconds: Int32Array | Float64Array
): { pages: PageCounts; fits: boolean } {
  const { layout } = task;
  const missing = seconds instanceof Int32Array ? MISSING_SECONDS : NaN;
  const width = WIDTHS[layout.physical] ?? Infinity;
  let count = 0;
  let fits = true;
  let dictionary: Int32Array | Float64Array | null = null;
  const pages = eachPage(task, found, {
    dictionary: (bytes, entries) => {
      if (entries * width !== bytes.length) {
        throw damagedColumn(layout, 'its dictionary is damaged');
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      dictionary =
        seconds instanceof Int32Array
          ? new Int32Array(entries)
          : new Float64Array(entries);
      fits = plainSeconds(view, 0, entries, unit, dictionary, 0) && fits;
    },
    page: page => {
      const { present } = page;
      if (isIndexed(page.encoding)) {
        lookUp(page, layout, dictionary, seconds, count);
      } else {
        const plain = plainValues(page, layout, width);
        if (!plain) {
          throw damagedColumn(layout, 'the values of a page are damaged');
        }
        const { view, at } = plain;
        fits = plainSeconds(view, at, present, unit, seconds, count) && fits;
      }
      if (present < page.values) {
        const { maxDefinition } = layout;
        spread(seconds, count, page.values, page, maxDefinition, missing);
      }
      count += page.values;
    }
  });
  return { pages, fits };
}

/** Write the seconds that a page's indices stand for to `seconds` from `at` on. */
function lookUp(
  page: DataPage,
  layout: LeafLayout,
  dictionary: Int32Array | Float64Array | null,
  seconds: Int32Array | Float64Array,
  at: number
): void {
  const indices = indexScratch.words(page.present);
  const size = dictionary?.length ?? 0;
  readPageIndices(page, layout, dictionary ? size : -1, 0, indices, 0);
  if (dictionary) {
    for (let i = 0; i < page.present; i++) {
      seconds[at + i] = dictionary[indices[i]];
    }
  }
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
        seconds: Float64Array.from<bigint>(values, secondsOfBigInt),
        bad: null
      };
    }
    case 'text':
      return secondsOfTexts(dictionary);
    case 'ids': {
      const others = secondsOfTexts(dictionary);
      const { numbers } = dictionary;
      return {
        // No text of digits alone is a time.
        seconds: numbers.map(k => (k < 0 ? others.seconds[-k - 1] : NaN)),
        bad: Uint8Array.from(numbers, k =>
          k < 0 ? (others.bad?.[-k - 1] ?? 0) : 1
        )
      };
    }
    default:
      throw new TypeError('booleans are no times');
  }
}

function secondsOfTexts({
  bytes,
  offsets
}: {
  bytes: Uint8Array;
  offsets: Uint32Array;
}): { seconds: Float64Array<ArrayBuffer>; bad: Uint8Array | null } {
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
