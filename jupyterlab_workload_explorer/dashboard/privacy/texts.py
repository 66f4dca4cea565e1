"""Searches what is written for people: plain texts, printed tables, HTML, sources of Python."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import tokenize
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote_to_bytes

from .json_values import JsonSearch
from .search import FileSearch

#: Attributes of HTML that people or browsers read as text or address.
_ATTRIBUTES = ("href", "src", "title", "alt", "value", "content", "placeholder", "aria-label")

#: Kinds of addresses with data that are texts, beside ``text/…``.
_TEXTUAL = ("application/json", "application/csv", "application/vnd.ms-excel", "image/svg+xml")

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_WORD = re.compile(r"[A-Za-z_@][\w.%@-]*")
#: Where a program may hold a JSON value; few places, as each that is none costs a reading.
_BEGIN = re.compile(r"(?:[=(,:]\s*|^\s*)(?=\{\s*\"|\[\s*(?:[\[{\"\d-]|null|true|false))")
_MAGIC = re.compile(r"^\s*(?:%|!|\?)")
#: Characters of a JSON value in a program, below which it holds no data.
_DATA = 40


def search_text(text: str, place: str, owner: FileSearch, *, tables: bool = True) -> None:
    """Search a plain text, line by line, and the tables that are printed in it."""
    plain = _COLOURS.sub("", text)
    for line in plain.splitlines():
        owner.text(place, line)
    if tables:
        for names, rows in printed_tables(plain):
            table = owner.table(names, f"{place}, printed table", typed=False)
            table.feed({name: [row[at] for row in rows] for at, name in enumerate(names)})
            table.close()


def printed_tables(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Tables as pandas and polars print them, and those of Markdown: names, and rows of texts."""
    names: list[str] = []
    rows: list[list[str]] = []
    boxed = False
    #: Columns of the index, and where the first column after them begins.
    levels, indent = 1, 0
    for line in [*text.splitlines(), ""]:
        box = line.strip()[:1] in ("│", "|", "┆")
        cells = (
            [cell.strip() for cell in re.split(r"[│┆|]", line.strip().strip("│|┆"))]
            if box
            else line.split()
        )
        if names and not rows and not box and 0 < len(line.rstrip()) <= indent:
            # The names of an index stand in a line of their own, left of the columns.
            levels = len(cells)
            continue
        if names and boxed == box and 0 <= len(cells) - len(names) <= (0 if box else levels):
            if not all(set(cell) <= set("-:= ") for cell in cells):
                rows.append(cells[-len(names) :])
            continue
        if names and boxed and line.strip()[:1] in ("╞", "├"):
            continue
        if names and rows:
            yield names, rows
        fits = len(cells) > 1 and all(_WORD.fullmatch(cell) for cell in cells)
        names = cells if fits and len(set(cells)) == len(cells) else []
        rows, boxed = [], box
        levels, indent = 1, len(line) - len(line.lstrip())


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


def search_script(program: str, kind: str, place: str, owner: FileSearch) -> None:
    """Search a program in JavaScript: the data in it as JSON, and paths anywhere.

    Words of a program are no names, so only its data are compared with the raw data.
    """
    if "json" in kind:
        try:
            JsonSearch(owner, place).search(json.loads(program))
        except ValueError:
            owner.unreadable(place, "a script that says it is JSON is none")
        return
    decoder = json.JSONDecoder()
    found: list[tuple[int, Any]] = []
    at = 0
    while match := _BEGIN.search(program, at):
        try:
            value, end = decoder.raw_decode(program, match.end())
        except (ValueError, RecursionError):
            at = match.end() + 1
            continue
        if end - match.end() >= _DATA:
            found.append((match.end(), value))
        at = max(end, match.end() + 1)
    figures = "Plotly." in program
    values = [value for _, value in found]
    if figures and len(values) > 1 and isinstance(values[1], dict) and isinstance(values[0], list):
        values = [{"data": values[0], "layout": values[1]}, *values[2:]]
    for value in values:
        JsonSearch(owner, place, figure=figures).search(value)
    owner.program(place, program)


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


def search_python(source: str, place: str, owner: FileSearch) -> None:
    """Search a program in Python: its strings and comments for names, all of it for paths."""
    lines = [_MAGIC.sub("#", line, count=1) for line in source.splitlines()]
    owner.text(place, source, names=False)
    for text in _texts("\n".join(lines) + "\n"):
        for line in text.splitlines():
            owner.names(place, line)


def _texts(source: str) -> Iterator[str]:
    """Strings and comments; of a program that is none, what stands between quotes."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found.append(token.string[1:])
            elif token.type == tokenize.STRING:
                found.append(_value(token.string))
            elif tokenize.tok_name[token.type] == "FSTRING_MIDDLE":
                found.append(token.string)
            elif token.type == tokenize.ERRORTOKEN and token.string in ("'", '"'):
                raise SyntaxError  # As later versions of Python do.
    except (tokenize.TokenError, SyntaxError, IndentationError):
        found += re.findall(r"[\"']([^\"'\n]+)", source)
        found += re.findall(r"#(.*)", source)
    yield from found


def _value(literal: str) -> str:
    try:
        value = ast.literal_eval(literal)
    except (ValueError, SyntaxError):
        return literal
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
