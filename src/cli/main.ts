import { sampleCommand } from './sample-command';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  sample: sampleCommand
};

/** The command line: the first argument names a command. */
async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) {
    process.stderr.write(
      `Usage: workload-explorer COMMAND …\nCommands: ${Object.keys(COMMANDS).join(', ')}\n`
    );
    return 2;
  }
  return command(args);
}

process.exitCode = await main();
