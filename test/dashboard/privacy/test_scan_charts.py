"""What charts call users in ways of their own: hover texts, titles, arrays of Bokeh."""

from __future__ import annotations

import json
from base64 import b64encode
from gzip import compress
from pathlib import Path
from struct import pack
from typing import Any

import plotly.express as px
import plotly.graph_objects as go
import pytest

from jupyterlab_workload_explorer.dashboard.privacy import scan
from jupyterlab_workload_explorer.dashboard.privacy.identity import is_users

from .notebook_files import code, kinds, write_notebook

XY = {"x": ["numpy", "jax"], "y": [900, 80]}
USERS = [[300], [2]]


def _bar(**trace: Any) -> go.Figure:
    return go.Figure(go.Bar(**(XY | trace)))


FIGURES = {
    "two in a line": _bar(
        customdata=USERS, hovertemplate="%{x}, jobs: %{y}, users: %{customdata[0]}<extra></extra>"
    ),
    "in bold": _bar(customdata=USERS, hovertemplate="<b>users</b>: %{customdata[0]:,}"),
    "after it": _bar(customdata=USERS, hovertemplate="%{x}<br />%{customdata[0]:,} users"),
    "without columns": _bar(customdata=[300, 2], hovertemplate="users: %{customdata}"),
    "on bars": _bar(text=[300, 2], texttemplate="%{text} users"),
    "hover texts": _bar(hovertext=["300 users", "jobs: 7<br>users: 2"]),
    "texts": _bar(text=["300 users", "2 users"]),
    "note": _bar().add_annotation(text="only <b>2</b> users", x="jax", y=80),
    "number": go.Figure(go.Indicator(value=2, title={"text": "Active users"})),
    "suffix": go.Figure(go.Indicator(value=2, number={"suffix": " users"})),
    "legend": go.Figure([_bar(name="jobs").data[0], _bar(y=[300, 2], name="users").data[0]]),
    "measures": px.bar(
        {"package": XY["x"], "jobs": XY["y"], "users": [300, 2]}, x="package", y=["users", "jobs"]
    ),
    "title": _bar(y=[300, 2]).update_yaxes(title="Users (distinct)"),
    "title per month": _bar(y=[300, 2]).update_yaxes(title="Users per month"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_users_of_figures(name: str, tmp_path: Path) -> None:
    figure = json.loads(FIGURES[name].to_json())
    output = {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": figure}}
    path = write_notebook(tmp_path / "a.ipynb", code("", [output]))
    assert kinds(scan([path], k=5)) == {"small group"}
    assert scan([path], k=2).clean


@pytest.mark.parametrize("titled", [{"title": "users"}, {"axis": {"title": "Distinct users"}}])
def test_titles_of_vega(titled: dict[str, Any], tmp_path: Path) -> None:
    chart = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"name": "d"},
        "datasets": {"d": [{"package": "numpy", "c": 300}, {"package": "jax", "c": 2}]},
        "encoding": {"x": {"field": "package"}, "y": {"field": "c", **titled}},
    }
    (tmp_path / "a.json").write_text(json.dumps(chart))
    assert kinds(scan([tmp_path], k=5)) == {"small group"}
    assert scan([tmp_path], k=2).clean
    chart["encoding"]["y"] = {"field": "c", "title": "jobs"}
    (tmp_path / "a.json").write_text(json.dumps(chart))
    assert scan([tmp_path], k=5).clean


def bokeh(users: Any) -> dict[str, Any]:
    """The data of a chart, as Bokeh 3 writes them."""
    packages = {"type": "ndarray", "array": ["numpy", "kofi3"], "shape": [2], "dtype": "object"}
    entries = [["package", {**packages, "order": "little"}], ["users", users]]
    return {"doc": {"attributes": {"data": {"type": "map", "entries": entries}}}}


def array(data: bytes) -> dict[str, Any]:
    coded = {"type": "bytes", "data": b64encode(data).decode()}
    return {"type": "ndarray", "array": coded, "shape": [2], "dtype": "int32", "order": "little"}


def test_arrays_of_bokeh(tmp_path: Path, raw: Path) -> None:
    numbers = pack("<2i", 300, 2)
    for users in (array(numbers), array(compress(numbers)), [300, 2]):
        (tmp_path / "a.json").write_text(json.dumps(bokeh(users)))
        assert kinds(scan([tmp_path], k=5, raw=raw)) == {"small group", "user name"}
        assert kinds(scan([tmp_path], k=2, raw=raw)) == {"user name"}
    page = f"<script>const docs_json = '{json.dumps(bokeh(array(compress(numbers))))}';</script>"
    (tmp_path / "a.json").unlink()
    (tmp_path / "a.html").write_text(page)
    assert kinds(scan([tmp_path], k=5, raw=raw)) == {"small group", "user name"}
    (tmp_path / "a.html").unlink()
    (tmp_path / "a.json").write_text(json.dumps(bokeh(array(compress(numbers)[:-9]))))
    assert kinds(scan([tmp_path], k=5)) == {"unreadable"}


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        *[("uniqueUsers", True), ("userCount", True), ("GPUUsers", True), ("Users (total)", True)],
        *[("users_2021-03", True), ("users#3", True), ("users per node", True)],
        *[("userShare", False), ("share of users per month", False), ("users_at_least", False)],
        *[("user", False), ("userName", False), ("", False), ("users2021x share", False)],
    ],
)
def test_names_of_counts(name: str, counted: bool) -> None:
    assert is_users(name) == counted


def test_names_in_capitals_are_known(tmp_path: Path) -> None:
    for name in ("userName", "UserID", "jobId", "hostName", "hostNames", "clientIp"):
        (tmp_path / "a.json").write_text(json.dumps([{name: "zoe", "package": "numpy"}] * 2))
        assert kinds(scan([tmp_path], k=5)) == {"identity column"}, name


def test_lists_of_users(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"package": ["jax"], "users": [[300, 2]]}), tmp_path / "a.parquet")
    report = scan([tmp_path], k=5)
    assert [one.example for one in report.findings] == ["users = 2"]
    assert scan([tmp_path], k=2).clean
