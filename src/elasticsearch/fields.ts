import { ALIASES, plainName } from '../workload/fields';
import type { IColumn, ValueType } from '../workload/fields';
import type { IFieldCapabilities, IFieldCapability } from './protocol';

/** A field as one part of the indices has it. */
export interface IVariant {
  /** The field that is aggregated: the column's own, or its keyword sub-field. */
  readonly field: string;
  readonly type: ValueType;
  /** Type in Elasticsearch's mapping. */
  readonly mapped: string;
  /** Indices that have it so; null for all. */
  readonly indices: readonly string[] | null;
}

/** A column of an index. */
export interface IIndexColumn extends IColumn {
  /** Whether all documents are known to have the same value. */
  readonly constant?: boolean;
  readonly variants: readonly IVariant[];
}

/** What the columns of some indices are. */
export interface IIndexColumns {
  readonly columns: ReadonlyMap<string, IIndexColumn>;
  readonly unreadable: readonly { name: string; reason: string }[];
}

/** Types of mappings by what their values are to questions. Others cannot be aggregated as plain values. */
const TYPES: Readonly<Record<string, ValueType>> = {
  keyword: 'text',
  constant_keyword: 'text',
  wildcard: 'text',
  ip: 'text',
  version: 'text',
  long: 'number',
  integer: 'number',
  short: 'number',
  byte: 'number',
  unsigned_long: 'number',
  double: 'number',
  float: 'number',
  half_float: 'number',
  scaled_float: 'number',
  boolean: 'boolean',
  date: 'time',
  date_nanos: 'time'
};

/** Types that hold other fields, which are listed themselves. */
const CONTAINERS = new Set(['object', 'nested', 'passthrough']);

/**
 * The columns of some indices, from what Elasticsearch says of their fields.
 *
 * #### Notes
 * A field of full text is read through its keyword sub-field, which is then no column of its own. The answer has to say in which
 * indices a field is not mapped (`include_unmapped`). Where indices differ, numbers and
 * texts of one name become texts, as in Parquet files; all other differences make a column unreadable, with the indices in the reason.
 */
export function columnsOf({
  fields,
  indices
}: IFieldCapabilities): IIndexColumns {
  const columns = new Map<string, IIndexColumn>();
  const unreadable: { name: string; reason: string }[] = [];
  const subFields = new Set<string>();
  const nested = Object.keys(fields).filter(name =>
    Object.hasOwn(fields[name], 'nested')
  );
  for (const [name, types] of Object.entries(fields)) {
    if (isInternal(name, types)) {
      continue;
    }
    const parent = nested.find(parent => name.startsWith(`${parent}.`));
    if (parent !== undefined) {
      if (
        Object.keys(types).some(type => CONTAINERS.has(type)) ||
        isSub(name, fields)
      ) {
        continue;
      }
      unreadable.push({
        name,
        reason: `it is in objects of their own within a document (“${parent}” is nested), so its values cannot be counted by document`
      });
      continue;
    }
    const variants: IVariant[] = [];
    let reason: string | null = null;
    for (const [mapped, capability] of Object.entries(types)) {
      if (CONTAINERS.has(mapped) || mapped === 'unmapped') {
        continue;
      }
      const found =
        mapped === 'text'
          ? textVariants(name, capability.indices ?? indices, fields, indices)
          : variantOf(name, mapped, capability);
      if (typeof found === 'string') {
        reason = found;
      } else {
        variants.push(...found);
        found
          .filter(({ field }) => field !== name)
          .forEach(({ field }) => subFields.add(field));
      }
    }
    const type = commonType(name, variants);
    if (reason !== null) {
      unreadable.push({ name, reason });
    } else if (type !== null) {
      columns.set(name, { name, type, list: false, variants });
    } else if (variants.length > 0) {
      unreadable.push({ name, reason: conflict(variants, indices) });
    }
  }
  subFields.forEach(name => columns.delete(name));
  return { columns, unreadable };
}

/** Whether a field is another one's sub-field. */
function isSub(name: string, fields: IFieldCapabilities['fields']): boolean {
  const parent = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  return (
    Object.hasOwn(fields, parent) &&
    Object.keys(fields[parent]).some(type => !CONTAINERS.has(type))
  );
}

/** Elasticsearch's own fields, such as `_id`. */
function isInternal(
  name: string,
  types: Readonly<Record<string, IFieldCapability>>
): boolean {
  return (
    name.startsWith('_') ||
    Object.values(types).some(({ metadata_field }) => metadata_field)
  );
}

/** @returns The variant, or why it cannot be read. */
function variantOf(
  name: string,
  mapped: string,
  capability: IFieldCapability
): IVariant[] | string {
  const indices = capability.indices ?? null;
  const type = Object.hasOwn(TYPES, mapped) ? TYPES[mapped] : undefined;
  if (!type) {
    return `it is of type ${mapped}`;
  }
  return capability.aggregatable
    ? [{ field: name, type, mapped, indices }]
    : 'its values are not stored by column (doc_values is off), so they cannot be counted';
}

/**
 * The variants of a field of full text: it is read through a keyword sub-field, which may have different names in different indices.
 *
 * @param own The indices where it is full text.
 * @returns The variants, or why it cannot be read.
 */
function textVariants(
  name: string,
  own: readonly string[],
  fields: IFieldCapabilities['fields'],
  all: readonly string[]
): IVariant[] | string {
  const variants: IVariant[] = [];
  let left = [...own];
  const usual = `${name}.keyword`;
  const others = Object.keys(fields).filter(
    field =>
      field !== usual &&
      field.startsWith(`${name}.`) &&
      !field.slice(name.length + 1).includes('.')
  );
  for (const field of [usual, ...others]) {
    const types = Object.hasOwn(fields, field) ? fields[field] : {};
    const having = new Set(
      Object.entries(types).flatMap(([type, { aggregatable, indices }]) =>
        TYPES[type] === 'text' && aggregatable ? (indices ?? all) : []
      )
    );
    const indices = left.filter(index => having.has(index));
    if (indices.length > 0) {
      variants.push({
        field,
        type: 'text',
        mapped: 'keyword',
        indices: indices.length === all.length ? null : indices
      });
      left = left.filter(index => !having.has(index));
    }
  }
  return left.length === 0 && variants.length > 0
    ? variants
    : `it is full text without a keyword sub-field${left.length < all.length ? ` in ${some(left)}` : ''}, so its values cannot be counted`;
}

/** The type that holds all variants; null when there is none. */
function commonType(
  name: string,
  variants: readonly IVariant[]
): ValueType | null {
  const types = new Set(variants.map(({ type }) => type));
  const [first] = types;
  if (types.size === 1) {
    return first;
  }
  const isMeasure = [...ALIASES.nodes, ...ALIASES.count].includes(
    plainName(name)
  );
  return types.size === 2 &&
    types.has('text') &&
    types.has('number') &&
    !isMeasure
    ? 'text'
    : null;
}

function conflict(
  variants: readonly IVariant[],
  all: readonly string[]
): string {
  const parts = variants.map(
    ({ mapped, indices }) => `${mapped} in ${some(indices ?? all)}`
  );
  return `it is ${parts.join(', but ')}`;
}

/** The first names of a list. */
function some(names: readonly string[]): string {
  return names.length > 3
    ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
    : names.join(', ');
}

/** Indices that have all of some columns in the same form, and can be searched at once; `indices` is null for all. */
export interface IIndexGroup {
  readonly indices: readonly string[] | null;
  /** The variant of a column here; undefined where these indices lack it. */
  variant(column: string): IVariant | undefined;
}

/**
 * Parts of the indices in which the fields of some columns are the same: Elasticsearch cannot aggregate a field over indices that
 * store it as different types.
 */
export function groupsOf(
  columns: readonly IIndexColumn[],
  indices: readonly string[]
): IIndexGroup[] {
  const differing = columns.filter(({ variants }) => variants.length > 1);
  const variantIn = (column: IIndexColumn, index: string) =>
    column.variants.findIndex(
      variant => variant.indices === null || variant.indices.includes(index)
    );
  const byName = new Map(columns.map(column => [column.name, column]));
  if (differing.length === 0) {
    return [
      { indices: null, variant: name => byName.get(name)?.variants.at(0) }
    ];
  }
  const groups = new Map<string, string[]>();
  for (const index of indices) {
    const key = differing.map(column => variantIn(column, index)).join();
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()].map(own => ({
    indices: own,
    variant: name => {
      const column = byName.get(name);
      return column?.variants[
        column.variants.length > 1 ? variantIn(column, own[0]) : 0
      ];
    }
  }));
}
