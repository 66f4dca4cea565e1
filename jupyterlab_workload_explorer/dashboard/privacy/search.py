"""Searches texts and tables of one published file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import addresses
from .findings import HOLDS, Collector
from .identity import PLURALS, cell_of, inner, is_count, is_users, levels, mask, normal, patterns
from .merge import AT_LEAST
from .reference import Reference

#: Distinct ids of a column that are compared with the raw data.
_IDS = 10_000

_ID = re.compile(r"\d{5,}(?:[_.]\d+)?")
#: How a missing value is written in texts.
_MISSING = ("", "nan", "none", "null", "<na>", "nat", "na", "n/a", "-", "—", "*", "…", "...")
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")

#: A count in a text, such as “2 users”, “**2** users”, “users: 2”; and what stands before those
#: that are none, such as “fewer than 5 users”, “the top 3 users”.
_SAID = re.compile(
    r"(?i)(?<![\w.,:\u2013-])(\d{1,9})[ \xa0*_]+(?:(?:distinct|unique|active|different) )?users?\b"
    r"(?! *[:=]| (?:or|and) (?:more|fewer|less)\b)"
    r"|(?<![\w?&])users(?::\s*|=)(\d{1,9})(?![\d.,-]*\d)"
)
_RULE = re.compile(
    r"(?i)(?:\b(?:than|least|most|to|top|first|last|below|under|over|above|every|min(?:imum)?"
    r"|max(?:imum)?|fewest|smallest)|[<>≤≥])[\s*_=]*$"
)
#: Tags in texts of charts; those of the first kind end a line.
_BREAK = re.compile(r"(?i)</?(?:br|p|div|li|tr|h\d|extra)\b[^<>]*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


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
        #: (place, kind) of what no program can search, such as pictures.
        self.unsearched: list[tuple[str, str]] = []
        #: (place, address) of ``data:`` addresses whose texts are still to be searched.
        self.waiting: list[tuple[str, str]] = []
        self._seen: set[tuple[str, str]] = set()

    def add(self, place: str, kind: str, example: object, count: int = 1, what: str = "") -> None:
        """Report something of this file."""
        self._search.found.add(self.file, place, kind, example, count, what)

    def unreadable(self, place: str, why: str) -> None:
        """Report that something could not be searched, and so may hold anything."""
        self._search.found.add(self.file, place, "unreadable", "", 1, why, masked=False)

    def address(self, place: str, address: str) -> None:
        """Take a ``data:`` address: a text waits to be searched, anything else somebody looks at.

        At one place, each is taken once.
        """
        if "," not in address or (place, address) in self._seen:
            return
        self._seen.add((place, address))
        kind = addresses.kind_of(address)
        if addresses.is_textual(kind):
            self.waiting.append((place, address))
        else:
            number = 1 + sum(
                where == place or where.startswith(f"{place} ") for where, _ in self.unsearched
            )
            self.unsearched.append((place if number == 1 else f"{place} {number}", kind))

    def text(self, place: str, text: str, count: int = 1, *, names: bool = True) -> None:
        """Search a text; ``names`` compares with the raw data, and sees how many users it tells."""
        if names:
            text = self._without_addresses(place, text)
            self.said(place, text, count)
        for kind, who in self.hits(text, names):
            self.add(place, kind, who, count)

    def names(self, place: str, text: str) -> None:
        """Search a text only for names of the raw data."""
        for kind, who in self._named(self._without_addresses(place, text)):
            self.add(place, kind, who)

    def _without_addresses(self, place: str, text: str) -> str:
        if "data:" not in text:
            return text
        plain, found = addresses.cut(text)
        for one in found:
            self.address(f"{place}, address", one)
        return plain

    def said(self, place: str, text: str, count: int = 1) -> None:
        """Report small numbers of users that a text tells."""
        plain = _TAG.sub(" ", _BREAK.sub("\n", text)) if "<" in text else text
        for match in _SAID.finditer(plain) if self._search.k > 1 else ():
            number = int(match[1] or match[2])
            if 0 < number < self._search.k and not _RULE.search(plain[: match.start()][-20:]):
                self.small(place, f"users = {number}", count)

    def small(self, place: str, example: str, count: int) -> None:
        """Report ``count`` cells that stand for too few users."""
        k = str(self._search.k)
        self._search.found.add(self.file, place, "small group", example, count, k, masked=False)

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
        parts = [one for level in levels(name) for one in (level, inner(level))]
        # ``hostNames`` may be two words or one.
        names = [one for part in parts for one in (part, part.lower())]
        return next((columns[normal(one)] for one in names if normal(one) in columns), None)

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
                1 for name in self._counts for value in rows.get(name, ()) if number_of(value)
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
                if not _missing(one) and not (counted and number_of(one) is not None)
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
        for users in self._users:
            if users not in rows:
                continue
            counted = [rows[name] for name in self._beside(users) if name in rows]
            least = rows.get(AT_LEAST, ())
            small = [
                one
                for at, cell in enumerate(rows[users])
                for one in (flat([cell]) if isinstance(cell, (list, tuple)) else [cell])
                if self._is_small(
                    number_of(one),
                    any(number_of(_at(column, at)) for column in counted),
                    number_of(_at(least, at)),
                )
            ]
            if small:
                known = [number_of(one) for one in small]
                shown = next((one for one in known if one is not None), None)
                example = "unknown users" if shown is None else f"{users} = {shown:g}"
                self._owner.small(self._places[users], example, len(small))

    def _beside(self, users: str) -> list[str]:
        """The counts of the same cells; in a wide table, those of the same month or the like."""
        same = [name for name in self._counts if cell_of(name) == cell_of(users)]
        return same or self._counts

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


def number_of(value: Any) -> float | None:
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
