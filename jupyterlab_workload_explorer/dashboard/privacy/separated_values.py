"""Separated values: which line names the columns, and which stand before it as comments."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from .identity import is_count, is_users, told_apart
from .search import FileSearch, number_of

#: Rows of a piece.
_ROWS = 65_536

#: What begins a line that is a comment.
_COMMENT = "#"


def search_rows(
    lines: Iterable[str], place: str, owner: FileSearch, *, strict: bool = True
) -> None:
    """Search lines of separated values, by pieces; comments before them are searched as texts.

    Raises ``csv.Error`` for what is damaged, if ``strict``.
    """
    left = iter(lines)
    comments, first = _begin(left)
    delimiter = max("\t,;|", key=first.count)
    rows = csv.reader(chain([first], left), delimiter=delimiter, strict=strict)
    row = next(rows, [])
    named = next(csv.reader(comments[-1:], delimiter=delimiter), [])
    names, above = row, list[list[str]]()
    if _names_columns(named, row, owner):
        comments.pop()
        names, above = [name.strip() for name in named], [row]
    for comment in comments:
        owner.text(f"{place}, comment" if place else "comment", comment)
    _search(names, chain(above, rows), place, owner)


def _begin(lines: Iterator[str]) -> tuple[list[str], str]:
    """The comments, and the first line that is neither one nor blank."""
    comments = []
    for line in lines:
        if line.lstrip().startswith(_COMMENT):
            comments.append(line.strip().lstrip(_COMMENT).strip(" "))
        elif line.strip():
            return comments, line
    return comments, ""


def _names_columns(named: Sequence[str], row: Sequence[str], owner: FileSearch) -> bool:
    """Whether a comment names the columns of the row below, as ``numpy.savetxt`` writes it."""
    if len(named) < 2 or len(named) != len(row) or any(map(_is_number, named)):
        return False
    filled = any(map(_is_number, row))
    above, below = (any(_is_known(one, owner) for one in cells) for cells in (named, row))
    return (filled or not below) if above else (filled and not below)


def _is_number(cell: str) -> bool:
    return number_of(cell) is not None


def _is_known(name: str, owner: FileSearch) -> bool:
    return owner.key(name) is not None or is_users(name) or is_count(name)


def _search(names: Sequence[str], rows: Iterator[list[str]], place: str, owner: FileSearch) -> None:
    extra = "beyond the header"
    unique = told_apart(names)
    table = owner.table([*unique, extra], place, typed=False)
    while piece := list(islice(rows, _ROWS)):
        columns: dict[str, list[Any]] = {
            name: [row[at] if at < len(row) else None for row in piece]
            for at, name in enumerate(unique)
        }
        columns[extra] = [value for row in piece for value in row[len(names) :]]
        table.feed(columns)
    table.close()
