// The project's own Python environment, `.venv`: found, made, and kept up to date.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';

import {
  LABEXTENSION,
  ROOT,
  Stop,
  TEMPLATE_STATIC,
  capture,
  manifest,
  run,
  say
} from './project.mjs';

const MINIMUM = [3, 10];
const WINDOWS = process.platform === 'win32';

/** The environment's folder. */
export const VENV = join(ROOT, '.venv');

const BIN = join(VENV, WINDOWS ? 'Scripts' : 'bin');

/** A program of the environment, such as `python` or `jupyter`. */
export function venvProgram(name) {
  return join(BIN, WINDOWS ? `${name}.exe` : name);
}

/** Says what a Python is: version, and whether it can make environments. */
const QUESTION = `
import sys
try:
    import ensurepip, venv
    able = 1
except ImportError:
    able = 0
print(sys.version_info[0], sys.version_info[1], able, sys.executable, sep="\\n")
`;

/**
 * The first Python that is new enough and can make environments; `WORKLOAD_PYTHON` names one.
 * @throws Stop that says what to install
 */
export function findPython() {
  const named = process.env.WORKLOAD_PYTHON;
  const candidates = named
    ? [named]
    : ['python3', 'python', '3.14', '3.13', '3.12', '3.11', '3.10'].map(name =>
        /^\d/.test(name) ? `python${name}` : name
      );
  const seen = [];
  for (const command of candidates) {
    const answer = capture(command, ['-c', QUESTION]);
    if (answer === undefined) {
      continue;
    }
    const [major, minor, able, executable] = answer.trim().split(/\r?\n/);
    const version = `${major}.${minor}`;
    const isNew =
      Number(major) > MINIMUM[0] ||
      (Number(major) === MINIMUM[0] && Number(minor) >= MINIMUM[1]);
    if (isNew && able === '1') {
      return { executable, version };
    }
    seen.push(
      `${command} is ${version}${isNew ? ', without the module venv (Debian and Ubuntu: install python3-venv)' : ''}`
    );
  }
  throw new Stop(
    [
      `Python ${MINIMUM.join('.')} or newer, with the module venv, is needed.`,
      ...seen,
      'Install it with your package manager or from https://www.python.org, or set WORKLOAD_PYTHON to its path.'
    ].join('\n')
  );
}

/** What is installed for each purpose; the first one holds all that the others need. */
const PURPOSES = {
  test: ['--editable', '.[test]'],
  start: ['jupyterlab>=4.6.4,<4.7', '--editable', '.']
};

/**
 * Makes or updates `.venv`, with the project in development mode.
 * @param purpose `start` or `test`; an environment for tests will also do to start
 */
export async function ensureVenv(purpose) {
  const python = findPython();
  const stamp = name => join(VENV, `.workload-${name}`);
  const key = createHash('sha256')
    .update(
      JSON.stringify([
        python.version,
        PURPOSES,
        manifest.version,
        readFileSync(join(ROOT, 'pyproject.toml'), 'utf8')
      ])
    )
    .digest('hex');
  const isFresh = [purpose, 'test'].some(
    name =>
      existsSync(stamp(name)) &&
      readFileSync(stamp(name), 'utf8').trim() === key
  );
  if (!isFresh) {
    const current = capture(venvProgram('python'), ['--version']);
    if (!current?.includes(` ${python.version}.`)) {
      say(`Making a Python ${python.version} environment in .venv`);
      rmSync(VENV, { recursive: true, force: true });
      await must(python.executable, ['-m', 'venv', VENV]);
    }
    // JupyterLab's own scripts are not ES modules, whatever the package.json above says.
    writeFileSync(join(VENV, 'package.json'), '{ "private": true }\n');
    say('Installing Python packages into .venv');
    await must(venvProgram('python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      ...PURPOSES[purpose]
    ]);
    writeFileSync(stamp(purpose), `${key}\n`);
  }
  link(LABEXTENSION, 'labextensions', manifest.name);
  link(dirname(TEMPLATE_STATIC), 'voila', 'templates', 'workload-explorer');
}

/** Puts a link to what is built where Jupyter looks, so that a new build is seen at once. */
function link(built, ...name) {
  const place = join(VENV, 'share', 'jupyter', ...name);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(built, place, WINDOWS ? 'junction' : 'dir');
}

async function must(command, args) {
  const status = await run(command, args);
  if (status !== 0) {
    throw new Stop(
      `This failed (exit status ${status}): ${command} ${args.join(' ')}`
    );
  }
}
