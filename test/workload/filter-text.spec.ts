import fc from 'fast-check';

import {
  formatFilterText,
  parseFilterText,
  splitValues
} from '../../src/workload/filter-text';
import type { Filter } from '../../src/workload/query';

const SEED = { seed: 20210115, numRuns: 1000 };

describe('parseFilterText', () => {
  it.each<[string, Filter]>([
    ['subsystem=gpu', { field: 'subsystem', op: 'any', values: ['gpu'] }],
    [
      'subsystem=gpu,knl',
      { field: 'subsystem', op: 'any', values: ['gpu', 'knl'] }
    ],
    [' user = ann', { field: 'user', op: 'any', values: [' ann'] }],
    [
      'account!=m1,m2',
      { field: 'account', op: 'any', values: ['m1', 'm2'], not: true }
    ],
    ['main=a\\,b,c', { field: 'main', op: 'any', values: ['a,b', 'c'] }],
    ['main=C:\\\\x\\y', { field: 'main', op: 'any', values: ['C:\\x\\y'] }],
    ['account=', { field: 'account', op: 'any', values: [''] }],
    ['account=m1,', { field: 'account', op: 'any', values: ['m1', ''] }],
    ['main==x', { field: 'main', op: 'any', values: ['=x'] }],
    ['main=a=b', { field: 'main', op: 'any', values: ['a=b'] }],
    ['package~^num,py', { field: 'package', op: 'regexp', value: '^num,py' }],
    [
      'package!~\\d',
      { field: 'package', op: 'regexp', value: '\\d', not: true }
    ],
    ['package~=', { field: 'package', op: 'regexp', value: '=' }],
    ['nodes>=33', { field: 'nodes', op: 'range', from: '33' }],
    ['nodes< 65 ', { field: 'nodes', op: 'range', to: '65' }],
    [
      'time>=2021-01-01T00:00:00Z',
      { field: 'time', op: 'range', from: '2021-01-01T00:00:00Z' }
    ],
    [
      'data.user name=ann',
      { field: 'data.user name', op: 'any', values: ['ann'] }
    ],
    [
      'has-package:numpy',
      { field: 'package', op: 'job-has', values: ['numpy'] }
    ],
    [
      ' has-package:numpy,a=b',
      { field: 'package', op: 'job-has', values: ['numpy', 'a=b'] }
    ],
    [
      'without-package:mpi4py',
      { field: 'package', op: 'job-has', values: ['mpi4py'], not: true }
    ],
    ['main=a\nb', { field: 'main', op: 'any', values: ['a\nb'] }]
  ])('reads “%s”', (text, filter) => {
    expect(parseFilterText(text)).toEqual(filter);
  });

  it.each([
    '',
    'numpy',
    '=x',
    ' =x',
    '!=x',
    '~x',
    'nodes>5',
    'nodes<=5',
    'nodes>=',
    'nodes< ',
    'has-package:'
  ])('refuses “%s”', text => {
    expect(() => parseFilterText(text)).toThrow(
      `“${text}” is not a condition. Write field=value, field!=value, field~pattern, field>=number or field<number.`
    );
  });
});

describe('formatFilterText', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc
      .array(fc.constantFrom('\\', ',', '=', '~', '<', ' ', 'a'), {
        maxLength: 5
      })
      .map(parts => parts.join(''))
  );
  const field = fc.constantFrom(
    'user',
    'data.username',
    'name with blanks',
    'has-package'
  );
  const state = fc.constantFrom({}, { not: true });
  const filter: fc.Arbitrary<Filter> = fc.oneof(
    fc
      .record({
        field,
        op: fc.constant('any' as const),
        values: fc.array(value, { minLength: 1, maxLength: 3 }),
        state
      })
      .map(({ state: own, ...rest }) => ({ ...rest, ...own })),
    fc
      .record({ field, op: fc.constant('regexp' as const), value, state })
      .map(({ state: own, ...rest }) => ({ ...rest, ...own })),
    fc.record({
      field,
      op: fc.constant('range' as const),
      from: fc.constantFrom('1', '2021-01-01')
    }),
    fc.record({
      field,
      op: fc.constant('range' as const),
      to: fc.constantFrom('-5', '1e3')
    }),
    fc
      .record({
        field: fc.constant('package'),
        op: fc.constant('job-has' as const),
        values: fc.array(
          value.filter(v => v !== ''),
          { minLength: 1, maxLength: 3 }
        ),
        state
      })
      .map(({ state: own, ...rest }) => ({ ...rest, ...own }))
  );

  it('writes what is read back as the same filter', () => {
    fc.assert(
      fc.property(filter, own => {
        const text = formatFilterText(own);
        expect(text).not.toBeNull();
        expect(parseFilterText(text ?? '')).toEqual(own);
      }),
      SEED
    );
  });

  it.each<[Filter]>([
    [{ field: 'x', op: 'prefix', value: 'a' }],
    [{ field: 'x', op: 'glob', value: 'a*' }],
    [{ field: 'x', op: 'missing' }],
    [{ field: 'x', op: 'range' }],
    [{ field: 'x', op: 'range', from: '1', to: '2' }],
    [{ field: 'x', op: 'range', from: '1', not: true }],
    [{ field: 'x', op: 'range', from: '' }],
    [{ field: 'x', op: 'any', values: [] }],
    [{ field: 'a=b', op: 'any', values: ['x'] }],
    [{ field: ' a', op: 'any', values: ['x'] }],
    [{ field: 'package', op: 'job-has', values: [] }],
    [{ field: 'package', op: 'job-has', values: [''] }]
  ])('has no text for %j', own => {
    expect(formatFilterText(own)).toBeNull();
  });
});

describe('splitValues', () => {
  it('splits at commas that no backslash escapes', () => {
    expect(splitValues('a,b')).toEqual(['a', 'b']);
    expect(splitValues('a\\,b')).toEqual(['a,b']);
    expect(splitValues('a\\\\,b')).toEqual(['a\\', 'b']);
    expect(splitValues('\\')).toEqual(['\\']);
    expect(splitValues('')).toEqual(['']);
  });
});
