import type { ChunkTask } from './chunk';
import { makeCoder } from './coder';
import { damagedColumn } from './errors';
import {
  openDataPage,
  openDictionary,
  scanPages,
  type ChunkPages,
  type DataPage
} from './pages';
import { Scratch } from './scratch';
import type { CodedChunk, LeafLayout, PageCounts } from './types';
import {
  codeDictionary,
  codePage,
  isSlow,
  type ChunkDictionary
} from './values';

/** Codes are made as 32-bit words, and copied out once it is known whether 16 bits do. */
const codeScratch = new Scratch();

/** Chunks of more values than this are not decoded in memory that is kept. */
const MOST_SCRATCH = 4 * 1024 * 1024;

/** The most entries of a dictionary whose codes fit 16 bits, with 0 for "no value". */
const MOST_NARROW = 65_535;

/** Decode a chunk to codes. See `decodeChunk`. */
export function decodeCodes(task: ChunkTask): CodedChunk {
  const { layout, info, rows, slow } = task;
  const found = scanPages(task.bytes, info, layout);
  const coder = makeCoder(layout);
  const large = info.values > MOST_SCRATCH;
  const codes = large
    ? new Uint32Array(info.values)
    : codeScratch.words(info.values);
  const list = layout.maxRepetition > 0 ? new ListShape(layout, rows) : null;
  let count = 0;
  let dictionary: ChunkDictionary | null = null;
  const pages = eachPage(task, found, {
    dictionary: (bytes, entries) => {
      dictionary = codeDictionary(bytes, entries, layout, coder, slow);
    },
    page: page => {
      codePage(page, layout, coder, dictionary, slow, codes, count);
      const slots = list ? list.add(page) : page.values;
      if (page.present < slots) {
        // With a list `add` has left the levels of its elements only.
        spread(codes, count, slots, page, layout.maxDefinition, 0);
      }
      count += slots;
    }
  });
  const offsets = list ? list.finish() : null;
  return {
    kind: 'codes',
    rows,
    codes: ownCodes(codes, count, coder.size, large),
    dictionary: coder.dictionary(),
    offsets,
    pages
  };
}

/** The first `count` codes as an array of their own, of 16 bits if these do. */
function ownCodes(
  codes: Uint32Array,
  count: number,
  distinct: number,
  large: boolean
): Uint16Array | Uint32Array {
  if (large && distinct > MOST_NARROW && count === codes.length) {
    return codes;
  }
  const used = codes.subarray(0, count);
  return distinct <= MOST_NARROW ? new Uint16Array(used) : used.slice();
}

/** What `eachPage` finds. */
export type PageVisitor = {
  /** The content of the dictionary page, and the number of entries that it is said to have. */
  dictionary: (bytes: Uint8Array, entries: number) => void;
  page: (page: DataPage) => void;
};

/** Go through the pages of a chunk: its dictionary, if it has one, then the data pages. */
export function eachPage(
  task: ChunkTask,
  found: ChunkPages,
  visitor: PageVisitor
): PageCounts {
  const { bytes, layout, decompress, slow } = task;
  const { dictionary, data } = found;
  if (dictionary) {
    visitor.dictionary(
      openDictionary(bytes, dictionary, layout, decompress),
      dictionary.values
    );
  }
  const pages: PageCounts = { fast: 0, slow: 0, checked: 0 };
  for (const header of data) {
    const page = openDataPage(bytes, header, layout, decompress);
    visitor.page(page);
    if (slow || isSlow(page.encoding, layout)) {
      pages.slow++;
    } else {
      pages.fast++;
    }
    if (header.crc !== null) {
      pages.checked++;
    }
  }
  return pages;
}

/**
 * Move the values of a page, which lie side by side from `at` on, to the slots they belong to, and give the other
 * slots `missing`. Going backwards no value is overwritten before it has been moved.
 */
export function spread(
  out: Uint32Array | Int32Array | Float64Array,
  at: number,
  slots: number,
  page: DataPage,
  max: number,
  missing: number
): void {
  const levels = page.definitions;
  if (!levels) {
    return;
  }
  let from = at + page.present - 1;
  for (let i = slots - 1; i >= 0; i--) {
    out[at + i] = levels[i] === max ? out[from--] : missing;
  }
}

/** Collects where the elements of each row of a list begin. */
class ListShape {
  constructor(layout: LeafLayout, rows: number) {
    this._layout = layout;
    this._rows = rows;
    this._offsets = new Uint32Array(rows + 1);
  }

  /**
   * Take the levels of a page; returns its number of elements. Its definition levels are moved together, so that
   * those of elements remain.
   */
  add(page: DataPage): number {
    const { values, repetitions, definitions } = page;
    const offsets = this._offsets;
    const element = this._layout.elementDefinition;
    let row = this._row;
    let count = this._count;
    let kept = 0;
    if (!repetitions || (row === 0 && values > 0 && repetitions[0] !== 0)) {
      throw damagedColumn(this._layout, 'its lists do not begin with a row');
    }
    for (let i = 0; i < values; i++) {
      if (repetitions[i] === 0) {
        if (row >= this._rows) {
          throw damagedColumn(
            this._layout,
            'it has more lists than there are rows'
          );
        }
        offsets[row++] = count;
      }
      if (!definitions) {
        count++;
      } else if (definitions[i] >= element) {
        definitions[kept++] = definitions[i];
        count++;
      } else if (repetitions[i] !== 0) {
        throw damagedColumn(this._layout, 'a list goes on after its end');
      }
    }
    const added = count - this._count;
    this._row = row;
    this._count = count;
    return added;
  }

  /** The offsets of all rows. */
  finish(): Uint32Array {
    if (this._row !== this._rows) {
      throw damagedColumn(
        this._layout,
        'it has fewer lists than there are rows'
      );
    }
    this._offsets[this._rows] = this._count;
    return this._offsets;
  }

  private readonly _layout: LeafLayout;
  private readonly _rows: number;
  private readonly _offsets: Uint32Array;
  private _row = 0;
  private _count = 0;
}
