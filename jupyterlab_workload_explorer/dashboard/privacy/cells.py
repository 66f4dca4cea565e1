"""Cells of a reduced table, and the totals that are shown of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

#: A node of the network that stands for no total: nothing is shown that cells lead to there.
FREE = 0


@dataclass(frozen=True)
class Cell:
    """A row of the table.

    ``users`` is ``None`` where it is not known; ``values`` has numbers by column, ``None`` where
    one is missing.
    """

    keys: tuple[Any, ...]
    users: float | None
    values: Mapping[str, float | None]

    @property
    def empty(self) -> bool:
        """Whether nobody stands in it: that is no secret, and protects nobody."""
        return self.users == 0 and not any(self.values.values())

    def small(self, k: int) -> bool:
        """Whether it stands for fewer than ``k`` users, or for nobody knows how many."""
        return not self.empty and (self.users is None or self.users < k)


@dataclass
class Family:
    """Totals over the cells that agree in ``columns`` (positions in the keys).

    ``shown`` has, for each key, the value columns whose total a reader sees. ``judged`` says that
    what is shown comes from a table that was suppressed itself, with the totals above it.
    """

    columns: tuple[int, ...]
    judged: bool = False
    shown: dict[tuple[Any, ...], frozenset[str]] = field(default_factory=dict)

    def key(self, cell: Cell) -> tuple[Any, ...]:
        """Which of the totals a cell belongs to."""
        return tuple(cell.keys[position] for position in self.columns)


def groups(family: Family, cells: Sequence[Cell]) -> dict[tuple[Any, ...], list[int]]:
    """The positions of the cells of each total."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for position, cell in enumerate(cells):
        found.setdefault(family.key(cell), []).append(position)
    return found


class TooManyTotals(ValueError):
    """Totals that cross each other in more than two ways."""


def chains(families: Sequence[Family]) -> tuple[list[Family], list[Family]]:
    """Families in two lists, in each of which the next is coarser than the one before.

    Only then is what a reader can work out a question of circles. Raises TooManyTotals.
    """
    ordered = sorted(families, key=lambda one: -len(one.columns))
    for sides in product((0, 1), repeat=max(len(ordered) - 1, 0)):
        lists: tuple[list[Family], list[Family]] = ([], [])
        for one, side in zip(ordered, (0, *sides), strict=False):
            if lists[side] and not set(one.columns) <= set(lists[side][-1].columns):
                break
            lists[side].append(one)
        else:
            return lists
    raise TooManyTotals


@dataclass(frozen=True)
class Layout:
    """For one value column, the two totals that each cell belongs to, as nodes.

    ``judged`` has the nodes of which hiding all cells leaves what totals tell by themselves: a
    total, or one less others, that are judged where they are shown.
    """

    ends: Sequence[tuple[int, int]]
    nodes: int
    judged: frozenset[int]


def layout(cells: Sequence[Cell], families: Sequence[Family], value: str) -> Layout:
    """Where cells stand between the totals of ``value``: each at the finest total that is shown.

    Of a coarser total, those below it are known parts, so what it tells is of the others.
    """
    number: dict[tuple[int, int, tuple[Any, ...]], int] = {}
    columns: list[list[int]] = []
    parts: set[int] = set()
    for side, chain in enumerate(chains(families)):
        column = []
        for cell in cells:
            node = FREE
            judged = True
            for level, family in enumerate(chain):
                key = family.key(cell)
                if value in family.shown.get(key, ()):
                    here = number.setdefault((side, level, key), len(number) + 1)
                    node = node or here
                    if not judged:
                        parts.add(here)
                judged = judged and family.judged
            column.append(node)
        columns.append(column)
    judged_nodes = frozenset(range(1, len(number) + 1)) - parts
    return Layout(list(zip(*columns, strict=True)), len(number) + 1, judged_nodes)
