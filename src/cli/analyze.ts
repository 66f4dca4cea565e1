import type { IAnswer, IProvenance } from '../workload/answer';
import { caption } from '../workload/caption';
import { toCsv } from '../workload/csv';
import { isRole } from '../workload/fields';
import type { IQuery } from '../workload/query';
import { english } from '../workload/translator';
import { EngineError } from '../engine/engine';
import {
  ANALYZE_USAGE,
  readAnalyzeArguments,
  UsageError
} from './analyze-arguments';
import type { IServerArguments } from './analyze-arguments';

/** What a call of `analyze` leaves behind. */
export interface IOutcome {
  /** Exit status: 0, 1 for data or source, 2 for a usage error. */
  readonly status: number;
  /** Text for standard output. */
  readonly stdout: string;
  /** Text for standard error. */
  readonly stderr: string;
}

/**
 * Answer one call of `workload-explorer analyze`. Mistakes and errors are part of the outcome, not thrown.
 *
 * @param args What follows the command's name.
 * @param answer Asks an engine over the query's source. What it tells goes to standard error, before all else.
 */
export async function analyze(
  args: string[],
  answer: (
    query: IQuery,
    server: IServerArguments | null,
    tell: (text: string) => void
  ) => Promise<IAnswer>
): Promise<IOutcome> {
  const told: string[] = [];
  if (args.includes('--help') || args.includes('-h')) {
    return { status: 0, stdout: ANALYZE_USAGE, stderr: '' };
  }
  try {
    const { query, format, timing, server } = readAnalyzeArguments(args);
    const found = await answer(query, server, text => told.push(text));
    const stdout =
      format === 'csv' ? toCsv(found.table) : asJson(found, timing);
    // A table alone does not say so.
    const isMarked = found.provenance.exact || format === 'json';
    return {
      status: 0,
      stdout,
      stderr: told.join('') + (isMarked ? '' : `${caption(found, english)}\n`)
    };
  } catch (error) {
    const outcome = failure(error);
    return { ...outcome, stderr: told.join('') + outcome.stderr };
  }
}

/** How an error is told. */
export function failure(error: unknown): IOutcome {
  const usage =
    error instanceof UsageError ||
    (error instanceof EngineError && error.code === 'query');
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: usage ? 2 : 1,
    stdout: '',
    stderr: `${message}\n${hint(error, usage)}`
  };
}

/** What to write on the command line next. */
function hint(error: unknown, usage: boolean): string {
  if (usage) {
    return '\nworkload-explorer analyze --help says more.\n';
  }
  return error instanceof EngineError &&
    error.code === 'missing-column' &&
    isRole(error.field ?? '')
    ? `\nMap a column with --map ${error.field}=COLUMN.\n`
    : '';
}

function asJson({ table, provenance }: IAnswer, timing: boolean): string {
  const { timing: times, ...rest } = provenance;
  const shown: Omit<IProvenance, 'timing'> & Partial<IProvenance> = timing
    ? { ...rest, timing: times }
    : rest;
  return `${JSON.stringify({ rows: table.rows, provenance: shown })}\n`;
}
