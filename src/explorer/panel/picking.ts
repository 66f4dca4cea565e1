import type { KeyboardEvent, MouseEvent } from 'react';
import { useCallback } from 'react';

import { clickToFilter, selectedRows } from '../../figure/marks';
import type { IMark } from '../../figure/model';
import { exceptNames } from '../../figure/rows';
import { ANALYSES } from '../../workload/analyses';
import type { ITable, Row } from '../../workload/answer';
import { describeFilter } from '../../workload/caption';
import type { Filter, IQuestion } from '../../workload/query';
import { usePanel, useModel } from './context';
import { otherScope, pick } from './edits';
import type { PickMode } from './edits';

/** What a mark of a chart, or a row of its table, tells of itself. */
export type Clicked = Pick<IMark, 'values' | 'except'>;

/**
 * The conditions that a click stands for.
 *
 * #### Notes
 * A package stands for the jobs that have it, whole: of records of one package alone, other charts could not say what it is
 * used together with, and shares of jobs with another package would all be 0. A period becomes a condition on the time of the
 * record, so that it filters the other charts as everything else that is clicked.
 */
export function clickedFilters(
  clicked: Clicked,
  question: IQuestion
): readonly Filter[] {
  const found = clickToFilter(clicked, question);
  if (!found) {
    return [];
  }
  const filters = found.filters.map(wholeJobs);
  const { period } = found;
  return period
    ? [
        ...filters,
        {
          field: 'time',
          op: 'range',
          ...(period.from === null ? {} : { from: period.from }),
          ...(period.to === null ? {} : { to: period.to })
        }
      ]
    : filters;
}

function wholeJobs(filter: Filter): Filter {
  return filter.op === 'any' && !filter.not
    ? (otherScope(filter) ?? filter)
    : filter;
}

/** What was clicked, as conditions on what the chart itself shows: a package is a bar or a row there. */
export function shownPicks(
  picks: readonly Filter[],
  table: ITable
): readonly Filter[] {
  return table.columns.includes('package')
    ? picks.map(filter =>
        filter.op === 'job-has' ? (otherScope(filter) ?? filter) : filter
      )
    : picks;
}

/** A row of an answer's table as a mark. */
export function clickedRow(
  row: Row,
  table: ITable,
  question: IQuestion
): Clicked {
  const [column] = ANALYSES[question.analysis].columns;
  return { values: row, except: exceptNames(row, table.rows, column) };
}

/** What keys held down make of a click. */
export function pickMode(keys: {
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}): PickMode {
  return keys.altKey ? 'exclude' : keys.shiftKey ? 'add' : 'replace';
}

/**
 * Clicks in a chart: what one does, for marks and for the rows of its table.
 *
 * @param question The one that the table answers.
 */
export function usePick(
  id: string,
  picks: readonly Filter[] | undefined,
  question: IQuestion,
  table: ITable | null
) {
  const { model, ui, trans } = usePanel();
  const readOnly = useModel(one => one.readOnly);

  const onMark = useCallback(
    (clicked: Clicked, mode: PickMode) => {
      const filters = clickedFilters(clicked, question);
      if (filters.length === 0 || readOnly) {
        return;
      }
      model.update(pick(id, filters, mode));
      const now = model.view.board.find(one => one.id === id)?.picks ?? [];
      ui.say(
        now.length === 0
          ? trans.__('Selection cleared')
          : trans.__(
              'All other charts show: %1',
              now.map(filter => describeFilter(filter, trans)).join(', ')
            )
      );
    },
    [model, ui, trans, id, question, readOnly]
  );

  const rows = table?.rows ?? [];
  const canPick =
    table !== null &&
    rows.some(
      row =>
        clickedFilters(clickedRow(row, table, question), question).length > 0
    );
  const selected =
    table && picks
      ? selectedRows(
          rows.map(row => clickedRow(row, table, question)),
          shownPicks(picks, table)
        )
      : null;
  const picked = new Set(rows.filter((_, i) => selected?.[i]));

  return {
    onMark,
    onRow:
      canPick && !readOnly
        ? (row: Row, event: MouseEvent | KeyboardEvent) =>
            onMark(clickedRow(row, table, question), pickMode(event))
        : undefined,
    isPicked: (row: Row) => picked.has(row)
  };
}
