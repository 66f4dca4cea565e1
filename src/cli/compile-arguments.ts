import { parseArgs } from 'node:util';

export const COMPILE_USAGE = `Usage: workload-explorer compile NOTEBOOK [options]

Make a dashboard of a notebook: its downstream and shared cells and the text between, without outputs. No upstream cell is in it.

  NOTEBOOK           a notebook (nbformat 4, Python)
  --out FILE         the dashboard; NAME.dashboard.ipynb beside the notebook unless it is named
  --parameters FILE  values of parameters, as YAML or JSON, set as Papermill sets them
  --force            compile in spite of errors; the dashboard says so
  --help             says this

Exit status: 0 compiled, 1 refused, because the check finds errors, 2 usage, or a file that cannot be read or written.
`;

/** What the command line asks for. */
export interface ICompileArguments {
  readonly notebook: string;
  /** Undefined for the usual name beside the notebook. */
  readonly out?: string;
  /** The file that has them. */
  readonly parameters?: string;
  readonly force: boolean;
}

/** A mistake in the arguments, as a sentence. */
export class CompileUsageError extends Error {}

/**
 * Read the arguments of `compile`.
 *
 * @returns Null when help is asked for.
 * @throws CompileUsageError
 */
export function readCompileArguments(args: string[]): ICompileArguments | null {
  const { values, positionals } = parse(args);
  const { out, parameters, force = false } = values;
  if (values.help) {
    return null;
  }
  const [notebook, ...more] = positionals;
  // An empty one is a variable of the shell that is not set.
  if (!notebook) {
    throw new CompileUsageError('Name the notebook to compile.');
  }
  if (more.length > 0) {
    throw new CompileUsageError(
      `Notebooks are compiled one at a time; “${more[0]}” is one too many.`
    );
  }
  for (const [option, path] of Object.entries({ out, parameters })) {
    if (path === '') {
      throw new CompileUsageError(`--${option} is empty: name a file.`);
    }
  }
  return { notebook, out, parameters, force };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        parameters: { type: 'string' },
        force: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' }
      }
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node goes on with advice that does not fit here.
    throw new CompileUsageError(
      message.replace(/\. To specify a positional .*$/s, '.')
    );
  }
}
