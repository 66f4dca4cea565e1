"""Searches HTML: texts, tables, data in scripts and in addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import takewhile

from . import addresses
from .identity import LEVEL, told_apart
from .json_values import JsonSearch
from .printed import is_types, row_of_users
from .search import FileSearch
from .separated_values import search_rows
from .texts import search_printed, search_script, search_text

#: Attributes of HTML that people or browsers read as text or address.
_ATTRIBUTES = (
    *("href", "xlink:href", "src", "title", "alt", "value", "content", "placeholder"),
    *("aria-label", "label", "id", "name", "download"),
)

#: Tags that do not end a line.
_INLINE = ("a", "b", "code", "em", "font", "i", "mark", "small", "span", "strong", "tspan", "u")


def search_html(text: str, place: str, owner: FileSearch) -> None:
    """Search a page or a piece of HTML: texts, addresses, tables, data in scripts."""
    parser = _Page()
    parser.feed(text)
    parser.close()
    for one in parser.texts:
        owner.text(place, one)
    for line in parser.lines:
        if len(line) > 1:
            owner.said(place, " ".join(line))
    for names, rows in parser.tables():
        table = owner.table(names, f"{place}, table", typed=False)
        table.feed({name: [row[at] for row in rows] for at, name in enumerate(names)})
        table.close()
        for row in rows:
            users = row_of_users(row)
            if users:
                owner.table(["users"], f"{place}, table", typed=False).feed({"users": users})
    for printed in parser.printed:
        search_printed(printed, place, owner)
    for kind, program in parser.scripts:
        search_script(program, kind, place, owner)
    for style in parser.styles:
        search_style(style, place, owner)
    for address in parser.addresses:
        owner.address(f"{place}, address", address)


def search_style(style: str, place: str, owner: FileSearch) -> None:
    """Search a style sheet for pictures and texts in its addresses; its own words are no names."""
    for address in addresses.in_style(style):
        owner.address(f"{place}, address", address)


def search_addresses(owner: FileSearch) -> None:
    """Search the texts in ``data:`` addresses that a file was found to have, and in theirs."""
    while owner.waiting:
        _search_address(*owner.waiting.pop(0), owner)


def _search_address(place: str, address: str, owner: FileSearch) -> None:
    """Search what is in an address, such as that of a link to save a table."""
    kind = addresses.kind_of(address)
    is_json = kind.endswith(("/json", "+json"))
    try:
        text = addresses.content(address)
        value = json.loads(text) if is_json else None
    except ValueError:
        owner.unreadable(place, "it is damaged")
        return
    if is_json:
        JsonSearch(owner, place).search(value)
    elif kind in ("text/html", "application/xml") or kind.endswith("+xml"):
        search_html(text, place, owner)
    elif kind == "text/css":
        search_style(text, place, owner)
    else:
        search_text(text, place, owner)
        search_rows(text.splitlines(keepends=True), place, owner, strict=False)


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
        self.styles: list[str] = []
        #: Texts that stand in one line, such as “2” in bold letters and “users”.
        self.lines: list[list[str]] = [[]]
        #: Texts whose spaces and lines are kept, so that tables may be printed there.
        self.printed: list[str] = []
        #: Addresses that are the data themselves.
        self.addresses: list[str] = []
        self._rows: list[list[list[_Cell]]] = []
        self._inside = ""
        self._is_kept = False
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
        self._end_line(tag)
        if "url(" in values.get("style", ""):
            self.styles.append(values["style"])
        if tag == "script":
            self._inside = tag
            self.scripts.append((values.get("type", ""), ""))
        elif tag == "style":
            self._inside = tag
            self.styles.append("")
        elif tag == "pre":
            self._is_kept = True
            self.printed.append("")
        elif tag == "br" and self._is_kept:
            self.printed[-1] += "\n"
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
        self.styles += inner.styles
        self.printed += inner.printed
        self.lines += inner.lines
        self.addresses += inner.addresses
        self._rows += inner._rows

    def _end_line(self, tag: str) -> None:
        if tag not in _INLINE and self.lines[-1]:
            self.lines.append([])

    def handle_endtag(self, tag: str) -> None:
        self._end_line(tag)
        if tag in ("script", "style"):
            self._inside = ""
        elif tag == "pre":
            self._is_kept = False
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
            self.styles[-1] += data
            return
        if self._is_kept:
            self.printed[-1] += data
        if self._cell is not None:
            self._cell.append(data)
        else:
            lines = [line for line in data.splitlines() if line.strip()]
            self.texts += lines
            self.lines[-1] += lines

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)

    def tables(self) -> Iterator[tuple[list[str], list[list[str]]]]:
        """Names and rows of the tables; columns without a name, such as an index, have none."""
        for table in self._rows:
            rows = _grid([row for row in table if row])
            if not rows:
                continue
            heads = list(takewhile(lambda row: all(cell.is_head for cell in row), rows))
            if len(heads) == len(rows):
                heads = rows[:1]
            width = max(len(row) for row in rows)
            levels = [_texts(row, width) for row in heads]
            body = [_texts(row, width) for row in rows[len(heads) :]]
            yield (
                told_apart(_name([level[at] for level in levels]) for at in range(width)),
                [row for row in body if not is_types([cell for cell in row if cell])],
            )


def _texts(row: list[_Cell], width: int) -> list[str]:
    return [cell.text for cell in row] + [""] * (width - len(row))


def _name(levels: list[str]) -> str:
    """The name of a column whose head may have several rows, such as “users” above each month."""
    return LEVEL.join(dict.fromkeys(filter(None, levels)))
