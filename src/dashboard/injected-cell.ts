import { analyzeCell } from '../lint/python/analyze-cell';
import { leafSteps } from '../lint/python/walk-steps';
import type { ITranslator } from '../workload/translator';
import { idOf, sourceOf, tagsOf } from './notebook-json';
import type { ICellJson, INotebookJson } from './notebook-json';
import { parametersCode } from './parameters';
import type { ParameterMap } from './parameters';

const TAG = 'injected-parameters';

/** A cell that sets parameters, and where it goes. */
export interface IInjectedCell {
  readonly cell: ICellJson;
  /** The cell of the source that it replaces, comes after, or comes before at the top. */
  readonly index: number;
  readonly place: 'replace' | 'after' | 'top';
  /** What somebody should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Make the cell that sets parameters, and find its place as Papermill does: that of the first cell that Papermill has injected, else after
 * the first one tagged `parameters`, else at the top.
 *
 * @throws ParameterError when a parameter cannot be set.
 */
export function placeInjected(
  { cells, nbformat_minor: minor }: INotebookJson,
  parameters: ParameterMap,
  trans: ITranslator
): IInjectedCell {
  const tagged = (tag: string): number =>
    cells.findIndex(cell => tagsOf(cell).includes(tag));
  const before = tagged(TAG);
  const defaults = tagged('parameters');
  const hasIds = typeof minor === 'number' && minor >= 5;
  const made = (place: IInjectedCell['place'], index: number) => ({
    cell: {
      cell_type: 'code',
      ...(hasIds && {
        id: (place === 'replace' ? idOf(cells[index]) : null) ?? freeId(cells)
      }),
      execution_count: null,
      metadata: { tags: [TAG] },
      outputs: [],
      source: parametersCode(parameters)
    },
    index,
    place,
    notes:
      defaults >= 0
        ? unknownNames(cells[defaults], parameters).map(name =>
            trans.__(
              'The parameter “%1” is not assigned in cell %2, which is tagged “parameters”. Check its name.',
              name,
              defaults + 1
            )
          )
        : place === 'top'
          ? [
              trans.__(
                'No cell is tagged “parameters”, so the values are set at the top. Tag the cell that has their defaults.'
              )
            ]
          : []
  });
  return before >= 0
    ? made('replace', before)
    : defaults >= 0
      ? made('after', defaults)
      : made('top', 0);
}

/** An id that no cell has, always the same for the same cells. */
function freeId(cells: readonly ICellJson[]): string {
  const ids = new Set(cells.map(idOf));
  let id = TAG;
  for (let i = 2; ids.has(id); i++) {
    id = `${TAG}-${i}`;
  }
  return id;
}

/** Parameters that the cell of defaults does not assign. */
function unknownNames(
  defaults: ICellJson,
  parameters: ParameterMap
): readonly string[] {
  const known = new Set<string>();
  for (const step of leafSteps(analyzeCell(sourceOf(defaults)).steps)) {
    if (step.kind === 'bind') {
      known.add(step.name);
    }
  }
  return [...parameters.keys()].filter(name => !known.has(name));
}
