import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';
import * as fc from 'fast-check';

import { checkView } from '../../src/workload/view-check';
import { ROLES } from '../../src/workload/fields';
import { ANALYSIS_IDS, DISTINCTS } from '../../src/workload/query';
import { VIEW_SCHEMA } from '../../src/workload/view';
import { views } from '../support/views';

interface ISchema {
  $id: string;
  properties: { mapping: { properties: Record<string, unknown> } };
  definitions: {
    question: {
      properties: {
        analysis: { enum: string[] };
        distinct: { enum: string[] };
      };
    };
  };
}

const schema: ISchema = JSON.parse(
  readFileSync(join(__dirname, '../../schema/view.schema.json'), 'utf8')
);
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

/** A copy of a value with one part, chosen by `seed`, replaced or removed. */
function damage(value: unknown, seed: number, by: unknown): unknown {
  const places: (() => void)[] = [];
  const copy: unknown = structuredClone(value);
  const visit = (node: unknown) => {
    if (typeof node === 'object' && node !== null) {
      const record = node as Record<string, unknown>;
      for (const key of Object.keys(record)) {
        places.push(
          () => void (record[key] = by),
          () => void (Array.isArray(record) ? record.pop() : delete record[key])
        );
        visit(record[key]);
      }
    }
  };
  visit(copy);
  places[seed % places.length]();
  return copy;
}

const replacements = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    'x',
    0,
    1,
    1.5,
    -2,
    true,
    [],
    [1],
    ['a'],
    {}
  ),
  fc.constantFrom<unknown>(
    'any',
    'range',
    'log2',
    'month',
    '2021-01-01',
    'job',
    'numpy'
  )
);

describe('checkView', () => {
  it('accepts every view, and gives it back', () => {
    fc.assert(
      fc.property(views, view => {
        expect(validate(view)).toBe(true);
        expect(checkView(view)).toMatchObject({
          view,
          issues: [],
          dropped: []
        });
      }),
      { seed: 3, numRuns: 300 }
    );
  });

  it('agrees with the JSON Schema on damaged views', () => {
    let rejected = 0;
    fc.assert(
      fc.property(views, fc.nat(), replacements, (view, seed, by) => {
        const damaged = damage(view, seed, by);
        const valid = validate(damaged);
        rejected += valid ? 0 : 1;
        expect([damaged, checkView(damaged).issues.length === 0]).toEqual([
          damaged,
          valid
        ]);
      }),
      { seed: 4, numRuns: 5000 }
    );
    // The damage is real in most cases, and harmless in some.
    expect(rejected).toBeGreaterThan(2000);
    expect(rejected).toBeLessThan(4900);
  });

  it('takes from a damaged view what is sound, which is a view', () => {
    fc.assert(
      fc.property(views, fc.nat(), replacements, (view, seed, by) => {
        const { view: saved } = checkView(damage(view, seed, by));
        if (saved) {
          expect(checkView(saved)).toMatchObject({ issues: [] });
        }
      }),
      { seed: 5, numRuns: 1000 }
    );
  });

  it('knows the words that the schema knows', () => {
    const { question } = schema.definitions;
    expect(schema.$id).toBe(VIEW_SCHEMA);
    expect(Object.keys(schema.properties.mapping.properties)).toEqual([
      ...ROLES
    ]);
    expect(question.properties.analysis.enum).toEqual([...ANALYSIS_IDS]);
    expect(question.properties.distinct.enum).toEqual([...DISTINCTS]);
  });

  it('gives charts that share an id ids of their own', () => {
    const question = { analysis: 'users' };
    const board = ['a', 'b', 'a', 'a-2', 'a'].map(id => ({ id, question }));
    const { view, renamed } = checkView({
      version: 1,
      source: { paths: [] },
      board
    });
    expect(view?.board.map(chart => chart.id)).toEqual([
      'a',
      'b',
      'a-3',
      'a-2',
      'a-4'
    ]);
    expect([...renamed]).toEqual([
      [2, 'a-3'],
      [4, 'a-4']
    ]);
  });
});
