"""Searches what is written for people: plain texts, printed tables, programs."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from typing import Any

from .json_values import JsonSearch
from .search import FileSearch

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
