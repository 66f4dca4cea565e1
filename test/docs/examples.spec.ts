import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';

import { FUNCTIONS } from '../../src/transform/functions';
import { parseTransform } from '../../src/transform/parse';
import { runTransform } from '../../src/transform/run';
import { STEP_KINDS } from '../../src/transform/steps';
import { VERBS } from '../../src/transform/verbs';
import { answerColumns, defaultQuestion } from '../../src/workload/analyses';
import { ANALYSIS_IDS } from '../../src/workload/query';
import { english } from '../../src/workload/translator';
import { readView } from '../../src/workload/view-read';
import { ROOT, codes, fences, page } from './markdown';

function schema(name: string): object {
  const parsed: unknown = JSON.parse(
    readFileSync(join(ROOT, 'schema', `${name}.schema.json`), 'utf8')
  );
  if (typeof parsed !== 'object' || parsed === null) {
    throw new Error(`${name} is no schema.`);
  }
  return parsed;
}

/** What is wrong with a value; null when nothing is. */
function faults(name: string, value: unknown): unknown {
  if (name === 'workload-site') {
    const site = new Ajv2020({ allErrors: true }).compile(schema(name));
    return site(value) ? null : site.errors;
  }
  const ajv = new Ajv({ allErrors: true, strictTypes: false });
  ['view', 'query', 'provenance', 'findings', 'dashboard'].forEach(one =>
    ajv.addSchema(schema(one), one)
  );
  const validate = ajv.getSchema(name);
  return validate?.(value) ? null : validate?.errors;
}

const json = fences().filter(({ lang }) => lang === 'json');

describe('JSON in the documentation', () => {
  it('says what it is an example of', () => {
    expect(new Set(json.map(({ info }) => info))).toEqual(
      new Set(['answer', 'dashboard', 'findings', 'site', 'view'])
    );
  });

  it.each(json.filter(({ info }) => info === 'view'))(
    'is a view ($page)',
    ({ code }) => {
      expect(faults('view', JSON.parse(code))).toBeNull();
      expect(readView(code, english).problem).toBeNull();
    }
  );

  it.each(json.filter(({ info }) => info === 'site'))(
    'is a site file ($page)',
    ({ code }) => {
      expect(faults('workload-site', JSON.parse(code))).toBeNull();
    }
  );

  it.each(json.filter(({ info }) => info === 'answer'))(
    'is an answer ($page)',
    ({ code }) => {
      const { rows, provenance } = JSON.parse(code);
      expect(rows.length).toBeGreaterThan(0);
      expect(faults('provenance', provenance)).toBeNull();
      expect(Object.keys(rows[0])).toEqual(answerColumns(provenance.query));
    }
  );

  it.each(json.filter(({ info }) => info === 'findings'))(
    'is what a check prints ($page)',
    ({ code }) => {
      expect(faults('findings', JSON.parse(code))).toBeNull();
    }
  );

  it.each(json.filter(({ info }) => info === 'dashboard'))(
    'is what a dashboard says of itself ($page)',
    ({ code }) => {
      expect(faults('dashboard', JSON.parse(code))).toBeNull();
    }
  );

  it('is compared with schemas that refuse', () => {
    expect(faults('dashboard', { dashboard: { version: 1 } })).not.toBeNull();
    expect(faults('findings', [{ rule: 'order' }])).not.toBeNull();
    expect(faults('view', { version: 1 })).not.toBeNull();
    expect(faults('workload-site', { version: 2 })).not.toBeNull();
    expect(faults('provenance', { version: 1 })).not.toBeNull();
  });
});

describe('transforms in explore.md', () => {
  const EXPLORE = page('explore.md');
  const examples = fences().filter(({ info }) => info.startsWith('transform '));

  it('are found', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('run on the answer they are for: $info', example => {
    const id = ANALYSIS_IDS.find(one => `transform ${one}` === example.info);
    expect(id).toBeDefined();
    const columns = answerColumns(defaultQuestion(id ?? 'users'));
    const rows = [1, 2, 3].map(n =>
      Object.fromEntries(
        columns.map(name => [
          name,
          name.startsWith('package')
            ? ['numpy', 'mpi4py', 'dask'][n - 1]
            : name === 'period'
              ? '2021-01'
              : name === 'r'
                ? 0.9
                : 100 * n
        ])
      )
    );
    const transform = parseTransform(example.code, columns);
    const result = runTransform(transform, { columns, rows });
    expect(result.rows.length).toBeGreaterThan(0);
    expect(result).not.toEqual({ columns, rows });
  });

  it('list every verb', () => {
    const text = EXPLORE.split('<!-- verbs -->')[1].split('<!-- /verbs -->')[0];
    expect(codes(text)).toEqual([...VERBS.keys()]);
  });

  it('list every function', () => {
    const text = EXPLORE.split('<!-- functions -->')[1].split(
      '<!-- /functions -->'
    )[0];
    expect(codes(text)).toEqual(
      [...FUNCTIONS.keys()].map(name => `op.${name}`)
    );
  });

  it('name every step', () => {
    const words: Record<(typeof STEP_KINDS)[number], string> = {
      sort: 'sort',
      share: 'share of the sum',
      minimum: 'minimum',
      top: 'top rows',
      cumulative: 'cumulative sum',
      rename: 'rename'
    };
    expect(EXPLORE.replace(/\s+/g, ' ')).toContain(
      `${STEP_KINDS.map(kind => words[kind]).join(', ')}.`
    );
  });
});
