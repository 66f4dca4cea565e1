import { applyFix } from '../../../src/lint/apply-fix';
import type { INotebook } from '../../../src/lint/notebook';
import { RULES } from '../../../src/lint/rules';
import { cellsOf, check, notebookOf } from './notebooks';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

const lineFeeds = (text: string): string => text.replaceAll('\r\n', '\n');

/** The same notebook, with other line ends. */
function withCrlf({ path, cells }: INotebook): INotebook {
  return {
    path,
    cells: cells.map(cell => ({ ...cell, source: crlf(cell.source) }))
  };
}

/** Notebooks whose fixes touch several lines, and the files beside them. */
const examples: readonly (readonly [
  label: string,
  notebook: INotebook,
  files: readonly string[]
])[] = [
  ...RULES.flatMap(({ id, examples: { fires, clean } }) =>
    [...fires, ...clean].map(
      (example, i) =>
        [`${id} ${i}`, notebookOf(example), example.files ?? []] as const
    )
  ),
  ...[
    ['u: # first⏎import json⏎x = 1', 'd: print(json)'],
    ['u: x = 1⏎import json', 'd: print(json)'],
    ['u: import os, json⏎x = os', 'd: print(json)'],
    ['u: from os import (⏎    path,⏎    sep⏎)⏎x = 1', 'd: print(sep)'],
    ['s: import os⏎# more', 'u: import json⏎x = 1', 'd: print(os, json)'],
    ['s: """text⏎of⏎lines"""⏎import os', 'u: import os⏎y = os', 'd: os'],
    ['d: """text⏎of⏎lines"""⏎# more⏎np.zeros(1)'],
    ['d: total = 1⏎⏎print(totl)⏎f"{totl}"'],
    ['u: n = 1⏎⏎m = 2', 'd: print(n)'],
    ['u: open("a.csv", "w")⏎# more', 'd: x = 1⏎open("./A.csv")']
  ].map(
    lines =>
      [lines.join(' | '), notebookOf({ cells: cellsOf(...lines) }), []] as const
  )
];

describe('line ends of \\r\\n', () => {
  it.each(examples)('change neither findings nor fixes: %s', (_, lf, files) => {
    const there = withCrlf(lf);
    const expected = check(lf, files).findings;
    const found = check(there, files).findings;
    const at = ({ cells }: INotebook, cell: number, offset?: number) =>
      offset === undefined
        ? null
        : lineFeeds(cells[cell].source.slice(0, offset));
    const places = (
      notebook: INotebook,
      list: typeof found
    ): readonly unknown[] =>
      list.map(({ rule, cell, severity, name, message, range }) => [
        rule,
        cell,
        severity,
        name,
        message,
        at(notebook, cell, range?.from),
        at(notebook, cell, range?.to)
      ]);
    expect(places(there, found)).toEqual(places(lf, expected));
    found.forEach(({ fix }, i) => {
      const same = expected[i].fix;
      expect(fix?.title).toBe(same?.title);
      if (fix && same) {
        const fixed = applyFix(there, fix);
        expect(fixed.cells.map(({ source }) => lineFeeds(source))).toEqual(
          applyFix(lf, same).cells.map(({ source }) => source)
        );
        for (const { source } of fixed.cells) {
          // A cell of one line has no line end that tells.
          expect([crlf(lineFeeds(source)), lineFeeds(source)]).toContain(
            source
          );
        }
      }
    });
  });

  it('are in notebooks that have fixes', () => {
    const fixes = examples.flatMap(([, notebook, files]) =>
      check(notebook, files).findings.filter(({ fix }) => fix)
    );
    expect(fixes.length).toBeGreaterThan(20);
  });
});
