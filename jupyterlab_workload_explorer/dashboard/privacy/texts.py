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
from .printed import printed_tables
from .search import FileSearch

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
#: Letters of a value as Python prints it; longer ones are not looked at as such.
_LONGEST = 1_000_000
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
        search_printed(plain, place, owner)


def search_printed(text: str, place: str, owner: FileSearch) -> None:
    """Search the tables that are printed in a text, and the values."""
    for names, rows in printed_tables(text):
        table = owner.table(names, f"{place}, printed table", typed=False)
        table.feed({name: [row[at] for row in rows] for at, name in enumerate(names)})
        table.close()
    for value in _values(text):
        JsonSearch(owner, f"{place}, printed value").search(value)


def _values(text: str) -> Iterator[Any]:
    """Lists and mappings as Python prints them, or JSON: the whole text, or lines of it."""
    whole = _printed_value(text)
    for one in [whole] if whole is not None else map(_printed_value, text.splitlines()):
        if one is not None:
            yield one


def _printed_value(text: str) -> Any:
    plain = text.strip()
    if len(plain) > _LONGEST or plain[:1] + plain[-1:] not in ("{}", "[]") or "{" not in plain:
        return None
    try:
        return json.loads(plain)
    except (ValueError, RecursionError):
        pass
    try:
        # Without what JSON does not have, such as numbers as keys.
        return json.loads(json.dumps(ast.literal_eval(plain), default=str, skipkeys=True))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


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
