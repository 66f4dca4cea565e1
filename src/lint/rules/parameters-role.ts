import type { ITranslator } from '../../workload/translator';
import type { IRange } from '../finding';
import type { ICheckedCell, IRule, IRuleFinding } from '../rule';
import { leafSteps } from '../python/walk-steps';
import { downstream, parameters, shared, upstream } from './examples';

/** Papermill's cell of parameters: missing, twice, overwritten, or not of literals. */
export const parametersRole: IRule = {
  id: 'parameters-role',
  severity: 'warning',
  title: trans => trans.__('Parameters that runs cannot set'),
  description: trans =>
    trans.__(
      'Papermill puts a cell of values below the first cell tagged “parameters”. What that cell computes is computed before, and what a later cell assigns again is lost. Keep literals there, assign them once, and compute below.'
    ),
  examples: {
    fires: [
      {
        cells: [
          parameters('year = 2021'),
          upstream('year = 2022\nprint(year)')
        ],
        at: [1]
      },
      {
        cells: [
          parameters('site = "north"'),
          downstream('print(site)\nfor site in ["a", "b"]:\n    print(site)')
        ],
        at: [1]
      },
      {
        cells: [parameters('year = 2021\nnext_year = year + 1')],
        at: [0]
      },
      {
        cells: [
          { source: 'year = 2022', tags: ['injected-parameters'] },
          downstream('print(year)')
        ],
        at: [0]
      },
      { cells: [parameters('a = 1'), parameters('b = 2')], at: [1] }
    ],
    clean: [
      {
        cells: [
          parameters('year = 2021\nnames = ["numpy", "scipy"]'),
          shared('next_year = year + 1'),
          downstream('year = int(year)\nprint(year)')
        ]
      },
      {
        cells: [
          parameters('year = 2021'),
          { source: 'year = 2022', tags: ['injected-parameters'] }
        ]
      }
    ]
  },
  *check({ cells, trans }) {
    const tagged = cells.filter(
      each => each.facts !== null && each.cell.tags.includes('parameters')
    );
    const [first, ...others] = tagged;
    if (!first) {
      yield* missing(cells, trans);
      return;
    }
    for (const { index } of others) {
      yield {
        cell: index,
        range: null,
        message: trans.__(
          'Cell %1 has the tag “parameters” already, and papermill takes the first. Move these values there, and remove the tag.',
          first.index + 1
        )
      };
    }
    yield* computed(first, trans);
    yield* overwritten(first, cells, trans);
  }
};

/** Values were injected, but nothing says where, so that the next run puts them at the top. */
function* missing(
  cells: readonly ICheckedCell[],
  trans: ITranslator
): Generator<IRuleFinding> {
  const injected = cells.find(({ cell }) =>
    cell.tags.includes('injected-parameters')
  );
  if (injected) {
    yield {
      cell: injected.index,
      range: null,
      message: trans.__(
        'Papermill put these values here, but no cell is tagged “parameters”. Tag the cell that has their defaults.'
      )
    };
  }
}

function* computed(
  { index, facts }: ICheckedCell,
  trans: ITranslator
): Generator<IRuleFinding> {
  const told = new Set<string>();
  for (const statement of facts?.statements ?? []) {
    const { kind, name, isLiteral, from, to } = statement;
    if (kind === 'assignment' && !isLiteral && !told.has(name ?? '')) {
      told.add(name ?? '');
      yield {
        cell: index,
        range: { from, to },
        ...(name !== undefined && { name }),
        message:
          name === undefined
            ? trans.__(
                'This is no assignment of a literal to one name, so papermill cannot set it. Move it to a cell below.'
              )
            : trans.__(
                '“%1” is computed here, before papermill sets its values. Give it a literal, or compute it in a cell below.',
                name
              )
      };
    }
  }
}

/** Parameters that a later cell assigns without having read them, or takes for a loop: what papermill sets is lost. */
function* overwritten(
  first: ICheckedCell,
  cells: readonly ICheckedCell[],
  trans: ITranslator
): Generator<IRuleFinding> {
  const names = new Set(
    (first.facts?.statements ?? []).flatMap(({ kind, name }) =>
      kind === 'assignment' && name !== undefined ? [name] : []
    )
  );
  for (const { index, cell, facts } of cells.slice(first.index + 1)) {
    if (
      cell.tags.includes('injected-parameters') ||
      cell.tags.includes('parameters')
    ) {
      continue;
    }
    const settled = new Set<string>();
    const told = new Set<string>();
    for (const step of leafSteps(facts?.steps ?? [])) {
      if (
        (step.kind !== 'use' && step.kind !== 'bind') ||
        !names.has(step.name) ||
        told.has(step.name)
      ) {
        continue;
      }
      const isFirst = !settled.has(step.name);
      settled.add(step.name);
      if (
        step.kind === 'bind' &&
        (step.by === 'for' || (step.by === 'assignment' && isFirst))
      ) {
        told.add(step.name);
        const range: IRange = { from: step.from, to: step.to };
        yield {
          cell: index,
          range,
          name: step.name,
          message: trans.__(
            '“%1” is a parameter of cell %2; assigned here, the value of a run is lost. Use another name, or remove this.',
            step.name,
            first.index + 1
          )
        };
      }
    }
  }
}
