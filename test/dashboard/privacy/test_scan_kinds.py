"""What users of pandas and Plotly make in ways of their own: each has to be found."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.privacy import scan, suppress_small
from jupyterlab_workload_explorer.dashboard.privacy.reference import RawProblem

FRAME = pd.DataFrame(
    {
        "package": ["numpy", "dask", "jax"],
        "month": ["1", "2", "3"],
        "users": [300, 12, 2],
        "jobs": [900, 80, 7],
    }
)

FIGURES = {
    "bar by colour": lambda: px.bar(FRAME, x="package", y="jobs", color="users"),
    "scatter by size": lambda: px.scatter(FRAME, x="package", y="jobs", size="users"),
    "pie": lambda: px.pie(FRAME, names="package", values="users"),
    "treemap": lambda: px.treemap(FRAME, path=["package"], values="users"),
    "histogram": lambda: px.histogram(FRAME, x="package", y="users"),
    "parallel": lambda: px.parallel_coordinates(FRAME, dimensions=["users", "jobs"]),
    "animated": lambda: px.bar(FRAME, x="package", y="users", animation_frame="month"),
    "table": lambda: go.Figure(
        go.Table(
            header={"values": ["package", "users"]},
            cells={"values": [list(FRAME["package"]), list(FRAME["users"])]},
        )
    ),
}


def write_notebook(path: Path, data: Any = None, metadata: Any = None) -> Path:
    outputs = [] if data is None else [nbformat.v4.new_output("display_data", data)]
    cell = nbformat.v4.new_code_cell("show()", outputs=outputs)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=metadata or {}), path)
    return path


def kinds(path: Path, k: int = 5) -> set[str]:
    return {one.kind for one in scan([path], k=k).findings}


@pytest.mark.parametrize("name", FIGURES)
def test_small_groups_in_figures(name: str, tmp_path: Path) -> None:
    figure = json.loads(FIGURES[name]().to_json())
    path = write_notebook(tmp_path / "a.ipynb", {"application/vnd.plotly.v1+json": figure})
    assert "small group" in kinds(path)
    # And nothing where there is nothing: each shows 2 or more.
    assert "small group" not in kinds(path, k=2)


@pytest.mark.parametrize("orient", ["columns", "index", "records", "split", "table"])
def test_forms_of_json(orient: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(FRAME.to_json(orient=orient))
    assert kinds(path) == {"small group"}
    path.write_text(pd.DataFrame({"username": ["zoe", "mei4"]}).to_json(orient=orient))
    assert "identity column" in kinds(path)


def test_nested_columns(tmp_path: Path) -> None:
    row = {"username": "zoe", "users": 2, "jobs": 7}
    whole = pa.struct([("username", pa.string()), ("users", pa.int64()), ("jobs", pa.int64())])
    mapping = pa.map_(pa.string(), pa.string())
    columns = {
        "cell": pa.array([row], whole),
        "cells": pa.array([[row]], pa.list_(whole)),
        "map": pa.array([[("username", "zoe")]], mapping),
    }
    for name, values in columns.items():
        table = pa.table({name: values})
        pq.write_table(table, tmp_path / "a.parquet")
        feather.write_feather(table, tmp_path / "a.feather")
        for ending in ("parquet", "feather"):
            found = kinds(tmp_path / f"a.{ending}")
            assert "identity column" in found, (name, ending)
            assert name == "map" or "small group" in found, (name, ending)


def test_what_fields_say(tmp_path: Path) -> None:
    field = pa.field("users", pa.int64(), metadata={"by": "/home/zoe1/x.py"})
    table = pa.table([pa.array([7])], schema=pa.schema([field]))
    pq.write_table(table, tmp_path / "a.parquet")
    feather.write_feather(table, tmp_path / "a.feather")
    for ending in ("parquet", "feather"):
        assert "home path" in kinds(tmp_path / f"a.{ending}")


@pytest.mark.parametrize(
    "state",
    [
        {"outputs": [{"output_type": "display_data", "data": {"text/html": "TABLE"}}]},
        {"value": "TABLE"},
        {"_data": [{"type": "bar", "y": [2], "hovertemplate": "users=%{y}"}], "_layout": {}},
    ],
)
def test_states_of_widgets(state: Any, tmp_path: Path) -> None:
    html = json.dumps(FRAME.to_html(index=False))
    shown = json.loads(json.dumps(state).replace('"TABLE"', html))
    models = {"state": {"a": {"model_name": "AModel", "state": shown, "buffers": [{"data": ""}]}}}
    widgets = {"widgets": {"application/vnd.jupyter.widget-state+json": models}}
    path = write_notebook(tmp_path / "a.ipynb", metadata=widgets)
    report = scan([path], k=5)
    assert "small group" in {one.kind for one in report.findings}
    assert [one["what"] for one in report.not_searched] == ["binary"]


GROUPED = FRAME.assign(half=["one", "one", "two"])


@pytest.mark.parametrize("by", [["package"], ["half", "package"], ["half", "month", "package"]])
@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_groups_as_pandas_shows_them(by: list[str], kind: str, tmp_path: Path) -> None:
    shown = GROUPED.groupby(by)[["users", "jobs"]].sum()
    text = shown.to_string() if kind == "text/plain" else shown.to_html()
    path = write_notebook(tmp_path / "a.ipynb", {kind: text})
    report = scan([path], k=5)
    assert [one.kind for one in report.findings] == ["small group"]
    # Of the users that are shown, not of the jobs.
    assert "users = 2" in report.findings[0].example
    assert kinds(path, k=2) == set()


@pytest.mark.parametrize(
    ("mime", "text"),
    [
        ("text/csv", "username,users\nkofi3,2\n"),
        ("application/json", '[{"username": "kofi3", "users": 2}]'),
        ("text/html", "<table><tr><th>username<th>users<tr><td>kofi3<td>2</table>"),
    ],
)
def test_data_in_addresses(mime: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    for data in (f";base64,{b64encode(text.encode()).decode()}", f",{quote(text)}"):
        path.write_text(f'<a download href="data:{mime}{data}">Save</a>')
        assert kinds(path) == {"identity column", "small group"}
    path.write_text('<a href="data:text/csv;base64,A">Save</a><img src="data:image/png;base64,A">')
    assert kinds(path) == {"unreadable"}


def test_html_without_ends_of_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<table><tr><th>username<th>users<tr><td>zoe<td>2</table>")
    assert kinds(path) >= {"identity column", "small group"}


@pytest.mark.parametrize(
    "name", ["username_nunique", "active_users", "sum of users", "n_users", "cell.users", "Users"]
)
def test_names_of_counts_of_users(name: str, tmp_path: Path) -> None:
    FRAME.rename(columns={"users": name}).to_parquet(tmp_path / "a.parquet")
    assert kinds(tmp_path / "a.parquet") == {"small group"}


def test_shares_of_users_are_no_counts(tmp_path: Path) -> None:
    FRAME.assign(share_of_users=0.3).to_parquet(tmp_path / "a.parquet")
    assert kinds(tmp_path / "a.parquet", k=2) == set()


def test_a_report_names_nobody(tmp_path: Path) -> None:
    pq.write_table(pa.table({"username": ["kofi3", "mei42"]}), tmp_path / "raw.parquet")
    pq.write_table(pa.table({"jobs_kofi3": [7]}), tmp_path / "a.parquet")
    report = scan([tmp_path / "a.parquet"], k=5, raw=tmp_path / "raw.parquet")
    assert "no users" in {one.kind for one in report.findings}
    assert "kofi3" not in json.dumps(report.as_json())


def test_damaged_raw_data_are_told(tmp_path: Path) -> None:
    raw = tmp_path / "raw.parquet"
    pq.write_table(pa.table({"username": [f"user{at}" for at in range(1000)]}), raw)
    data = bytearray(raw.read_bytes())
    data[4:200] = bytes(196)
    raw.write_bytes(data)
    FRAME.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(RawProblem, match="cannot be read as Parquet"):
        scan([tmp_path / "a.parquet"], k=5, raw=raw)


class TestSuppress:
    CELLS = pd.DataFrame(
        {
            "month": ["m", "m", "n", "n"],
            "package": ["a", "b", "a", "b"],
            "users": [2, 9, 8, 30],
            "jobs": [3, 20, 15, 99],
        }
    )

    @pytest.mark.parametrize(
        "names", [{"month": "Month"}, {"users": "total_users", "jobs": "total_jobs"}]
    )
    def test_totals_of_other_names_are_refused(self, names: dict[str, str]) -> None:
        months = pd.DataFrame({"month": ["m", "n"], "users": [10, 35], "jobs": [23, 114]})
        hidden = suppress_small(self.CELLS, 5, totals=[months])
        assert hidden["jobs"].isna().sum() == 2
        with pytest.raises(ValueError, match="Name its columns as theirs"):
            suppress_small(self.CELLS, 5, totals=[months.rename(columns=names)])

    def test_lengths_of_time_are_refused(self) -> None:
        table = self.CELLS.assign(wall=pd.to_timedelta([1, 2, 3, 4], unit="h"))
        for one in (table, pa.Table.from_pandas(table)):
            with pytest.raises(ValueError, match="wall: lengths of time"):
                suppress_small(one, 5)

    def test_numbers_beside_the_values_are_refused(self) -> None:
        table = self.CELLS.assign(records=[12, 40, 30, 200])
        with pytest.raises(ValueError, match="records: numbers that are not among the values"):
            suppress_small(table, 5, values=["jobs"])
        hidden = suppress_small(table, 5, values=["jobs", "records"])
        assert hidden["records"].isna().sum() == 1
