import { steps } from './render';

describe('decorators', () => {
  const uses = (decorator: string): string[] =>
    steps(`${decorator}\ndef f(): return x`)
      .split(' ')
      .filter(step => /^f\b/.test(step));

  it.each(['@interact', '@app.get("/")', '@cache\n@interact'])(
    'may call the function at once: %s',
    decorator => {
      expect(uses(decorator)).toHaveLength(1);
    }
  );

  it.each(['@dask.delayed', '@delayed(pure=True)', '@functools.cache'])(
    'are known to leave calls for later: %s',
    decorator => {
      expect(uses(decorator)).toEqual([]);
    }
  );
});
