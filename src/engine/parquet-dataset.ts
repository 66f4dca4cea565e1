import { ALIASES, plainName, proposeMapping } from '../workload/fields';
import type { IColumn, Mapping, ValueType } from '../workload/fields';
import type { IDataset, ISegment, ITimeBounds } from './dataset';
import { readDistilled } from './distilled';
import { EngineError } from './engine';
import type { IFileEntry } from './engine';
import type { ParquetColumn, ParquetFile } from './parquet/types';

/** One row group of one file. */
export interface IRowGroup extends ISegment {
  readonly file: number;
  readonly rowGroup: number;
}

/** A column as the files have it. */
export interface IParquetColumn extends IColumn {
  /** By file: the leaf that holds it, `null` where the file lacks it. */
  readonly leaves: readonly (ParquetColumn | null)[];
  /** It is a Hive partition key. */
  readonly partition: boolean;
}

/** Files whose footers are read and whose columns are reconciled. */
export interface IParquetDataset extends IDataset {
  readonly entries: readonly IFileEntry[];
  readonly files: readonly ParquetFile[];
  readonly columns: ReadonlyMap<string, IParquetColumn>;
  readonly segments: readonly IRowGroup[];
}

/**
 * Make one dataset of files.
 *
 * #### Notes
 * Columns are matched by name. A column that a file lacks, or that has no type there because it has no value, has no values there.
 * Numbers and texts of one name become texts, so that job ids written as `123` and `"123"` are the same job; all other differences
 * of type are refused, and so are these where the name tells a measure, such as a number of nodes.
 *
 * @throws EngineError `schema`, naming the column and the files that differ.
 */
export function makeDataset(
  entries: readonly IFileEntry[],
  files: readonly ParquetFile[]
): IParquetDataset {
  const columns = new Map<string, IParquetColumn>();
  const named = new Map<string, (ParquetColumn | null)[]>();
  files.forEach((file, f) => {
    for (const column of file.columns) {
      let leaves = named.get(column.name);
      if (!leaves) {
        leaves = files.map(() => null);
        named.set(column.name, leaves);
      }
      leaves[f] = column;
    }
  });
  for (const [name, leaves] of named) {
    refuseUnreadable(name, leaves, entries, files);
    const typed = withType(leaves);
    columns.set(name, {
      ...reconcile(name, typed, entries),
      name,
      leaves: typed,
      partition: false
    });
  }
  for (const name of new Set(entries.flatMap(e => Object.keys(e.partitions)))) {
    // Spark and others do not repeat a partition key inside the files; where somebody did, the file's column is the better typed.
    if (!columns.has(name)) {
      columns.set(name, {
        name,
        type: 'text',
        list: false,
        leaves: files.map(() => null),
        partition: true
      });
    }
  }

  const segments: IRowGroup[] = [];
  files.forEach((file, f) =>
    file.rowGroups.forEach(({ rows }, rowGroup) => {
      if (rows > 0) {
        segments.push({
          id: segments.length,
          file: f,
          rowGroup,
          rows,
          records: rows
        });
      }
    })
  );
  const mapping = proposeMapping([...columns.values()]);
  checkSameKind(entries, files, columns.get(mapping.package?.[0] ?? ''));
  return {
    entries,
    files,
    columns,
    segments,
    mapping,
    timeBounds: ({ id }, name) => {
      const column = columns.get(name);
      return column ? timeBounds(files, segments[id], column) : null;
    },
    info: {
      files: files.length,
      rows: files.reduce((sum, file) => sum + file.rows, 0),
      bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
      modified: entries.reduce<string | null>(
        (latest, { modified }) =>
          modified !== null && (latest === null || modified > latest)
            ? modified
            : latest,
        null
      ),
      columns: [...columns.values()].map(({ name, type, list }) => ({
        name,
        type,
        list
      })),
      mapping,
      index: null,
      distilled: readDistilled(entries, files),
      span: span(files, segments, columns, mapping),
      unreadable: [
        ...new Map(
          files.flatMap(file =>
            file.unsupported.map(column => [column.name, column] as const)
          )
        ).values()
      ]
    }
  };
}

/**
 * Refuse to mix records with other tables that lie in the same folder, such as jobs and users: their rows would count as records.
 *
 * @throws EngineError `schema`.
 */
function checkSameKind(
  entries: readonly IFileEntry[],
  files: readonly ParquetFile[],
  packages: IParquetColumn | undefined
): void {
  if (!packages || packages.partition) {
    return;
  }
  const without = files.findIndex(
    ({ columns }) => !columns.some(({ name }) => name === packages.name)
  );
  const within = packages.leaves.findIndex(leaf => leaf !== null);
  if (without >= 0) {
    throw new EngineError(
      'schema',
      `${entries[without].path} has no column “${packages.name}”, which names the packages in ${entries[within].path}, so it holds something else than import records. ` +
        'Open the files with records only, by their names or by a pattern.',
      'package'
    );
  }
}

/**
 * Bounds of a segment's time stamps by its statistics, epoch seconds, both inclusive and rounded outwards.
 *
 * @returns null when the file does not tell.
 */
function timeBounds(
  files: readonly ParquetFile[],
  segment: IRowGroup,
  column: IParquetColumn
): ITimeBounds | null {
  const leaf = column.leaves[segment.file];
  if (leaf?.type !== 'time') {
    return null;
  }
  const { min, max } =
    files[segment.file].rowGroups[segment.rowGroup].columns[leaf.leaf];
  return min === null || max === null
    ? null
    : { from: Math.floor(min / 1000), to: Math.ceil(max / 1000) };
}

/**
 * Leaves without those that hold nothing and so have no type, as pandas writes a column of None: as if their files lacked it. Where
 * there is no other, they stay.
 */
function withType(
  leaves: readonly (ParquetColumn | null)[]
): readonly (ParquetColumn | null)[] {
  const typed = leaves.map(leaf => (leaf?.logical === 'NULL' ? null : leaf));
  return typed.some(leaf => leaf !== null) ? typed : leaves;
}

/** A column that one file holds in a form that cannot be read must not pass for missing there. */
function refuseUnreadable(
  name: string,
  leaves: readonly (ParquetColumn | null)[],
  entries: readonly IFileEntry[],
  files: readonly ParquetFile[]
): void {
  files.forEach((file, f) => {
    const reason = file.unsupported.find(
      column => column.name === name
    )?.reason;
    if (reason !== undefined) {
      const other = leaves.findIndex(leaf => leaf !== null);
      throw new EngineError(
        'schema',
        `Column “${name}” can be read in ${entries[other].path} but not in ${entries[f].path}, where ${reason}. ` +
          'Open these files apart, or write them with one schema.',
        name
      );
    }
  });
}

function reconcile(
  name: string,
  leaves: readonly (ParquetColumn | null)[],
  entries: readonly IFileEntry[]
): { type: ValueType; list: boolean } {
  const found = leaves.flatMap((leaf, f) => (leaf ? [{ leaf, f }] : []));
  const first = found[0];
  let type: ValueType = first.leaf.type;
  for (const { leaf, f } of found) {
    const idLike =
      !leaf.list &&
      !isMeasure(name) &&
      [leaf.type, type].every(t => t === 'number' || t === 'text');
    if (leaf.list !== first.leaf.list || !(leaf.type === type || idLike)) {
      throw new EngineError(
        'schema',
        `Column “${name}” is ${describe(first.leaf)} in ${entries[first.f].path} but ${describe(leaf)} in ${entries[f].path}. ` +
          'Open these files apart, or write them with one schema.',
        name
      );
    }
    type = leaf.type === type ? type : 'text';
  }
  return { type, list: first.leaf.list };
}

/** Whether a column is by its name one of those that only numbers can be: as text it would play no role any more. */
function isMeasure(name: string): boolean {
  return [...ALIASES.nodes, ...ALIASES.count].includes(plainName(name));
}

function describe(column: ParquetColumn): string {
  return column.list ? `a list of ${column.type}` : column.type;
}

function span(
  files: readonly ParquetFile[],
  segments: readonly IRowGroup[],
  columns: ReadonlyMap<string, IParquetColumn>,
  mapping: Mapping
): { from: number; to: number } | null {
  const column = columns.get(mapping.time?.[0] ?? '');
  if (!column || segments.length === 0) {
    return null;
  }
  let whole: { from: number; to: number } | null = null;
  for (const segment of segments) {
    const bounds = timeBounds(files, segment, column);
    if (!bounds) {
      return null;
    }
    whole = whole
      ? {
          from: Math.min(whole.from, bounds.from),
          to: Math.max(whole.to, bounds.to)
        }
      : bounds;
  }
  return whole;
}
