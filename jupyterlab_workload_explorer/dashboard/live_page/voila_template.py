"""The template by which Voilà makes the pages of published dashboards.

Voilà looks for templates below ``voila/templates`` of Jupyter's data folders, of which a published
folder has one. A notebook whose own metadata name a template has that one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path

from ..figures import cartesian_traces, figure_of, trace_type
from ..mimes import WIDGET

#: What Voilà knows it by.
TEMPLATE = "workload-explorer"

#: A data folder of Jupyter's, in a published one.
DATA = "jupyter"

_PLACE = f"{DATA}/voila/templates/{TEMPLATE}"
_FOLDER = Path(__file__).with_name("template")
_SETTINGS = "settings.html.j2"

#: What a page knows of its dashboard, in a published folder; it has the time of publishing.
SETTINGS = f"{_PLACE}/{_SETTINGS}"


def is_installed() -> bool:
    """Whether a Voilà of this Python finds the template, with which the package is installed."""
    found = jupyter_path("voila", "templates", TEMPLATE, "index.html.j2")
    return any(Path(one).is_file() for one in found)


def template_files(title: str, published: datetime, has_widgets: bool) -> Iterator[tuple[str, str]]:
    """The template's files by their paths in a published folder, for a dashboard of that time."""
    for file in sorted(one for one in _FOLDER.rglob("*") if one.is_file()):
        name = file.relative_to(_FOLDER).as_posix()
        if name != _SETTINGS:
            yield f"{_PLACE}/{name}", file.read_text(encoding="utf-8")
    time = published.strftime("%Y-%m-%dT%H:%M:%SZ")
    settings = {"title": title, "published": time, "has_widgets": has_widgets}
    lines = (f"{{%- set {name} = {_literal(value)} -%}}\n" for name, value in settings.items())
    yield SETTINGS, "".join(lines)


def _literal(value: str | bool) -> str:
    """A value as a template writes it: as JSON, but letters stand for themselves."""
    return json.dumps(value, ensure_ascii=False)


def has_widgets(executed: Mapping[str, Any]) -> bool:
    """Whether an executed notebook shows a widget."""
    return any(WIDGET in data for data in _shown(executed))


def needs_other_plotly(executed: Mapping[str, Any]) -> bool:
    """Whether an executed notebook shows charts that the template leaves to Voilà."""
    known = cartesian_traces()
    figures = (figure_of(data) for data in _shown(executed))
    traces = (trace for figure in figures if figure for trace in figure["data"])
    return any(trace_type(trace) not in known for trace in traces)


def _shown(executed: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for cell in executed["cells"]:
        for output in cell.get("outputs", ()):
            yield output.get("data", {})
