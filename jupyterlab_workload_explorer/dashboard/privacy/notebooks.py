"""Searches a notebook: sources, and executed outputs of every kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .json_values import JsonSearch
from .pages import search_html
from .search import FileSearch
from .texts import search_python, search_script, search_text

_WIDGETS = "application/vnd.jupyter.widget-state+json"

#: What notes a file that cannot be searched by a program: place and what it is.
Notes = list[tuple[str, str]]


def search_notebook(notebook: Any, owner: FileSearch, notes: Notes) -> None:
    """Search a notebook (of format 4). Raises ValueError for what is none."""
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    if not isinstance(cells, list):
        raise ValueError("no notebook of format 4")
    for number, cell in enumerate(cells, 1):
        name = f"cell {cell.get('id') or number}"
        source = _joined(cell.get("source", ""))
        if cell.get("cell_type") == "code":
            search_python(source, f"{name}, source", owner)
        else:
            search_text(source, f"{name}, text", owner)
        for at, output in enumerate(cell.get("outputs") or (), 1):
            _output(output, f"{name}, output {at}", owner, notes)
        for attached in (cell.get("attachments") or {}).values():
            _bundle(attached, f"{name}, attachment", owner, notes)
    metadata = notebook.get("metadata") or {}
    state = (metadata.get("widgets") or {}).get(_WIDGETS)
    if state is not None:
        _search_widgets(state, owner, notes)
    # Papermill's, such as the paths of input and output, and what we write ourselves.
    others = {name: value for name, value in metadata.items() if name != "widgets"}
    JsonSearch(owner, "metadata", figure=True).search(others)


def _search_widgets(states: Any, owner: FileSearch, notes: Notes) -> None:
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
                _output(one, "widgets, output", owner, notes)
        if isinstance(value, str) and "<" in value:
            search_html(value, "widgets, page", owner)
        data, layout = state.get("_data") or state.get("_widget_data"), state.get("_layout")
        if isinstance(data, list):
            shown = layout or state.get("_widget_layout")
            figure = {"data": data, "layout": shown if isinstance(shown, Mapping) else {}}
            JsonSearch(owner, "widgets, chart", figure=True).search(figure)
        if model.get("buffers"):
            notes.append(("widgets", "binary"))


def _output(output: Mapping[str, Any], place: str, owner: FileSearch, notes: Notes) -> None:
    kind = output.get("output_type")
    if kind == "stream":
        search_text(_joined(output.get("text", "")), place, owner)
    elif kind == "error":
        lines = [output.get("ename", ""), output.get("evalue", ""), *output.get("traceback", ())]
        search_text("\n".join(map(str, lines)), place, owner, tables=False)
    else:
        _bundle(output.get("data") or {}, place, owner, notes)


def _bundle(data: Mapping[str, Any], place: str, owner: FileSearch, notes: Notes) -> None:
    """An output in one or several forms, by their MIME types."""
    for mime, value in data.items():
        here = f"{place}, {mime}"
        binary = mime.startswith(("image/", "audio/", "video/")) or mime == "application/pdf"
        if binary and mime != "image/svg+xml":
            notes.append((here, mime))
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
