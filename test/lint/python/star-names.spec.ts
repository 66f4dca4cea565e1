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
    expect(starNames('house_style')).toBeNull();
    expect(steps('from house_style import *')).toBe(
      'unknown:star-import:house_style(*)'
    );
  });

  it.each(['pylab', 'matplotlib.pylab'])(
    'bind what a library has, and perhaps more: %s',
    module => {
      const bound = steps(`from ${module} import *`).split(' ');
      expect(bound).toContain('=linspace:import');
      expect(bound).toContain('=plot:import');
      expect(bound).toContain('=randn:import');
      expect(bound).toContain(`unknown:star-import:${module}(*)`);
    }
  );

  it('bind no more than the library that is named', () => {
    const bound = steps('from numpy import *').split(' ');
    expect(bound).toContain('=linspace:import');
    expect(bound).not.toContain('=plot:import');
  });

  it('come with %pylab, unless it is told not to', () => {
    expect(steps('%pylab inline').split(' ')).toEqual(
      expect.arrayContaining(['=np:magic', '=plot:magic'])
    );
    const few = steps('%pylab --no-import-all').split(' ');
    expect(few).toContain('=np:magic');
    expect(few).not.toContain('=plot:magic');
  });
});
