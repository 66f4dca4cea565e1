import { parseArgs } from 'node:util';

import { ANALYSES, defaultQuestion } from '../workload/analyses';
import { checkZone, parseInstant } from '../workload/calendar';
import { isRole, KEY_ROLES, ROLES } from '../workload/fields';
import type { Mapping, Role } from '../workload/fields';
import { parseFilterText, splitValues } from '../workload/filter-text';
import { checkBins } from '../workload/node-classes';
import { ELASTIC_PREFIX } from '../workload/elastic-prefix';
import { ANALYSIS_IDS, defaultSelection, DISTINCTS } from '../workload/query';
import type {
  AnalysisId,
  Bins,
  CalendarUnit,
  Distinct,
  Filter,
  IQuery
} from '../workload/query';

export const ANALYZE_USAGE = `Usage: workload-explorer analyze ID --source PATH… [options]
       workload-explorer analyze ID --elasticsearch URL --index PATTERN [options]

Answer one question about import records in Parquet files, folders of them, or globs; or in indices of Elasticsearch.

  ID                   ${ANALYSIS_IDS.join(' · ')}
  --source PATH        file, folder or glob; may be repeated
  --elasticsearch URL  a server of Elasticsearch 8 or 9, or several nodes of one, separated by commas or repeated: when one does not
                       answer, the next is asked; who asks is read from the environment: ELASTICSEARCH_API_KEY,
                       ELASTICSEARCH_BEARER_TOKEN, or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD;
                       ELASTICSEARCH_CA_CERTIFICATE is the path of a certificate
  --index PATTERN      names, aliases, data streams and patterns of indices, separated by commas
  --exact | --estimate   count (default), or estimate in a request or a few; an estimate says how far it may be off
  --requests           print the requests to Elasticsearch on standard error, as its console takes them
  --where CONDITION    field=a,b · field!=a · field~regex · field>=n · field<n; may be repeated, all must hold;
                       field is a role (user, job, package, nodes, …) or a column; \\, is a comma
  --from DATE --to DATE   half-open period; --tz ZONE reads and cuts dates there (UTC)
  --all                all records: staff and login nodes too
  --distinct KEY       ${DISTINCTS.join(' | ')}
  --top N [--other]    the N highest, and all others together
  --of N               all users of the site (user-share)
  --package P          the package compared with all others (package-affinity)
  --has-package P, --without-package P   jobs with, or without, a package; may be repeated
  --by UNIT            month | quarter | year (package-trend)
  --bins CLASSES       log2, or lower bounds such as 1,2,33,65
  --map ROLE=COLUMN    read a role from a column; commas join columns to one key; may be repeated
  --format FORMAT      json (default) | csv
  --timing             say how long reading and answering took
`;

/** What the command line asks for. */
export interface IAnalyzeArguments {
  readonly query: IQuery;
  readonly format: 'json' | 'csv';
  readonly timing: boolean;
  /** Where the query is put to; null for files. */
  readonly server: IServerArguments | null;
}

/** A server of records, and how exactly it is asked. */
export interface IServerArguments {
  /** URLs of nodes, separated by commas. */
  readonly address: string;
  readonly indices: string;
  readonly estimate: boolean;
  /** Whether requests are told. */
  readonly requests: boolean;
}

/** A mistake in the arguments, as a sentence. */
export class UsageError extends Error {}

/**
 * Read the arguments of `analyze`.
 *
 * @throws UsageError
 */
export function readAnalyzeArguments(args: string[]): IAnalyzeArguments {
  const { values, positionals } = parse(args);
  const [id, ...paths] = positionals;
  const analysis = ANALYSIS_IDS.find(known => known === id);
  if (!analysis) {
    throw new UsageError(
      id === undefined
        ? `Name an analysis: ${ANALYSIS_IDS.join(', ')}.`
        : `There is no analysis “${id}”. Known are ${ANALYSIS_IDS.join(', ')}.`
    );
  }
  const server = serverOf(values);
  // A shell that expands a glob puts all but its first match after the option.
  const sources = [
    ...(server ? [`${ELASTIC_PREFIX}${server.indices}`] : []),
    ...(values.source ?? []),
    ...paths
  ];
  if (server && sources.length > 1) {
    throw new UsageError(
      'Name either --source or --elasticsearch: files and indices are not put together.'
    );
  }
  // An empty one is a variable of the shell that is not set; it must not pass for the current folder.
  if (sources.length === 0 || sources.includes('')) {
    throw new UsageError(
      'Name the data: --source PATH, or --elasticsearch URL --index PATTERN.'
    );
  }
  const { options } = ANALYSES[analysis];
  const refuse = (option: string, given: unknown, known: unknown) => {
    if (given !== undefined && given !== false && known === undefined) {
      throw new UsageError(`“${analysis}” takes no --${option}.`);
    }
  };
  refuse('top', values.top, options.top);
  refuse('other', values.other, options.other);
  refuse('of', values.of, options.of);
  refuse('package', values.package, options.package);
  refuse('by', values.by, options.by);
  refuse('bins', values.bins, options.bins);
  if (values.other && values.top === undefined) {
    throw new UsageError(
      '--other gathers what --top leaves out: give --top N too.'
    );
  }
  if (options.package && values.package === undefined) {
    throw new UsageError(
      `“${analysis}” compares one package with all others: give --package P.`
    );
  }
  const format = values.format ?? 'json';
  if (format !== 'json' && format !== 'csv') {
    throw new UsageError(`--format is json or csv, not “${format}”.`);
  }
  const defaults = defaultSelection({ paths: sources });
  checkTimes(values.tz ?? defaults.zone, values.from, values.to);
  const question = defaultQuestion(analysis);
  return {
    query: {
      ...defaults,
      ...question,
      mapping: mappingOf(values.map ?? []),
      filters: filtersOf(values),
      defaults: values.all ? [] : defaults.defaults,
      period: { from: values.from ?? null, to: values.to ?? null },
      zone: values.tz ?? defaults.zone,
      distinct: distinctOf(values.distinct, analysis) ?? question.distinct,
      by: unitOf(values.by) ?? question.by,
      bins: binsOf(values.bins) ?? question.bins,
      top: wholeNumber('top', values.top),
      other: values.other ?? false,
      of: wholeNumber('of', values.of),
      package: values.package ?? null
    },
    format,
    timing: values.timing ?? false,
    server
  };
}

function serverOf(values: {
  elasticsearch?: string[];
  index?: string[];
  exact?: boolean;
  estimate?: boolean;
  requests?: boolean;
}): IServerArguments | null {
  const indices = values.index?.join(',');
  const address = values.elasticsearch?.join(',');
  if (address === undefined && indices === undefined) {
    if (values.exact || values.estimate) {
      throw new UsageError(
        '--exact and --estimate are for Elasticsearch; answers from files are always exact.'
      );
    }
    if (values.requests) {
      throw new UsageError('--requests is for Elasticsearch; files take none.');
    }
    return null;
  }
  if (!address || !indices) {
    throw new UsageError(
      'Name both the server and what is read there: --elasticsearch URL --index PATTERN.'
    );
  }
  if (indices.split(',').includes('')) {
    throw new UsageError(
      'An index has an empty name. Name it, or take out the comma or the --index that is too much.'
    );
  }
  if (values.exact && values.estimate) {
    throw new UsageError('An answer is exact or an estimate, not both.');
  }
  return {
    address,
    indices,
    estimate: values.estimate ?? false,
    requests: values.requests ?? false
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        source: texts,
        elasticsearch: texts,
        index: texts,
        exact: flag,
        estimate: flag,
        requests: flag,
        where: texts,
        from: text,
        to: text,
        tz: text,
        all: flag,
        distinct: text,
        top: text,
        other: flag,
        of: text,
        package: text,
        'has-package': texts,
        'without-package': texts,
        by: text,
        bins: text,
        map: texts,
        format: text,
        timing: flag
      }
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node goes on with advice that does not fit here.
    throw new UsageError(
      message.replace(/\. To specify a positional .*$/s, '.')
    );
  }
}

function filtersOf(values: {
  where?: string[];
  'has-package'?: string[];
  'without-package'?: string[];
}): Filter[] {
  const presence = (names: readonly string[] | undefined, not: boolean) =>
    (names ?? []).map((name): Filter => {
      if (name === '') {
        throw new UsageError(
          `--${not ? 'without' : 'has'}-package is the name of a package.`
        );
      }
      return {
        field: 'package',
        op: 'job-has',
        values: [name],
        ...(not ? { not } : {})
      };
    });
  try {
    return [
      ...(values.where ?? []).map(parseFilterText),
      ...presence(values['has-package'], false),
      ...presence(values['without-package'], true)
    ];
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message : String(error)
    );
  }
}

function mappingOf(texts: readonly string[]): Mapping {
  const mapping: Partial<Record<Role, readonly string[]>> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const role = text.slice(0, at);
    if (at < 0 || !isRole(role)) {
      throw new UsageError(
        at < 0
          ? `“${text}” maps nothing. Write --map role=column.`
          : `There is no role “${role}”. Roles are ${ROLES.join(', ')}.`
      );
    }
    const columns = splitValues(text.slice(at + 1)).filter(name => name !== '');
    if (columns.length > 1 && !KEY_ROLES.includes(role)) {
      throw new UsageError(
        `“${role}” is one column; only ${KEY_ROLES.join(', ')} can be several.`
      );
    }
    mapping[role] = columns;
  }
  return mapping;
}

function distinctOf(
  text: string | undefined,
  analysis: AnalysisId
): Distinct | undefined {
  const allowed = ANALYSES[analysis].distincts;
  const found = allowed.find(distinct => distinct === text);
  if (text !== undefined && !found) {
    throw new UsageError(
      `“${analysis}” counts ${allowed.join(', ')}; --distinct cannot be “${text}”.`
    );
  }
  return found;
}

function unitOf(text: string | undefined): CalendarUnit | undefined {
  const units: readonly CalendarUnit[] = ['month', 'quarter', 'year'];
  const found = units.find(unit => unit === text);
  if (text !== undefined && !found) {
    throw new UsageError(`--by is ${units.join(', ')}, not “${text}”.`);
  }
  return found;
}

function binsOf(text: string | undefined): Bins | undefined {
  if (text === undefined || text === 'log2') {
    return text;
  }
  const bins = text
    .split(',')
    .map(bound => (/^\d+$/.test(bound) ? Number(bound) : NaN));
  asUsageError(() => checkBins(bins));
  return bins;
}

function checkTimes(zone: string, ...dates: (string | undefined)[]): void {
  asUsageError(() => {
    checkZone(zone);
    dates.forEach(date => date !== undefined && parseInstant(date, zone));
  });
}

/** Say what is wrong with an argument before any file is opened. */
function asUsageError(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message : String(error)
    );
  }
}

function wholeNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) {
    return null;
  }
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw new UsageError(
      `--${option} is a whole number from 1, not “${text}”.`
    );
  }
  return Number(text);
}
