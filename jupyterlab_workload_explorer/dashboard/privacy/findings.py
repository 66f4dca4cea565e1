"""What a scan found, and the report of it. No report has a value that it is about."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ... import __version__
from .identity import mask

#: What each kind of finding means, with ``{}`` for the column or what it holds; and what to do.
KINDS: dict[str, tuple[str, str]] = {
    "identity column": (
        "A column holds {}.",
        "Leave the column out where the table is reduced, or count its distinct values instead.",
    ),
    "user name": (
        "A user name of the raw data is shown.",
        "Count users instead of naming them, or leave the value out.",
    ),
    "account": (
        "A charge account is shown.",
        "Group by science area or program instead, or leave the value out.",
    ),
    "job id": (
        "A job or process id is shown.",
        "Count jobs instead of naming them, or leave the value out.",
    ),
    "home path": (
        "A path leads through somebody's folder.",
        "Show the kind of environment instead of paths; put data beside the notebook and name "
        "them by relative paths.",
    ),
    "e-mail": ("An e-mail address is shown.", "Leave it out, or name a role's address."),
    "small group": (
        "Cells stand for fewer than {} users, or nobody knows for how many.",
        "Call suppress_small on the table before it is written or shown.",
    ),
    "no users": (
        "A table counts without a column “users”, so nobody can tell which cells are small.",
        "Count the distinct users of each cell where the table is reduced, as column “users”, "
        "call suppress_small on it, and write them along.",
    ),
    "unreadable": (
        "It could not be searched: {}.",
        "Repair it, take it out, or write it as Parquet, CSV or JSON.",
    ),
}

#: What columns of identity hold, in words.
HOLDS = {
    "user": "user names",
    "job": "job ids",
    "account": "charge accounts",
    "process": "process ids",
    "host": "host names",
    "person": "personal data",
    "home": "home folders",
}


@dataclass
class Finding:
    """``place`` is a column, a JSON path or a cell's id; ``example`` is masked."""

    file: str
    place: str
    kind: str
    message: str
    times: int
    example: str
    advice: str


@dataclass
class Report:
    """What was searched, for whom, and what was found.

    ``searched`` has each file with its kind; ``not_searched`` what cannot hold text that a program
    can read (images, also those in addresses), so that somebody looks at it. ``compared`` has the
    number of names of the raw data, ``None`` where no raw data were given.
    """

    k: int
    audience: str | None = None
    compared: dict[str, int] | None = None
    searched: list[dict[str, str]] = field(default_factory=list)
    not_searched: list[dict[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    accepted: dict[str, Any] | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def accept(self, reason: str) -> None:
        """Record that it is published all the same, and why."""
        self.accepted = {"reason": reason, "findings": len(self.findings)}

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON; the same for the same files."""
        found: dict[str, Any] = {
            "version": 1,
            "tool": f"workload-explorer {__version__}",
            "audience": self.audience,
            "smallest": self.k,
            "compared": self.compared,
            "clean": self.clean,
            "searched": self.searched,
            "not_searched": self.not_searched,
            "findings": [asdict(one) for one in self.findings],
        }
        return found if self.accepted is None else {**found, "accepted": self.accepted}

    def as_text(self) -> str:
        """The report for people."""
        lines = []
        for one in self.findings:
            lines.append(f"{one.file}: {one.place}: {one.message}")
            lines.append(f"    {one.times:,} times, such as {one.example}. {one.advice}")
        for one in self.not_searched:
            lines.append(
                f"{one['file']}: {one['place']}: not searched ({one['what']}). Look at it."
            )
        if self.compared is None:
            lines.append("Values were not compared with raw data. Name them: --raw PATH.")
        if self.k <= 1:
            lines.append("Small groups may be shown to this audience.")
        what = "nothing was found" if self.clean else _many(len(self.findings), "finding")
        lines.append(f"{_many(len(self.searched), 'file')} searched: {what}.")
        if self.accepted is not None:
            lines.append(f"Accepted: {self.accepted['reason']}")
        return "\n".join(lines)


class Collector:
    """Gathers findings: one for each file, place and kind."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], Finding] = {}

    def add(
        self,
        file: str,
        place: str,
        kind: str,
        example: object,
        count: int = 1,
        what: str = "",
        *,
        masked: bool = True,
    ) -> None:
        """Add ``count`` occurrences; ``what`` goes into the message."""
        key = (file, place, kind, what)
        if key in self._found:
            self._found[key].times += count
            return
        message, advice = KINDS[kind]
        shown = mask(example) if masked else str(example)
        self._found[key] = Finding(file, place, kind, message.format(what), count, shown, advice)

    def findings(self) -> list[Finding]:
        """All of them, in the order of files and places."""
        found = [self._found[key] for key in sorted(self._found)]
        return [replace(one, times=max(one.times, 1)) for one in found]


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
