"""What a published folder has of the template, and what is left to Voilà."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from jupyterlab_workload_explorer.dashboard.figures import cartesian_traces
from jupyterlab_workload_explorer.dashboard.live_page.voila_template import (
    SETTINGS,
    has_widgets,
    needs_other_plotly,
    template_files,
)
from jupyterlab_workload_explorer.dashboard.mimes import PLOTLY, WIDGET

ROOT = Path(__file__).parents[3]


def notebook(*outputs: dict[str, Any]) -> dict[str, Any]:
    shown = [{"output_type": "display_data", "data": data, "metadata": {}} for data in outputs]
    stream = {"output_type": "stream", "name": "stdout", "text": "done"}
    return {
        "cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [stream, *shown]}]
    }


def test_traces_are_those_of_the_plotly_that_is_published() -> None:
    source = (ROOT / "node_modules/plotly.js/lib/index-cartesian.js").read_text(encoding="utf-8")
    registered = set(re.findall(r"require\('\./([a-z0-9]+)'\)", source)) - {"core", "calendars"}
    # Scatter is part of Plotly's core.
    assert cartesian_traces() == registered | {"scatter"}


@pytest.mark.parametrize("widgets", [True, False])
def test_settings_are_of_the_dashboard(widgets: bool) -> None:
    title = 'The "{{ 7 * 7 }}" %} of \\ Jülich 😀'
    made = datetime(2026, 5, 4, 3, 2, 1, tzinfo=timezone.utc)
    files = dict(template_files(title, made, widgets))
    assert list(files).count(SETTINGS) == 1
    told = Environment(loader=DictLoader(files)).get_template(SETTINGS).module
    assert told.title == title
    assert told.published == "2026-05-04T03:02:01Z"
    assert told.has_widgets is widgets


def test_what_the_template_draws() -> None:
    drawn = {"data": [{"type": "bar"}, {"x": [1]}], "layout": {}}
    assert not needs_other_plotly(notebook({PLOTLY: drawn}))
    assert not needs_other_plotly(notebook({"text/plain": "1"}))
    assert needs_other_plotly(notebook({PLOTLY: drawn}, {PLOTLY: {"data": [{"type": "sankey"}]}}))


@pytest.mark.parametrize(
    "figure", ["nothing", None, ["a"], {"data": "nothing"}, {"data": ["nothing"]}, {"layout": {}}]
)
def test_what_is_no_figure_needs_nothing(figure: object) -> None:
    assert not needs_other_plotly(notebook({PLOTLY: figure}))


def test_widgets_are_seen() -> None:
    assert has_widgets(notebook({WIDGET: {"model_id": "1"}, "text/plain": "slider"}))
    assert not has_widgets(notebook({"text/plain": "slider"}))
