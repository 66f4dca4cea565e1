import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, anchors, links, pages, resolveLink } from './markdown';

/** Pictures are taken by the browser tests; until the first is there, none can be asked for. */
const HAS_PICTURES = existsSync(join(ROOT, 'docs', 'images'));

const relative = links().filter(
  ({ target }) => !/^[a-z]+:/i.test(target) && !target.startsWith('//')
);

describe('links of the documentation', () => {
  it('are found', () => {
    expect(relative.length).toBeGreaterThan(30);
  });

  it('lead to files that are there', () => {
    const broken = relative.filter(link => {
      const { path } = resolveLink(link);
      const isAwaited = !HAS_PICTURES && path.startsWith('docs/images/');
      return !isAwaited && !existsSync(join(ROOT, path));
    });
    expect(broken).toEqual([]);
  });

  it('lead to headings that are there', () => {
    const broken = relative.filter(link => {
      const { path, anchor } = resolveLink(link);
      return (
        anchor !== null &&
        path.endsWith('.md') &&
        !anchors(path).includes(anchor)
      );
    });
    expect(broken).toEqual([]);
  });

  it('stay within the project', () => {
    expect(
      relative.filter(link => resolveLink(link).path.startsWith('..'))
    ).toEqual([]);
  });

  it('reach every page from the index', () => {
    const index = links()
      .filter(({ page }) => page === 'docs/index.md')
      .map(link => resolveLink(link).path);
    const missing = pages()
      .map(({ path }) => path)
      .filter(path => path.startsWith('docs/') && path !== 'docs/index.md')
      .filter(path => !index.includes(path));
    expect(missing).toEqual([]);
  });
});
