import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';

import { isCompiled } from '../dashboard/dashboard-record';
import { isNotebookJson } from '../dashboard/notebook-json';
import { ParameterError } from '../dashboard/parameters';
import { asText, summary } from './check-report';
import { compileFile } from './compile';
import { existsIn, messageOf, readNotebookText, sayWhy } from './notebook-disk';
import { pythonCommand } from './python-command';
import { readParameters } from './read-parameters';
import { siteRoles } from './site-file';

export const PUBLISH_USAGE = `Usage: workload-explorer publish NOTEBOOK --out DIR [options]
       workload-explorer publish --out DIR --rollback

Compile a notebook, verify the dashboard, search it for people and small groups, and publish it as a folder that runs as it is.

  NOTEBOOK             a notebook, or a compiled dashboard
  --out DIR            the folder; a link to the version that is shown
  --parameters FILE    values of parameters, as YAML or JSON, set as Papermill sets them
  --compiled-with FILE
                       of a compiled dashboard, the file of its parameters; JupyterLab sets them again when it publishes it again
  --force              compile in spite of errors; then --accept says why it may be published
  --audience AUDIENCE  staff, center or public (the default)
  --k N                fewest users of a shown cell, instead of the audience's
  --raw PATH           Parquet records, which it must not read; their users are looked for; may be repeated
  --map ROLE=COLUMN    which column has a role; may be repeated
  --allow-host HOST:PORT
                       it may connect to it; may be repeated
  --by-reference PATH  data that stay where they are; may be repeated
  --data PATH          data in its folder that it reads, where nobody can see that; may be repeated
  --image DIGEST       a container image to use, as name@sha256:…
  --kernel NAME        the kernel to run it in, instead of the notebook's
  --timeout S          seconds for each run (300)
  --accept REASON      publish in spite of findings of privacy, and of what is not proven; it is recorded
  --accept-only NAME   accept just the findings of this name; may be repeated
  --archive FILE       write it as tar.gz, too
  --page               with a static page: one HTML file that needs no kernel
  --rollback           show the good version before this one
  --format FORMAT      text or json
  --help               says this

Exit status: 0 published, 1 stopped, and what was published before is as it was, 2 usage, or a file that cannot be read.
`;

/** What the command line asks for. */
export interface IPublishArguments {
  /** Undefined when nothing is compiled: to roll back. */
  readonly notebook?: string;
  readonly parameters?: string;
  readonly force: boolean;
  /** What the Python half is asked, without the notebook. */
  readonly rest: readonly string[];
}

/** A mistake in the arguments, as a sentence. */
export class PublishUsageError extends Error {}

const VALUE = { type: 'string', multiple: true } as const;
const SWITCH = { type: 'boolean' } as const;

/** Those that the Python half does not have. */
const OURS: readonly string[] = ['parameters', 'force'];

/**
 * Read the arguments of `publish`.
 *
 * @returns Null when help is asked for.
 * @throws PublishUsageError
 */
export function readPublishArguments(args: string[]): IPublishArguments | null {
  const { values, positionals, tokens } = parse(args);
  if (values.help) {
    return null;
  }
  const { parameters = [], force = false, rollback = false } = values;
  const [notebook, ...more] = positionals;
  if (more.length > 0) {
    throw new PublishUsageError(
      `Dashboards are published one at a time; “${more[0]}” is one too many.`
    );
  }
  if (rollback ? positionals.length > 0 : !notebook) {
    throw new PublishUsageError(
      rollback
        ? '--rollback takes no notebook: it shows what was published before.'
        : 'Name the notebook to publish.'
    );
  }
  if (parameters.length > 1 || parameters[0] === '') {
    throw new PublishUsageError('--parameters takes one file.');
  }
  if (!values.out?.[0]) {
    throw new PublishUsageError('Name the folder to publish to: --out DIR.');
  }
  const rest = tokens.flatMap(token =>
    token.kind === 'option' && !OURS.includes(token.name)
      ? token.value === undefined
        ? [`--${token.name}`]
        : [`--${token.name}=${token.value}`]
      : []
  );
  return { notebook, parameters: parameters[0], force, rest };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      tokens: true,
      options: {
        out: VALUE,
        parameters: VALUE,
        'compiled-with': VALUE,
        audience: VALUE,
        k: VALUE,
        raw: VALUE,
        'allow-host': VALUE,
        'accept-only': VALUE,
        map: VALUE,
        'by-reference': VALUE,
        data: VALUE,
        image: VALUE,
        kernel: VALUE,
        timeout: VALUE,
        accept: VALUE,
        archive: VALUE,
        format: VALUE,
        force: SWITCH,
        page: SWITCH,
        rollback: SWITCH,
        help: { ...SWITCH, short: 'h' }
      }
    });
  } catch (error) {
    // Node goes on with advice that does not fit here.
    throw new PublishUsageError(
      messageOf(error).replace(/\. To specify a positional .*$/s, '.')
    );
  }
}

/**
 * The command `workload-explorer publish`: compiles, and has the Python half publish what comes out.
 *
 * @param args What follows the command's name.
 * @returns Exit status: 0 when it is published, 1 when something stops it, 2 for a usage error, and files that cannot be read.
 */
export async function publishCommand(args: string[]): Promise<number> {
  try {
    const options = readPublishArguments(args);
    if (options === null) {
      process.stdout.write(PUBLISH_USAGE);
      return 0;
    }
    const { notebook, rest } = options;
    return notebook === undefined
      ? await pythonCommand('publish')([...rest])
      : await publish(notebook, options);
  } catch (error) {
    const usage = error instanceof PublishUsageError;
    tell(
      `${messageOf(error)}${usage ? '\n\nworkload-explorer publish --help says more.' : ''}`
    );
    return 2;
  }
}

/** @throws Error with a sentence, when a file cannot be read or written. */
async function publish(
  path: string,
  { parameters: values, force, rest }: IPublishArguments
): Promise<number> {
  const text = await about(
    path,
    async () => (await readNotebookText(path)).text
  );
  if (isDashboard(text)) {
    if (values !== undefined || force) {
      throw new PublishUsageError(
        `${path} is compiled already. Name the notebook that it was made from, or leave out --parameters and --force.`
      );
    }
    return pythonCommand('publish')([...rest, '--', path]);
  }
  const roles = await siteRoles();
  const parameters =
    values === undefined
      ? undefined
      : await about(values, () => readParameters(values));
  const { compilation, checked, problems } = await about(path, () =>
    compileFile(text, path.split(sep).join('/'), {
      siteRoles: roles,
      exists: existsIn(dirname(resolve(path))),
      parameters,
      force,
      source: basename(path)
    })
  );
  problems.forEach(problem => tell(`${path}: ${problem}`));
  if (compilation.kind === 'refused') {
    process.stderr.write(asText([checked]) + summary([checked]));
    tell('It is not published. Correct the errors first.');
    return 1;
  }
  compilation.notes.forEach(note => tell(`${path}: ${note}`));
  return publishText(compilation.text, path, [
    ...rest,
    // Who publishes it again has to set them again.
    ...(values === undefined ? [] : [`--compiled-with=${resolve(values)}`])
  ]);
}

/** Publish a dashboard that is in no file yet: it gets one beside its notebook, where its data are, as long as it takes. */
async function publishText(
  text: string,
  source: string,
  rest: readonly string[]
): Promise<number> {
  const name = basename(source, extname(source));
  const draft = join(dirname(source), `.${name}.${randomUUID()}.ipynb`);
  const remove = (): void => {
    rmSync(draft, { force: true });
  };
  // The Python half gets these signals as well; it ends, and so does this.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  signals.forEach(signal => process.on(signal, remove));
  try {
    await about(draft, () => writeFile(draft, text, { flag: 'wx' }));
    return await pythonCommand('publish')([...rest, '--', draft]);
  } finally {
    signals.forEach(signal => process.removeListener(signal, remove));
    remove();
  }
}

function isDashboard(text: string): boolean {
  try {
    const content: unknown = JSON.parse(text);
    return isNotebookJson(content) && isCompiled(content);
  } catch {
    return false;
  }
}

/** Do something with a file; what fails is told with its name. */
async function about<T>(path: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const why =
      error instanceof ParameterError
        ? error.message
        : sayWhy(error, 'It cannot be published');
    throw new Error(`${path}: ${why}`, { cause: error });
  }
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
