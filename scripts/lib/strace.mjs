// strace for the tests of what dashboards read, by the system's package manager where it is missing.
import { installPackages, onPath } from './packages.mjs';

/** What each package manager installs. */
const PACKAGES = {
  'apt-get': ['strace'],
  dnf: ['strace'],
  apk: ['strace'],
  pacman: ['strace'],
  zypper: ['strace']
};

/**
 * Finds strace, or installs it. There is one for Linux only.
 * @returns the reason why there is none, a sentence; undefined when it is there
 */
export async function ensureStrace() {
  if (onPath('strace')) {
    return undefined;
  }
  const { reason } = await installPackages('strace', PACKAGES);
  return reason ?? (onPath('strace') ? undefined : 'No strace was installed.');
}
