// Tells whether the build is that of the sources as they are: a hash over all that goes into it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { PAGES } from './bundles.mjs';
import { CLI, LABEXTENSION, ROOT, filesBelow } from './project.mjs';

/** Holds the hash of the sources of the last complete build; `tsc` leaves it alone. */
export const STAMP = join(ROOT, 'lib', '.build-stamp');

const SOURCES = [
  'src',
  'style',
  'schema',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/lib/bundles.mjs'
];

/** A hash of names and contents of files, given as paths below the project's root. */
export function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(path => filesBelow(join(ROOT, path)))) {
    hash
      .update(`${relative(ROOT, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The hash of the sources as they are now. */
export function buildStamp() {
  return hashFiles(SOURCES);
}

/** Whether everything is built from the sources as they are now. */
export function isBuilt() {
  return (
    existsSync(STAMP) &&
    existsSync(join(LABEXTENSION, 'package.json')) &&
    existsSync(CLI) &&
    Object.values(PAGES).every(folder => existsSync(join(folder, 'page.js'))) &&
    readFileSync(STAMP, 'utf8').trim() === buildStamp()
  );
}
