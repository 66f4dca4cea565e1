import { steps } from './render';

describe('what certainly runs', () => {
  const cases: readonly (readonly [source: string, expected: string])[] = [
    // Loops over nothing, and what is true or false whatever happens.
    ['for x in []:\n    y\nelse:\n    z', 'z'],
    ["for x in '':\n    y", ''],
    ['[1] and v', 'v'],
    ["'' and v", ''],
    ['{} or v', 'v'],
    ['x if (1, 2) else y', 'x'],
    ['[*w] and v', 'w if(v | )'],
    // A lambda that is called at once, and one that is handed to a call.
    ['(lambda: v)()', 'v'],
    ['(lambda a: a + v)(w)', 'w→ v'],
    // Its defaults come before its arguments.
    ['(lambda a=(x := 1): a)(x)', '=x"1" x→'],
    ['f(lambda: v)', 'loop(v) f()'],
    ['partial(lambda a: v)(2)', 'loop(v) partial()'],
    ['g = [lambda: v]', '=g{if(v | )}'],
    // Code in a text.
    ["exec('a = 1; b = 2\\nc = a')", 'exec() unknown:exec(a,b,c)'],
    ["exec('a()')", 'exec() unknown:exec(*) write<?>by:!'],
    ['exec(text)', 'text→ exec() unknown:exec(*) write<?>by:!']
  ];
  it.each(cases)('%j', (source, expected) => {
    expect(steps(source)).toBe(expected);
  });

  it('puts texts together that are joined', () => {
    expect(steps("open(''.join(['a', '_', m, '.csv']))")).toBe(
      'm→ open() read<a_${m}.csv>by:open'
    );
    expect(steps("open('/'.join(('a', 'b')))")).toBe('open() read<a/b>by:open');
    expect(steps("open('/'.join([*a, 'b']))")).toBe('a→ open()');
  });

  it('keeps the slash that os.path.join ends with', () => {
    expect(steps("open(os.path.join('a', 'b', '') + 'c')")).toBe(
      'os.path.join() open() read<a/b/c>by:open'
    );
  });

  it('takes what shell lines write', () => {
    expect(steps('!echo 1 > a.txt')).toBe('write<a.txt>by:!');
    expect(steps('!echo {b} >> {OUT} 2> /dev/null')).toBe(
      'b? OUT? write<${OUT}>by:!'
    );
    expect(steps('x = !grep a b.txt')).toBe('=x:magic');
    expect(steps('!wget -q http://host/a.csv')).toBe('write<?>by:!');
    expect(steps('%%bash\ncp a b')).toBe('write<?>by:!');
  });
});
