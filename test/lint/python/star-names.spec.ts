import { starNames } from '../../../src/lint/python/star-names';
import { steps } from './render';

describe('star imports', () => {
  it('bind the names of a module that is known', () => {
    const bound = steps('from bisect import *').split(' ');
    expect(bound).toContain('=bisect_left:import');
    expect(bound).not.toContain('unknown:star-import:bisect(*)');
  });

  it('bind in some versions what others lack', () => {
    expect(starNames('itertools')?.certain).toContain('chain');
    expect(starNames('itertools')?.possible).toContain('batched');
    expect(steps('from itertools import *')).toMatch(
      /unknown:star-import:itertools\([\w,]*batched/
    );
  });

  it('bind anything where nothing is known of the module', () => {
    expect(starNames('pylab')).toBeNull();
    expect(steps('from pylab import *')).toBe('unknown:star-import:pylab(*)');
  });
});
