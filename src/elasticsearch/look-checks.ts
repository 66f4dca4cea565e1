import { fieldColumns } from '../engine/dataset';
import type { Mapping } from '../workload/fields';
import type { Filter } from '../workload/query';
import { bucketIn, bucketsIn } from './answers';
import type { Columns } from './conditions';
import { holdsSeveral, severalOfAll } from './index-source';
import type {
  Aggregation,
  Aggregations,
  Condition,
  ISearchAnswer,
  ISearchBody
} from './protocol';
import { fieldOf } from './quick-levels';

/** What sketches rest on, as aggregations beside them. */
export interface ILookChecks {
  readonly aggs: Aggregations;
  read(answer: ISearchAnswer): {
    /** Columns that hold several values in a document. */
    readonly several: readonly string[];
    /** Whether the server chooses other documents than those with the very values: a field may be normalized. */
    readonly choosesOthers: boolean;
  };
}

/**
 * How to find out whether an estimate is about what the exact answer is about.
 *
 * @param names Columns that the question needs.
 * #### Notes
 * These go along with the question itself, among the documents that it chooses. What a negated condition leaves out is not among them:
 * `negatedCheck` is about that.
 */
export function lookChecks(
  names: readonly string[],
  filters: readonly Filter[],
  columns: Columns,
  mapping: Mapping
): ILookChecks {
  const single = names.filter(
    name =>
      columns.get(name)?.list === false && !mapping.package?.includes(name)
  );
  const chosen = filters
    .filter(({ not }) => !not)
    .flatMap(filter => chooserOf(filter, columns, mapping) ?? []);
  const fields = single.map(name => fieldOf(columns, name) ?? undefined);
  return {
    aggs: {
      ...severalOfAll(fields),
      ...choosers(chosen)
    },
    read: ({ aggregations }) => ({
      several: single.filter((_, i) => holdsSeveral(aggregations, `${i}`)),
      choosesOthers: choosesOthers(chosen, aggregations)
    })
  };
}

/**
 * How to find out whether negated conditions leave out the very values that they name, and no others: among all documents, because a
 * question with these conditions does not come across what they leave out.
 *
 * @returns null where there is nothing to find out.
 */
export function negatedCheck(
  filters: readonly Filter[],
  columns: Columns,
  mapping: Mapping
): {
  readonly body: ISearchBody;
  /** @returns Whether they leave out others, too. */
  read(answer: ISearchAnswer): boolean;
} | null {
  const chosen = filters
    .filter(({ not }) => not)
    .flatMap(filter => chooserOf(filter, columns, mapping) ?? []);
  return chosen.length === 0
    ? null
    : {
        body: {
          size: 0,
          track_total_hits: false,
          // Few documents are looked at.
          query: {
            bool: {
              should: chosen.map(({ filter }) => filter),
              minimum_should_match: 1
            }
          },
          aggs: choosers(chosen)
        },
        read: ({ aggregations }) => choosesOthers(chosen, aggregations)
      };
}

/** The documents that a condition chooses, and those of them that have the very values. */
interface IChooser {
  readonly filter: Condition;
  readonly aggs: Aggregations;
}

/** @returns null for a condition whose field cannot be normalized, or which has no values. */
function chooserOf(
  filter: Filter,
  columns: Columns,
  mapping: Mapping
): IChooser | null {
  const [name] = fieldColumns(filter.field, mapping);
  const field = fieldOf(columns, name);
  if (
    filter.op !== 'any' ||
    field === null ||
    columns.get(name)?.variants[0].mapped !== 'keyword' ||
    filter.values.length === 0
  ) {
    return null;
  }
  const { values } = filter;
  return {
    filter: { terms: { [field]: values } },
    aggs: { own: { terms: { field, size: values.length, include: values } } }
  };
}

function choosers(chosen: readonly IChooser[]): Aggregations {
  return Object.fromEntries(
    chosen.map((one, i): [string, Aggregation] => [`chosen${i}`, one])
  );
}

function choosesOthers(
  chosen: readonly IChooser[],
  aggregations: ISearchAnswer['aggregations']
): boolean {
  return chosen.some((_, i) => {
    const bucket = bucketIn(aggregations, `chosen${i}`) ?? {};
    const own = bucketsIn(bucket, 'own').reduce(
      (sum, { doc_count = 0 }) => sum + doc_count,
      0
    );
    return own < Number(bucket.doc_count ?? 0);
  });
}
