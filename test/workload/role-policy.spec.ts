import {
  DEFAULT_ROLE_POLICY,
  readRolePolicy
} from '../../src/workload/role-policy';

const RULES = ['order', 'import-heavy'];

describe('readRolePolicy', () => {
  it('is the defaults where nobody says otherwise', () => {
    expect(readRolePolicy([undefined, null, {}], RULES)).toEqual({
      policy: DEFAULT_ROLE_POLICY,
      problems: []
    });
  });

  it('lets a notebook change what the site says, and only that', () => {
    const site = {
      tags: { upstream: 'reduce' },
      severities: { order: 'warning', 'import-heavy': 'off' },
      heavy_packages: ['cudf']
    };
    const { policy, problems } = readRolePolicy(
      [site, { tags: { shared: 'both' }, severities: { order: 'error' } }],
      RULES
    );
    expect(problems).toEqual([]);
    expect(policy).toEqual({
      tags: { upstream: 'reduce', downstream: 'downstream', shared: 'both' },
      severities: { order: 'error', 'import-heavy': 'off' },
      heavyPackages: ['cudf']
    });
  });

  it.each([
    [[], 'must be an object'],
    [{ tags: 'upstream' }, 'an object of tags'],
    [{ tags: { downsteam: 'd' } }, 'the role “downsteam”'],
    [{ tags: { upstream: ' ' } }, 'must be a text'],
    [{ tags: { upstream: 'shared' } }, 'the same tag'],
    [{ severities: [] }, 'an object of severities'],
    [{ severities: { odrer: 'off' } }, 'the rule “odrer”'],
    [{ severities: { order: 'fatal' } }, 'error, warning, info or off'],
    [{ heavy_packages: 'cudf' }, 'a list of packages']
  ])('tells what is wrong with %j and leaves it out', (layer, problem) => {
    const { policy, problems } = readRolePolicy([layer], RULES);
    expect(policy).toEqual(DEFAULT_ROLE_POLICY);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});
