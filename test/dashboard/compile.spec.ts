import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';
import fc from 'fast-check';

import { contentHash } from '../../src/dashboard/content-hash';
import { isCompiled, isStale } from '../../src/dashboard/dashboard-record';
import { memberOf, sourceOf, tagsOf } from '../../src/dashboard/notebook-json';
import type { INotebookJson } from '../../src/dashboard/notebook-json';
import { parametersFromJson } from '../../src/dashboard/parameters';
import { cellRole, DEFAULT_ROLE_TAGS } from '../../src/workload/roles';
import { size } from '../support/sizes';
import {
  code,
  compiledOf,
  compileNotebook,
  notebookOf,
  text
} from './compile-notebook';
import type { Options } from './compile-notebook';
import { notebooks } from './notebooks';

const CLEAN = notebookOf([
  text('markdown', '# Report'),
  code('import json', 'shared'),
  code('rows = [1, 2]\njson.dump(rows, open("a.json", "w"))', 'upstream'),
  text('markdown', 'How it was made', 'upstream'),
  code('# to do'),
  code('%%time\nprint(json.load(open("a.json")))', 'downstream'),
  text('raw', 'kept', 'other')
]);

/** Cells of a compiled notebook as id, or source where there is none. */
const idsOf = ({ cells }: INotebookJson): unknown[] =>
  cells.map(({ id }) => id);

describe('compiling', () => {
  it('keeps shared and downstream cells, and the text between', () => {
    const { notebook, record, notes } = compiledOf(CLEAN);
    expect(idsOf(notebook)).toEqual(['c0', 'c1', 'c5', 'c6']);
    expect(record).toEqual({
      version: 1,
      tool: 'workload-explorer 0.1.0',
      source: 'report.ipynb',
      source_hash: contentHash(CLEAN),
      dropped: [
        { cell: 'c2', index: 2, type: 'code', why: 'upstream' },
        { cell: 'c3', index: 3, type: 'markdown', why: 'upstream' },
        { cell: 'c4', index: 4, type: 'code', why: 'blank' }
      ]
    });
    expect(notes).toEqual([]);
  });

  it('records itself and that it was checked', () => {
    const { notebook, record, places } = compiledOf(CLEAN);
    expect(places).toEqual([0, 1, 5, 6]);
    expect(memberOf(notebook.metadata, 'workload')).toEqual({
      roles: { tags: DEFAULT_ROLE_TAGS },
      dashboard: record,
      check: {
        version: 1,
        tool: 'workload-explorer 0.1.0',
        hash: contentHash(notebook),
        errors: 0
      }
    });
    expect(isCompiled(notebook)).toBe(true);
    expect(isCompiled(CLEAN)).toBe(false);
    expect(isStale(notebook, CLEAN)).toBe(false);
    expect(isStale(notebook, { ...CLEAN, cells: [] })).toBe(true);
    expect(isStale(CLEAN, CLEAN)).toBe(true);
  });

  it('clears what ran, and keeps what Jupyter and Voilà know', () => {
    const kernelspec = { display_name: 'Python 3', name: 'python3' };
    const extensions = { jupyter_dashboards: { version: 1 } };
    const notebook = notebookOf(
      [
        {
          ...code('print(1)'),
          metadata: {
            tags: ['downstream', 'wide'],
            jupyter: { source_hidden: true },
            slideshow: { slide_type: 'slide' },
            editable: false,
            execution: { 'iopub.status.busy': '2021-01-01T00:00:00Z' },
            papermill: { duration: 2 },
            extensions
          }
        },
        {
          ...text('markdown', '![a](attachment:a.png)'),
          attachments: { 'a.png': { 'image/png': 'aaaa' } }
        }
      ],
      {
        kernelspec,
        language_info: { name: 'python' },
        voila: { theme: 'dark' },
        extensions,
        widgets: { state: 'shown' },
        papermill: { input_path: '/home/somebody/report.ipynb' },
        workload: { check: { errors: 0 }, other: 1 }
      }
    );
    const compiled = compiledOf(notebook).notebook;
    expect(compiled.cells).toEqual([
      {
        cell_type: 'code',
        id: 'c0',
        execution_count: null,
        outputs: [],
        source: 'print(1)',
        metadata: {
          tags: ['downstream', 'wide'],
          jupyter: { source_hidden: true },
          slideshow: { slide_type: 'slide' },
          editable: false,
          extensions
        }
      },
      {
        cell_type: 'markdown',
        id: 'c1',
        metadata: { tags: [] },
        source: '![a](attachment:a.png)',
        attachments: { 'a.png': { 'image/png': 'aaaa' } }
      }
    ]);
    const { workload, ...metadata } = compiled.metadata as Record<
      string,
      object
    >;
    expect(metadata).toEqual({
      kernelspec,
      language_info: { name: 'python' },
      voila: { theme: 'dark' },
      extensions
    });
    expect(Object.keys(workload).sort()).toEqual([
      'check',
      'dashboard',
      'roles'
    ]);
  });

  it('gives each cell an id of its own, the same each time', () => {
    const cell = (id: unknown) => ({ ...code('print(1)', 'downstream'), id });
    const cells = [
      cell('a'),
      cell('a'),
      cell(undefined),
      cell('cell-2'),
      cell(3)
    ];
    const { notebook } = compiledOf({ ...CLEAN, cells });
    expect(idsOf(notebook)).toEqual([
      'a',
      'cell-1',
      'cell-3',
      'cell-2',
      'cell-4'
    ]);
    expect(compiledOf({ ...CLEAN, cells }).notebook).toEqual(notebook);
  });

  it('gives cells of older notebooks no ids', () => {
    const cells = [code('a = 1', 'parameters'), code('print(a)', 'downstream')];
    const old = { cells, metadata: {}, nbformat: 4, nbformat_minor: 2 };
    const parameters = parametersFromJson({ a: 2 });
    const { notebook, text: file } = compiledOf(old, { parameters });
    expect(notebook.cells).toHaveLength(3);
    expect(idsOf(notebook)).toEqual([undefined, undefined, undefined]);
    expect(JSON.parse(file)).toMatchObject({ nbformat: 4, nbformat_minor: 2 });
  });

  it('knows tags by the names that the site and the notebook give them', () => {
    const notebook = notebookOf(
      [
        code('x = 1', 'batch'),
        code('print(1)', 'show'),
        code('y = 1', 'upstream', 'show')
      ],
      { workload: { roles: { tags: { upstream: 'batch' } } } }
    );
    const siteRoles = { tags: { downstream: 'show' }, severities: {} };
    const { notebook: compiled } = compiledOf(notebook, {
      siteRoles,
      // “upstream” is a word like any other here, which is told as a mistake.
      force: true
    });
    expect(idsOf(compiled)).toEqual(['c1', 'c2']);
    // What is published must tell by itself.
    expect(memberOf(compiled.metadata, 'workload', 'roles', 'tags')).toEqual({
      upstream: 'batch',
      downstream: 'show',
      shared: 'shared'
    });
  });
});

describe('a notebook with errors', () => {
  const notebook = notebookOf([
    code('x = 1', 'upstream'),
    code('print(x)', 'downstream'),
    code('print(2)'),
    code('print(3)', 'upstream', 'downstream'),
    code('print(4)', 'shared', 'downstream'),
    code('print(5)', 'downstrem'),
    text('markdown', 'both', 'upstream', 'shared')
  ]);

  it('is refused', () => {
    const refused = compileNotebook(notebook);
    expect(refused).toMatchObject({
      kind: 'refused',
      errors: [
        { cell: 1, rule: 'name-upstream-only' },
        { cell: 2, rule: 'role-missing' },
        { cell: 3, rule: 'role-conflict' },
        { cell: 4, rule: 'role-conflict' },
        { cell: 5, rule: 'role-unknown' }
      ]
    });
  });

  it('is compiled by force, without any cell that has not one role', () => {
    const { notebook: compiled, record } = compiledOf(notebook, {
      force: true
    });
    expect(idsOf(compiled)).toEqual(['c1']);
    expect(record.dropped.map(({ index, why }) => [index, why])).toEqual([
      [0, 'upstream'],
      [2, 'no role'],
      [3, 'conflict'],
      [4, 'conflict'],
      [5, 'no role'],
      [6, 'upstream']
    ]);
    expect(record.forced).toEqual({
      errors: 5,
      rules: [
        'name-upstream-only',
        'role-conflict',
        'role-missing',
        'role-unknown'
      ]
    });
    expect(memberOf(compiled.metadata, 'workload', 'check')).toMatchObject({
      hash: contentHash(compiled),
      errors: 5
    });
  });

  it('has no cell without a role even where the site does not care', () => {
    const siteRoles = {
      severities: {
        'role-missing': 'off',
        'role-conflict': 'warning',
        'role-unknown': 'info',
        'name-upstream-only': 'off'
      }
    };
    const { notebook: compiled, record } = compiledOf(notebook, { siteRoles });
    expect(idsOf(compiled)).toEqual(['c1']);
    expect(record.forced).toBeUndefined();
  });

  it('is not compiled by the check of another', () => {
    const { cells } = notebook;
    expect(() =>
      compileNotebook(notebook, {
        notebook: { ...notebook, cells: cells.slice(1) }
      })
    ).toThrow('another notebook');
  });
});

describe('any notebook', () => {
  const isRecord = new Ajv({ strictTypes: false }).compile(
    JSON.parse(
      readFileSync(
        join(__dirname, '..', '..', 'schema', 'dashboard.schema.json'),
        'utf8'
      )
    )
  );

  /** All that can be set. */
  const options: fc.Arbitrary<Options> = fc.record({
    force: fc.constant(true),
    parameters: fc.option(
      fc.constant(parametersFromJson({ value_100: [1, 'x'] })),
      { nil: undefined }
    )
  });

  const run = (
    property: (notebook: INotebookJson, options: Options) => void
  ): void =>
    fc.assert(fc.property(notebooks(), options, property), {
      seed: 61,
      numRuns: size('compiled_notebooks')
    });

  it('compiles to cells with one role that runs, and to nothing of others', () => {
    run((source, given) => {
      const { notebook, text: file, record } = compiledOf(source, given);
      for (const cell of notebook.cells) {
        const role = cellRole(tagsOf(cell), DEFAULT_ROLE_TAGS);
        if (cell.cell_type === 'code') {
          expect(['downstream', 'shared']).toContain(role);
        } else {
          expect(tagsOf(cell)).not.toContain('upstream');
        }
      }
      // Numbers from 100 stand in sources, outputs, attachments and metadata of one cell each.
      const { dropped } = record;
      for (const { index } of dropped) {
        const number = index + 100;
        const marks = new RegExp(
          `(?:value_|f_|comment |shown-|attached-|noted-|ran-|file-)${number}`
        );
        const own = file
          .replaceAll('value_100 = [', '')
          .replace('"value_100": [', '');
        expect(own).not.toMatch(marks);
      }
      expect(file).not.toMatch(/shown-|ran-|noted-|started-/);
    });
  });

  it('keeps cells in their order with ids, tags, sources and attachments', () => {
    run((source, { force }) => {
      const { notebook, record } = compiledOf(source, { force });
      const dropped = new Set(record.dropped.map(({ index }) => index));
      const kept = source.cells.filter((_, i) => !dropped.has(i));
      const told = ({ cells }: INotebookJson): unknown =>
        cells.map(cell => [
          cell.id,
          tagsOf(cell),
          sourceOf(cell),
          cell.cell_type === 'code' ? undefined : cell.attachments
        ]);
      expect(told(notebook)).toEqual(told({ cells: kept }));
      expect(memberOf(notebook.metadata, 'voila')).toEqual(
        memberOf(source.metadata, 'voila')
      );
    });
  });

  it('compiles to the same bytes again, also from its file and after it ran', () => {
    run((source, given) => {
      const { text: file } = compiledOf(source, given);
      expect(compiledOf(source, given).text).toBe(file);
      const ran = {
        ...source,
        cells: source.cells.map(cell =>
          cell.cell_type === 'code' ? { ...cell, outputs: [] } : cell
        )
      };
      expect(compiledOf(ran, given).text).toBe(file);
    });
  });

  it('has the records that the schema describes, with its hash, in its file, too', () => {
    run((source, given) => {
      const { notebook, text: file } = compiledOf(source, given);
      const read = JSON.parse(file) as INotebookJson;
      const hash = memberOf(read.metadata, 'workload', 'check', 'hash');
      expect(hash).toBe(contentHash(notebook));
      expect(contentHash(read)).toBe(hash);
      expect(isStale(read, source)).toBe(false);
      isRecord(memberOf(read.metadata, 'workload'));
      expect(isRecord.errors).toBeNull();
    });
  });

  it('changes no more when it is compiled again', () => {
    run((source, given) => {
      const { notebook } = compiledOf(source, given);
      const again = compiledOf(notebook, { force: true }).notebook;
      expect(contentHash(again)).toBe(contentHash(notebook));
      // Only comments and blanks and cells without one role are left out, so nothing is left to drop.
      expect(again.cells).toHaveLength(notebook.cells.length);
    });
  });
});
