import type { IAnswer, IProvenance } from '../workload/answer';
import { toCsv } from '../workload/csv';
import { isRole } from '../workload/fields';
import { EngineError } from '../engine/engine';
import {
  ANALYZE_USAGE,
  readAnalyzeArguments,
  UsageError
} from './analyze-arguments';
import type { IAnalyzeArguments } from './analyze-arguments';
import { openNodeEngine } from './node-engine';

/**
 * The command `workload-explorer analyze`: prints rows and provenance on standard output, errors on standard error.
 *
 * @returns Exit status: 0, 1 for data or source, 2 for a usage error.
 */
export async function analyzeCommand(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(ANALYZE_USAGE);
    return 0;
  }
  try {
    const parsed = readAnalyzeArguments(args);
    const answer = await answerFrom(parsed);
    await write(
      parsed.format === 'csv'
        ? toCsv(answer.table)
        : asJson(answer, parsed.timing)
    );
    return 0;
  } catch (error) {
    const usage =
      error instanceof UsageError ||
      (error instanceof EngineError && error.code === 'query');
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n${hint(error, usage)}`);
    return usage ? 2 : 1;
  }
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

async function answerFrom({ query }: IAnalyzeArguments): Promise<IAnswer> {
  const engine = await openNodeEngine(query.source.paths);
  try {
    return await engine.answer(query);
  } finally {
    engine.dispose();
  }
}

function asJson({ table, provenance }: IAnswer, timing: boolean): string {
  const { timing: times, ...rest } = provenance;
  const shown: Omit<IProvenance, 'timing'> & Partial<IProvenance> = timing
    ? { ...rest, timing: times }
    : rest;
  return `${JSON.stringify({ rows: table.rows, provenance: shown })}\n`;
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.once('error', reject);
    process.stdout.write(text, () => resolve());
  });
}
