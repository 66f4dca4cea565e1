// A Python program that runs beside the tests: commands are lines on its standard input, answers
// JSON lines. It ends when its standard input closes, so also when the tests are killed.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { venvProgram } from '../../scripts/lib/python.mjs';

/** The Python of the tests. */
export const PYTHON = venvProgram('python');

/**
 * Starts a program.
 * @returns `answer()`, the next answer, which is thrown as an error where the program has ended;
 *   `ask(command)`, the answer to a command; `stop()`, which may be called twice
 */
export function startProgram(script, args) {
  const child = spawn(PYTHON, [script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // An interrupt of the tests ends the program by closing its standard input, in order.
    detached: true
  });
  let log = '';
  child.stderr.on('data', chunk => {
    log += chunk.toString();
  });
  // Who writes to a program that has ended is told so by the missing answer.
  child.stdin.on('error', () => undefined);
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) {
      await ended;
      throw new Error(log.trim() || `${script} has ended.`);
    }
    return JSON.parse(value);
  };
  let last = Promise.resolve();
  const ask = command => {
    // One command at a time, so that answers find theirs.
    const asked = last.then(() => {
      child.stdin.write(`${command}\n`);
      return answer();
    });
    last = asked.catch(() => undefined);
    return asked;
  };
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  return { answer, ask, stop };
}
