"""``suppress_small``: what generated cells call before a reduced table is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from .cells import Cell, Family, TooManyTotals, groups
from .frames import frame_of
from .hide import Unprotectable, hide
from .merge import Merge
from .read_cells import read_cells, read_columns, read_total


class TotalGivesAway(ValueError):
    """A shown total tells a small cell, whatever else is hidden."""


def suppress_small(
    table: Any,
    k: int,
    *,
    users: str = "users",
    values: Sequence[str] | None = None,
    by: Sequence[str] | None = None,
    totals: Sequence[Any] = (),
    merge_into: Mapping[str, Any] | None = None,
    add: Sequence[str] | None = None,
    how: Literal["blank", "drop"] = "blank",
    disjoint: bool = False,
) -> Any:
    """A reduced table in which no cell of fewer than ``k`` users can be read or worked out.

    ``table`` is a DataFrame of pandas or polars or a Table of pyarrow, one row a cell, and the same
    kind is given back; it is not changed. Column ``users`` has the number of distinct users of each
    cell. A cell is small where it has fewer than ``k``, or where that is not known; a cell in which
    everything is 0 is not. With ``k`` 1 or 0 the table is given back as it is.

    ``by`` names the columns that tell cells apart (by default all that hold no numbers, so name
    numbers such as ``nodes_from``), ``values`` the columns that are hidden (by default the other
    numbers); ``users`` is always one of them.

    ``how`` is ``"blank"``: the values of hidden cells are missing, or ``"drop"``: their rows go.
    Where totals would tell blank cells (five jobs in five rows), their rows go as well.

    ``totals`` says which totals of these cells a reader sees, in whatever table, chart or text. An
    item is a list of columns of ``by`` (a total for each of their combinations, ``[]`` is the grand
    total), or a table with the totals, itself suppressed before with the totals above it, of which
    only values that are not missing count. Further cells are hidden, the smallest first, until each
    total less what is shown of it stands for ``k`` users or more, and no hidden value follows from
    all totals together.

    ``merge_into={"package": "other"}`` puts hidden cells of each group (the cells that agree in the
    other columns of ``by``) into one row of that name. It has the sums of the columns in ``add``
    (by default ``records``, if there is such a column), which must be counts that add up over these
    cells; distinct users and jobs do not, so ``users`` is missing and a column ``users_at_least``
    says ``k``. Groups where that cannot be done are hidden as ``how`` says.

    ``disjoint=True`` promises that no user stands in two cells, such as in a table by science area:
    then users add up.

    Raises TypeError for other tables, ValueError for columns that do not fit, and TotalGivesAway
    where totals tell a small cell whatever else is hidden.
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 0:
        raise ValueError(f"k is a whole number of users, 0 or more, not {k!r}.")
    if how not in ("blank", "drop"):
        raise ValueError(f'how is "blank" or "drop", not {how!r}.')
    frame = frame_of(table)
    keys, numbers = read_columns(frame, users, values, by, merge_into)
    cells = read_cells(frame, users, keys, numbers)
    families = [read_total(total, cells, keys, numbers, users, k) for total in totals]
    merge = Merge(merge_into, add, keys, numbers, users, disjoint)
    if k <= 1:
        return table
    dropped = set(range(len(cells))) if how == "drop" else set()
    try:
        hidden, merged = _solve(cells, families, merge, numbers, k, disjoint, dropped)
    except TooManyTotals:
        raise ValueError(
            "Totals that cross in more than two ways cannot be protected. Show those of two "
            "directions, such as rows and columns, and those above them."
        ) from None
    except Unprotectable as problem:
        raise _gives_away(problem, cells, keys, merge_into is not None) from None
    together = {position for group in merged for position in group}
    blank = [at in hidden and at not in together for at in range(len(cells))]
    gone = [at in together or (blank[at] and at in dropped) for at in range(len(cells))]
    more = [merge.row(group, cells, frame, k) for group in merged]
    return frame.finish(blank, numbers, gone, more)


def _solve(
    cells: Sequence[Cell],
    families: Sequence[Family],
    merge: Merge,
    numbers: Sequence[str],
    k: int,
    disjoint: bool,
    dropped: set[int],
) -> tuple[set[int], list[list[int]]]:
    """The hidden cells, and groups of those that become one row.

    Adds to ``dropped`` those that are told by their row's being there.
    """
    merged = merge.family(cells, k)
    also: set[int] = set()
    if merged is not None:
        for positions in groups(merged, cells).values():
            if any(cells[at].small(k) for at in positions):
                also |= {at for at in positions if merge.takes_part(cells[at])}
    while True:
        every = [*families, merged] if merged is not None else list(families)
        try:
            hidden = hide(cells, every, numbers, k, disjoint=disjoint, gone=dropped, also=also)
        except Unprotectable as problem:
            lost = set(problem.cells)
            rows = {merged.key(cells[at]) for at in lost} & set(merged.shown) if merged else set()
            if merged is not None and rows:
                # Without their merged row, these cells may be hidden well enough,
                for key in rows:
                    del merged.shown[key]
            elif lost <= dropped:
                raise
            else:
                # or without theirs, as nobody then knows that somebody stands there.
                dropped |= lost
            continue
        if merged is None:
            return hidden, []
        found = [
            (positions, [at for at in positions if at in hidden])
            for key, positions in groups(merged, cells).items()
            if key in merged.shown
        ]
        found = [(positions, parts) for positions, parts in found if parts]
        named = {at for positions, _ in found for at in positions if merge.takes_part(cells[at])}
        if named <= hidden:
            return hidden, [parts for _, parts in found]
        also |= named


def _gives_away(
    problem: Unprotectable, cells: Sequence[Cell], keys: Sequence[str], merging: bool
) -> TotalGivesAway:
    first = ", ".join(
        f"{name}={value}" for name, value in zip(keys, cells[problem.cells[0]].keys, strict=True)
    )
    return TotalGivesAway(
        f"{len(problem.cells)} small cells (the first is {first}) follow from the totals that are "
        "shown, whatever else is hidden. Hide small totals first: give tables of them that "
        "suppress_small has made with the totals above them, instead of names of columns. Or do "
        f"not show these totals, use coarser groups{', or do not merge' if merging else ''}."
    )
