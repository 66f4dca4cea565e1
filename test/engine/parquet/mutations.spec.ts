/**
 * Damaged files must give a clear error or the right answer: no hang, no crash, no huge allocation, no other error.
 *
 * `WORKLOAD_PROVE=1` runs thousands of each kind instead of a few dozen; `WORKLOAD_SEED` repeats a run.
 */
import {
  ParquetError,
  type CodedChunk,
  type ParquetFile,
  type SecondsChunk
} from '../../../src/engine/parquet/types';
import { size } from '../../support/sizes';
import { watchAllocations } from './allocations';
import {
  damage,
  dissect,
  flipAnywhere,
  flipMetadata,
  lieInMetadata,
  type Anatomy,
  type Mutation
} from './mutate';
import { Random } from './random';
import {
  entriesOf,
  manifest,
  openBytes,
  readColumn,
  readFixture
} from './support';

const ROUNDS = size('damaged_files');
const SEED = Number(process.env.WORKLOAD_SEED ?? 1);

/** Far more than any of the small files needs, far less than a lie may ask for. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Files whose pages carry checksums. */
const CHECKED = manifest.files
  .map(({ file }) => file)
  .filter(name =>
    /^arrow-(none|snappy|gzip|brotli|zstd|lz4)(-v2)?\./.test(name)
  );

type Original = {
  name: string;
  bytes: Uint8Array;
  file: ParquetFile;
  anatomy: Anatomy;
  /** Each column's values as JSON. */
  values: Map<number, string>;
};

async function load(names: readonly string[]): Promise<Original[]> {
  const originals: Original[] = [];
  for (const name of names) {
    const bytes = readFixture(name);
    const file = await openBytes(bytes);
    const values = new Map<number, string>();
    for (const column of file.columns) {
      const read = await readColumn(bytes, file, column, 'codes');
      values.set(column.leaf, JSON.stringify(read.values));
    }
    originals.push({
      name,
      bytes,
      file,
      anatomy: dissect(bytes, file),
      values
    });
  }
  return originals;
}

/** What decoded chunks must be like, whatever is in them. */
function checkChunk(chunk: CodedChunk | SecondsChunk): void {
  if (chunk.kind === 'seconds') {
    expect(chunk.seconds.length).toBe(chunk.rows);
    return;
  }
  const { codes, dictionary, offsets, rows } = chunk;
  const size = entriesOf(dictionary).length;
  const widest = Array.from(codes).reduce(
    (most, code) => Math.max(most, code),
    0
  );
  expect(widest).toBeLessThanOrEqual(size);
  if (!offsets) {
    expect(codes.length).toBe(rows);
    return;
  }
  expect(offsets.length).toBe(rows + 1);
  expect(offsets[rows]).toBe(codes.length);
  // One expectation for all rows: each costs more than reading a page.
  const falling = offsets.findIndex(
    (offset, row) => row > 0 && offset < offsets[row - 1]
  );
  expect(falling).toBe(-1);
}

/** The outcome of reading a damaged file. */
type Outcome = { error: ParquetError | null; wrong: string | null };

/** Read all of a damaged file; throws what is not a `ParquetError`. */
async function tryToRead(
  mutation: Mutation,
  original: Original
): Promise<Outcome> {
  let file: ParquetFile;
  try {
    file = await openBytes(mutation.bytes);
  } catch (error) {
    if (error instanceof ParquetError) {
      return { error, wrong: null };
    }
    throw error;
  }
  structuredClone(file);
  let failed: ParquetError | null = null;
  let wrong: string | null = null;
  for (const column of file.columns) {
    for (const as of ['codes', 'seconds'] as const) {
      try {
        const { values, chunks } = await readColumn(
          mutation.bytes,
          file,
          column,
          as
        );
        for (const chunk of chunks) {
          checkChunk(chunk);
          if (chunk.kind === 'codes' && chunk.dictionary.type !== 'text') {
            const entries = entriesOf(chunk.dictionary);
            expect(new Set(entries).size).toBe(entries.length);
          }
        }
        if (
          as === 'codes' &&
          JSON.stringify(values) !== original.values.get(column.leaf)
        ) {
          wrong ??= column.name;
        }
      } catch (error) {
        if (!(error instanceof ParquetError)) {
          throw error;
        }
        // A column that is no time is refused as one, in a sound file as well.
        failed ??= as === 'codes' ? error : null;
      }
    }
  }
  return { error: failed, wrong };
}

type Mutate = (original: Original, random: Random) => Mutation;

/** Try a kind of damage on many files; returns what came of it, and prints how often. */
async function tryMany(
  kind: string,
  names: readonly string[],
  mutate: Mutate,
  judge: (outcome: Outcome, original: Original, file: Mutation) => Promise<void>
): Promise<void> {
  const originals = await load(names);
  const random = new Random(SEED);
  const counts = { errors: 0, right: 0, undetected: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const original = random.pick(originals);
    const mutation = mutate(original, random);
    const about = `round ${round} of seed ${SEED}: ${original.name}, ${mutation.what}`;
    const allocations = watchAllocations();
    let outcome: Outcome;
    try {
      outcome = await tryToRead(mutation, original);
    } catch (error) {
      throw new Error(about, { cause: error });
    } finally {
      allocations.stop();
    }
    if (allocations.largest > MOST_BYTES) {
      throw new Error(`${about}: ${allocations.largest} bytes allocated`);
    }
    if (outcome.error) {
      expect(outcome.error.message).toMatch(/^[A-Z].*[.]$/s);
      counts.errors++;
    } else if (outcome.wrong) {
      counts.undetected++;
      try {
        await judge(outcome, original, mutation);
      } catch (error) {
        throw new Error(`${about}: wrong ${outcome.wrong}`, { cause: error });
      }
    } else {
      counts.right++;
    }
  }
  process.stdout.write(
    `${kind}: ${ROUNDS} damaged files, ${counts.errors} refused, ${counts.right} read right` +
      `, ${counts.undetected} where the damage cannot be seen\n`
  );
  expect(counts.errors).toBeGreaterThan(0);
}

/** What of a file's description tells how its bytes are read, and which checksums do not cover. */
function shown({ columns, rowGroups }: ParquetFile): unknown {
  const codecs = rowGroups.map(group =>
    group.columns.map(({ codec }) => codec)
  );
  return { columns, codecs };
}

/** With checksums, wrong values may only come of another schema or compression, which shows. */
async function mustShow(
  _outcome: Outcome,
  original: Original,
  mutation: Mutation
): Promise<void> {
  const file = await openBytes(mutation.bytes);
  expect(shown(file)).not.toEqual(shown(original.file));
}

async function mayBeWrong(): Promise<void> {
  // Without checksums a changed value is a value.
}

const ALL = manifest.files.map(({ file }) => file);

test('flipped bits in files with checksums', async () => {
  await tryMany(
    'flipped bits, checksums',
    CHECKED,
    ({ bytes }, random) => flipAnywhere(bytes, random),
    mustShow
  );
}, 600_000);

test('flipped bits in the metadata of files with checksums', async () => {
  await tryMany(
    'flipped bits in metadata, checksums',
    CHECKED,
    ({ bytes, anatomy }, random) => flipMetadata(bytes, anatomy, random),
    mustShow
  );
}, 600_000);

test('flipped bits in any file', async () => {
  await tryMany(
    'flipped bits',
    ALL,
    ({ bytes }, random) => flipAnywhere(bytes, random),
    mayBeWrong
  );
}, 600_000);

test('lies in the metadata of any file', async () => {
  await tryMany(
    'lies in metadata',
    ALL,
    ({ bytes, anatomy }, random) => lieInMetadata(bytes, anatomy, random),
    mayBeWrong
  );
}, 600_000);

test('parts of any file cut, dropped, repeated or overwritten', async () => {
  await tryMany(
    'damaged parts',
    ALL,
    ({ bytes }, random) => damage(bytes, random),
    mayBeWrong
  );
}, 600_000);
