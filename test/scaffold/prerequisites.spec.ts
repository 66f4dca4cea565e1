import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LIB = join(__dirname, '..', '..', 'scripts', 'lib');

/** A machine of which PATH holds these programs only. */
class Machine {
  constructor(programs: Record<string, string>) {
    for (const [name, text] of Object.entries(programs)) {
      this.write(name, text);
    }
  }

  readonly folder = mkdtempSync(join(tmpdir(), 'workload-machine-'));

  write(name: string, text: string): void {
    const path = join(this.folder, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  }

  /** What a function of a module gives, or the text of what it throws. */
  ask(module: string, call: string): unknown {
    const url = pathToFileURL(join(LIB, module)).href;
    const script = `
      const m = await import('${url}');
      let answer;
      try { answer = await m.${call}(); } catch (error) { answer = error.message; }
      process.stdout.write('\\n' + JSON.stringify(answer ?? null));`;
    const output = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', script],
      { encoding: 'utf8', env: { PATH: this.folder }, stdio: 'pipe' }
    );
    return JSON.parse(output.slice(output.lastIndexOf('\n')));
  }
}

/** A Python that answers what scripts ask of one: version, and whether it has venv. */
const python = (version: string, able: boolean) =>
  `printf '%s\\n' ${version.replace('.', ' ')} ${able ? 1 : 0} /opt/python`;

describe('prerequisites', () => {
  let machine: Machine | undefined;

  afterEach(() => {
    if (machine) {
      rmSync(machine.folder, { recursive: true });
    }
  });

  it('takes the first Python that will do', () => {
    machine = new Machine({
      python3: python('3.9', true),
      python: 'exit 1',
      'python3.12': python('3.12', true),
      'python3.11': python('3.11', true)
    });
    expect(machine.ask('python.mjs', 'findPython')).toEqual({
      executable: '/opt/python',
      version: '3.12'
    });
  });

  it('says which Pythons are too old, and which lack venv', () => {
    machine = new Machine({
      python3: python('3.9', true),
      'python3.13': python('3.13', false)
    });
    const answer = machine.ask('python.mjs', 'findPython');
    expect(answer).toContain('Python 3.10 or newer');
    expect(answer).toContain('python3 is 3.9');
    expect(answer).toContain('install python3-venv');
  });

  it('takes a Chromium that runs, and none that does not', () => {
    machine = new Machine({
      chromium: 'exit 1',
      'google-chrome': 'echo Chrome 130'
    });
    expect(machine.ask('browser.mjs', 'findChromium')).toBe(
      join(machine.folder, 'google-chrome')
    );
  });

  it('installs Chromium by the package manager that there is', () => {
    machine = new Machine({});
    const { folder } = machine;
    // Only `install … chromium` brings it.
    machine.write(
      'apt-get',
      `case "$*" in
         *install*chromium*) printf '#!/bin/sh\\necho Chromium' > ${folder}/chromium
                             /bin/chmod +x ${folder}/chromium;;
       esac`
    );
    expect(machine.ask('browser.mjs', 'ensureChromium')).toEqual({
      path: join(folder, 'chromium')
    });
  });

  it.each([
    ['there is no package manager', {}, 'There is no Chromium.'],
    [
      'the package manager fails',
      { dnf: 'exit 7' },
      'dnf install -y -q chromium ended with status 7'
    ],
    [
      'what is installed does not run',
      { pacman: 'exit 0' },
      'pacman installed no Chromium that runs'
    ]
  ])('says what to do where %s', (_name, programs, text) => {
    machine = new Machine(programs);
    expect(machine.ask('browser.mjs', 'ensureChromium')).toEqual({
      reason: expect.stringContaining(text) as string
    });
  });
});
