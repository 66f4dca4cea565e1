import type { DragEvent, JSX, MouseEvent } from 'react';

import type { ITranslator } from '../../workload/translator';
import { worstSeverity } from '../counts';
import type { IChecked } from '../model';
import {
  ROLE_LETTERS,
  roleTitle,
  SEVERITY_SIGNS,
  severityTitle
} from '../role-text';
import { crossLinks, titleLine } from './rows';
import type { ICrossLink, IRow } from './rows';

/** Names of a cell that are shown in its line; the tooltip has them all. */
const NAMES = 3;

interface ICellRowProps {
  readonly id: string;
  readonly row: IRow;
  /** Where the line is, pixels. */
  readonly top: number;
  readonly place: number;
  readonly of: number;
  readonly source: string;
  readonly checked: IChecked | null;
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  /** Whether it is the notebook's active cell. */
  readonly isActive: boolean;
  readonly trans: ITranslator;
  readonly onClick: (event: MouseEvent) => void;
  readonly onDoubleClick: () => void;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragEnd: () => void;
}

/** A cell as a line: role, number, what it is, and the names that tie it to cells of other roles. */
export function CellRow(props: ICellRowProps): JSX.Element {
  const { row, checked, trans } = props;
  const role = row.role === 'none' && !row.needsRole ? null : row.role;
  const line =
    titleLine(props.source, row.type) ||
    (row.type === 'code' ? trans.__('Empty cell') : trans.__('Empty text'));
  // A result about other cells than these says nothing of this one.
  const isChecked = checked?.cells.at(row.index)?.id === row.id;
  const { defines, uses } = isChecked
    ? crossLinks(row.index, checked.result.cells)
    : { defines: [], uses: [] };
  const worst = isChecked
    ? worstSeverity(
        checked.result.findings.filter(({ cell }) => cell === row.index)
      )
    : null;
  const definesText = linksText(defines, '→');
  const usesText = linksText(uses, '←');
  const classes = [
    'jp-WorkloadRoles-row',
    `jp-mod-${row.type}`,
    props.isFocused ? 'jp-mod-focused' : '',
    props.isActive ? 'jp-mod-active' : ''
  ];
  const title = [
    line,
    definesText && trans.__('Other roles use: %1', definesText.all),
    usesText && trans.__('Used from other roles: %1', usesText.all)
  ]
    .filter(Boolean)
    .join('\n');
  return (
    <div
      id={props.id}
      role="option"
      aria-selected={props.isSelected}
      aria-posinset={props.place}
      aria-setsize={props.of}
      className={classes.join(' ')}
      style={{ top: props.top }}
      title={title}
      draggable
      data-workload-role={role ?? undefined}
      onClick={props.onClick}
      onDoubleClick={props.onDoubleClick}
      onDragStart={props.onDragStart}
      onDragEnd={props.onDragEnd}
    >
      <span
        className="jp-WorkloadRoles-letter"
        role="img"
        aria-label={role ? roleTitle(role, trans) : trans.__('Needs no role')}
      >
        {role ? ROLE_LETTERS[role] : ''}
      </span>
      <span className="jp-WorkloadRoles-number">{row.index + 1}</span>
      <span className="jp-WorkloadRoles-what">
        <span className="jp-WorkloadRoles-line">{line}</span>
        {(definesText ?? usesText) && (
          <span className="jp-WorkloadRoles-links">
            {[definesText?.short, usesText?.short].filter(Boolean).join(' · ')}
          </span>
        )}
      </span>
      {worst && (
        <span
          className={`jp-WorkloadRoles-sign jp-mod-${worst}`}
          role="img"
          aria-label={severityTitle(worst, trans)}
        >
          {SEVERITY_SIGNS[worst]}
        </span>
      )}
    </div>
  );
}

/** “df → 7, 9”: names with the numbers of the cells on the other side; null without any. */
function linksText(
  links: readonly ICrossLink[],
  arrow: string
): { short: string; all: string } | null {
  if (links.length === 0) {
    return null;
  }
  const texts = links.map(
    ({ name, cells }) =>
      `${name} ${arrow} ${cells.map(cell => cell + 1).join(', ')}`
  );
  return {
    short:
      texts.slice(0, NAMES).join('; ') + (texts.length > NAMES ? '; …' : ''),
    all: texts.join('; ')
  };
}

/** Between which lines something is dropped: before the line with this number. */
export function dropPlace(y: number, height: number, lines: number): number {
  return Math.max(0, Math.min(lines, Math.round(y / height)));
}
