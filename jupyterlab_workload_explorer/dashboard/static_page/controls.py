"""Controls of a chart: which rows of a reduced table it shows, chosen by who reads the page.

A figure asks for them in ``layout.meta.workload``; docs/publish.md describes it. Each choice shows
rows that are in the table. Nothing is added up: a person who is counted in two months would count
twice, so a period or a filter can be chosen only where it was reduced.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .problem import PageProblem

#: Rows of a table that a page may hold.
MOST_ROWS = 200_000

#: A value of a table in a page.
Cell = str | float | bool | None


@dataclass(frozen=True)
class Filter:
    """A column of which one value is shown; ``value`` is that to begin with.

    ``all`` is what the value ``None`` is called: the rows of everything together.
    """

    column: str
    label: str
    all: str
    value: Cell


@dataclass(frozen=True)
class Controls:
    """What a figure asks for.

    Attributes:
        data: the table, a Parquet file, as the notebook names it.
        category: column of what is compared, or of the time.
        value: column of the numbers.
        series: column of which each value is drawn by itself; ``None`` where there is one only.
        filters: what can be chosen.
        sort: columns to sort by, first that to begin with; numbers from large to small.
        top: how many are shown, first that to begin with.
    """

    data: str
    category: str
    value: str
    series: str | None
    filters: tuple[Filter, ...]
    sort: tuple[str, ...]
    top: tuple[int, ...]

    @property
    def columns(self) -> list[str]:
        """The columns that they need, each once."""
        named = [self.category, self.value, self.series, *self.sort]
        return list(dict.fromkeys([*filter(None, named), *(one.column for one in self.filters)]))

    def to_json(self) -> dict[str, Any]:
        """As the page reads it; tables are told apart by ``data``."""
        return {
            "category": self.category,
            "value": self.value,
            "series": self.series,
            "filters": [vars(one) for one in self.filters],
            "sort": list(self.sort),
            "top": list(self.top),
        }


def read_controls(figure: Mapping[str, Any]) -> Controls | None:
    """The controls that a figure asks for; ``None`` where it asks for none.

    Raises ``PageProblem`` where they are not as described.
    """
    layout = figure.get("layout")
    meta = layout.get("meta") if isinstance(layout, Mapping) else None
    asked = meta.get("workload") if isinstance(meta, Mapping) else None
    if asked is None:
        return None
    if not isinstance(asked, Mapping):
        raise _wrong("has to be an object")
    known = {"data", "category", "value", "series", "filters", "sort", "top"}
    if unknown := sorted(set(asked) - known):
        raise _wrong(f"has a key {unknown[0]!r}; it knows {', '.join(sorted(known))}")
    value = _text(asked, "value")
    return Controls(
        _text(asked, "data"),
        _text(asked, "category"),
        value,
        None if asked.get("series") is None else _text(asked, "series"),
        tuple(_filter(one) for one in _list(asked, "filters")),
        tuple(_texts(asked, "sort")) or (value,),
        tuple(_numbers(asked, "top")),
    )


def _wrong(what: str) -> PageProblem:
    return PageProblem(f"“meta.workload” in the layout of a figure {what}.")


def _text(asked: Mapping[str, Any], key: str) -> str:
    found = asked.get(key)
    if not isinstance(found, str) or not found:
        raise _wrong(f"needs a text for {key!r}")
    return found


def _list(asked: Mapping[str, Any], key: str) -> Sequence[Any]:
    found = asked.get(key, [])
    if not isinstance(found, list):
        raise _wrong(f"needs a list for {key!r}")
    return found


def _texts(asked: Mapping[str, Any], key: str) -> list[str]:
    found = _list(asked, key)
    if not all(isinstance(one, str) and one for one in found):
        raise _wrong(f"needs names of columns for {key!r}")
    return list(found)


def _numbers(asked: Mapping[str, Any], key: str) -> list[int]:
    found = _list(asked, key)
    if not all(isinstance(one, int) and not isinstance(one, bool) and one > 0 for one in found):
        raise _wrong(f"needs whole numbers above 0 for {key!r}")
    return list(found)


def _filter(asked: Any) -> Filter:
    if not isinstance(asked, Mapping):
        raise _wrong("needs an object for each of its filters")
    if unknown := sorted(set(asked) - {"column", "label", "all", "value"}):
        raise _wrong(f"has a filter with a key {unknown[0]!r}")
    column, value = _text(asked, "column"), asked.get("value")
    if value is not None and not isinstance(value, str | int | float):
        raise _wrong(f"has a filter of {column!r} whose value is neither text nor number")
    label = _text(asked, "label") if "label" in asked else column
    return Filter(column, label, _text(asked, "all") if "all" in asked else "all", value)


def read_table(path: Path, controls: Controls) -> dict[str, list[Cell]]:
    """The columns of a table that controls need, as JSON has values; times as ISO 8601.

    Raises ``PageProblem`` where it does not have them, or where a choice would leave several
    numbers for the same thing.
    """
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        there = parquet.read_schema(path).names
        if missing := [one for one in controls.columns if one not in there]:
            raise PageProblem(
                f"{controls.data} has no column “{missing[0]}”, which a chart wants to choose by."
            )
        table = parquet.read_table(path, columns=controls.columns, partitioning=None)
    except (OSError, pyarrow.ArrowException) as problem:
        raise PageProblem(f"{controls.data} cannot be read: {_first_line(problem)}.") from None
    if table.num_rows > MOST_ROWS:
        raise PageProblem(
            f"{controls.data} has {table.num_rows:,} rows, and a page holds {MOST_ROWS:,}. Reduce "
            "it further."
        )
    found = {name: [_cell(one) for one in table[name].to_pylist()] for name in controls.columns}
    _check_filters(found, controls)
    _check_unique(found, controls)
    return found


def _first_line(problem: Exception) -> str:
    return str(problem).partition("\n")[0].rstrip(".")


def _cell(value: Any) -> Cell:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        # Above that, numbers of a browser are not exact.
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _check_filters(table: Mapping[str, Sequence[Cell]], controls: Controls) -> None:
    for one in controls.filters:
        if one.value not in table[one.column]:
            raise PageProblem(
                f"{controls.data} has no row where “{one.column}” is “{one.value}”, which a chart "
                "begins with."
            )


def _check_unique(table: Mapping[str, Sequence[Cell]], controls: Controls) -> None:
    """Whatever is chosen, there has to be one number for each thing."""
    columns = [one.column for one in controls.filters]
    columns += [controls.category, *([controls.series] if controls.series else [])]
    seen: set[tuple[Cell, ...]] = set()
    for key in zip(*(table[column] for column in dict.fromkeys(columns)), strict=True):
        if key in seen:
            raise PageProblem(
                f"{controls.data} has several rows for {_named(columns, key)}. Adding them up "
                "would count people twice: reduce it to one row for each, or let readers choose "
                "by what tells them apart (“filters”)."
            )
        seen.add(key)


def _named(columns: Sequence[str], key: Sequence[Cell]) -> str:
    named = zip(dict.fromkeys(columns), key, strict=True)
    return ", ".join(f"{column} {value!r}" for column, value in named)
