"""Searches JSON: tables in any of their forms, figures of Plotly, texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .figures import is_column, search_figure
from .search import FileSearch
from .typed_arrays import Undecodable, is_of_bokeh, is_typed_array, of_bokeh, typed_array
from .vega import fields_of_users, is_vega

#: Settings of charts, whose values are words of the chart's language.
_SETTINGS = frozenset(("template", "type", "mode", "orientation", "colorscale", "anchor", "config"))

_IDENTITIES = ("user", "job", "account", "person")


class JsonSearch:
    """Searches one JSON value; ``figure`` says that it is what a chart draws.

    Of a figure, ``settings`` are left out, whose values are words of the chart's language.
    """

    def __init__(
        self, owner: FileSearch, place: str = "", *, figure: bool = False, settings: bool = True
    ) -> None:
        self._owner, self._place, self._figure = owner, place, figure
        self._left_out = _SETTINGS if figure and settings else frozenset[str]()
        self._titles: dict[str, str] = {}

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
            self.array(value, path)
            return
        if is_of_bokeh(value):
            self._of_bokeh(value, path)
            return
        if is_vega(value):
            self._titles = fields_of_users(value)
        data, layout = value.get("data"), value.get("layout")
        if isinstance(data, list) and isinstance(layout, Mapping):
            figure = JsonSearch(self._owner, self._place, figure=True)
            search_figure(figure, value, path)
            done = ("data", "layout", "frames")
            rest = {name: one for name, one in value.items() if name not in done}
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
        if not self._figure and _is_table_of_mappings(rest):
            # By columns and then rows, as pandas writes it, or by rows.
            self.columns({name: list(one.values()) for name, one in rest.items()}, path)
            inner = next(iter(rest.values()))
            self.columns({name: [one[name] for one in rest.values()] for name in inner}, path)
            return
        lists = {name: one for name, one in rest.items() if is_column(one)}
        if len(lists) > 1 and len({len(one) for one in lists.values()}) == 1:
            self._columns(lists, path, figure=self._figure)
            rest = {name: one for name, one in rest.items() if name not in lists}
        for name, one in rest.items():
            if name in self._left_out:
                continue
            self._named(name, one, path)

    def _of_bokeh(self, value: Mapping[str, Any], path: str) -> None:
        try:
            plain = of_bokeh(value)
        except Undecodable:
            self._owner.unreadable(self._at(path), "an array in binary form is damaged")
            return
        if isinstance(plain, dict) and plain and all(map(is_column, plain.values())):
            self.columns(plain, path)
        else:
            self.search(plain, path)

    def _named(self, name: str, value: Any, path: str) -> None:
        """A value that has a name: the name may be somebody's, or say that the value is."""
        shown = self._owner.safe(name, "key")
        below = f"{path}.{shown}"
        self._owner.text(self._at(below), name)
        holds = self._owner.key(name)
        if holds in _IDENTITIES and is_column(value):
            self._columns({name: value}, path, figure=True)
        elif holds in _IDENTITIES and isinstance(value, (str, int)) and value and value is not True:
            self._columns({name: [value]}, path, figure=True)
        else:
            self.search(value, below)

    def _columns(self, columns: Mapping[str, Sequence[Any]], path: str, *, figure: bool) -> None:
        titles = {name: one for name, one in self._titles.items() if one not in columns}
        named = {titles.get(str(name), str(name)): values for name, values in columns.items()}
        table = self._owner.table(list(named), self._at(path), figure=figure)
        table.feed(named)
        table.close()

    def columns(self, columns: Mapping[str, Sequence[Any]], path: str) -> None:
        """Search columns of what a chart draws."""
        self._columns(columns, path, figure=True)

    def array(self, value: Any, path: str) -> Any:
        """The numbers of a typed array; anything else as it is."""
        if not is_typed_array(value):
            return value
        try:
            return typed_array(value)
        except Undecodable:
            self._owner.unreadable(self._at(path), "an array in binary form is damaged")
            return []


def _is_single(value: Any) -> bool:
    return not isinstance(value, (Mapping, list, tuple)) or is_column(value)


def _is_table(columns: Any, rows: Any) -> bool:
    return (
        is_column(columns)
        and bool(columns)
        and isinstance(rows, list)
        and all(isinstance(row, list) and len(row) == len(columns) for row in rows)
    )


def _is_table_of_mappings(value: Mapping[str, Any]) -> bool:
    """Whether a mapping is a table: by columns and then rows, as pandas writes it, or otherwise."""
    inner = [one for one in value.values() if isinstance(one, Mapping) and one]
    return (
        bool(inner)
        and len(inner) == len(value)
        and all(set(one) == set(inner[0]) for one in inner)
        and all(is_column(list(one.values())) for one in inner)
    )
