import { RE2JS } from 're2js';

import { isObject } from './json';

/**
 * Where an interpreter came from: "center module", "conda", "container" or "other"
 * (domain: "Environment … comes from patterns on `executable` and `is_shifter`, a setting").
 */
export interface IEnvironmentRule {
  readonly name: string;
  /** Holds for records from containers. */
  readonly container?: true;
  /** RE2 pattern, found anywhere in the interpreter's path. */
  readonly executable?: string;
}

/** The first rule that holds names the environment; none is `OTHER_ENVIRONMENT`. */
export const ENVIRONMENT_RULES: readonly IEnvironmentRule[] = [
  { name: 'container', container: true },
  {
    name: 'conda',
    executable:
      '/(\\.conda|envs|conda|mamba|(ana|mini)conda\\d?|mambaforge|miniforge\\d?)/'
  },
  {
    name: 'center module',
    executable:
      '^/(usr/common|global/common|opt/(cray|apps|modules|sw)|sw|apps)/'
  }
];

export const OTHER_ENVIRONMENT = 'other';

/**
 * The rules of a site file (`environments` in `schema/workload-site.schema.json`).
 *
 * @returns null when it has none.
 * @throws RangeError with a sentence when they are not of that form.
 */
export function readEnvironmentRules(
  value: unknown
): readonly IEnvironmentRule[] | null {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) {
    return null;
  }
  if (!Array.isArray(value)) {
    throw new RangeError('“environments” of the site file is not a list.');
  }
  return value.map((rule: unknown, i): IEnvironmentRule => {
    const { name, container, executable } = isObject(rule) ? rule : {};
    if (
      typeof name !== 'string' ||
      (container !== undefined && container !== true) ||
      (executable !== undefined && typeof executable !== 'string')
    ) {
      throw new RangeError(
        `Rule ${i + 1} of “environments” in the site file needs a name, and container: true or a pattern for executable.`
      );
    }
    try {
      RE2JS.compile(executable ?? '');
    } catch (error) {
      throw new RangeError(
        `The pattern of “${name}” in the site file cannot be read (RE2 syntax): ${error instanceof Error ? error.message : String(error)}.`
      );
    }
    return {
      name,
      ...(container === true ? { container } : {}),
      ...(executable === undefined ? {} : { executable })
    };
  });
}

/**
 * Compile rules to a function of a record's interpreter path (null when missing) and container flag.
 */
export function environmentOf(
  rules: readonly IEnvironmentRule[]
): (executable: string | null, container: boolean) => string {
  const compiled = rules.map(rule => ({
    ...rule,
    pattern: rule.executable ? RE2JS.compile(rule.executable) : null
  }));
  return (executable, container) =>
    compiled.find(
      rule =>
        (rule.container === true && container) ||
        (rule.pattern !== null &&
          executable !== null &&
          rule.pattern.matcher(executable).find())
    )?.name ?? OTHER_ENVIRONMENT;
}
