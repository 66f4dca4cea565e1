import {
  ENVIRONMENT_RULES,
  environmentOf,
  OTHER_ENVIRONMENT,
  readEnvironmentRules
} from '../../src/workload/environment';

describe('environmentOf', () => {
  const shipped = environmentOf(ENVIRONMENT_RULES);

  it.each([
    [
      '/usr/common/software/python/3.8-anaconda-2020.11/bin/python',
      false,
      'center module'
    ],
    [
      '/global/common/cori_cle7/software/jupyter/bin/python',
      false,
      'center module'
    ],
    ['/opt/cray/pe/python/3.8.2/bin/python', false, 'center module'],
    ['/sw/python/bin/python', false, 'center module'],
    ['/global/homes/a/ann/.conda/envs/work/bin/python', false, 'conda'],
    ['/home/ann/miniconda3/bin/python', false, 'conda'],
    ['/home/ann/anaconda/bin/python', false, 'conda'],
    ['/opt/conda/bin/python', false, 'conda'],
    ['/home/ann/mambaforge/bin/python', false, 'conda'],
    // A conda environment of the center's module is the user's own.
    ['/usr/common/software/python/envs/mine/bin/python', false, 'conda'],
    ['/usr/bin/python3', false, 'other'],
    ['/home/ann/swift/bin/python', false, 'other'],
    ['/home/sw/bin/python', false, 'other'],
    ['', false, 'other'],
    [null, false, 'other'],
    ['/usr/common/software/python/bin/python', true, 'container'],
    [null, true, 'container']
  ])('tells %s (in a container: %s) as %s', (path, inside, expected) => {
    expect(shipped(path, inside)).toBe(expected);
  });

  it('takes the first rule that holds, of a site’s own', () => {
    const own = environmentOf([
      { name: 'project', executable: '^/proj/' },
      { name: 'image or project', container: true, executable: 'python' }
    ]);
    expect(own('/proj/python', true)).toBe('project');
    expect(own('/usr/python', false)).toBe('image or project');
    expect(own(null, true)).toBe('image or project');
    expect(own('/usr/perl', false)).toBe(OTHER_ENVIRONMENT);
    expect(environmentOf([])('/proj/python', true)).toBe(OTHER_ENVIRONMENT);
  });

  it('refuses a pattern that is none', () => {
    expect(() => environmentOf([{ name: 'x', executable: '(' }])).toThrow();
  });
});

describe('readEnvironmentRules', () => {
  it('takes the rules of a site file', () => {
    const rules = [
      { name: 'container', container: true },
      { name: 'ours', executable: '^/opt/ours/' }
    ];
    expect(readEnvironmentRules(rules)).toEqual(rules);
    expect(readEnvironmentRules(undefined)).toBeNull();
    expect(readEnvironmentRules([])).toBeNull();
  });

  it.each([
    [{}, 'not a list'],
    [['x'], 'Rule 1'],
    [[{ name: 'a', container: false }], 'Rule 1'],
    [[{ name: 'a', executable: 1 }], 'Rule 1'],
    [[{ name: 'a', executable: '(' }], 'pattern of “a”']
  ])('refuses %j', (value, message) => {
    expect(() => readEnvironmentRules(value)).toThrow(message);
  });
});
