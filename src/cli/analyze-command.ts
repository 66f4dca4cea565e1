import type { IAnswer } from '../workload/answer';
import type { IQuery } from '../workload/query';
import { analyze, failure } from './analyze';
import type { IServerArguments } from './analyze-arguments';
import { analyzeBatch } from './analyze-batch';
import { askServer } from './ask-server';
import { untilInterrupted } from './interruption';
import { openNodeEngine } from './node-engine';
import { writeOut } from './write-out';

/**
 * The command `workload-explorer analyze`: prints rows and provenance on standard output, errors on standard error.
 *
 * With `--batch` and nothing else it takes many calls on standard input, see `analyzeBatch`. That is for tests: the usage does not
 * name it, and it may change.
 *
 * @returns Exit status: 0, 1 for data or source, 2 for a usage error.
 */
export async function analyzeCommand(args: string[]): Promise<number> {
  if (args.length === 1 && args[0] === '--batch') {
    await analyzeBatch(process.stdin, writeOut);
    return 0;
  }
  const { status, stdout, stderr } = await analyze(args, answerOnce);
  process.stderr.write(stderr);
  try {
    await writeOut(stdout);
    return status;
  } catch (error) {
    const untold = failure(error);
    process.stderr.write(untold.stderr);
    return untold.status;
  }
}

async function answerOnce(
  query: IQuery,
  server: IServerArguments | null,
  tell: (text: string) => void
): Promise<IAnswer> {
  if (server) {
    return untilInterrupted(signal => askServer(query, server, tell, signal));
  }
  const engine = await openNodeEngine(query.source.paths);
  try {
    return await engine.answer(query);
  } finally {
    engine.dispose();
  }
}
