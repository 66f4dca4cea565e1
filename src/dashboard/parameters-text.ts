import type { ScalarTag } from 'yaml';

import { parseText } from '../workload/view-tree';
import type { TreeNode } from '../workload/view-tree';
import { floatText, ParameterError, parametersCode } from './parameters';
import type { ParameterMap, ParameterValue } from './parameters';

/**
 * Read the text of a file of parameters: YAML, as Papermill reads it, or JSON. What reads YAML weighs something, so that it is loaded
 * with the first such text.
 *
 * @throws ParameterError when it cannot be understood, or has a name that Python does not allow.
 */
export async function parseParameters(file: string): Promise<ParameterMap> {
  const text = file.replace(/^\ufeff/, '');
  const value = isJson(text) ? jsonValue(text) : await yamlValue(text);
  if (value === null) {
    return new Map();
  }
  if (!isMap(value)) {
    throw new ParameterError(
      'This file has no names with values. Write a line such as “year: 2021” for each parameter.'
    );
  }
  // Names that Python does not have are told of this file, not of the notebook.
  parametersCode(value);
  return value;
}

function isMap(value: ParameterValue): value is ParameterMap {
  return value instanceof Map;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON by its text, since `JSON.parse` does not tell 1.0 from 1. */
function jsonValue(text: string): ParameterValue {
  const { roots, faults } = parseText(text);
  if (faults.length > 0) {
    throw new ParameterError('This JSON is nested too deeply.');
  }
  return fromTree(roots[0], text);
}

function fromTree(node: TreeNode, text: string): ParameterValue {
  switch (node.kind) {
    case 'array':
      return node.items.map(item => fromTree(item, text));
    case 'object':
      return new Map(
        node.members.map(({ key, value }) => [key, fromTree(value, text)])
      );
    case 'scalar': {
      const written = text.slice(node.from, node.to);
      return /^-?\d+$/.test(written) ? BigInt(written) : node.value;
    }
  }
}

async function yamlValue(text: string): Promise<ParameterValue> {
  const { parseDocument } = await import('yaml');
  let value: unknown;
  try {
    const document = parseDocument(text, {
      version: '1.1',
      schema: 'failsafe',
      customTags: [NULL, BOOLEAN, INTEGER, FLOAT],
      merge: true,
      uniqueKeys: false
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) {
      throw problem;
    }
    value = document.toJS({ mapAsMap: true });
  } catch (error) {
    // What follows the first line shows the place in the text.
    const [says] = (
      error instanceof Error ? error.message : String(error)
    ).split('\n');
    throw new ParameterError(
      `This is neither YAML nor JSON: ${says.replace(/:$/, '')}.`
    );
  }
  return fromYaml(value);
}

/** Lists and maps in one another; what is deeper holds itself, as an alias of YAML can say. */
const MAX_DEPTH = 64;

function fromYaml(value: unknown, depth = 0): ParameterValue {
  if (depth > MAX_DEPTH) {
    throw new ParameterError(
      'Lists and maps are nested too deeply, or one holds itself.'
    );
  }
  const inner = (each: unknown): ParameterValue => fromYaml(each, depth + 1);
  if (Array.isArray(value)) {
    return value.map(inner);
  }
  if (value instanceof Map) {
    return new Map(
      Array.from(value, ([key, each]) => [keyText(key), inner(each)])
    );
  }
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
    case 'number':
    case 'string':
      return value;
    default:
      return null;
  }
}

/** A key as Python writes it as a text, which is what Papermill makes of every key. */
function keyText(key: unknown): string {
  switch (typeof key) {
    case 'string':
      return key;
    case 'boolean':
      return key ? 'True' : 'False';
    case 'bigint':
      return String(key);
    case 'number':
      return Number.isFinite(key)
        ? floatText(key)
        : String(key).replace('Infinity', 'inf').replace('NaN', 'nan');
    default:
      if (key === null) {
        return 'None';
      }
      throw new ParameterError(
        'A list or a map is used as a key, which Python does not allow.'
      );
  }
}

/**
 * Plain words that are no texts, by the patterns of PyYAML, with which Papermill reads: those of YAML 1.1, but for dates, which Papermill
 * leaves as texts. So `yes` is true, `1:30` is 90, and `1e5`, which has no point, is a text.
 */
const NULL: ScalarTag = {
  tag: 'tag:yaml.org,2002:null',
  default: true,
  test: /^(?:~|null|Null|NULL|)$/,
  resolve: () => null
};

const BOOLEAN: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: text => /^(?:yes|true|on)$/i.test(text)
};

const INTEGER: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  resolve: text => {
    const digits = text.replace(/[-+_]/g, '');
    const size = digits.includes(':')
      ? digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
      : BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return text.startsWith('-') ? -size : size;
  }
};

const FLOAT: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: text => {
    const digits = text.replace(/_/g, '').replace(/^[-+]/, '').toLowerCase();
    const size =
      digits === '.nan'
        ? NaN
        : digits === '.inf'
          ? Infinity
          : digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return text.startsWith('-') ? -size : size;
  }
};
