"""``suppress_small`` on tables of each library, and what it refuses."""

from __future__ import annotations

import datetime
import subprocess
import sys
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from jupyterlab_workload_explorer.dashboard.privacy import TotalGivesAway, suppress_small

ROWS = {
    "package": ["numpy", "jax", "ray", "dask"],
    "nodes_from": [1, 1, 2, 4],
    "users": [40, 7, 3, 12],
    "jobs": [900, 30, 8, 77],
    "share": [0.9, 0.03, 0.008, 0.07],
    "records": [1000, 31, 9, 80],
}
BY = ["package", "nodes_from"]
MAKERS = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}


def rows_of(table: Any) -> list[dict[str, Any]]:
    """The rows, with ``None`` for missing values."""
    if isinstance(table, pa.Table):
        return table.to_pylist()
    if isinstance(table, pl.DataFrame):
        return table.to_dicts()
    return table.astype(object).where(table.notna(), None).to_dict("records")


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest) -> Any:
    return MAKERS[request.param]


def test_small_cells_are_blank_and_the_table_stays_what_it_is(make: Any) -> None:
    table = make(ROWS)
    before = rows_of(table)
    after = suppress_small(table, 5, by=BY)
    assert type(after) is type(table)
    assert rows_of(table) == before, "the table that is handed in is not changed"
    found = rows_of(after)
    assert [list(row) for row in found] == [list(ROWS)] * 4
    assert found[2] == {
        **dict.fromkeys(ROWS, None),
        "package": "ray",
        "nodes_from": 2,
    }
    assert [found[at] for at in (0, 1, 3)] == [before[at] for at in (0, 1, 3)]


def test_small_cells_are_dropped(make: Any) -> None:
    found = rows_of(suppress_small(make(ROWS), 5, by=BY, how="drop"))
    assert [row["package"] for row in found] == ["numpy", "jax", "dask"]


def test_a_total_hides_the_next_smallest(make: Any) -> None:
    found = rows_of(suppress_small(make(ROWS), 5, by=BY, totals=[[]]))
    assert [row["users"] for row in found] == [40, None, None, 12]
    assert [row["nodes_from"] for row in found] == [1, 1, 2, 4]


def test_small_cells_are_merged(make: Any) -> None:
    table = make({name: column for name, column in ROWS.items() if name != "nodes_from"})
    found = rows_of(suppress_small(table, 5, merge_into={"package": "other"}))
    assert [row["package"] for row in found] == ["numpy", "dask", "other"]
    assert found[-1] == {
        "package": "other",
        "users": None,
        "jobs": None,
        "share": None,
        "records": 40,
        "users_at_least": 5,
    }
    assert [row["users_at_least"] for row in found[:2]] == [None, None]


def test_a_row_of_that_name_takes_part_in_the_merge(make: Any) -> None:
    table = make({"package": ["a", "other", "b"], "users": [9, 30, 2], "records": [10, 50, 3]})
    found = rows_of(suppress_small(table, 5, merge_into={"package": "other"}))
    assert [(row["package"], row["records"]) for row in found] == [("a", 10), ("other", 53)]


def test_disjoint_users_add_up(make: Any) -> None:
    table = make({"area": ["x", "y", "z"], "users": [2, 4, 30], "jobs": [3, 9, 50]})
    found = rows_of(
        suppress_small(table, 5, merge_into={"area": "other"}, add=["jobs"], disjoint=True)
    )
    assert found == [
        {"area": "z", "users": 30, "jobs": 50},
        {"area": "other", "users": 6, "jobs": 12},
    ]


def test_staff_see_all(make: Any) -> None:
    table = make(ROWS)
    assert rows_of(suppress_small(table, 1, by=BY)) == rows_of(table)


def test_unknown_users_are_small_and_nobody_is_not(make: Any) -> None:
    table = make({"package": ["a", "b", "c", "d"], "users": [None, 0, 0, 9], "jobs": [8, 0, 4, 9]})
    found = rows_of(suppress_small(table, 5))
    assert [row["jobs"] for row in found] == [None, 0, None, 9]


def test_an_empty_table(make: Any) -> None:
    table = make({name: column[:0] for name, column in ROWS.items()})
    assert rows_of(suppress_small(table, 5, by=BY, totals=[[]])) == []


def test_types_are_kept() -> None:
    day = datetime.date(2021, 3, 1)
    table = pa.table(
        {
            "day": pa.array([day, day, day], pa.date32()),
            "package": pa.array(["a", "b", "c"]).dictionary_encode(),
            "users": pa.array([2, 8, 9], pa.int16()),
            "jobs": pa.array([2, 8, 9], pa.uint32()),
            "records": pa.array([2, 8, 9], pa.decimal128(38, 0)),
        },
        metadata={"provenance": "x"},
    )
    after = suppress_small(table, 5, totals=[["day"]])
    assert after.schema.equals(table.schema, check_metadata=True)
    merged = suppress_small(table, 5, merge_into={"package": "other"})
    assert merged.schema.field("records").type == pa.decimal128(38, 0)
    assert merged["records"].to_pylist() == [9, 10]
    frame = suppress_small(table.to_pandas(), 5)
    assert [str(kind) for kind in frame.dtypes][2:4] == ["Int16", "UInt32"]
    frame = suppress_small(table.to_pandas(), 5, merge_into={"package": "other"})
    assert frame["package"].tolist() == ["c", "other"]
    assert str(frame["package"].dtype) == "category"
    assert suppress_small(pl.from_arrow(table), 5)["users"].dtype == pl.Int16


def test_rows_that_tell_by_being_there_go() -> None:
    table = pa.table({"package": list("abcde"), "users": [1] * 5, "jobs": [1] * 5})
    # Five jobs in five rows, each of somebody: one each.
    assert suppress_small(table, 5, totals=[[]]).num_rows == 0
    assert suppress_small(table, 5).num_rows == 5


def test_a_chain_between_blocks_is_seen() -> None:
    # Hidden: two blocks of four and one cell between them, which follows from both blocks' totals.
    small = {(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (0, 2)}
    table = pa.table(
        {
            "row": [f"r{row}" for row in range(5) for _ in range(5)],
            "column": [f"c{column}" for _ in range(5) for column in range(5)],
            "users": [
                4 if (row, column) in small and (row + column) % 2 == 0 else 9 + row + column
                for row in range(5)
                for column in range(5)
            ],
        }
    )
    after = suppress_small(table, 5, totals=[["row"], ["column"]])
    hidden = {at for at, users in enumerate(after["users"].to_pylist()) if users is None}
    from .reader import known_by_equations

    lines = [[5 * row + column for column in range(5)] for row in range(5)]
    lines += [list(line) for line in zip(*lines, strict=True)]
    sums = [[at for at in line if at in hidden] for line in lines]
    assert hidden
    assert known_by_equations(sorted(hidden), sums) == set()


def test_a_large_table_takes_one_walk_a_step() -> None:
    months, packages = 120, 150
    table = pa.table(
        {
            "month": [month for month in range(months) for _ in range(packages)],
            "package": [f"p{package}" for _ in range(months) for package in range(packages)],
            "users": [(7 * month + package * package) % 97 + 1 for month in range(months)
                      for package in range(packages)],
        }
    )  # fmt: skip
    after = suppress_small(table, 5, by=["month", "package"], totals=[["month"], ["package"]])
    shown = [users for users in after["users"].to_pylist() if users is not None]
    assert min(shown) >= 5
    assert len(shown) > 0.8 * months * packages


def refused(*arguments: Any, **options: Any) -> str:
    with pytest.raises((TypeError, ValueError)) as problem:
        suppress_small(*arguments, **options)
    return str(problem.value)


def test_what_is_refused_says_what_to_do() -> None:
    table = pa.table(ROWS)
    assert "no column people" in refused(table, 5, users="people")
    assert "Rows agree in kind" in refused(
        pa.table({"kind": ["x", "x"], "users": [9, 9]}), 5, by=["kind"]
    )
    assert "Name keys in by" in refused(table, 5, by=["nodes_from"])
    assert "Name all columns that tell cells apart" in refused(
        pa.table({"package": ["a", "a"], "nodes_from": [1, 2], "users": [9, 9]}), 5
    )
    assert "k is a whole number" in refused(table, True)
    assert "Call collect() on it first" in refused(pl.LazyFrame(ROWS), 5)
    frame = pd.DataFrame(ROWS).groupby(BY).sum()
    assert "Call reset_index()" in refused(frame, 5)
    assert "a list of columns" in refused(table, 5, by="package")
    assert "Key columns are package, nodes_from" in refused(table, 5, by=BY, totals=[["month"]])
    assert "merge_into is a key column" in refused(table, 5, by=BY, merge_into={"users": "other"})
    assert "no values that add up" in refused(
        table, 5, by=BY, merge_into={"package": "other"}, add=["users"]
    )
    assert "Name in add the counts" in refused(
        table.drop_columns(["records"]), 5, by=BY, merge_into={"package": "other"}
    )
    small = pa.table({"nodes_from": [1, 2, 4], "users": [45, 3, 12]})
    assert "Call suppress_small on it first" in refused(table, 5, by=BY, totals=[small])
    other = pa.table({"nodes_from": ["1", "2", "4"], "users": [45, 9, 12]})
    assert "Give both the same type" in refused(table, 5, by=BY, totals=[other])
    crossing = pa.table({"a": ["x"], "b": ["y"], "c": ["z"], "users": [1]})
    assert "more than two ways" in refused(crossing, 5, totals=[["a"], ["b"], ["c"]])


def test_totals_that_tell_whatever_is_hidden_are_refused() -> None:
    table = pa.table({"package": ["a"], "users": [2], "jobs": [3]})
    total = pa.table({"jobs": [3]})
    with pytest.raises(TotalGivesAway, match="Or do not show these totals"):
        suppress_small(table, 5, totals=[total])


def test_what_a_larger_total_leaves_of_a_small_one() -> None:
    # The total of March is small, so it is not shown; all less April tells it all the same.
    table = pa.table(
        {
            "month": ["March", "March", "April", "April"],
            "package": ["a", "b", "a", "b"],
            "users": [1, 1, 9, 30],
            "jobs": [5, 6, 20, 70],
        }
    )
    with pytest.raises(TotalGivesAway, match="give tables of them"):
        suppress_small(table, 5, totals=[["month"], []])
    months = pa.table({"month": ["March", "April"], "users": [2, 31], "jobs": [11, 90]})
    assert suppress_small(months, 5, totals=[[]])["jobs"].to_pylist() == [None, None]
    months = pa.table(
        {"month": ["March", "April", "May"], "users": [2, 31, 7], "jobs": [11, 90, 30]}
    )
    months = suppress_small(months, 5, totals=[[]])
    assert months["jobs"].to_pylist() == [None, 90, None]
    shown = suppress_small(table, 5, totals=[months])["jobs"].to_pylist()
    assert shown == [None, None, 20, 70]


def test_it_needs_no_library_that_is_not_used() -> None:
    program = (
        "import sys\n"
        "from jupyterlab_workload_explorer.dashboard.privacy import suppress_small\n"
        "print([name for name in ('pandas', 'polars', 'pyarrow') if name in sys.modules])\n"
        "class NoPandas:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'pandas':\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, NoPandas())\n"
        "import pyarrow\n"
        "table = pyarrow.table({'p': ['a', 'b'], 'users': [2, 9]})\n"
        "print(suppress_small(table, 5).to_pylist())\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    first, second = result.stdout.splitlines()
    assert first == "[]"
    assert second == "[{'p': 'a', 'users': None}, {'p': 'b', 'users': 9}]"
