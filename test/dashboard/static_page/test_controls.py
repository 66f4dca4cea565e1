"""Controls of charts: what figures may ask for, and the tables they choose from."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.static_page import controls as module
from jupyterlab_workload_explorer.dashboard.static_page.controls import (
    Controls,
    read_controls,
    read_table,
)
from jupyterlab_workload_explorer.dashboard.static_page.problem import PageProblem

ASKED: dict[str, Any] = {
    "data": "reduced.parquet",
    "category": "package",
    "value": "users",
    "filters": [{"column": "month", "label": "Month", "all": "all of the time"}],
    "top": [15, 5],
}


def asked(**changes: Any) -> Controls:
    found = read_controls({"layout": {"meta": {"workload": ASKED | changes}}})
    assert found is not None
    return found


def write(tmp_path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), tmp_path / "reduced.parquet")
    return tmp_path / "reduced.parquet"


def test_a_figure_may_ask_for_nothing() -> None:
    for figure in ({}, {"layout": None}, {"layout": {"meta": ["a"]}}, {"layout": {"meta": {}}}):
        assert read_controls(figure) is None


def test_what_is_not_said_is_what_people_expect() -> None:
    found = asked()
    assert found.sort == ("users",)
    assert found.series is None
    assert found.filters[0].value is None
    assert found.columns == ["package", "users", "month"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": None}, "needs a text for 'data'"),
        ({"category": ""}, "needs a text for 'category'"),
        ({"top": [0]}, "needs whole numbers above 0 for 'top'"),
        ({"top": [True]}, "needs whole numbers above 0 for 'top'"),
        ({"sort": "users"}, "needs a list for 'sort'"),
        ({"sort": [1]}, "needs names of columns for 'sort'"),
        ({"filters": ["month"]}, "needs an object for each of its filters"),
        ({"filters": [{"column": "month", "values": []}]}, "has a filter with a key 'values'"),
        ({"filters": [{"column": "month", "value": []}]}, "is neither text nor number"),
        ({"kind": "bar"}, "has a key 'kind'"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PageProblem, match=message):
        asked(**changes)


def test_values_are_those_that_json_has(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        package=["numpy", None, "dask"],
        users=pa.array([31, None, 2**60], pa.int64()),
        month=pa.array([datetime.date(2021, 1, 1), None, None], pa.date32()),
        share=[0.5, float("nan"), float("inf")],
    )
    table = read_table(path, asked(sort=["share"]))
    assert table == {
        "package": ["numpy", None, "dask"],
        "users": [31, None, str(2**60)],
        "month": ["2021-01-01", None, None],
        "share": [0.5, None, None],
    }


def test_a_table_has_what_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, package=["numpy"], users=[7])
    with pytest.raises(PageProblem, match="no column “month”"):
        read_table(path, asked())
    with pytest.raises(PageProblem, match="no row where “package” is “dask”"):
        read_table(path, asked(filters=[{"column": "package", "value": "dask"}]))
    path.write_bytes(b"PAR1")
    with pytest.raises(PageProblem, match=r"reduced.parquet cannot be read: "):
        read_table(path, asked())


def test_numbers_are_never_added_up(tmp_path: Path) -> None:
    """Two rows for one choice would have to be: one for each system, and nobody chooses one."""
    columns = {
        "month": [None, None],
        "package": ["numpy", "numpy"],
        "system": ["a", "b"],
        "users": [7, 9],
    }
    path = write(tmp_path, **columns)
    with pytest.raises(PageProblem, match="several rows for month None, package 'numpy'"):
        read_table(path, asked())
    system = {"column": "system", "value": "a"}
    read_table(path, asked(filters=[*ASKED["filters"], system]))
    read_table(path, asked(series="system"))


def test_a_page_holds_reduced_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    path = write(tmp_path, package=["a", "b", "c"], users=[7, 8, 9], month=[None] * 3)
    with pytest.raises(PageProblem, match="has 3 rows, and a page holds 2"):
        read_table(path, asked())
