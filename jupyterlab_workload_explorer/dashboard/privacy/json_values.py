"""Searches JSON: tables in any of their forms, Plotly figures with their typed arrays, texts."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .search import FileSearch, flat

#: How Plotly names the types of its arrays, as ``struct`` does.
_TYPES = {
    **{"i1": "b", "u1": "B", "u1c": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I"},
    **{"i8": "q", "u8": "Q", "f4": "f", "f8": "d"},
    **{"int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I"},
    **{"float32": "f", "float64": "d"},
}

#: Settings of charts, whose values are words of the chart's language.
_SETTINGS = {"template", "type", "mode", "orientation", "colorscale", "anchor", "config"}

_SHOWN_AS = re.compile(r"([\w .()-]+?)\s*[=:]\s*%\{(\w+)(?:\[(\d+)\])?")

_IDENTITIES = ("user", "job", "account", "person")


class Undecodable(Exception):
    """A typed array that cannot be read."""


def typed_array(value: Mapping[str, Any]) -> list[Any]:
    """The numbers of Plotly's ``{"dtype", "bdata", "shape"}``, as lists of lists by its shape."""
    try:
        code = _TYPES[value["dtype"].lstrip("<=|")]
        data = base64.b64decode(value["bdata"], validate=True)
        numbers: list[Any] = [one for (one,) in struct.iter_unpack("<" + code, data)]
        sizes = [int(one) for one in str(value.get("shape", "")).split(",") if one.strip()]
    except (KeyError, AttributeError, TypeError, ValueError, struct.error, binascii.Error) as why:
        raise Undecodable from why
    for size in reversed(sizes[1:]):
        if size < 1 or len(numbers) % size:
            raise Undecodable
        numbers = [numbers[at : at + size] for at in range(0, len(numbers), size)]
    return numbers


def is_typed_array(value: Any) -> bool:
    """Whether a value is an array in Plotly's binary form."""
    return isinstance(value, Mapping) and "bdata" in value and "dtype" in value


class JsonSearch:
    """Searches one JSON value; ``figure`` says that it is what a chart draws."""

    def __init__(self, owner: FileSearch, place: str = "", *, figure: bool = False) -> None:
        self._owner, self._place, self._figure = owner, place, figure

    def search(self, value: Any, path: str = "$") -> None:
        """Search a value and all that is in it."""
        if isinstance(value, str):
            self._owner.text(self._at(path), value)
        elif isinstance(value, Mapping):
            self._mapping(value, path)
        elif isinstance(value, (list, tuple)):
            self._list(value, path)

    def _at(self, path: str) -> str:
        return f"{self._place}, {path}" if self._place else path

    def _list(self, value: Sequence[Any], path: str) -> None:
        if value and all(isinstance(one, Mapping) for one in value):
            traces = all(self._is_trace(one) for one in value)
            if not traces and not any(is_typed_array(one) for one in value):
                self._records(value, path)
                return
        if value and all(not isinstance(one, (Mapping, list, tuple)) for one in value):
            self._columns({"": value}, path, figure=True)
            return
        for at, one in enumerate(value):
            self.search(one, f"{path}[{at}]")

    def _is_trace(self, value: Mapping[str, Any]) -> bool:
        return any(isinstance(one, list) or is_typed_array(one) for one in value.values()) and bool(
            {"x", "y", "z", "type", "labels", "customdata"} & set(value)
        )

    def _records(self, rows: Sequence[Mapping[str, Any]], path: str) -> None:
        """A table as a list of rows; what is no single value in it is searched by itself."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        single = {
            name: [row.get(name) if _is_single(row.get(name)) else None for row in rows]
            for name in names
        }
        self._columns(single, path, figure=self._figure or len(names) < 2)
        for at, row in enumerate(rows):
            for name, one in row.items():
                if not _is_single(one):
                    self._named(name, one, f"{path}[{at}]")

    def _mapping(self, value: Mapping[str, Any], path: str) -> None:
        if is_typed_array(value):
            self._array(value, path)
            return
        data, layout = value.get("data"), value.get("layout")
        if isinstance(data, list) and isinstance(layout, Mapping):
            self._plotly(data, layout, path)
            rest = {name: one for name, one in value.items() if name not in ("data", "layout")}
        else:
            rest = dict(value)
        columns = rest.get("columns")
        table = rest.get("data")
        if _is_table(columns, table):
            names = [str(name) for name in columns]
            self._columns(
                {name: [row[at] for row in table] for at, name in enumerate(names)},
                path,
                figure=self._figure,
            )
            rest = {name: one for name, one in rest.items() if name not in ("columns", "data")}
        lists = {name: one for name, one in rest.items() if _is_column(one)}
        if len(lists) > 1 and len({len(one) for one in lists.values()}) == 1:
            self._columns(lists, path, figure=self._figure)
            rest = {name: one for name, one in rest.items() if name not in lists}
        for name, one in rest.items():
            if self._figure and name in _SETTINGS:
                continue
            self._named(name, one, path)

    def _named(self, name: str, value: Any, path: str) -> None:
        """A value that has a name: the name may be somebody's, or say that the value is."""
        shown = self._owner.safe(name, "key")
        below = f"{path}.{shown}"
        self._owner.text(self._at(below), name)
        holds = self._owner.key(name)
        if holds in _IDENTITIES and _is_column(value):
            self._columns({name: value}, path, figure=True)
        elif holds in _IDENTITIES and isinstance(value, (str, int)) and value and value is not True:
            self._columns({name: [value]}, path, figure=True)
        else:
            self.search(value, below)

    def _columns(self, columns: Mapping[str, Sequence[Any]], path: str, *, figure: bool) -> None:
        table = self._owner.table(list(columns), self._at(path), figure=figure)
        table.feed({str(name): values for name, values in columns.items()})
        table.close()

    def _array(self, value: Mapping[str, Any], path: str) -> list[Any]:
        try:
            return typed_array(value)
        except Undecodable:
            self._owner.unreadable(self._at(path), "an array in binary form is damaged")
            return []

    def _plotly(self, data: list[Any], layout: Mapping[str, Any], path: str) -> None:
        """A figure: each trace is a table, whose columns are named by axes and hover texts."""
        figure = JsonSearch(self._owner, self._place, figure=True)
        figure.search(layout, f"{path}.layout")
        for at, trace in enumerate(data):
            below = f"{path}.data[{at}]"
            if not isinstance(trace, Mapping):
                self.search(trace, below)
                continue
            names = _names(trace, layout)
            for label, one in _labels(trace, layout):
                figure._columns({label: [one]}, below, figure=True)
            rest: dict[str, Any] = {}
            for name, one in trace.items():
                values = self._array(one, f"{below}.{name}") if is_typed_array(one) else one
                if name == "customdata" and isinstance(values, list) and values:
                    rows = [row if isinstance(row, list) else [row] for row in values]
                    for column in range(max(map(len, rows))):
                        label = names.get(f"customdata[{column}]", f"customdata[{column}]")
                        own = [row[column] if column < len(row) else None for row in rows]
                        figure._columns({label: own}, below, figure=True)
                elif isinstance(values, list) and values and (name in names or _is_column(values)):
                    figure._columns({names.get(name, name): list(flat(values))}, below, figure=True)
                else:
                    rest[name] = values
            figure.search(rest, below)


def _names(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> dict[str, str]:
    """What the arrays of a trace are called, by axis titles and by hover texts."""
    found: dict[str, str] = {}
    for axis in ("x", "y"):
        chosen = str(trace.get(f"{axis}axis") or axis).replace(axis, f"{axis}axis", 1)
        text = _inner(layout, chosen, "title", "text") or _inner(layout, chosen, "title")
        if isinstance(text, str) and text:
            found[axis] = text
    for bar in (trace.get("colorbar"), _inner(layout, "coloraxis", "colorbar")):
        text = _inner(bar, "title", "text") or _inner(bar, "title")
        if isinstance(text, str) and text:
            found["z"] = text
    template = trace.get("hovertemplate")
    for text in template if isinstance(template, list) else [template]:
        for line in re.split(r"<br>|<extra>|\n", text) if isinstance(text, str) else ():
            match = _SHOWN_AS.search(line)
            if match:
                name = match[2] if match[3] is None else f"{match[2]}[{match[3]}]"
                found[name] = match[1].strip()
    return found


def _labels(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a whole trace stands for, such as one user: by the legend's title, by hover texts."""
    title = _inner(layout, "legend", "title", "text")
    if isinstance(title, str) and isinstance(trace.get("name"), str):
        yield title, trace["name"]
    template = trace.get("hovertemplate")
    for line in re.split(r"<br>|<extra>", template) if isinstance(template, str) else ():
        label, equals, value = line.partition("=")
        if equals and value and "%{" not in value:
            yield label, value


def _inner(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _is_single(value: Any) -> bool:
    return not isinstance(value, (Mapping, list, tuple)) or _is_column(value)


def _is_column(value: Any) -> bool:
    return isinstance(value, list) and not any(
        isinstance(one, (Mapping, list, tuple)) for one in value
    )


def _is_table(columns: Any, rows: Any) -> bool:
    return (
        _is_column(columns)
        and bool(columns)
        and isinstance(rows, list)
        and all(isinstance(row, list) and len(row) == len(columns) for row in rows)
    )
