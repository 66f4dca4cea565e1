"""Figures as plotly.py 7.1 writes them (``to_json``), without template and colour scale."""

from __future__ import annotations

from typing import Any

#: ``px.bar`` of users by package, 300, 12 and 3, with hover data.
BAR: dict[str, Any] = {
    "data": [
        {
            "customdata": [["zoe", 41000000], ["mei4", 41000017], ["kofi3", 41000034]],
            "hovertemplate": "package=%{x}<br>users=%{y}<br>username=%{customdata[0]}"
            "<br>job=%{customdata[1]}<extra></extra>",
            "legendgroup": "",
            "marker": {"color": "#1F77B4", "pattern": {"shape": ""}},
            "name": "",
            "orientation": "v",
            "showlegend": False,
            "textposition": "auto",
            "x": ["numpy", "dask", "jax"],
            "xaxis": "x",
            "y": {"dtype": "i2", "bdata": "LAEMAAMA"},
            "yaxis": "y",
            "type": "bar",
        }
    ],
    "layout": {
        "xaxis": {"anchor": "y", "domain": [0.0, 1.0], "title": {"text": "package"}},
        "yaxis": {"anchor": "x", "domain": [0.0, 1.0], "title": {"text": "users"}},
        "legend": {"tracegroupgap": 0},
        "margin": {"t": 60},
        "barmode": "relative",
    },
}

#: ``px.imshow`` of [[1, 2], [30, 40]] users.
HEATMAP: dict[str, Any] = {
    "data": [
        {
            "coloraxis": "coloraxis",
            "name": "0",
            "z": {"dtype": "i1", "bdata": "AQIeKA==", "shape": "2, 2"},
            "type": "heatmap",
            "xaxis": "x",
            "yaxis": "y",
            "hovertemplate": "x: %{x}<br>y: %{y}<br>users: %{z}<extra></extra>",
        }
    ],
    "layout": {
        "xaxis": {"anchor": "y", "domain": [0.0, 1.0]},
        "yaxis": {"anchor": "x", "domain": [0.0, 1.0], "autorange": "reversed"},
        "coloraxis": {"colorbar": {"title": {"text": "users"}}},
        "margin": {"t": 60},
    },
}

#: ``go.Bar`` with arrays of several types and shapes: 1, 2, 30000; 0 to 5 in rows of two.
ARRAYS: dict[str, Any] = {
    "data": [
        {
            "customdata": {"dtype": "i1", "bdata": "AAECAwQF", "shape": "3, 2"},
            "x": {"dtype": "i2", "bdata": "AQACADB1"},
            "y": ["a", "b", "c"],
            "type": "bar",
        }
    ],
    "layout": {},
}
