"""Tables in plain texts: as pandas, polars, DuckDB and others print them, and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .identity import is_users, told_apart

#: Names of columns, and rows of texts.
Printed = tuple[list[str], list[list[str]]]

_WORD = re.compile(r"[A-Za-z_@][\w.%@-]*")
_WORDS = re.compile(r"[A-Za-z_@][\w.%@ -]*")
#: What stands between the columns of tables with lines.
_BAR = re.compile(r"[│┆|┃║]")
_LINE = re.compile(r"[-=+:|_~\s\u2500-\u257f]+")
_TOP = tuple("┌╭╒┏╔")
_TYPE = re.compile(
    r"(?i)(?:(?:u|f|i|uint|int|float|huge|uhuge|small|tiny|big)(?:8|16|32|64|128|int)|str(?:ing)?"
    r"|bool(?:ean)?|varchar|double|integer|date|datetime|time(?:stamp)?|duration|cat(?:egorical)?"
    r"|enum|binary|blob|null|object|decimal|list|struct)(?:[\[(].*[\])])?|-*"
)
_VALUE = re.compile(
    r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?i:nan|none|null|<na>)"
)

#: The last line of a column that pandas prints, and the first of one that polars prints.
_PANDAS_COLUMN = re.compile(r"(?:Freq: [\w-]+, )?Name: (.+?),(?: Length: \d+,)? dtype: \w+.*")
_POLARS_COLUMN = re.compile(r"Series: '(.+)' \[[^\]]+\]")

#: What stands around the values of a row, as in ``users: [[300, 12]]`` or ``$ users <i64> 300``.
_AROUND = re.compile(r"<\w+>|[│┆|┃║:=\[\]{}()*`\"'$]")


def printed_tables(text: str) -> Iterator[Printed]:
    """All tables, columns and rows of users that are printed in a text."""
    lines = text.splitlines()
    yield from _tables(lines)
    yield from _columns(lines)
    for line in lines:
        if "user" not in line.lower():
            continue
        apart = line.replace(",", " ") if "[" in line else line
        users = row_of_users(_AROUND.sub(" ", apart).split())
        if users:
            yield ["users"], [[one] for one in users]


def row_of_users(cells: Sequence[str]) -> list[str]:
    """The numbers of a row that is called users, as in a table that lies on its side."""
    plain = [cell.rstrip(",") for cell in cells]
    numbered = [bool(_VALUE.fullmatch(cell)) for cell in plain]
    if numbered[:2] == [True, False]:
        # The number of the row.
        del plain[0], numbered[0]
    at = numbered.index(True) if True in numbered else 0
    values = [one for one in plain[at:] if one not in ("", "…", "...")]
    whole = at and is_users(" ".join(plain[:at])) and all(map(_VALUE.fullmatch, values))
    return values if whole else []


def is_types(cells: Sequence[str]) -> bool:
    """Whether a row says what the columns hold, as polars and DuckDB write it below the names."""
    return any(cells) and all(_TYPE.fullmatch(cell) for cell in cells)


def _columns(lines: Sequence[str]) -> Iterator[Printed]:
    """Single columns, as pandas and polars print them."""
    for at, line in enumerate(lines):
        pandas = _PANDAS_COLUMN.fullmatch(line.strip())
        polars = _POLARS_COLUMN.fullmatch(line.strip())
        rows: list[list[str]] = []
        if pandas:
            for above in reversed(lines[:at]):
                if not above.strip():
                    break
                if len(above.split()) > 1:  # Else the name of the index.
                    rows.append(above.split()[-1:])
            rows.reverse()
        elif polars:
            for below in lines[at + 1 :]:
                if below.strip() == "]":
                    break
                rows.append([below.strip().strip('"')])
        values = [row for row in rows if row[0] not in ("[", "...", "…")]
        found = pandas or polars
        if found and values:
            yield [found[1]], values


def _split(line: str, shape: str) -> list[str]:
    """The cells of a line, where they are between bars, commas, semicolons or spaces."""
    if shape == "|":
        inner = re.sub(rf"^{_BAR.pattern}|{_BAR.pattern}$", "", line.strip())
        return [cell.strip() for cell in _BAR.split(inner)]
    return line.split() if shape == " " else line.strip().split(shape)


def _shape(line: str) -> str:
    if _BAR.search(line):
        return "|"
    return next((sign for sign in ",;" if sign in line and f"{sign} " not in line), " ")


def _head(line: str, shape: str) -> list[str]:
    """The names of columns, if a line may have them."""
    cells = _split(line, shape)
    if shape == "|":
        named = any(_WORDS.match(cell) for cell in cells)
        return told_apart(cells) if named and not any(map(_VALUE.fullmatch, cells)) else []
    word = _WORD if shape == " " else _WORDS
    # A single name stands above a column, right of the numbers of its rows.
    enough = len(cells) > 1 or (len(cells) == 1 and line[:1] == " ")
    fits = enough and all(word.fullmatch(cell) for cell in cells)
    return cells if fits and len(set(cells)) == len(cells) else []


def _tables(lines: Sequence[str]) -> Iterator[Printed]:
    shape, names, rows = " ", list[str](), list[list[str]]()
    #: Columns of the index, and where the first column after them begins.
    levels, indent = 1, 0
    ruled = False
    for line in [*(one.removesuffix("\\").rstrip() for one in lines), ""]:
        bare = line.strip()
        if bare.startswith(_TOP):
            line = bare = ""
        elif bare and _LINE.fullmatch(bare):
            ruled = True
            continue
        cells = _split(line, shape)
        if names and not rows and shape == " " and 0 < len(line) <= indent:
            # The names of an index stand in a line of their own, left of the columns.
            levels = len(cells)
            continue
        more = len(cells) - len(names)
        barred = (shape == "|") == bool(_BAR.search(line))
        fits = barred and 0 <= more <= (levels if shape == " " else 0)
        # Two tables may stand one below the other, without an empty line.
        ended = rows and ruled and any(map(_VALUE.fullmatch, rows[-1]))
        again = (ended or (rows and set(cells) & set(names))) and _head(line, shape)
        ruled = False
        if names and bare and fits and not again:
            if not is_types(cells):
                rows.append(cells[-len(names) :])
            continue
        if names and rows:
            yield names, rows
        shape = _shape(line)
        names, rows = _head(line, shape), []
        levels, indent = 1, len(line) - len(line.lstrip())
