"""Searches Plotly figures: each trace is a table, named by axes, colours and hover texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .identity import is_users, normal
from .search import flat

if TYPE_CHECKING:
    from .json_values import JsonSearch

#: What a hover text calls a value: ``users=%{y}``, ``users: %{customdata[1]}``; and after it, as
#: in ``%{y} users``.
_FIELD = r"%\{(?P<field>[\w.]+)(?:\[(?P<at>\d+)\])?"
_CALLED_BEFORE = re.compile(r"(?P<label>[\w .()-]+?)\s*[=:]\s*" + _FIELD)
_CALLED_AFTER = re.compile(
    _FIELD + r"[^}]*\}\s+(?P<label>(?:(?:distinct|unique|active|different) )?[A-Za-z]\w*)"
)
_MARKS = re.compile(r"<(?!br\b|extra\b)[^<>]*>")

#: What hover texts call otherwise than traces do.
_SAME = {"value": "values", "label": "labels"}

#: Titles of an axis that say nothing of what is counted.
_ANY = ("", "value", "values", "number", "count")


def search_figure(search: JsonSearch, figure: Mapping[str, Any], path: str) -> None:
    """Search a figure: ``data`` and ``layout``, and the same of each frame of an animation.

    ``search`` is one of figures.
    """
    layout = figure["layout"]
    search.search(layout, f"{path}.layout")
    _traces(search, figure["data"], layout, f"{path}.data")
    frames = figure.get("frames")
    for at, frame in enumerate(frames if isinstance(frames, list) else ()):
        below = f"{path}.frames[{at}]"
        traces = frame.get("data") if isinstance(frame, Mapping) else None
        if isinstance(traces, list):
            own = frame.get("layout")
            _traces(search, traces, own if isinstance(own, Mapping) else layout, f"{below}.data")
            search.search({name: one for name, one in frame.items() if name != "data"}, below)
        else:
            search.search(frame, below)


def _traces(search: JsonSearch, data: list[Any], layout: Mapping[str, Any], path: str) -> None:
    for at, trace in enumerate(data):
        if isinstance(trace, Mapping):
            _trace(search, trace, layout, f"{path}[{at}]")
        else:
            search.search(trace, f"{path}[{at}]")


def _trace(
    search: JsonSearch, trace: Mapping[str, Any], layout: Mapping[str, Any], path: str
) -> None:
    names = _names(trace, layout)
    for label, one in _labels(trace, layout):
        search.columns({label: [one]}, path)
    if "value" in trace:
        # A single number, as ``go.Indicator`` shows it.
        for label in (
            _inner(trace, "title", "text") or trace.get("title"),
            _inner(trace, "number", "suffix"),
        ):
            if isinstance(label, str):
                search.columns({label.strip(): [trace["value"]]}, path)
    for label, values in _tables(trace):
        search.columns({label: list(flat(search.array(values, path)))}, path)
    for name, label in names.items():
        # Such as the colour and the size of markers.
        values = search.array(_inner(trace, *name.split(".")), path) if "." in name else None
        if isinstance(values, list):
            search.columns({label: list(flat(values))}, path)
    rest: dict[str, Any] = {}
    for name, one in trace.items():
        values = search.array(one, f"{path}.{name}")
        if name == "customdata" and isinstance(values, list) and values:
            rows = [row if isinstance(row, list) else [row] for row in values]
            for column in range(max(map(len, rows))):
                label = names.get(f"customdata[{column}]") or names.get(name)
                label = label or f"customdata[{column}]"
                own = [row[column] if column < len(row) else None for row in rows]
                search.columns({label: own}, path)
        elif isinstance(values, list) and values and (name in names or is_column(values)):
            search.columns({names.get(name, name): list(flat(values))}, path)
        else:
            rest[name] = values
    search.search(rest, path)


def _tables(trace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Columns that a trace names itself: those of a table, and dimensions of parallel axes."""
    heads = _inner(trace, "header", "values")
    cells = _inner(trace, "cells", "values")
    if isinstance(heads, list) and isinstance(cells, list):
        for head, column in zip(heads, cells, strict=False):
            yield " ".join(map(str, head)) if isinstance(head, list) else str(head), column
    dimensions = trace.get("dimensions")
    for one in dimensions if isinstance(dimensions, list) else ():
        if isinstance(one, Mapping) and "values" in one:
            yield str(one.get("label", "")), one["values"]


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
    for template in ("texttemplate", "hovertemplate"):
        found.update(_called(trace.get(template)))
    name = trace.get("name")
    axis = "x" if trace.get("orientation") == "h" else "y"
    if isinstance(name, str) and is_users(name) and normal(found.get(axis, "")) in _ANY:
        # One of several measures, which the legend tells apart.
        found[axis] = name
    return found


def _called(template: Any) -> dict[str, str]:
    """What hover texts call the arrays of a trace."""
    found: dict[str, str] = {}
    for text in template if isinstance(template, list) else [template]:
        plain = _MARKS.sub("", text) if isinstance(text, str) else ""
        for line in re.split(r"<br\s*/?>|<extra>|\n", plain):
            after = [one for one in _CALLED_AFTER.finditer(line) if is_users(one["label"])]
            for match in [*after, *_CALLED_BEFORE.finditer(line)]:
                shown = _SAME.get(match["field"], match["field"])
                column = shown if match["at"] is None else f"{shown}[{match['at']}]"
                found[column] = match["label"].strip()
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


def is_column(value: Any) -> bool:
    """Whether a value is a list of single values."""
    return isinstance(value, list) and not any(
        isinstance(one, (Mapping, list, tuple)) for one in value
    )
