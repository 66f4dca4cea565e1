"""What stands against publishing a dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .notebook import CodeCell
from .session import Ran


@dataclass(frozen=True)
class Finding:
    """One thing, in a sentence or two with what to do.

    Attributes:
        rule: a short name that stays the same.
        subject: the path, host, module or program.
        cell: id of the cell in which it happened, ``None`` before the first one.
        index: place of that cell in the notebook, from 0.
        line: the line in it, from 1, where it is known.
    """

    rule: str
    message: str
    subject: str | None = None
    cell: str | None = None
    index: int | None = None
    line: int | None = None


@dataclass(frozen=True)
class Timeline:
    """Which cell ran when."""

    ran: Sequence[tuple[CodeCell, Ran]]

    def at(self, seconds: float) -> CodeCell | None:
        """The cell that ran last at a time of the clock; ``None`` before the first one."""
        found = None
        for cell, ran in self.ran:
            if ran.began <= seconds:
                found = cell
        return found


class Findings:
    """Findings in the making: each subject of a rule once, with the cell that came first."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._found: dict[tuple[str, str], Finding] = {}

    def add(
        self,
        rule: str,
        subject: str,
        message: str,
        *,
        seconds: float | None = None,
        cell: CodeCell | None = None,
        line: int | None = None,
    ) -> None:
        """Add one, unless it is known; its cell is given, or is the one of the time."""
        if (rule, subject) in self._found:
            return
        if cell is None and seconds is not None:
            cell = self._timeline.at(seconds)
        self._found[rule, subject] = Finding(
            rule,
            message,
            subject or None,
            cell.id if cell else None,
            cell.index if cell else None,
            line,
        )

    def all(self) -> list[Finding]:
        """All findings, by the place of their cells."""
        return sorted(self._found.values(), key=lambda one: -1 if one.index is None else one.index)
