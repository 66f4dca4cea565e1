import fc from 'fast-check';

import {
  cellRole,
  DEFAULT_ROLE_TAGS,
  PAPERMILL_TAGS,
  ROLES,
  rolesOf,
  withRole
} from '../../src/workload/roles';

const NAMES = DEFAULT_ROLE_TAGS;

describe('cellRole', () => {
  it.each([
    [[], 'none'],
    [['hide_input'], 'none'],
    [['upstream'], 'upstream'],
    [['a', 'downstream', 'b'], 'downstream'],
    [['shared', 'shared'], 'shared'],
    [['upstream', 'downstream'], 'conflict'],
    [['upstream', 'shared'], 'conflict'],
    [['parameters'], 'shared'],
    [['injected-parameters', 'shared'], 'shared'],
    [['parameters', 'upstream'], 'conflict'],
    // A tag is its whole text.
    [['Upstream'], 'none'],
    [['upstream '], 'none']
  ])('reads %j as %s', (tags, role) => {
    expect(cellRole(tags, NAMES)).toBe(role);
  });

  it('reads the tags that a site has', () => {
    const names = { ...NAMES, upstream: 'reduce' };
    expect(cellRole(['reduce'], names)).toBe('upstream');
    expect(cellRole(['upstream'], names)).toBe('none');
  });
});

describe('withRole', () => {
  it.each([
    [['a', 'b'], 'upstream', ['a', 'b', 'upstream']],
    [['a', 'upstream', 'b'], 'downstream', ['a', 'b', 'downstream']],
    [['upstream', 'downstream', 'x'], 'upstream', ['upstream', 'x']],
    [['upstream', 'x'], null, ['x']],
    [['parameters'], 'shared', ['parameters']],
    [['parameters', 'upstream'], 'shared', ['parameters']],
    [['parameters'], 'upstream', ['parameters', 'upstream']]
  ] as const)('makes of %j, given %s, %j', (tags, role, expected) => {
    expect(withRole(tags, role, NAMES)).toEqual(expected);
  });

  it('gives the role, keeps every other tag, and changes nothing twice', () => {
    const tag = fc.constantFrom(...ROLES, ...PAPERMILL_TAGS, 'a', 'b', 'c');
    fc.assert(
      fc.property(
        fc.array(tag, { maxLength: 6 }),
        fc.constantFrom(...ROLES, null),
        (tags, role) => {
          const next = withRole(tags, role, NAMES);
          const isOther = (each: string) => !ROLES.some(own => own === each);
          expect(next.filter(isOther)).toEqual(tags.filter(isOther));
          const isPapermill = tags.some(each => PAPERMILL_TAGS.includes(each));
          const expected = new Set([
            ...(role === null ? [] : [role]),
            ...(isPapermill ? ['shared'] : [])
          ]);
          expect(new Set(rolesOf(next, NAMES))).toEqual(expected);
          expect(withRole(next, role, NAMES)).toBe(next);
        }
      )
    );
  });
});
