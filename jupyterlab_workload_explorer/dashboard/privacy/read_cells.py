"""Reads the cells of a reduced table, and which totals of them are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from .cells import Cell, Family, groups
from .frames import Frame, frame_of, key_of


def read_columns(
    frame: Frame,
    users: str,
    values: Sequence[str] | None,
    by: Sequence[str] | None,
    merge_into: Mapping[str, Any] | None,
) -> tuple[list[str], list[str]]:
    """The columns that are keys, and those that are hidden."""
    for name, given in (("values", values), ("by", by)):
        if isinstance(given, str):
            raise ValueError(f'{name} is a list of columns: write ["{given}"].')
    lacking = [name for name in (users, *(values or ()), *(by or ())) if name not in frame.names]
    if lacking:
        raise ValueError(
            f"The table has no column {', '.join(lacking)}. It has "
            f"{', '.join(map(str, frame.names))}. A reduced table needs the number of distinct "
            "users of each cell: count it where the table is made."
        )
    if not frame.is_number(users) and frame.rows:
        raise ValueError(f'The column "{users}" holds no numbers.')
    if by is not None:
        keys = list(by)
    else:
        named = (users, *(values or ()))
        keys = [name for name in frame.names if name not in named and not frame.is_number(name)]
        _check_rest(frame, keys, named, values)
    if users in keys:
        raise ValueError(f'"{users}" is hidden with its cell, so it is no key.')
    numbers = [
        name
        for name in frame.names
        if name == users or (name not in keys and (values is None or name in values))
    ]
    wrong = [name for name in numbers if frame.rows and not _numeric(frame, name)]
    if wrong:
        raise ValueError(f"{', '.join(wrong)}: no numbers. Name keys in by, and numbers in values.")
    if merge_into is not None and (len(merge_into) != 1 or next(iter(merge_into)) not in keys):
        raise ValueError(
            'merge_into is a key column and the name of the merged row: {"package": "other"}. '
            f"Key columns are {', '.join(keys)}."
        )
    return keys, numbers


def _check_rest(
    frame: Frame, keys: Sequence[str], named: Sequence[str], values: Sequence[str] | None
) -> None:
    """That no measure is taken for a key, or stays in sight beside hidden ones."""
    times = [name for name in keys if _is_duration(frame, name)]
    if times:
        raise ValueError(
            f"{', '.join(times)}: lengths of time. Give them as numbers, such as seconds, so that "
            "they can be hidden; or name the keys in by."
        )
    rest = [name for name in frame.names if name not in keys and name not in named]
    if values is not None and rest:
        raise ValueError(
            f"{', '.join(rest)}: numbers that are not among the values, and would stay in sight. "
            "Name them in values, or, where they tell cells apart, name all keys in by."
        )


def _is_duration(frame: Frame, name: str) -> bool:
    first = next((one for one in frame.column(name) if one is not None), None)
    return isinstance(first, timedelta)


def _numeric(frame: Frame, name: str) -> bool:
    return frame.is_number(name) or all(value is None for value in frame.column(name))


def read_cells(frame: Frame, users: str, keys: Sequence[str], numbers: Sequence[str]) -> list[Cell]:
    columns = {name: frame.column(name) for name in (*keys, *numbers)}
    cells = [
        Cell(
            tuple(key_of(columns[name][at]) for name in keys),
            columns[users][at],
            {name: columns[name][at] for name in numbers},
        )
        for at in range(frame.rows)
    ]
    if any(cell.users is not None and cell.users < 0 for cell in cells):
        raise ValueError(f'The column "{users}" has numbers below 0.')
    if len({cell.keys for cell in cells}) < len(cells):
        raise ValueError(
            f"Rows agree in {', '.join(keys) or 'all keys'}, so they are not one cell each. Name "
            "all columns that tell cells apart in by, also numbers such as nodes_from."
        )
    return cells


def read_total(
    total: Any,
    cells: Sequence[Cell],
    keys: Sequence[str],
    numbers: Sequence[str],
    users: str,
    k: int,
) -> Family:
    """What an item of ``totals`` says is shown."""
    if isinstance(total, str):
        total = [total]
    if isinstance(total, (list, tuple)):
        wrong = [name for name in total if name not in keys]
        if wrong:
            raise ValueError(
                f"totals names {', '.join(map(str, wrong))}. Key columns are {', '.join(keys)}."
            )
        family = Family(tuple(sorted(keys.index(name) for name in set(total))))
        for key, positions in groups(family, cells).items():
            counts = [cells[at].users for at in positions]
            # A total of fewer users is small itself, and is hidden where it is shown.
            if None in counts or sum(count or 0 for count in counts) >= k:
                family.shown[key] = frozenset(numbers)
        return family
    frame = frame_of(total)
    names = [name for name in keys if name in frame.names]
    family = Family(tuple(keys.index(name) for name in names), judged=True)
    columns = [[key_of(value) for value in frame.column(name)] for name in names]
    counted = [name for name in numbers if name in frame.names]
    strange = [name for name in frame.names if name not in keys and not _numeric(frame, name)]
    if strange or not counted:
        raise ValueError(
            f"A table of totals has {', '.join(strange or frame.names)}, which the cells do not "
            f"have so. Name its columns as theirs: {', '.join((*keys, *numbers))}."
        )
    shown = {name: frame.column(name) for name in counted}
    for at in range(frame.rows):
        key = tuple(column[at] for column in columns)
        there = frozenset(name for name in counted if shown[name][at] is not None)
        count = shown[users][at] if users in counted else None
        if count is not None and 0 < count < k:
            raise ValueError("A table of totals has small cells. Call suppress_small on it first.")
        family.shown[key] = family.shown.get(key, frozenset()) | there
    if cells and family.shown and not set(family.shown) & set(groups(family, cells)):
        raise ValueError(
            f"No total of a table fits a cell: their {', '.join(names)} have no value in common. "
            "Give both the same type."
        )
    return family
