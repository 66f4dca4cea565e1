// Real Elasticsearch servers for the tests: Java and Maven found or installed, jars downloaded.
import { join } from 'node:path';

import { installPackages, onPath } from './packages.mjs';
import { ROOT, cacheFolder, capture, run } from './project.mjs';
import { venvProgram } from './python.mjs';

/** The servers that tests start, as test/services/elasticsearch/profiles.py names them. */
export const PROFILES = ['es8', 'es8-esql', 'es8-full', 'es9', 'opensearch'];

/** Starts a server, see its own description. */
export const LAUNCHER = join(
  ROOT,
  'test',
  'services',
  'elasticsearch',
  'launch.py'
);

/** Java 17 runs Elasticsearch 8; what Elasticsearch 9 needs comes as a Python package. */
const JAVA = 17;

/** What each package manager installs. */
const PACKAGES = {
  // Debian and Ubuntu have one or the other, by their own version.
  'apt-get': ['^openjdk-(17|21)-jdk-headless$', 'maven'],
  dnf: ['java-21-openjdk-devel', 'maven'],
  apk: ['openjdk21-jdk', 'maven'],
  pacman: ['jdk21-openjdk', 'maven'],
  zypper: ['java-21-openjdk-devel', 'maven']
};

const ADVICE = `Install a JDK of version ${JAVA} or newer and Maven, so that java, javac and mvn are on PATH.`;

/** What of Java and Maven is missing, as a sentence; undefined where nothing is. */
function missing() {
  const absent = ['java', 'javac', 'mvn'].filter(name => !onPath(name));
  if (absent.length > 0) {
    return `There is no ${absent.join(', no ')}.`;
  }
  const compiler = /^javac (\d+)/.exec(capture('javac', ['-version']) ?? '');
  const version = Number(compiler?.[1] ?? 0);
  return version >= JAVA
    ? undefined
    : `The Java compiler on PATH has version ${compiler?.[1] ?? 'unknown'}, and ${JAVA} is needed.`;
}

/** Where the jars are kept, outside the tree; `ES_CACHE` names another folder. */
export function elasticsearchCache() {
  return process.env.ES_CACHE || join(cacheFolder(), 'elasticsearch');
}

/**
 * Prepares servers, so that tests only have to start them.
 *
 * Needs `.venv` of the tests. What is prepared already takes no time.
 * @param profiles which of `PROFILES`
 * @returns `{ ready: true }`, or `{ reason }`, sentences that say what is missing
 */
export async function ensureElasticsearch(profiles = PROFILES) {
  if (process.platform === 'win32') {
    return {
      reason:
        'The Elasticsearch servers for tests run on Linux and macOS, not on Windows: use the Windows Subsystem for Linux.'
    };
  }
  if (missing() !== undefined) {
    const { reason } = await installPackages('Java and Maven', PACKAGES);
    const left = reason ?? missing();
    if (left !== undefined) {
      return { reason: `${left} ${ADVICE}` };
    }
  }
  const status = await run(
    venvProgram('python'),
    [LAUNCHER, '--install', ...profiles],
    { env: { ...process.env, ES_CACHE: elasticsearchCache() } }
  );
  return status === 0
    ? { ready: true }
    : {
        reason:
          'The Elasticsearch servers for tests could not be made; the message is above, where the tests begin.'
      };
}
