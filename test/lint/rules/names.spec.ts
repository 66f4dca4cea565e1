import { cellsOf, check, findings, notebookOf } from './notebooks';

/** Messages about a notebook that is written with `cellsOf`. */
function messages(...lines: readonly string[]): readonly string[] {
  return check(notebookOf({ cells: cellsOf(...lines) })).findings.map(
    ({ message }) => message
  );
}

it.each([
  ['s: n += 1'],
  ['s: n = n + 1'],
  ['s: for i in [1, 2]:⏎    n = n + i'],
  ['s: def f():⏎    global n⏎    n += 1⏎f()']
])('no definition helps the statement that makes it: %s', line => {
  expect(findings(line)).toEqual(['0 name-undefined error n']);
});

it('a definition below is told where it is', () => {
  expect(findings('s: n += 1⏎n = 0')).toEqual(['0 order error n']);
  expect(messages('s: n += 1', 's: n = 0')).toEqual([
    expect.stringContaining('“n” is defined below, in cell 2.')
  ]);
});

it('a name of an except clause ends with it', () => {
  const caught = 's: try:⏎    raise OSError⏎except OSError as err:⏎    pass';
  expect(messages(caught, 's: print(err)')).toEqual([
    expect.stringContaining('“err” is gone once its except clause in cell 1')
  ]);
  expect(messages('s: err = 1⏎del err', 's: print(err)')).toEqual([
    expect.stringContaining('“err” is deleted in cell 1')
  ]);
});

it.each([
  ['totl', 'total', true],
  ['naem', 'name', true],
  ['nope', 'name', false],
  ['rows', 'cols', false],
  ['users_by_mnth', 'users_by_month', true]
])('%s is near %s: %s', (typed, known, isNear) => {
  const [message] = messages(`s: ${known} = 1`, `s: print(${typed})`);
  expect(message.includes(`Did you mean “${known}”?`)).toBe(isNear);
});
