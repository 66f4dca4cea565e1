"""Which cells have to be hidden: the small ones, and others that would give them away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isfinite

from .cells import FREE, Cell, Family, Layout, layout
from .network import Edge, determined


class Unprotectable(ValueError):
    """Totals that tell small cells whatever else is hidden; ``cells`` has their positions."""

    def __init__(self, cells: Sequence[int]) -> None:
        super().__init__(f"{len(cells)} cells")
        self.cells = tuple(cells)


def hide(
    cells: Sequence[Cell],
    families: Sequence[Family],
    values: Sequence[str],
    k: int,
    *,
    disjoint: bool,
    gone: Collection[int],
    also: Collection[int] = (),
) -> set[int]:
    """Positions of the cells to hide, so that neither they nor what totals leave of them is small.

    ``disjoint`` says that no user stands in two cells, so that their users add up. ``gone`` has
    cells whose row is taken away when they are hidden, so that a reader does not know that anybody
    stands there, and ``also`` cells that are hidden in any case. Raises Unprotectable.
    """
    hidden = {position for position, cell in enumerate(cells) if cell.small(k)}
    hidden |= set(also)
    if not families or not hidden:
        return hidden
    work = _Work(cells, families, values, k, disjoint, gone)
    lost = hidden - work.useful
    if lost:
        raise Unprotectable(sorted(lost))
    while True:
        more = work.too_few(hidden) or work.given_away(hidden)
        if not more:
            return hidden
        hidden |= more


class _Work:
    def __init__(
        self,
        cells: Sequence[Cell],
        families: Sequence[Family],
        values: Sequence[str],
        k: int,
        disjoint: bool,
        gone: Collection[int],
    ) -> None:
        self._cells, self._k, self._disjoint, self._gone = cells, k, disjoint, frozenset(gone)
        self._layouts = {value: layout(cells, families, value) for value in values}
        #: Cells by size, the smallest first.
        self._order = sorted(
            range(len(cells)),
            key=lambda at: (cells[at].users or 0, [cells[at].values[v] or 0 for v in values], at),
        )
        self._rank = {position: rank for rank, position in enumerate(self._order)}
        self._members = {value: _members(one) for value, one in self._layouts.items()}
        #: Cells that can be hidden at all. Others follow from the totals even if everything is
        #: hidden, so they would not protect, and lie on no circle that others need.
        self.useful = {position for position, cell in enumerate(cells) if not cell.empty}
        while True:
            known = {at for value in values for at in self._determined(self.useful, value)}
            if not known:
                break
            self.useful -= known

    def too_few(self, hidden: set[int]) -> set[int]:
        """Cells to hide as well where a total less what is shown stands for too few users."""
        more: set[int] = set()
        for value, places in self._layouts.items():
            for node, members in enumerate(self._members[value]):
                there = [at for at in members if at in hidden or at in more]
                if node == FREE or not there or self._enough(there):
                    continue
                open_ones = [at for at in members if at not in there and not self._cells[at].empty]
                if not open_ones and node in places.judged:
                    continue  # What is left follows from totals, judged where they are shown.
                candidates = [at for at in open_ones if at in self.useful]
                if not candidates:
                    raise Unprotectable(there)
                more.add(min(candidates, key=self._rank.__getitem__))
        return more

    def given_away(self, hidden: set[int]) -> set[int]:
        """Cells to hide as well where the totals leave but one value for a hidden cell."""
        for value, places in self._layouts.items():
            more: set[int] = set()
            touched: set[int] = set()
            for position in self._determined(hidden, value):
                ends = set(places.ends[position]) - {FREE}
                if ends & touched:
                    continue  # What is hidden for another one may help here, too.
                chosen = self._helper(position, hidden | more, value)
                more.add(chosen)
                touched |= set(places.ends[chosen]) | ends
            if more:
                return more
        return set()

    def _enough(self, hidden: Sequence[int]) -> bool:
        """Whether cells together stand for ``k`` users or more, as far as their counts tell.

        Users who stand in several cells are one: together they are at least the most of any.
        """
        counts = [self._cells[at].users or 0 for at in hidden]
        return (sum(counts) if self._disjoint else max(counts)) >= self._k

    def _determined(self, hidden: set[int], value: str) -> list[int]:
        there = [at for at in sorted(hidden) if self._cells[at].values[value] is not None]
        places = self._layouts[value]
        edges = [Edge(*places.ends[at], self._room(at, value)) for at in there]
        return [there[found] for found in determined(edges, places.nodes)]

    def _room(self, position: int, value: str) -> bool:
        """Whether a reader must think a hidden value could be smaller.

        Counts are whole, and a row that is there tells that there is at least one.
        """
        number = self._cells[position].values[value]
        assert number is not None
        whole = isfinite(number) and number == int(number)
        return number < 0 or number > (1 if whole and position not in self._gone else 0)

    def _helper(self, position: int, hidden: set[int], value: str) -> int:
        """The smallest cell that is shown and may be on a circle through a hidden one."""
        ends = self._layouts[value].ends
        cells = [
            at
            for at in self._order
            if at in self.useful and at not in hidden and self._cells[at].values[value] is not None
        ]
        side = self._side(position, hidden, value)
        crossing = (at for at in cells if (ends[at][0] in side) != (ends[at][1] in side))
        beside = (at for at in cells if set(ends[at]) & set(ends[position]) - {FREE})
        for found in (crossing, beside, iter(cells)):
            for chosen in found:
                return chosen
        raise Unprotectable([position])

    def _side(self, position: int, hidden: set[int], value: str) -> set[int]:
        """The nodes that hang together with a cell's first total by other hidden cells."""
        ends = self._layouts[value].ends
        beside: dict[int, list[int]] = {}
        for at in hidden - {position}:
            first, second = ends[at]
            beside.setdefault(first, []).append(second)
            beside.setdefault(second, []).append(first)
        reached, waiting = {ends[position][0]}, [ends[position][0]]
        while waiting:
            for node in beside.get(waiting.pop(), ()):
                if node not in reached:
                    reached.add(node)
                    waiting.append(node)
        return reached


def _members(places: Layout) -> list[list[int]]:
    """The cells at each node."""
    members: list[list[int]] = [[] for _ in range(places.nodes)]
    for position, ends in enumerate(places.ends):
        for node in set(ends):
            members[node].append(position)
    return members
