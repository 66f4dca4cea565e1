"""Searches HTML: texts, tables, data in scripts and in addresses."""

from __future__ import annotations

import csv
import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

from .json_values import JsonSearch
from .search import FileSearch
from .texts import search_script, search_text

#: Attributes of HTML that people or browsers read as text or address.
_ATTRIBUTES = ("href", "src", "title", "alt", "value", "content", "placeholder", "aria-label")

#: Kinds of addresses with data that are texts, beside ``text/…``.
_TEXTUAL = ("application/json", "application/csv", "application/vnd.ms-excel", "image/svg+xml")


def search_html(text: str, place: str, owner: FileSearch) -> None:
    """Search a page or a piece of HTML: texts, addresses, tables, data in scripts."""
    parser = _Page()
    parser.feed(text)
    parser.close()
    for one in parser.texts:
        owner.text(place, one)
    for names, rows in parser.tables():
        table = owner.table(names, f"{place}, table", typed=False)
        table.feed({name: [row[at] for row in rows] for at, name in enumerate(names)})
        table.close()
    for kind, program in parser.scripts:
        search_script(program, kind, place, owner)
    for address in parser.addresses:
        _search_address(address, f"{place}, address", owner)


def _search_address(address: str, place: str, owner: FileSearch) -> None:
    """Search a ``data:`` address, such as that of a link to save a table; pictures are none."""
    kind, comma, data = address.removeprefix("data:").partition(",")
    mime, *more = kind.lower().split(";")
    if not comma or not (mime == "" or mime.startswith("text/") or mime in _TEXTUAL):
        return
    try:
        plain = unquote_to_bytes(data)
        text = (b64decode(plain) if "base64" in more else plain).decode("utf-8-sig")
        value = json.loads(text) if mime == "application/json" else None
    except ValueError:
        owner.unreadable(place, "it is damaged")
        return
    if value is not None:
        JsonSearch(owner, place).search(value)
    elif mime in ("text/html", "image/svg+xml"):
        search_html(text, place, owner)
    else:
        search_text(text, place, owner)
        names, *rows = list(csv.reader(text.splitlines())) or [[]]
        if len(names) > 1 and len(set(names)) == len(names):
            whole = [row for row in rows if len(row) == len(names)]
            table = owner.table(names, place, typed=False)
            table.feed({name: [row[at] for row in whole] for at, name in enumerate(names)})
            table.close()


@dataclass
class _Cell:
    """A cell of a table, with the rows and columns that it takes."""

    is_head: bool
    down: int
    across: int
    text: str = ""


#: Rows or columns that a cell may take; pages may say anything.
_MOST_SPANNED = 1000


def _span(value: str | None) -> int:
    return min(int(value), _MOST_SPANNED) if value and value.isdecimal() and int(value) else 1


def _grid(rows: list[list[_Cell]]) -> list[list[_Cell]]:
    """Rows of as many cells as there are columns: what takes several stands in each."""
    found: list[list[_Cell]] = []
    above: dict[int, tuple[int, _Cell]] = {}
    for row in rows:
        line: list[_Cell] = []
        left = list(row)
        while left or len(line) in above:
            column = len(line)
            if column in above:
                rest, cell = above.pop(column)
                if rest > 1:
                    above[column] = (rest - 1, cell)
                line.append(cell)
                continue
            cell = left.pop(0)
            for at in range(column, column + cell.across):
                if cell.down > 1:
                    above[at] = (cell.down - 1, cell)
                line.append(cell)
        found.append(line)
    return found


class _Page(HTMLParser):
    """Takes a page apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.scripts: list[tuple[str, str]] = []
        #: Addresses that are the data themselves.
        self.addresses: list[str] = []
        self._rows: list[list[list[_Cell]]] = []
        self._inside = ""
        self._kind = ""
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.texts += [
            value
            for name, value in values.items()
            if value
            and (name in _ATTRIBUTES or name.startswith("data-"))
            and not value.startswith("data:")
        ]
        self.addresses += [value for value in values.values() if value.startswith("data:")]
        if "srcdoc" in values:
            self.feed_inner(values["srcdoc"])
        if tag in ("script", "style"):
            self._inside, self._kind = tag, values.get("type", "")
            self.scripts.append((self._kind, ""))
        elif tag == "table":
            self._end_cell()
            self._rows.append([])
        elif tag == "tr" and self._rows:
            self._end_cell()
            self._rows[-1].append([])
        elif tag in ("td", "th") and self._rows and self._rows[-1]:
            # Its end may be left out, as HTML allows.
            self._end_cell()
            self._cell = []
            down, across = _span(values.get("rowspan")), _span(values.get("colspan"))
            self._rows[-1][-1].append(_Cell(tag == "th", down, across))

    def feed_inner(self, page: str) -> None:
        """Take apart a page within the page."""
        inner = _Page()
        inner.feed(page)
        inner.close()
        self.texts += inner.texts
        self.scripts += inner.scripts
        self.addresses += inner.addresses
        self._rows += inner._rows

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._inside = ""
        elif tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._rows[-1][-1][-1].text = "".join(self._cell).strip()
            self._cell = None

    def close(self) -> None:
        """Take what was never ended, too."""
        super().close()
        self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            kind, before = self.scripts[-1]
            self.scripts[-1] = (kind, before + data)
            return
        if self._inside == "style":
            return
        if self._cell is not None:
            self._cell.append(data)
        else:
            self.texts += [line for line in data.splitlines() if line.strip()]

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)

    def tables(self) -> Iterator[tuple[list[str], list[list[str]]]]:
        """Names and rows of the tables; columns without a name, such as an index, have none."""
        for table in self._rows:
            rows = _grid([row for row in table if row])
            if not rows:
                continue
            head = rows[0]
            named = all(cell.is_head for cell in head)
            width = max(len(row) for row in rows)
            names = [cell.text for cell in head] if named else []
            names = [
                name if name and name not in names[:at] else f"{name}#{at + 1}"
                for at, name in enumerate(names + [""] * (width - len(names)))
            ]
            body = [
                [cell.text for cell in row] + [""] * (width - len(row))
                for row in (rows[1:] if named else rows)
            ]
            yield names, body
