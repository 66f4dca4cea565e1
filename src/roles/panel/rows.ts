import type { ICellSummary } from '../../lint/result';
import type { CellRole } from '../../workload/roles';
import type { ICellRoleState } from '../model';

/** A cell as a line of the list. */
export interface IRow extends ICellRoleState {
  /** Place in the notebook, from 0. */
  readonly index: number;
}

/** What is left out of the list. */
export interface IRowFilter {
  /** Roles to show; empty for all cells. */
  readonly roles: ReadonlySet<CellRole>;
  /** Text that a cell's source holds, in any case of letters; empty for all. */
  readonly text: string;
}

export const NO_FILTER: IRowFilter = { roles: new Set(), text: '' };

/** The lines of the list. Of cells without a role, the filter means those that need one. */
export function rowsOf(
  cells: readonly ICellRoleState[],
  filter: IRowFilter,
  sourceOf: (index: number) => string
): IRow[] {
  const { roles } = filter;
  const text = filter.text.trim().toLowerCase();
  const rows: IRow[] = [];
  cells.forEach((cell, index) => {
    const isOfRole =
      roles.size === 0 ||
      (roles.has(cell.role) && (cell.role !== 'none' || cell.needsRole));
    if (
      isOfRole &&
      (text === '' || sourceOf(index).toLowerCase().includes(text))
    ) {
      rows.push({ ...cell, index });
    }
  });
  return rows;
}

/** How many characters of a line are shown at most; the style cuts earlier. */
const LINE = 120;

/** The line that tells a cell: its first one that is not blank, of code rather one that is no comment; of Markdown without its signs. */
export function titleLine(source: string, type: IRow['type']): string {
  const lines = source
    .split('\n', 60)
    .map(line => line.trim())
    .filter(line => line !== '');
  const telling =
    (type === 'code' ? lines.find(line => !line.startsWith('#')) : undefined) ??
    lines.at(0) ??
    '';
  const line =
    type === 'markdown' ? telling.replace(/^(#{1,6}|[-*+>])\s+/, '') : telling;
  return line.length > LINE ? `${line.slice(0, LINE)}…` : line;
}

/** A name that ties a cell to cells of another role. */
export interface ICrossLink {
  readonly name: string;
  readonly cells: readonly number[];
}

/** Names that a cell defines for cells of other roles, and names that it uses from them. */
export interface ICrossLinks {
  readonly defines: readonly ICrossLink[];
  readonly uses: readonly ICrossLink[];
}

/** What crosses the roles at a cell; empty when it is not among the checked ones. */
export function crossLinks(
  index: number,
  cells: readonly ICellSummary[]
): ICrossLinks {
  const cell = cells.at(index);
  if (!cell) {
    return { defines: [], uses: [] };
  }
  const across = (links: ICellSummary['defines']): ICrossLink[] =>
    links.flatMap(link => {
      const others = link.cells.filter(
        other => cells.at(other)?.role !== cell.role
      );
      return others.length > 0 ? [{ name: link.name, cells: others }] : [];
    });
  return { defines: across(cell.defines), uses: across(cell.uses) };
}
