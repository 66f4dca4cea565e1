import { RE2JS } from 're2js';

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
    executable: '^/(usr/common|global/common|opt/(cray|apps|modules|sw)|sw|apps)/'
  }
];

export const OTHER_ENVIRONMENT = 'other';

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
