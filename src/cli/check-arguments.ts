import { parseArgs } from 'node:util';

import { RULE_IDS } from '../lint/rules';
import { nearest } from '../workload/nearest';
import type { Severity } from '../workload/role-policy';

export const CHECK_USAGE = `Usage: workload-explorer check NOTEBOOK… [options]

Find mix-ups of upstream and downstream cells in notebooks.

  NOTEBOOK           a notebook (nbformat 4, Python); several are checked each by itself
  --format FORMAT    text (default) | json | gitlab (a code quality report)
  --rule ID=LEVEL    off | info | warning | error; may be repeated, and outweighs site file and notebook
  --fix              apply the fixes that are safe, and tell what remains
  --help             says this

Rules: ${wrapped(RULE_IDS, 92, '       ')}

Exit status: 0 no errors, 1 errors found, 2 usage, or a notebook that cannot be checked.
`;

const LEVELS: readonly (Severity | 'off')[] = [
  'off',
  'info',
  'warning',
  'error'
];

/** How findings are told. */
export type CheckFormat = 'text' | 'json' | 'gitlab';

/** What the command line asks for. */
export interface ICheckArguments {
  readonly notebooks: readonly string[];
  readonly format: CheckFormat;
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  readonly fix: boolean;
}

/** A mistake in the arguments, as a sentence. */
export class CheckUsageError extends Error {}

/**
 * Read the arguments of `check`.
 *
 * @returns Null when help is asked for.
 * @throws CheckUsageError
 */
export function readCheckArguments(args: string[]): ICheckArguments | null {
  const { values, positionals } = parse(args);
  if (values.help) {
    return null;
  }
  const format = values.format ?? 'text';
  if (format !== 'text' && format !== 'json' && format !== 'gitlab') {
    throw new CheckUsageError(
      `--format is text, json or gitlab, not “${format}”.`
    );
  }
  // An empty one is a variable of the shell that is not set.
  if (positionals.length === 0 || positionals.includes('')) {
    throw new CheckUsageError('Name the notebooks to check.');
  }
  return {
    notebooks: positionals,
    format,
    severities: severitiesOf(values.rule ?? []),
    fix: values.fix ?? false
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        rule: { type: 'string', multiple: true },
        fix: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' }
      }
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node goes on with advice that does not fit here.
    throw new CheckUsageError(
      message.replace(/\. To specify a positional .*$/s, '.')
    );
  }
}

function severitiesOf(
  texts: readonly string[]
): Readonly<Record<string, Severity | 'off'>> {
  const severities: Record<string, Severity | 'off'> = {};
  for (const text of texts) {
    const [id, level, ...rest] = text.split('=');
    const known = LEVELS.find(each => each === level);
    if (known === undefined || rest.length > 0) {
      throw new CheckUsageError(
        `--rule is ID=LEVEL with a level of ${LEVELS.join(', ')}, not “${text}”.`
      );
    }
    if (!RULE_IDS.includes(id)) {
      const near = nearest(id, RULE_IDS);
      throw new CheckUsageError(
        near === null
          ? `There is no rule “${id}”.`
          : `There is no rule “${id}”. Did you mean “${near}”?`
      );
    }
    severities[id] = known;
  }
  return severities;
}

/** Words in lines of a width. */
function wrapped(
  words: readonly string[],
  width: number,
  indent: string
): string {
  const lines: string[] = [''];
  words.forEach((word, i) => {
    const last = lines.length - 1;
    const text = i < words.length - 1 ? `${word},` : word;
    if (lines[last] !== '' && lines[last].length + text.length + 1 > width) {
      lines.push(text);
    } else {
      lines[last] += lines[last] === '' ? text : ` ${text}`;
    }
  });
  return lines.join(`\n${indent}`);
}
