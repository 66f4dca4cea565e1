"""Rows as multisets: two readings of the same documents, of which either may lack some."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import ceil
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

#: Sums of the same counts in another order differ by less than this share of them.
ROUNDING = 1e-9


class Compared(NamedTuple):
    """Held and fetched rows by number, or by the sum of their counts, which may be broken.

    ``lacking`` of those that were ``held`` are not among those that were fetched, rounded up;
    ``new`` ones of these were not held.
    """

    held: float = 0
    lacking: int = 0
    new: float = 0

    def __add__(self, other: Compared) -> Compared:  # type: ignore[override]
        return Compared(*map(sum, zip(self, other, strict=True)))

    @property
    def exchanged(self) -> int:
        """How many are lacking while as many are new, where that is more than half of all held.

        As it is where documents were indexed anew with other values.
        """
        found = int(min(self.lacking, self.new))
        return found if 2 * found > self.held else 0


class Union(NamedTuple):
    """Held and fetched rows together, and how they compare."""

    table: pa.Table
    compared: Compared


def union(
    old: pa.Table, new: pa.Table, weight: str | None = None, absent: Collection[str] = ()
) -> Union:
    """The rows of ``new`` and those of ``old`` that it lacks.

    A row that both have is there as often as in the one that has it more often. With ``weight``, a
    column of counts, rows that agree in all others are one, and the count takes the place of how
    often. Of columns that are ``absent`` in ``new`` rows need not agree: ``old`` ones keep their
    values.
    """
    if old.num_rows == 0:
        number = new.num_rows if weight is None else pc.sum(new.column(weight)).as_py() or 0
        return Union(new, Compared(new=number))
    old = old.cast(new.schema)
    names = [name for name in new.schema.names if name != weight]
    both = pa.concat_tables([new, old]).unify_dictionaries()
    first = new.num_rows
    groups = groups_of(both, [name for name in names if name not in absent])
    numbers = [1] * both.num_rows if weight is None else both.column(weight).to_pylist()
    # What each row has more than those of the other table.
    only_new = _rest(range(first), range(first, both.num_rows), groups, numbers)
    only_old = _rest(range(first, both.num_rows), range(first), groups, numbers)
    lacking = ceil(sum(only_old.values()))
    compared = Compared(sum(numbers[first:]), lacking, sum(only_new.values()))
    if not only_old and not absent:
        return Union(new, compared)
    if absent:
        # Held rows as far as the index has them, for the sake of their values.
        kept = {row: numbers[row] for row in range(first, both.num_rows)} | only_new
    else:
        kept = {row: numbers[row] for row in range(first)} | only_old
    if weight is not None:
        kept = _summed(kept, groups_of(both, names))
    table = both.take(pa.array(list(kept), pa.int64()))
    if weight is not None:
        field = both.schema.field(weight)
        place = table.schema.get_field_index(weight)
        table = table.set_column(place, field, pa.array(list(kept.values()), field.type))
    return Union(table, compared)


def _rest(mine: range, theirs: range, groups: list[int], numbers: list[Any]) -> dict[int, Any]:
    """Rows of one table, with their numbers as far as the other one has fewer of their group."""
    have: dict[int, Any] = {}
    for row in theirs:
        have[groups[row]] = have.get(groups[row], 0) + numbers[row]
    found: dict[int, Any] = {}
    for row in mine:
        both = min(have.get(groups[row], 0), numbers[row])
        if both > 0:
            have[groups[row]] -= both
        # A count may be nothing.
        if numbers[row] - both > ROUNDING * abs(numbers[row]) or groups[row] not in have:
            found[row] = numbers[row] - both
    return found


def _summed(numbers: dict[int, Any], groups: list[int]) -> dict[int, Any]:
    """The first row of each group, with the sum of its numbers."""
    where: dict[int, int] = {}
    found: dict[int, Any] = {}
    for row, number in numbers.items():
        place = where.setdefault(groups[row], row)
        found[place] = found.get(place, 0) + number
    return found


def rows_of(table: pa.Table, names: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows as values of the columns ``names`` that can be told apart."""
    return zip(*(_values(table.column(name)) for name in names), strict=True)


def groups_of(table: pa.Table, names: list[str]) -> list[int]:
    """A number for each row that is the same where rows agree in the columns ``names``."""
    groups, _ = _encoded(pa.array([0] * table.num_rows, pa.int64()))
    for name in names:
        column = table.column(name).combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        elif pa.types.is_list(column.type):
            known: dict[Any, int] = {}
            column = pa.array([known.setdefault(one, len(known)) for one in _values(column)])
        codes, number = _encoded(column)
        # Numbers of groups and of codes are at most those of rows: their product fits.
        groups, _ = _encoded(pc.add(pc.multiply(groups, pa.scalar(number, pa.int64())), codes))
    return groups.to_pylist()


def _encoded(column: pa.Array) -> tuple[pa.Array, int]:
    """Codes of the values of a column, a missing one among them, and how many there are."""
    coded = pc.dictionary_encode(column, null_encoding="encode")
    return coded.indices.cast(pa.int64()), max(1, len(coded.dictionary))


def _values(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    values = column.to_pylist()
    if pa.types.is_list(column.type):
        return [None if value is None else tuple(value) for value in values]
    if pa.types.is_floating(column.type):
        # As bits, so that what is not a number equals itself.
        return [None if value is None else value.hex() for value in values]
    return values
