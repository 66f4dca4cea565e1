"""What stands against publishing a dashboard."""

from __future__ import annotations

from collections import Counter
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


#: Findings of one rule that are told one by one.
_SHOWN = 50


def _plain(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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
        key: str | None = None,
    ) -> None:
        """Add one, unless it is known; its cell is given, or is the one of the time.

        It is known by its rule and subject, or by ``key`` in place of the subject.
        """
        # Names of files may be no texts.
        subject, message = _plain(subject), _plain(message)
        place = (rule, subject if key is None else key)
        if place in self._found:
            return
        if cell is None and seconds is not None:
            cell = self._timeline.at(seconds)
        self._found[place] = Finding(
            rule,
            message,
            subject or None,
            cell.id if cell else None,
            cell.index if cell else None,
            line,
        )

    def tells_of(self, subject: str) -> bool:
        """Whether something was found about a path or host."""
        return any(one.subject == subject for one in self._found.values())

    def has(self, rule: str, seconds: float) -> bool:
        """Whether a rule found something in the cell of a time."""
        cell = self._timeline.at(seconds)
        index = cell.index if cell else None
        return any(one.rule == rule and one.index == index for one in self._found.values())

    def all(self) -> list[Finding]:
        """All findings, by the place of their cells; of very many of a rule, the first ones."""
        ordered = sorted(self._found.values(), key=_place)
        number = Counter(one.rule for one in ordered)
        found: list[Finding] = []
        for rule, many in number.items():
            found += [one for one in ordered if one.rule == rule][:_SHOWN]
            if many > _SHOWN:
                found.append(Finding(rule, f"And {many - _SHOWN} more of the same kind."))
        return sorted(found, key=_place)


def _place(finding: Finding) -> int:
    return -1 if finding.index is None else finding.index
