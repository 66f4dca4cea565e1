"""Charts of a page: their figures, the tables that readers choose from, and what draws them."""

from __future__ import annotations

import html
import importlib.util
import json
import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..figures import cartesian_traces, trace_type
from .controls import Controls, read_controls, read_table
from .problem import PageProblem

#: Where the build puts what runs in a page.
SCRIPTS = Path(__file__).with_name("scripts")

#: Traces that Plotly's cartesian bundle has; it draws others as scatter, without a word.
_CARTESIAN = cartesian_traces()

#: What Plotly draws by WebGL; its programs are compiled, which the page's policy forbids.
_WITHOUT_WEBGL = {"scattergl": "scatter", "scatterpolargl": "scatterpolar"}

#: Traces that need what a page without network cannot have, by the beginning of their names.
_NEEDS_NETWORK = ("scattergeo", "choropleth", "scattermap", "densitymap")

#: Traces that choices are drawn as: those of which ``x`` and ``y`` are all that differs.
_CHOSEN = {"bar", "scatter"}

#: Height of a figure that names none, in pixels, as Plotly has it.
_HEIGHT = 450


class Charts:
    """Charts in the order in which they are added.

    ``tables`` has the files that controls may read, by the names that notebooks have for them.
    """

    def __init__(self, tables: Mapping[str, Path]) -> None:
        self._files = tables
        self._tables: dict[str, dict[str, Any]] = {}
        self._charts: list[dict[str, Any]] = []

    def __bool__(self) -> bool:
        return bool(self._charts)

    def add(self, figure: Mapping[str, Any], cell: str | None, place: str) -> str:
        """The HTML of one more chart, of a figure as ``figure_of`` reads it.

        Raises ``PageProblem``, with the cell, where what it asks for cannot be had.
        """
        shown: dict[str, Any] = {key: figure.get(key) for key in ("data", "layout", "config")}
        shown["data"] = [_drawn(trace) for trace in figure["data"]]
        try:
            controls = read_controls(figure)
            _check_traces(shown["data"], controls is not None)
            if controls is not None:
                shown["controls"] = controls.to_json() | {"table": self._table(controls)}
        except PageProblem as problem:
            raise PageProblem(problem.message, cell, place) from None
        self._charts.append(shown)
        layout = figure["layout"]
        height = layout.get("height")
        height = height if isinstance(height, int | float) and height > 0 else _HEIGHT
        title = layout.get("title")
        text = title.get("text") if isinstance(title, Mapping) else title
        label = f' aria-label="{html.escape(text)}"' if isinstance(text, str) else ""
        # The place is kept before it is drawn, so that nothing jumps.
        return (
            f'<figure class="chart" data-chart="{len(self._charts) - 1}"{label}>'
            f'<div class="plot" style="height: {height}px"></div></figure>'
        )

    def _table(self, controls: Controls) -> str:
        """The name of the table with these columns; each is in the page once."""
        file = self._files.get(posixpath.normpath(controls.data))
        if file is None:
            raise PageProblem(
                f"A chart wants to choose from {controls.data}, which is not among the data that "
                "the dashboard reads. Name the file as the notebook does."
            )
        name = json.dumps([controls.data, sorted(controls.columns)])
        read = read_table(file, controls)
        self._tables.setdefault(name, read)
        return name

    def to_json(self) -> dict[str, Any]:
        """Charts and tables as the page's script reads them."""
        return {"charts": self._charts, "tables": self._tables}

    def plotly(self) -> str:
        """The source of the smallest Plotly that draws all of them. Raises ``PageProblem``."""
        types = {trace_type(trace) for chart in self._charts for trace in chart["data"]}
        others = sorted(map(str, types - _CARTESIAN))
        if not others:
            return (SCRIPTS / "plotly-cartesian.min.js").read_text(encoding="utf-8")
        found = importlib.util.find_spec("plotly")
        for place in (found and found.submodule_search_locations) or ():
            whole = Path(place) / "package_data" / "plotly.min.js"
            if whole.is_file():
                return whole.read_text(encoding="utf-8")
        raise PageProblem(
            f"A chart of type {others[0]} needs all of Plotly in the static page: pip install "
            "plotly where the server runs."
        )


def _drawn(trace: Mapping[str, Any]) -> dict[str, Any]:
    """A trace as a page can draw it."""
    named = trace_type(trace)
    return {**trace, "type": _WITHOUT_WEBGL.get(named, named)}


def _check_traces(traces: Sequence[Mapping[str, Any]], chosen: bool) -> None:
    """Raises ``PageProblem`` for traces that a page cannot show, or choices cannot be drawn as."""
    for one in map(trace_type, traces):
        if one.startswith(_NEEDS_NETWORK):
            raise PageProblem(
                f"A chart of type {one} loads its map from a server, which a static page does not. "
                "Publish without the page, or draw it otherwise."
            )
        if one.endswith("gl"):
            raise PageProblem(
                f"A chart of type {one} needs programs that a static page does not run. Publish "
                "without the page, or draw it otherwise."
            )
        if chosen and one not in _CHOSEN:
            raise PageProblem(
                f"Readers can choose what bar and scatter traces show, and this is of type {one}. "
                "Take “meta.workload” out of its layout."
            )
