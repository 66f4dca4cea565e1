import fc from 'fast-check';

import type {
  ICellJson,
  INotebookJson
} from '../../src/dashboard/notebook-json';

/** Objects as they may stand in metadata. */
export function jsonObjects(): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
    .map(value => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
}

/** Every tag that says something, and some that do not. */
const TAGS = [
  'upstream',
  'downstream',
  'shared',
  'parameters',
  'injected-parameters',
  'Upstream',
  'upstream ',
  'remove_cell',
  'ü'
];

/** Sources of one cell; `%d` is a number of its own. */
const SOURCES = [
  '',
  '# nothing but a comment %d\n',
  'value_%d = 1\n',
  '%%time\nvalue_%d = "𝒳"\nprint(value_%d)',
  '%%bash\necho value_%d\r\n',
  'def f_%d(:\n  broken'
];

/** Cells with tags in any number and order, and with outputs and attachments. */
function cells(index: number, hasId: boolean): fc.Arbitrary<ICellJson> {
  const made = fc.record({
    cell_type: fc.constantFrom('code', 'code', 'code', 'markdown', 'raw'),
    tags: fc.option(fc.subarray(TAGS, { maxLength: 3 })),
    source: fc.constantFrom(...SOURCES),
    asLines: fc.boolean(),
    more: jsonObjects()
  });
  return made.map(({ cell_type, tags, source: form, asLines, more }) => {
    const source = form.replaceAll('%d', String(index));
    return {
      cell_type,
      ...(hasId && { id: `cell-${index}` }),
      metadata: {
        ...(tags && { tags }),
        jupyter: { source_hidden: true },
        execution: { started: `ran-${index}` },
        note: `noted-${index}`
      },
      source: asLines ? source.split(/(?<=\n)/) : source,
      ...(cell_type === 'code'
        ? {
            execution_count: index,
            outputs: [
              { name: 'stdout', output_type: 'stream', text: `shown-${index}` }
            ]
          }
        : {
            attachments: {
              [`file-${index}.txt`]: { 'text/plain': [`attached-${index}`] },
              more
            }
          })
    };
  });
}

/** Notebooks of Python with cells of all kinds. */
export function notebooks({
  minLength = 0
}: { minLength?: number } = {}): fc.Arbitrary<INotebookJson> {
  const cellLists = fc
    .tuple(fc.integer({ min: minLength, max: 8 }), fc.boolean())
    .chain(([length, hasIds]) =>
      fc.record({
        hasIds: fc.constant(hasIds),
        cells: fc.tuple(
          ...Array.from({ length }, (_, i) => cells(i + 100, hasIds))
        )
      })
    );
  return fc
    .record({ list: cellLists, voila: fc.option(jsonObjects()) })
    .map(({ list, voila }) => ({
      cells: list.cells,
      metadata: {
        kernelspec: { display_name: 'Python 3', name: 'python3' },
        language_info: { name: 'python', version: '3.11.2' },
        papermill: { start_time: 'started-0' },
        widgets: { state: 'shown-0' },
        ...(voila && { voila })
      },
      nbformat: 4,
      nbformat_minor: list.hasIds ? 5 : 4
    }));
}
