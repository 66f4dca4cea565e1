import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { contentHash } from '../../src/dashboard/content-hash';
import type { INotebookJson } from '../../src/dashboard/notebook-json';
import { jsonObjects, notebooks } from './notebooks';

interface ICase {
  readonly what: string;
  readonly notebook: INotebookJson;
  readonly hash: string;
}

const CASES = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'content-hashes.json'), 'utf8')
) as readonly ICase[];

/** The same JSON with the keys of its objects in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(turned);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, each]) => [key, turned(each)])
      )
    : value;
}

/** A notebook in which one cell is another. */
function withCell(
  notebook: INotebookJson,
  index: number,
  change: Readonly<Record<string, unknown>>
): INotebookJson {
  return {
    ...notebook,
    cells: notebook.cells.map((cell, i) =>
      i === index ? { ...cell, ...change } : cell
    )
  };
}

const run = <T>(property: fc.IProperty<T>): void =>
  fc.assert(property, { seed: 6, numRuns: 200 });

describe('the content hash', () => {
  it.each(CASES)('is that of the fixture: $what', ({ notebook, hash }) => {
    expect(contentHash(notebook)).toBe(hash);
  });

  it('differs where the fixture says so', () => {
    expect(new Set(CASES.map(({ hash }) => hash)).size).toBe(18);
  });

  it('does not depend on the order of keys', () => {
    run(
      fc.property(notebooks(), notebook => {
        expect(contentHash(turned(notebook) as INotebookJson)).toBe(
          contentHash(notebook)
        );
      })
    );
  });

  it('does not depend on outputs, counts and other metadata', () => {
    run(
      fc.property(notebooks(), jsonObjects(), (notebook, more) => {
        const { cells, metadata } = notebook;
        const other: INotebookJson = {
          ...notebook,
          metadata: { ...(metadata as object), widgets: more, papermill: more },
          cells: cells.map(cell => ({
            ...cell,
            metadata: { ...(cell.metadata as object), execution: more },
            outputs: [more],
            execution_count: 3
          }))
        };
        expect(contentHash(other)).toBe(contentHash(notebook));
      })
    );
  });

  it('depends on each source, tag, id and type, and on the order of cells', () => {
    run(
      fc.property(
        notebooks({ minLength: 1 }),
        fc.nat(),
        fc.string({ minLength: 1 }),
        (notebook, at, text) => {
          const index = at % notebook.cells.length;
          const cell = notebook.cells[index];
          const tags = (cell.metadata as { tags?: string[] }).tags ?? [];
          const others = [
            withCell(notebook, index, {
              source: [cell.source, text].flat().join('')
            }),
            withCell(notebook, index, {
              metadata: { tags: [...tags, `${tags.join('')}+`] }
            }),
            withCell(notebook, index, { id: `${String(cell.id)}+` }),
            withCell(notebook, index, { cell_type: `${cell.cell_type}+` }),
            { ...notebook, cells: [...notebook.cells, cell] }
          ].map(contentHash);
          expect(others).not.toContain(contentHash(notebook));
          expect(new Set(others).size).toBe(others.length);
        }
      )
    );
  });

  it('depends on kernel, voila and workload, but for its records', () => {
    const cells: INotebookJson['cells'] = [];
    const hashes = [
      {},
      { kernelspec: { name: 'python3' } },
      { voila: { theme: 'dark' } },
      { workload: { roles: { tags: { upstream: 'batch' } } } }
    ].map(metadata => contentHash({ cells, metadata }));
    expect(new Set(hashes).size).toBe(hashes.length);
    const recorded = { workload: { check: { errors: 1 }, dashboard: {} } };
    expect(contentHash({ cells, metadata: recorded })).toBe(hashes[0]);
  });

  it('takes models that have keys without values', () => {
    const metadata = { voila: { a: 1, b: undefined }, workload: undefined };
    expect(contentHash({ cells: [], metadata })).toBe(
      contentHash({ cells: [], metadata: { voila: { a: 1 } } })
    );
  });
});
