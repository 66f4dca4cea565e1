"""Rows that hidden cells are merged into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .cells import Cell, Family, groups
from .frames import Frame, key_of

#: The column that says of a merged row how many users it stands for at the least.
AT_LEAST = "users_at_least"


class Merge:
    """Into which rows hidden cells are merged; into none where ``into`` is ``None``."""

    def __init__(
        self,
        into: Mapping[str, Any] | None,
        add: Sequence[str] | None,
        keys: Sequence[str],
        numbers: Sequence[str],
        users: str,
        disjoint: bool,
    ) -> None:
        self.column, self.label = next(iter((into or {}).items()), (None, None))
        self._users, self._disjoint, self._keys, self._numbers = users, disjoint, keys, numbers
        chosen = [name for name in ("records",) if name in numbers] if add is None else list(add)
        wrong = [name for name in chosen if name not in numbers or name == users]
        if wrong:
            raise ValueError(f"add names {', '.join(wrong)}, which are no values that add up.")
        if into is not None and not chosen:
            raise ValueError(
                "Merged rows would have no values. Name in add the counts that add up over them, "
                "such as records; distinct users and jobs do not."
            )
        self.sums = frozenset(chosen) | (frozenset([users]) if disjoint else frozenset())

    def family(self, cells: Sequence[Cell], k: int) -> Family | None:
        """The merged rows as totals that are shown, where they can stand for ``k`` users."""
        if self.column is None:
            return None
        kept = tuple(at for at, name in enumerate(self._keys) if name != self.column)
        family = Family(kept)
        for key, positions in groups(family, cells).items():
            counts = [cells[at].users or 0 for at in positions if not cells[at].empty]
            enough = (sum(counts) if self._disjoint else max(counts, default=0)) >= k
            if enough:
                family.shown[key] = self.sums
        return family

    def takes_part(self, cell: Cell) -> bool:
        """Whether a cell has the merged row's name already."""
        at = self._keys.index(self.column) if self.column is not None else -1
        return self.column is not None and cell.keys[at] == key_of(self.label)

    def row(
        self, group: Sequence[int], cells: Sequence[Cell], frame: Frame, k: int
    ) -> dict[str, Any]:
        """The merged row, by column."""
        row: dict[str, Any] = dict.fromkeys(frame.names)
        for name in self._keys:
            row[name] = self.label if name == self.column else frame.column(name)[group[0]]
        for name in self.sums:
            parts = [cells[at].values[name] for at in group]
            there = [part for part in parts if part is not None]
            row[name] = sum(there) if len(there) == len(parts) else None
        return row if self._disjoint else {**row, AT_LEAST: k}
