import type { IJsonObject, JsonValue } from '../workload/json';

/**
 * A value of a parameter. Python tells whole numbers from others: a `bigint` is an `int`, a `number` a `float`.
 */
export type ParameterValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly ParameterValue[]
  | ParameterMap;

/** Values by name, in their order, which objects do not keep where a key is a number. */
export type ParameterMap = ReadonlyMap<string, ParameterValue>;

/** Parameters that cannot be set; the message says why. */
export class ParameterError extends Error {}

/** Parameters of JSON, in which 1.0 and 1 are one: whole numbers become `int`. */
export function parametersFromJson(object: IJsonObject): ParameterMap {
  return new Map(
    Object.entries(object).map(([name, value]) => [name, fromJson(value)])
  );
}

function fromJson(value: JsonValue): ParameterValue {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return isList(value) ? value.map(fromJson) : parametersFromJson(value);
}

/** `Array.isArray` for lists that are not to be changed, which it does not tell from other objects. */
function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

/**
 * The source of the cell that sets parameters, as Papermill writes it.
 *
 * @throws ParameterError when a name is none of Python.
 */
export function parametersCode(parameters: ParameterMap): string {
  const lines = [...parameters].map(([name, value]) => {
    checkName(name);
    return `${name} = ${pythonText(value)}\n`;
  });
  return `# Parameters\n${lines.join('')}`;
}

/** Python's reserved words, which cannot be assigned. */
const KEYWORDS = new Set(
  `False None True __debug__ and as assert async await break class continue def del elif else except finally for from global if import
  in is lambda nonlocal not or pass raise return try while with yield`.split(
    /\s+/
  )
);

/** What is written as a name must be one, lest it be any code. */
function checkName(name: string): void {
  if (!/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name)) {
    throw new ParameterError(
      `“${name}” is no name of Python, so it cannot be a parameter.`
    );
  }
  if (KEYWORDS.has(name)) {
    throw new ParameterError(
      `“${name}” is a reserved word of Python, so it cannot be a parameter.`
    );
  }
}

/** A value as Python writes it, by the rules of Papermill's translator. */
function pythonText(value: ParameterValue): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return String(value);
    case 'number':
      return floatText(value);
    default:
      break;
  }
  if (value === null) {
    return 'None';
  }
  if (isList(value)) {
    return `[${value.map(pythonText).join(', ')}]`;
  }
  const pairs = [...value].map(
    ([key, each]) => `${stringText(key)}: ${pythonText(each)}`
  );
  return `{${pairs.join(', ')}}`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t'
};

/** A text in double quotes; all but printable ASCII is escaped. */
function stringText(text: string): string {
  const characters = Array.from(text, character => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return (
      SHORT_ESCAPES[character] ??
      (code >= 0x20 && code < 0x7f
        ? character
        : code < 0x100
          ? `\\x${hex.padStart(2, '0')}`
          : code < 0x10000
            ? `\\u${hex.padStart(4, '0')}`
            : `\\U${hex.padStart(8, '0')}`)
    );
  });
  return `"${characters.join('')}"`;
}

/** A float as `repr` writes it: the fewest digits that say it, with a point or an exponent. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) {
    return "float('nan')";
  }
  if (!Number.isFinite(value)) {
    return value < 0 ? "float('-inf')" : "float('inf')";
  }
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [digits, exponent] = Math.abs(value).toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    const places = String(Math.abs(power)).padStart(2, '0');
    return `${sign}${digits}e${power < 0 ? '-' : '+'}${places}`;
  }
  const text = String(Math.abs(value));
  return `${sign}${text}${text.includes('.') ? '' : '.0'}`;
}

/** Parameters as JSON, for the record in the compiled notebook. Numbers that JSON has not, or not exactly, are texts. */
export function parametersRecord(parameters: ParameterMap): IJsonObject {
  return Object.fromEntries(
    [...parameters].map(([name, value]) => [name, recordOf(value)])
  );
}

function recordOf(value: ParameterValue): JsonValue {
  switch (typeof value) {
    case 'bigint':
      return Number.isSafeInteger(Number(value))
        ? Number(value)
        : String(value);
    case 'number':
      return Number.isFinite(value) ? value : floatText(value);
    case 'string':
    case 'boolean':
      return value;
    default:
      break;
  }
  if (value === null) {
    return null;
  }
  return isList(value) ? value.map(recordOf) : parametersRecord(value);
}
