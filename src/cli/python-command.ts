import { spawn, spawnSync } from 'node:child_process';

/** The Python package that has the commands. */
const PACKAGE = 'jupyterlab_workload_explorer';

/** Names the Python that has it; the console script of the package sets it. */
const VARIABLE = 'WORKLOAD_EXPLORER_PYTHON';

/** What ends a command when this program is asked to end. Ctrl-C reaches both by itself. */
const SIGNALS = ['SIGTERM', 'SIGHUP'] as const;

/**
 * A command of the Python half, such as `verify`, with our standard streams.
 *
 * @returns What runs it: its exit status, or 2 when there is no Python that has it.
 */
export function pythonCommand(
  name: string
): (args: string[]) => Promise<number> {
  return args => {
    const python = findPython();
    if (python === null) {
      process.stderr.write(
        `workload-explorer ${name} needs Python with the package jupyterlab-workload-explorer: pip install jupyterlab-workload-explorer. Where it is not the python3 on PATH, set ${VARIABLE} to the path of its Python.\n`
      );
      return Promise.resolve(2);
    }
    return run(python, ['-m', PACKAGE, name, ...args]);
  };
}

function findPython(): string | null {
  const named = process.env[VARIABLE];
  const candidates = named ? [named] : ['python3', 'python'];
  const look = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${PACKAGE}") is None)`;
  return (
    candidates.find(
      python =>
        spawnSync(python, ['-c', look], { stdio: 'ignore' }).status === 0
    ) ?? null
  );
}

function run(python: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, { stdio: 'inherit' });
    const pass = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    const ignore = (): void => undefined;
    SIGNALS.forEach(signal => process.on(signal, pass));
    // It has got the same signal, and says itself how it ends.
    process.on('SIGINT', ignore);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      SIGNALS.forEach(each => process.removeListener(each, pass));
      process.removeListener('SIGINT', ignore);
      if (signal !== null) {
        process.kill(process.pid, signal);
      }
      resolve(status ?? 1);
    });
  });
}
