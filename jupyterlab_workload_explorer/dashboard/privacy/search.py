"""Searches texts and tables of one published file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .findings import HOLDS, Collector
from .identity import PLURALS, inner, is_count, is_users, mask, normal, patterns
from .merge import AT_LEAST
from .reference import Reference

#: Distinct ids of a column that are compared with the raw data.
_IDS = 10_000

_ID = re.compile(r"\d{5,}(?:[_.]\d+)?")
#: How a missing value is written in texts.
_MISSING = ("", "nan", "none", "null", "<na>", "nat", "na", "n/a", "-", "—", "*", "…", "...")
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")


@dataclass
class Search:
    """What is searched for; ``columns`` leads from names to what they hold.

    ``ids`` gathers what may be ids, by file and place, until the raw data are read for them.
    """

    k: int
    columns: Mapping[str, str]
    reference: Reference
    found: Collector
    ids: dict[tuple[str, str], set[str]] = field(default_factory=dict)


class FileSearch:
    """Searches one file; ``file`` is its name in the report."""

    def __init__(self, search: Search, file: str) -> None:
        self._search, self.file = search, file

    def add(self, place: str, kind: str, example: object, count: int = 1, what: str = "") -> None:
        """Report something of this file."""
        self._search.found.add(self.file, place, kind, example, count, what)

    def unreadable(self, place: str, why: str) -> None:
        """Report that something could not be searched, and so may hold anything."""
        self._search.found.add(self.file, place, "unreadable", "", 1, why, masked=False)

    def text(self, place: str, text: str, count: int = 1, *, names: bool = True) -> bool:
        """Search a text; whether something was found. ``names`` compares with the raw data."""
        hits = list(self.hits(text, names))
        for kind, who in hits:
            self.add(place, kind, who, count)
        return bool(hits)

    def names(self, place: str, text: str) -> None:
        """Search a text only for names of the raw data."""
        for kind, who in self._named(text):
            self.add(place, kind, who)

    def program(self, place: str, text: str) -> None:
        """Search a program for paths; addresses in one are of those who wrote the library."""
        for kind, who in patterns(text):
            if kind != "e-mail":
                self.add(place, kind, who)

    def safe(self, name: object, place: str) -> str:
        """A name as a report may have it: masked, if it tells somebody's."""
        text = str(name)
        return f"{place} {mask(text)}" if any(self.hits(text, True)) else text

    def table(
        self,
        columns: Sequence[object],
        place: str = "",
        *,
        figure: bool = False,
        typed: bool = True,
    ) -> Table:
        """Begin to search a table.

        ``figure`` says that it is what a chart draws, ``typed`` that texts are no numbers.
        """
        return Table(self, self._search, columns, place, figure, typed)

    def key(self, name: object) -> str | None:
        """What values of this name hold, if that is an identity."""
        columns = self._search.columns
        return columns.get(normal(name)) or columns.get(normal(inner(name)))

    def hits(self, text: str, names: bool = True) -> Iterator[tuple[str, str]]:
        """(kind, who) of all that a text tells."""
        yield from patterns(text)
        if names:
            yield from self._named(text)

    def _named(self, text: str) -> Iterator[tuple[str, str]]:
        kind = self._search.reference.of_cell(text)
        if kind is not None:
            yield _kind(kind), text.strip()
            return
        for kind, who in self._search.reference.in_text(text):
            yield _kind(kind), who


def _kind(role: str) -> str:
    return "user name" if role == "user" else role


class Table:
    """Searches a table whose rows come in pieces."""

    def __init__(
        self,
        owner: FileSearch,
        search: Search,
        columns: Sequence[object],
        place: str,
        figure: bool,
        typed: bool,
    ) -> None:
        self._owner, self._search, self._figure, self._typed = owner, search, figure, typed
        names = [str(name) for name in columns]
        before = f"{place}, " if place else ""
        self._places = {
            name: f"{before}column {owner.safe(name, str(at + 1))}" if name else place
            for at, name in enumerate(names)
        }
        self._place = place or "table"
        for name in names:
            owner.text(self._places[name], name)
        self._holds = {name: owner.key(name) for name in names}
        self._users = [name for name in names if is_users(name)]
        self._counts = [name for name in names if is_count(name) and not is_users(name)]
        self._counted = 0

    def feed(self, rows: Mapping[str, Sequence[Any]]) -> None:
        """Search some rows: values by column."""
        for name, values in rows.items():
            self._column(name, values)
        if self._search.k <= 1:
            return
        if self._users:
            self._small(rows)
        else:
            self._counted += sum(
                1 for name in self._counts for value in rows.get(name, ()) if _number(value)
            )

    def close(self) -> None:
        """Report what only the whole table tells."""
        if self._counted and not self._figure:
            self._search.found.add(
                self._owner.file,
                self._place,
                "no users",
                f"column {', '.join(self._owner.safe(one, 'column') for one in self._counts)}",
                self._counted,
                masked=False,
            )

    def also(self, name: str, values: Iterable[Any]) -> None:
        """Search values that a file has for a column, whether rows have them or not."""
        for value in values:
            if isinstance(value, str):
                # What rows have is counted there.
                self._owner.text(self._places[name], value, 0)

    def _column(self, name: str, values: Sequence[Any]) -> None:
        counts = Counter(flat(values))
        holds = self._holds[name]
        place = self._places[name]
        if holds is not None:
            counted = name in self._users or normal(name) in PLURALS
            there = {
                one: n
                for one, n in counts.items()
                if not _missing(one) and not (counted and _number(one) is not None)
            }
            if there:
                example, count = next(iter(there)), sum(there.values())
                self._owner.add(place, "identity column", example, count, HOLDS[holds])
            return
        for value, count in counts.items():
            if isinstance(value, str):
                self._owner.text(place, value, count)
        self._gather_ids(name, counts)

    def _gather_ids(self, name: str, counts: Mapping[Any, int]) -> None:
        """Keep what may be ids: texts of digits, and numbers of a column that is named for ids."""
        if name in self._counts:
            return
        plain = normal(name)
        named = plain in ("id", "ids") or plain.endswith(("_id", "_ids"))
        ids = self._search.ids.setdefault((self._owner.file, self._places[name]), set())
        for value in counts:
            if len(ids) >= _IDS:
                return
            if named and isinstance(value, float) and value.is_integer():
                value = int(value)
            text = str(value) if named or (self._typed and isinstance(value, str)) else ""
            if _ID.fullmatch(text):
                ids.add(text)

    def _small(self, rows: Mapping[str, Sequence[Any]]) -> None:
        k = self._search.k
        for users in self._users:
            if users not in rows:
                continue
            counted = [rows[name] for name in self._counts if name in rows]
            least = rows.get(AT_LEAST, ())
            small = [
                one
                for at, one in enumerate(rows[users])
                if self._is_small(
                    _number(one),
                    any(_number(_at(column, at)) for column in counted),
                    _number(_at(least, at)),
                )
            ]
            if small:
                known = [_number(one) for one in small]
                shown = next((one for one in known if one is not None), None)
                self._search.found.add(
                    self._owner.file,
                    self._places[users],
                    "small group",
                    "unknown users" if shown is None else f"{users} = {shown:g}",
                    len(small),
                    str(k),
                    masked=False,
                )

    def _is_small(self, users: float | None, others: bool, least: float | None) -> bool:
        k = self._search.k
        if users is None:
            return others and (least is None or least < k)
        return users < k and (users != 0 or others)


def _at(values: Sequence[Any], position: int) -> Any:
    return values[position] if position < len(values) else None


def _missing(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower() in _MISSING


def flat(values: Iterable[Any]) -> Iterator[Any]:
    """Single values, without missing ones; of lists and structures, what they hold."""
    for value in values:
        if value is None or (isinstance(value, float) and value != value):
            continue
        if isinstance(value, Mapping):
            yield from flat(value.keys())
            yield from flat(value.values())
        elif isinstance(value, (list, tuple, set)):
            yield from flat(value)
        elif isinstance(value, (bytes, bytearray)):
            yield bytes(value).decode("utf-8", "replace")
        else:
            yield value


def _number(value: Any) -> float | None:
    """A number, also as text; ``None`` for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        plain = value.replace(",", "") if "," in value else value
        return float(plain) if _NUMBER.fullmatch(plain) else None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return None if number != number else number
