"""Figures of Plotly in outputs: a notebook may put anything under their name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .mimes import PLOTLY

_TRACES = Path(__file__).parent / "live_page" / "template" / "traces.json"


def figure_of(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """The figure among an output's forms; ``None`` where there is none that can be drawn.

    Its ``data`` is a list of objects and its ``layout`` an object, whatever they were.
    """
    figure = data.get(PLOTLY)
    if not isinstance(figure, Mapping) or not isinstance(figure.get("data"), list):
        return None
    return {
        **figure,
        "data": [_object(trace) for trace in figure["data"]],
        "layout": _object(figure.get("layout")),
    }


def cartesian_traces() -> frozenset[str]:
    """Types of traces that the Plotly in published pages draws; the template has them, too."""
    return frozenset(json.loads(_TRACES.read_text(encoding="utf-8")))


def trace_type(trace: Mapping[str, Any]) -> str:
    """The type that Plotly draws a trace as."""
    return str(trace.get("type") or "scatter")


def _object(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
