import type { SchemaElement } from 'hyparquet';
import {
  ParquetError,
  type LeafLayout,
  type ParquetColumn,
  type TimeUnit,
  type ValueType
} from './types';

/** What `readSchema` finds. */
export type Schema = {
  columns: ParquetColumn[];
  unsupported: { name: string; reason: string }[];
  leaves: LeafLayout[];
  /** The full path of each leaf, as chunks repeat it. */
  paths: string[][];
};

/** Deeper schemas than this do not occur in practice; the bound keeps the walk from overflowing the stack. */
const DEEPEST = 100;

/** Where the walk stands. */
type Place = {
  path: string[];
  definition: number;
  repetition: number;
  /** The list or map that the leaf lies in: its path, and what is known of it. */
  list: { name: string; definition: number; reason: string | null } | null;
};

/**
 * Make columns of the flat list of schema elements. Lists are recognised in their standard form of three levels, in
 * the older forms of two, and as a bare repeated field; by the rules of
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
 *
 * @throws ParquetError `corrupt` when the elements form no tree.
 */
export function readSchema(elements: readonly SchemaElement[]): Schema {
  const schema: Schema = {
    columns: [],
    unsupported: [],
    leaves: [],
    paths: []
  };
  const reported = new Set<string>();
  let next = 1;

  const walk = (
    element: SchemaElement,
    parent: SchemaElement | null,
    place: Place
  ): void => {
    const children = element.num_children ?? 0;
    if (place.path.length > DEEPEST || (element.type && children > 0)) {
      throw broken();
    }
    if (element.repetition_type === 'OPTIONAL') {
      place = { ...place, definition: place.definition + 1 };
    } else if (element.repetition_type === 'REPEATED') {
      place = enterRepeated(parent, place);
    }
    if (element.type) {
      addLeaf(schema, reported, element, place);
      return;
    }
    if (isMap(element) && !place.list?.reason) {
      place = {
        ...place,
        list: { name: nameOf(place), definition: 0, reason: 'it is a map' }
      };
    }
    // A group below the repeated level is a record for each element.
    if (
      place.list &&
      !place.list.reason &&
      place.list.definition > 0 &&
      !isListLevel(element, parent)
    ) {
      const reason = isList(element)
        ? 'it is a list of lists'
        : 'it is a list of records';
      place = { ...place, list: { ...place.list, reason } };
    }
    for (let i = 0; i < children; i++) {
      const child = elements[next++];
      if (!child || typeof child.name !== 'string') {
        throw broken();
      }
      walk(child, element, { ...place, path: [...place.path, child.name] });
    }
  };

  const root = elements[0];
  if (!root || root.type) {
    throw broken();
  }
  const children = root.num_children ?? 0;
  for (let i = 0; i < children; i++) {
    const child = elements[next++];
    if (!child || typeof child.name !== 'string') {
      throw broken();
    }
    walk(child, null, {
      path: [child.name],
      definition: 0,
      repetition: 0,
      list: null
    });
  }
  if (next !== elements.length) {
    throw broken();
  }
  return schema;
}

function broken(): ParquetError {
  return new ParquetError(
    'corrupt',
    'The Parquet file is damaged: its schema is not a tree of columns.'
  );
}

function isMap(element: SchemaElement): boolean {
  return (
    element.converted_type === 'MAP' ||
    element.converted_type === 'MAP_KEY_VALUE' ||
    element.logical_type?.type === 'MAP'
  );
}

function isList(element: SchemaElement | null): boolean {
  return (
    element?.converted_type === 'LIST' || element?.logical_type?.type === 'LIST'
  );
}

/** The dotted name of a leaf at this place, or of the list it lies in. */
function nameOf(place: Place): string {
  return place.list?.name ?? place.path.join('.');
}

/** Whether the element is the repeated group in the middle of a list of three levels, and no record itself. */
function isListLevel(
  element: SchemaElement,
  parent: SchemaElement | null
): boolean {
  return (
    element.repetition_type === 'REPEATED' &&
    isList(parent) &&
    element.num_children === 1 &&
    element.name !== 'array' &&
    element.name !== `${parent?.name}_tuple`
  );
}

/** Enter a repeated field, which makes a list of what lies below, or of itself. */
function enterRepeated(parent: SchemaElement | null, place: Place): Place {
  const definition = place.definition + 1;
  const repetition = place.repetition + 1;
  // The repeated field of a list is an inner group: users know the list by its parent's name.
  const path =
    isList(parent) || (parent !== null && isMap(parent))
      ? place.path.slice(0, -1)
      : place.path;
  const list = place.list
    ? { ...place.list, reason: place.list.reason ?? 'it is a list of lists' }
    : { name: path.join('.'), definition, reason: null };
  return { path: place.path, definition, repetition, list };
}

function addLeaf(
  schema: Schema,
  reported: Set<string>,
  element: SchemaElement,
  place: Place
): void {
  const name = nameOf(place);
  const leaf = schema.leaves.length;
  const kind = place.list?.reason ?? classify(element);
  const layout: LeafLayout = {
    name,
    type: null,
    physical: element.type ?? '',
    typeLength:
      element.type === 'FIXED_LEN_BYTE_ARRAY' ? (element.type_length ?? 0) : 0,
    maxDefinition: place.definition,
    maxRepetition: place.repetition,
    elementDefinition: place.list?.definition ?? 0,
    unit: null,
    unsigned: false,
    scale: null,
    bytesAs: null
  };
  schema.paths.push(place.path);
  if (typeof kind === 'string') {
    schema.leaves.push(layout);
    if (!reported.has(name)) {
      reported.add(name);
      schema.unsupported.push({ name, reason: kind });
    }
    return;
  }
  schema.leaves.push({ ...layout, ...kind });
  schema.columns.push({
    name,
    type: kind.type,
    list: place.list !== null,
    leaf,
    nullable: place.definition > layout.elementDefinition,
    physical: layout.physical,
    logical: describeLogical(element)
  });
}

/** What of a layout follows from the type of its leaf alone. */
type LeafKind = { type: ValueType } & Partial<
  Pick<LeafLayout, 'unit' | 'unsigned' | 'scale' | 'bytesAs'>
>;

/** The kind of values that a leaf holds, or a phrase that says why it cannot be read. */
function classify(element: SchemaElement): LeafKind | string {
  const logical = element.logical_type;
  const converted = element.converted_type;
  if (logical?.type === 'DECIMAL' || (!logical && converted === 'DECIMAL')) {
    const scale =
      (logical?.type === 'DECIMAL' ? logical.scale : undefined) ??
      element.scale ??
      0;
    if (!Number.isInteger(scale) || scale < 0 || scale > 76) {
      return 'its decimal scale makes no sense';
    }
    return { type: 'number', scale, bytesAs: 'decimal' };
  }
  if (
    logical?.type === 'TIME' ||
    converted === 'TIME_MILLIS' ||
    converted === 'TIME_MICROS'
  ) {
    return 'it holds times of day without a date';
  }
  if (converted === 'INTERVAL' || logical?.type === 'INTERVAL') {
    return 'it holds intervals of time';
  }
  if (converted === 'BSON' || logical?.type === 'BSON') {
    return 'it holds BSON documents';
  }
  if (
    logical?.type === 'VARIANT' ||
    logical?.type === 'GEOMETRY' ||
    logical?.type === 'GEOGRAPHY'
  ) {
    return `it holds ${logical.type.toLowerCase()} values`;
  }
  switch (element.type) {
    case 'BOOLEAN':
      return { type: 'boolean' };
    case 'FLOAT':
    case 'DOUBLE':
      return { type: 'number' };
    case 'INT96':
      return { type: 'time', unit: 'INT96' };
    case 'INT32':
    case 'INT64':
      return classifyInteger(element);
    case 'BYTE_ARRAY':
      return { type: 'text', bytesAs: 'text' };
    case 'FIXED_LEN_BYTE_ARRAY':
      return classifyFixed(element);
    default:
      return 'it has an unknown type';
  }
}

function classifyInteger(element: SchemaElement): LeafKind | string {
  const logical = element.logical_type;
  const unit = timeUnit(element);
  if (unit) {
    const wide = unit !== 'DAYS';
    return wide === (element.type === 'INT64')
      ? { type: 'time', unit }
      : 'it holds times in an integer of the wrong size';
  }
  const unsigned =
    logical?.type === 'INTEGER'
      ? !logical.isSigned
      : (element.converted_type?.startsWith('UINT_') ?? false);
  return { type: 'number', unsigned };
}

/** The unit of an integer that counts time since 1970, or null. */
function timeUnit(element: SchemaElement): TimeUnit | null {
  const logical = element.logical_type;
  if (logical?.type === 'TIMESTAMP') {
    return logical.unit;
  }
  if (logical?.type === 'DATE' || element.converted_type === 'DATE') {
    return 'DAYS';
  }
  if (element.converted_type === 'TIMESTAMP_MILLIS') {
    return 'MILLIS';
  }
  return element.converted_type === 'TIMESTAMP_MICROS' ? 'MICROS' : null;
}

function classifyFixed(element: SchemaElement): LeafKind | string {
  const length = element.type_length ?? 0;
  if (!Number.isInteger(length) || length <= 0) {
    return 'its values have no length';
  }
  if (element.logical_type?.type === 'UUID') {
    return length === 16
      ? { type: 'text', bytesAs: 'uuid' }
      : 'its UUIDs do not have 16 bytes';
  }
  if (element.logical_type?.type === 'FLOAT16') {
    return length === 2
      ? { type: 'number', bytesAs: 'float16' }
      : 'its half-precision numbers do not have 2 bytes';
  }
  return { type: 'text', bytesAs: 'text' };
}

function describeLogical(element: SchemaElement): string | null {
  const logical = element.logical_type;
  if (!logical) {
    return element.converted_type ?? null;
  }
  switch (logical.type) {
    case 'TIMESTAMP':
      return `TIMESTAMP(${logical.unit}${logical.isAdjustedToUTC ? ', UTC' : ''})`;
    case 'DECIMAL':
      return `DECIMAL(${logical.precision}, ${logical.scale})`;
    case 'INTEGER':
      return `${logical.isSigned ? '' : 'U'}INT${logical.bitWidth}`;
    default:
      return logical.type;
  }
}
