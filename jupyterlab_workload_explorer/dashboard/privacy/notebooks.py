"""Searches a notebook: sources, and executed outputs of every kind."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .json_values import JsonSearch
from .notebook_metadata import search_metadata
from .pages import search_html
from .search import FileSearch
from .texts import search_python, search_script, search_text

_WIDGETS = "application/vnd.jupyter.widget-state+json"

#: The first line of a cell that is no program in Python, and those that leave it one.
_CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*\n?")
_OF_PYTHON = (
    *("time", "timeit", "capture", "prun", "debug", "python", "python3", "px", "memit"),
    *("mprun", "lprun", "snakeviz", "cython"),
)


def search_notebook(notebook: Any, owner: FileSearch) -> None:
    """Search a notebook (of format 4). Raises ValueError for what is none."""
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    if not isinstance(cells, list):
        raise ValueError("no notebook of format 4")
    for number, cell in enumerate(cells, 1):
        name = f"cell {cell.get('id') or number}"
        source = _joined(cell.get("source", ""))
        if cell.get("cell_type") == "code":
            _search_source(source, f"{name}, source", owner)
        else:
            search_text(source, f"{name}, text", owner)
        for at, output in enumerate(cell.get("outputs") or (), 1):
            _output(output, f"{name}, output {at}", owner)
        for attached, bundle in (cell.get("attachments") or {}).items():
            owner.text(f"{name}, attachment", attached)
            _bundle(bundle, f"{name}, attachment", owner)
        search_metadata(cell.get("metadata"), f"{name}, metadata", owner)
    metadata = dict(notebook.get("metadata") or {})
    widgets = metadata.get("widgets")
    if isinstance(widgets, Mapping) and _WIDGETS in widgets:
        _search_widgets(widgets[_WIDGETS], owner)
        metadata["widgets"] = {name: one for name, one in widgets.items() if name != _WIDGETS}
    # Papermill's, such as the paths of input and output, and what we write ourselves.
    search_metadata(metadata, "metadata", owner)


def _search_source(source: str, place: str, owner: FileSearch) -> None:
    """Search what a cell runs: a program in Python, or what its first line says."""
    magic = _CELL_MAGIC.match(source)
    if magic is None or magic[1] in _OF_PYTHON:
        search_python(source, place, owner)
        return
    if magic[1].lower() in ("html", "svg", "javascript", "js"):
        owner.text(place, source, names=False)
        owner.names(place, magic[0])
        rest = source[magic.end() :]
        if magic[1].lower() in ("html", "svg"):
            search_html(rest, place, owner)
        else:
            search_script(rest, "", place, owner)
    else:
        search_text(source, place, owner, tables=False)


def _search_widgets(states: Any, owner: FileSearch) -> None:
    """States of widgets: all that they hold, and what they show as outputs, pages, charts."""
    JsonSearch(owner, "widgets").search(states)
    models = states.get("state") if isinstance(states, Mapping) else None
    for model in models.values() if isinstance(models, Mapping) else ():
        state = model.get("state") if isinstance(model, Mapping) else None
        if not isinstance(state, Mapping):
            continue
        outputs, value = state.get("outputs"), state.get("value")
        for one in outputs if isinstance(outputs, list) else ():
            if isinstance(one, Mapping):
                _output(one, "widgets, output", owner)
        if isinstance(value, str) and "<" in value:
            search_html(value, "widgets, page", owner)
        data, layout = state.get("_data") or state.get("_widget_data"), state.get("_layout")
        if isinstance(data, list):
            shown = layout or state.get("_widget_layout")
            figure = {"data": data, "layout": shown if isinstance(shown, Mapping) else {}}
            JsonSearch(owner, "widgets, chart", figure=True).search(figure)
        if model.get("buffers"):
            owner.unsearched.append(("widgets", "binary"))


def _output(output: Mapping[str, Any], place: str, owner: FileSearch) -> None:
    search_metadata(output.get("metadata"), f"{place}, metadata", owner)
    kind = output.get("output_type")
    if kind == "stream":
        search_text(_joined(output.get("text", "")), place, owner)
    elif kind == "error":
        lines = [output.get("ename", ""), output.get("evalue", ""), *output.get("traceback", ())]
        search_text("\n".join(map(str, lines)), place, owner, tables=False)
    else:
        _bundle(output.get("data") or {}, place, owner)


def _bundle(data: Mapping[str, Any], place: str, owner: FileSearch) -> None:
    """An output in one or several forms, by their MIME types."""
    for mime, value in data.items():
        here = f"{place}, {mime}"
        binary = mime.startswith(("image/", "audio/", "video/")) or mime == "application/pdf"
        if binary and mime != "image/svg+xml":
            owner.unsearched.append((here, mime))
        elif isinstance(value, dict) or mime.endswith("json"):
            _json(value, mime, here, owner)
        elif mime in ("text/html", "image/svg+xml"):
            search_html(_joined(value), here, owner)
        elif mime == "application/javascript":
            search_script(_joined(value), mime, here, owner)
        else:
            # What a table looks like in HTML, its plain text says again.
            search_text(_joined(value), here, owner, tables="text/html" not in data)


def _json(value: Any, mime: str, place: str, owner: FileSearch) -> None:
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        value = "".join(value)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            search_text(value, place, owner)
            return
    JsonSearch(owner, place, figure=mime != "application/json").search(value)


def _joined(text: Any) -> str:
    return text if isinstance(text, str) else "".join(map(str, text or ()))
