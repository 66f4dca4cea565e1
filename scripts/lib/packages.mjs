// Programs that the system's package manager installs where they are missing.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { run, say } from './project.mjs';

/** How each package manager installs packages without asking. */
const MANAGERS = {
  'apt-get': packages => [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages]
  ],
  dnf: packages => [['dnf', 'install', '-y', '-q', ...packages]],
  apk: packages => [['apk', 'add', '-q', ...packages]],
  pacman: packages => [
    ['pacman', '-Sy', '--noconfirm', '--needed', ...packages]
  ],
  zypper: packages => [['zypper', '--non-interactive', 'install', ...packages]]
};

/** The path of a program, or undefined where PATH has none of that name. */
export function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(path => existsSync(path));
}

/**
 * Installs packages with the package manager of this system.
 * @param what what they are, for messages, such as `Chromium`
 * @param packages for each package manager by its program's name, such as `apt-get`, the packages
 * @returns the program of the package manager that has installed them, or the reason, a sentence, why
 *   none has
 */
export async function installPackages(what, packages) {
  const manager = Object.keys(packages).find(onPath);
  if (manager === undefined) {
    return { reason: `There is no ${what}.` };
  }
  const isRoot = process.getuid?.() === 0;
  const sudo = !isRoot && onPath('sudo') ? ['sudo', '-n'] : [];
  say(`Installing ${what} with ${manager}`);
  for (const step of MANAGERS[manager](packages[manager])) {
    const [command, ...args] = [...sudo, ...step];
    const status = await run(command, args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    });
    if (status !== 0) {
      return {
        reason: `${what} could not be installed: ${step.join(' ')} ended with status ${status}.`
      };
    }
  }
  return { manager };
}
