import { isMainThread } from 'node:worker_threads';

import { analyzeCommand } from './analyze-command';
import { checkCommand } from './check-command';
import { compileCommand } from './compile-command';
import { runDecoderThread } from './node-engine';
import { publishCommand } from './publish-command';
import { pythonCommand } from './python-command';
import { sampleCommand } from './sample-command';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> =
  {
    analyze: analyzeCommand,
    check: checkCommand,
    'check-data': pythonCommand('check-data'),
    compile: compileCommand,
    privacy: pythonCommand('privacy'),
    publish: publishCommand,
    sample: sampleCommand,
    verify: pythonCommand('verify')
  };

/** The command line: the first argument names a command. */
async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) {
    const asked = name === '--help' || name === '-h';
    const usage = `Usage: workload-explorer COMMAND …\nCommands: ${Object.keys(COMMANDS).join(', ')}; each says more with --help.\n`;
    (asked ? process.stdout : process.stderr).write(usage);
    return asked ? 0 : 2;
  }
  return command(args);
}

// The bundle is one file, so the threads that the engine starts run it too.
if (isMainThread) {
  process.exitCode = await main();
} else {
  runDecoderThread();
}
