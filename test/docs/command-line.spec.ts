import {
  ANALYZE_USAGE,
  readAnalyzeArguments
} from '../../src/cli/analyze-arguments';
import { CHECK_USAGE, readCheckArguments } from '../../src/cli/check-arguments';
import {
  COMPILE_USAGE,
  readCompileArguments
} from '../../src/cli/compile-arguments';
import { sampleCommand } from '../../src/cli/sample-command';
import { codes, fences, page, table } from './markdown';
import { shellWords } from './shell';

const TEXT = page('command-line.md');

/** Options in the first column of a table. */
function documented(heading: string): string[] {
  return table(TEXT, `\n## \`${heading}\``)
    .flatMap(([first]) => codes(first))
    .map(code => code.split(' ')[0])
    .sort();
}

/** Options that a usage text names; `--help` always is one. */
function offered(usage: string): string[] {
  const named = usage.match(/(?<![\w-])--[a-z-]+/g) ?? [];
  return [...new Set([...named, '--help'])].sort();
}

async function sampleUsage(): Promise<string> {
  let usage = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(text => {
    usage += String(text);
    return true;
  });
  try {
    expect(await sampleCommand(['--help'])).toBe(0);
  } finally {
    write.mockRestore();
  }
  return usage;
}

describe('command-line.md', () => {
  it('lists the options of analyze, and no other', () => {
    expect(documented('analyze')).toEqual(offered(ANALYZE_USAGE));
  });

  it('lists the options of check, and no other', () => {
    expect(documented('check')).toEqual(offered(CHECK_USAGE));
  });

  it('lists the options of compile, and no other', () => {
    expect(documented('compile')).toEqual(offered(COMPILE_USAGE));
  });

  it('lists the options of sample, and no other', async () => {
    expect(documented('sample')).toEqual(offered(await sampleUsage()));
  });

  it.each(documented('analyze').filter(option => option !== '--help'))(
    'tells of %s, which analyze knows',
    option => {
      // Whatever else is wrong with it, the option is known.
      const ask = () =>
        readAnalyzeArguments(['users', '--source', 'a.parquet', option, '1']);
      try {
        ask();
      } catch (error) {
        expect(String(error)).not.toMatch(/Unknown option/);
      }
    }
  );
});

describe('commands in the documentation', () => {
  const commands = fences()
    .filter(({ lang }) => lang === 'sh' || lang === 'console')
    .flatMap(({ page: from, lang, code }) =>
      code
        .split('\n')
        .filter(line => lang === 'sh' || line.startsWith('$ '))
        .map(line => ({ from, line: line.replace(/^\$ /, '') }))
    )
    .filter(({ line }) => line.startsWith('workload-explorer '));

  it('are found', () => {
    expect(commands.length).toBeGreaterThan(8);
  });

  it.each(commands)('can be read: $line', ({ line }) => {
    const [, name, ...args] = shellWords(line);
    if (name === 'analyze' && !line.includes('--distinct nodes')) {
      expect(() => readAnalyzeArguments(args)).not.toThrow();
    } else if (name === 'check') {
      expect(() => readCheckArguments(args)).not.toThrow();
    } else if (name === 'compile') {
      expect(() => readCompileArguments(args)).not.toThrow();
    } else {
      expect(['sample', 'analyze']).toContain(name);
    }
  });
});
