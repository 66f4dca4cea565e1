import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import type { JSX, KeyboardEvent, MouseEvent } from 'react';
import { useMemo, useRef, useState } from 'react';

import type { ITable, Row } from '../../workload/answer';
import { columnNote, columnTitle } from '../../workload/caption';
import { cellText } from '../../workload/format';
import { usePanel } from './context';
import { sortRows } from './table-text';
import type { ISort } from './table-text';

interface IDataTableProps {
  readonly label: string;
  readonly table: ITable;
  /** A row was chosen, as a click on its bar or cell does. */
  readonly onPick?: (row: Row, event: MouseEvent | KeyboardEvent) => void;
  /** Whether a row is among those that were clicked. */
  readonly isPicked?: (row: Row) => boolean;
}

/** Pixels; must be the height in the style sheet. */
const ROW = 24;
/** Rows drawn beyond what is in sight. */
const SPARE = 12;

/**
 * A table that can be sorted, and walked through by arrow keys; only rows in sight are drawn. Numbers are right-aligned and in full.
 */
export function DataTable(props: IDataTableProps): JSX.Element {
  const { trans, format } = usePanel();
  const { table, onPick, isPicked } = props;
  const [sort, setSort] = useState<ISort | null>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [current, setCurrent] = useState(0);
  const box = useRef<HTMLDivElement | null>(null);

  const rows = useMemo(() => sortRows(table.rows, sort), [table, sort]);
  const numeric = useMemo(
    () =>
      new Set(
        table.columns.filter(name =>
          table.rows.some(row => typeof row[name] === 'number')
        )
      ),
    [table]
  );
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + SPARE);
  const active = Math.min(current, rows.length - 1);

  const onSort = (column: string) =>
    setSort(old =>
      old?.column !== column
        ? { column, descending: numeric.has(column) }
        : old.descending === numeric.has(column)
          ? { column, descending: !old.descending }
          : null
    );

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(index, rows.length - 1));
    setCurrent(next);
    const node = box.current;
    if (node) {
      const y = next * ROW;
      if (y < node.scrollTop) {
        node.scrollTop = y;
      } else if (y + 2 * ROW > node.scrollTop + node.clientHeight) {
        node.scrollTop = y + 2 * ROW - node.clientHeight;
      }
      setTop(node.scrollTop);
    }
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus()
    );
  };

  const onKeyDown = (
    event: KeyboardEvent<HTMLTableRowElement>,
    index: number
  ) => {
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1
    };
    if (event.key in steps) {
      event.preventDefault();
      goTo(steps[event.key]);
    } else if ((event.key === 'Enter' || event.key === ' ') && onPick) {
      event.preventDefault();
      onPick(rows[index], event);
    }
  };

  return (
    <div
      ref={node => {
        box.current = node;
        if (node && node.clientHeight > 0 && node.clientHeight !== height) {
          setHeight(node.clientHeight);
        }
      }}
      className="jp-Workload-tableBox"
      onScroll={event => setTop(event.currentTarget.scrollTop)}
    >
      <table
        className="jp-Workload-table"
        // Rows that can be chosen make it a grid.
        role={onPick ? 'grid' : undefined}
        aria-multiselectable={onPick ? true : undefined}
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
            {table.columns.map(column => (
              <th
                key={column}
                scope="col"
                className={numeric.has(column) ? 'jp-mod-number' : undefined}
                aria-sort={
                  sort?.column === column
                    ? sort.descending
                      ? 'descending'
                      : 'ascending'
                    : undefined
                }
              >
                <button
                  type="button"
                  onClick={() => onSort(column)}
                  title={columnNote(column, trans) ?? undefined}
                >
                  {columnTitle(column, trans)}
                  {sort?.column === column &&
                    (sort.descending ? (
                      <caretDownIcon.react
                        tag="span"
                        className="jp-Workload-caret"
                      />
                    ) : (
                      <caretUpIcon.react
                        tag="span"
                        className="jp-Workload-caret"
                      />
                    ))}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && (
            <tr aria-hidden="true" style={{ height: first * ROW }} />
          )}
          {rows.slice(first, last).map((row, i) => {
            const index = first + i;
            return (
              <tr
                key={index}
                data-row={index}
                aria-rowindex={index + 2}
                tabIndex={index === active ? 0 : -1}
                aria-selected={isPicked ? isPicked(row) : undefined}
                className={isPicked?.(row) ? 'jp-mod-picked' : undefined}
                onFocus={() => setCurrent(index)}
                onKeyDown={event => onKeyDown(event, index)}
                onClick={onPick && (event => onPick(row, event))}
              >
                {table.columns.map(column => (
                  <td
                    key={column}
                    className={
                      numeric.has(column) ? 'jp-mod-number' : undefined
                    }
                  >
                    {row.other === true &&
                    row[column] === null &&
                    !numeric.has(column)
                      ? trans.__('all others')
                      : cellText(column, row[column] ?? null, format.locale) ||
                        '–'}
                  </td>
                ))}
              </tr>
            );
          })}
          {last < rows.length && (
            <tr
              aria-hidden="true"
              style={{ height: (rows.length - last) * ROW }}
            />
          )}
        </tbody>
      </table>
    </div>
  );
}
