import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';

import { defaultQuestion } from '../../src/workload/analyses';
import {
  ANALYSIS_IDS,
  DEFAULT_POPULATION,
  defaultSelection,
  DISTINCTS,
  effectiveFilters
} from '../../src/workload/query';
import type {
  DefaultField,
  Filter,
  ISelection
} from '../../src/workload/query';

const BOTH: readonly DefaultField[] = ['is_staff', 'is_compute'];

function selection(parts: Partial<ISelection> = {}): ISelection {
  return { ...defaultSelection({ paths: ['a.parquet'] }), ...parts };
}

describe('defaultSelection', () => {
  it('is no staff on compute nodes, at all times', () => {
    expect(selection()).toEqual({
      source: { paths: ['a.parquet'] },
      mapping: {},
      filters: [],
      defaults: ['is_staff', 'is_compute'],
      period: { from: null, to: null },
      zone: 'UTC'
    });
  });
});

describe('effectiveFilters', () => {
  const nodes: Filter = { field: 'nodes', op: 'range', from: '2' };
  const staff: Filter = { field: 'is_staff', op: 'any', values: ['true'] };

  it('adds what the selection keeps and the analysis wants, after the user’s own', () => {
    expect(effectiveFilters(selection({ filters: [nodes] }), BOTH)).toEqual([
      nodes,
      DEFAULT_POPULATION.is_staff,
      DEFAULT_POPULATION.is_compute
    ]);
    expect(effectiveFilters(selection(), ['is_staff'])).toEqual([
      DEFAULT_POPULATION.is_staff
    ]);
    expect(
      effectiveFilters(selection({ defaults: ['is_compute'] }), BOTH)
    ).toEqual([DEFAULT_POPULATION.is_compute]);
    expect(effectiveFilters(selection({ defaults: [] }), BOTH)).toEqual([]);
  });

  it('leaves out what a filter on the same field replaces, whatever it says', () => {
    expect(effectiveFilters(selection({ filters: [staff] }), BOTH)).toEqual([
      staff,
      DEFAULT_POPULATION.is_compute
    ]);
    const negated: Filter = { ...staff, not: true };
    expect(
      effectiveFilters(selection({ filters: [negated] }), ['is_staff'])
    ).toEqual([negated]);
  });

  it('knows a field by its column where the mapping is known', () => {
    const byColumn: Filter = { ...staff, field: 'data.is_staff' };
    const filters = [byColumn];
    expect(
      effectiveFilters(selection({ filters }), ['is_staff'], {
        is_staff: ['data.is_staff']
      })
    ).toEqual(filters);
    expect(effectiveFilters(selection({ filters }), ['is_staff'])).toHaveLength(
      2
    );
  });

  it('leaves out what is disabled, which replaces nothing', () => {
    const filters = [{ ...staff, disabled: true }];
    expect(effectiveFilters(selection({ filters }), BOTH)).toEqual([
      DEFAULT_POPULATION.is_staff,
      DEFAULT_POPULATION.is_compute
    ]);
  });
});

describe('schema/query.schema.json', () => {
  const read = (name: string): Record<string, unknown> =>
    JSON.parse(
      readFileSync(join(__dirname, '../../schema', name), 'utf8')
    ) as Record<string, unknown>;
  const schema = read('query.schema.json');
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  ajv.addSchema(read('view.schema.json'));
  const validate = ajv.compile(schema);
  const check = (value: unknown) => {
    const valid = validate(value);
    return valid ? [] : validate.errors;
  };

  it('is valid for its own examples', () => {
    const { examples } = schema;
    expect(Array.isArray(examples) && examples.length > 0).toBe(true);
    for (const example of examples as unknown[]) {
      expect(check(example)).toEqual([]);
    }
  });

  it('takes the default question of every analysis', () => {
    for (const analysis of ANALYSIS_IDS) {
      const question = defaultQuestion(analysis);
      expect(check({ ...selection(), ...question })).toEqual([]);
    }
  });

  it('takes every distinct and every kind of filter', () => {
    const filters: Filter[] = [
      { field: 'user', op: 'any', values: ['ann'], not: true },
      { field: 'user', op: 'prefix', value: 'a', disabled: true },
      { field: 'user', op: 'glob', value: 'a*' },
      { field: 'user', op: 'regexp', value: '^a' },
      { field: 'nodes', op: 'range', from: '2', to: '3' },
      { field: 'nodes', op: 'missing' },
      { field: 'package', op: 'job-has', values: ['numpy'] }
    ];
    for (const distinct of DISTINCTS) {
      expect(
        check({
          ...selection({ filters }),
          ...defaultQuestion('top-packages'),
          distinct
        })
      ).toEqual([]);
    }
  });

  it.each<[string, Record<string, unknown>]>([
    ['an analysis that does not exist', { analysis: 'top' }],
    ['a distinct that does not exist', { distinct: 'node' }],
    ['a filter without values', { filters: [{ field: 'user', op: 'any' }] }],
    ['another key', { colour: 'red' }],
    ['a period that is no date', { period: { from: 'soon', to: null } }],
    ['a top of none', { top: 0 }]
  ])('refuses %s', (_, parts) => {
    expect(
      check({ ...selection(), ...defaultQuestion('top-packages'), ...parts })
    ).not.toEqual([]);
  });
});
