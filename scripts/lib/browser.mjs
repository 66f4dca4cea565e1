// A Chromium for the browser tests: the system's, installed by its package manager where it is missing.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { capture, run, say } from './project.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome'
];

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium'
];

/** How each package manager installs Chromium without asking. */
const MANAGERS = [
  {
    program: 'apt-get',
    steps: [
      ['apt-get', 'update', '-qq'],
      [
        'apt-get',
        'install',
        '-y',
        '-qq',
        '--no-install-recommends',
        'chromium',
        'fonts-dejavu-core'
      ]
    ]
  },
  { program: 'dnf', steps: [['dnf', 'install', '-y', '-q', 'chromium']] },
  { program: 'apk', steps: [['apk', 'add', '-q', 'chromium', 'font-dejavu']] },
  {
    program: 'pacman',
    steps: [['pacman', '-Sy', '--noconfirm', '--needed', 'chromium']]
  },
  {
    program: 'zypper',
    steps: [['zypper', '--non-interactive', 'install', 'chromium']]
  }
];

function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(path => existsSync(path));
}

/** The system's Chromium; `WORKLOAD_CHROMIUM` names another one. */
export function findChromium() {
  const named = process.env.WORKLOAD_CHROMIUM;
  const candidates = named
    ? [named]
    : [...NAMES.map(onPath), ...PLACES].filter(
        path => path && existsSync(path)
      );
  // Ubuntu's package `chromium-browser` is a script that asks for snap.
  return candidates.find(
    path => capture(path, ['--version'], { timeout: 60_000 }) !== undefined
  );
}

/**
 * Finds Chromium, or installs it.
 * @returns its path, or the reason why there is none
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) {
    return { path: found };
  }
  const manager = MANAGERS.find(({ program }) => onPath(program));
  const advice =
    'Install Chromium or Chrome, or set WORKLOAD_CHROMIUM to its path.';
  if (manager === undefined) {
    return { reason: `There is no Chromium. ${advice}` };
  }
  const isRoot = process.getuid?.() === 0;
  const sudo = !isRoot && onPath('sudo') ? ['sudo', '-n'] : [];
  say(`Installing Chromium with ${manager.program}`);
  for (const step of manager.steps) {
    const [command, ...args] = [...sudo, ...step];
    const status = await run(command, args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    });
    if (status !== 0) {
      return {
        reason: `Chromium could not be installed: ${step.join(' ')} ended with status ${status}. ${advice}`
      };
    }
  }
  const path = findChromium();
  return path
    ? { path }
    : {
        reason: `${manager.program} installed no Chromium that runs. ${advice}`
      };
}

/** Playwright's options to launch the system's Chromium, which asks nobody for anything by itself. */
export function chromiumOptions() {
  return {
    executablePath: findChromium(),
    // It starts neither for root nor in most containers, and only our own pages are opened.
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  };
}
