// A Chromium for the browser tests: the system's, installed by its package manager where it is missing.
import { existsSync } from 'node:fs';

import { installPackages, onPath } from './packages.mjs';
import { capture } from './project.mjs';

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

/** What each package manager installs. */
const PACKAGES = {
  'apt-get': ['chromium', 'fonts-dejavu-core'],
  dnf: ['chromium'],
  apk: ['chromium', 'font-dejavu'],
  pacman: ['chromium'],
  zypper: ['chromium']
};

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
  const advice =
    'Install Chromium or Chrome, or set WORKLOAD_CHROMIUM to its path.';
  const { manager, reason } = await installPackages('Chromium', PACKAGES);
  if (reason !== undefined) {
    return { reason: `${reason} ${advice}` };
  }
  const path = findChromium();
  return path
    ? { path }
    : { reason: `${manager} installed no Chromium that runs. ${advice}` };
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
