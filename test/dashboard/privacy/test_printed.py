"""Tables in texts, as libraries print them: small groups are found, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from jupyterlab_workload_explorer.dashboard.privacy import scan

from .notebook_files import code, kinds, places, printed, shown, write_notebook

FRAME = pd.DataFrame({"package": ["numpy", "dask", "jax"], "users": [1300, 12, 2]})
WIDE = FRAME.assign(**{f"a_rather_long_name_{at}": 1.5 for at in range(6)})


def _polars(form: str, table: pd.DataFrame = FRAME) -> str:
    with pl.Config(tbl_formatting=form):
        return str(pl.from_pandas(table))


def _duckdb(query: str) -> str:
    with duckdb.connect() as connection:
        connection.register("frame", FRAME)
        return str(connection.sql(query))


#: As ``rich`` and ``tabulate`` print them.
RICH = """\
\x1b[3m       Users       \x1b[0m
┏━━━━━━━━━┳━━━━━━━┓
┃\x1b[1m package \x1b[0m┃\x1b[1m users \x1b[0m┃
┡━━━━━━━━━╇━━━━━━━┩
│ numpy   │ 1300  │
│ jax     │ 2     │
└─────────┴───────┘
"""
GRID = """\
+-----------+---------+
| package   |   users |
+===========+=========+
| numpy     |    1300 |
+-----------+---------+
| jax       |       2 |
+-----------+---------+
"""
ORG = """\
|    | package   |   distinct users |
|----+-----------+------------------|
|  0 | numpy     |             1300 |
|  1 | jax       |                2 |
"""
#: As ``psql`` prints them.
PSQL = """\
 package | users
---------+-------
 numpy   |  1300
 jax     |     2
(2 rows)
"""

PRINTED: dict[str, Callable[[], str]] = {
    "pandas": lambda: str(FRAME),
    "pandas, one column": lambda: str(FRAME[["users"]]),
    "pandas, wide": lambda: WIDE.to_string(line_width=60),
    "pandas, on its side": lambda: str(FRAME.set_index("package").T),
    "pandas, a column": lambda: str(FRAME.set_index("package")["users"]),
    "pandas, a long column": lambda: str(
        pd.Series([2] * 100, name="users", index=range(100), dtype="int64")
    ),
    "pandas, a row": lambda: str(FRAME.iloc[2]),
    "pandas, sums": lambda: str(FRAME[FRAME["package"] == "jax"][["users"]].sum()),
    "polars": lambda: _polars("UTF8_FULL_CONDENSED"),
    "polars, ASCII": lambda: _polars("ASCII_FULL"),
    "polars, no borders": lambda: _polars("UTF8_NO_BORDERS"),
    "polars, one number": lambda: str(pl.DataFrame({"users": [2]})),
    "polars, a column": lambda: str(pl.Series("users", [300, 2])),
    "polars, glimpse": lambda: str(pl.from_pandas(FRAME).glimpse(return_type="string")),
    "duckdb": lambda: _duckdb("SELECT * FROM frame"),
    "duckdb, one number": lambda: _duckdb("SELECT min(users) AS users FROM frame"),
    "pyarrow": lambda: str(pa.Table.from_pandas(FRAME)),
    "csv": lambda: FRAME.to_csv(index=False),
    "csv with index": lambda: FRAME.set_index("package").to_csv(sep=";"),
    "rows": lambda: str(FRAME.to_dict("records")),
    "rows, line by line": lambda: "\n".join(map(str, FRAME.to_dict("records"))),
    "columns": lambda: str(FRAME.to_dict("list")),
    "json": lambda: FRAME.to_json(orient="records"),
    "rich": lambda: RICH,
    "grid": lambda: GRID,
    "org": lambda: ORG,
    "psql": lambda: PSQL,
    "users: 2": lambda: "users: 2",
    "2 users": lambda: "jax has **2** users",
}


@pytest.mark.parametrize("name", PRINTED)
def test_small_groups_in_printed_tables(name: str, tmp_path: Path) -> None:
    text = PRINTED[name]()
    page = re.sub("\x1b.*?m", "", text)
    cells = {
        "stream": code("x", [printed(text)]),
        "plain": code("x", [shown(text_plain=text)]),
        "page": code("x", [shown(text_html=f"<pre>{page}</pre>", text_plain="x")]),
    }
    for kind, cell in cells.items():
        path = write_notebook(tmp_path / "a.ipynb", cell)
        found = scan([path], k=5)
        assert kinds(found) == {"small group"}, kind
        assert all("users = 2" in one.example for one in found.findings)
        assert scan([path], k=2).clean, kind


@pytest.mark.parametrize("name", ["pandas", "polars", "duckdb", "csv", "rows", "grid", "psql"])
def test_users_are_found_in_printed_tables(name: str, tmp_path: Path) -> None:
    text = PRINTED[name]().replace("package", "handle ")
    path = write_notebook(tmp_path / "a.ipynb", code("x", [printed(text)]))
    found = scan([path], k=1, mapping={"user": "handle"})
    assert kinds(found) == {"identity column"}


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n" + "-" * 30 + "\n"])
def test_tables_below_each_other(between: str, tmp_path: Path) -> None:
    first = FRAME[FRAME["users"] > 5]
    for second in (FRAME[["users", "package"]], FRAME.assign(month=3)[["package", "month"]]):
        for one, other in ((first, second), (second, first)):
            text = f"{one}{between}{other}"
            path = write_notebook(tmp_path / "a.ipynb", code("x", [printed(text)]))
            expected = {"small group"} if "users" in second else set()
            assert kinds(scan([path], k=5)) == expected
    text = _polars("UTF8_FULL", first) + "\n" + _polars("UTF8_FULL", FRAME[["users", "package"]])
    path = write_notebook(tmp_path / "a.ipynb", code("x", [printed(text)]))
    assert kinds(scan([path], k=5)) == {"small group"}


@pytest.mark.parametrize(
    "text",
    [
        "Cells of fewer than 5 users are hidden; at least 3 users; up to 4 users; < 4 users",
        "The top 3 users have half of the jobs. 3 users or more are shown.",
        "1,302 users, 10-20 users, 2.5 users, 0 users, users: 1,302, users: 20",
        "users: 300 2021-03-01",
        "share of users: 0.3",
        "packages: 3\nusers: 300\njobs: 2",
        "See /api?users=2&page=3",
        "jobs: 2<br>users: 300",
        "jobs: 2 users: 300, packages=3",
    ],
)
def test_texts_that_tell_no_small_group(text: str, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", code("x", [printed(text)]))
    assert scan([path], k=5).findings == []


def test_counts_in_lines_of_pages(tmp_path: Path) -> None:
    cases = {
        "<p>jax: <b>2</b> users</p>": {"small group"},
        "<div><span>2</span><span>active users</span></div>": {"small group"},
        "<p>2</p><p>users of all packages</p>": set(),
        "<p>fewer than <b>2</b> users</p>": set(),
    }
    for page, found in cases.items():
        path = write_notebook(tmp_path / "a.ipynb", code("x", [shown(text_html=page)]))
        assert kinds(scan([path], k=5)) == found, page


CELLS = pd.DataFrame(
    {
        "package": ["numpy", "numpy", "jax"],
        "month": ["2021-03", "2021-04", "2021-04"],
        "class": ["cpu", "gpu", "gpu"],
        "users": [300, 40, 2],
        "jobs": [900, 80, 7],
    }
)


@pytest.mark.parametrize("styled", [False, True])
@pytest.mark.parametrize("by", ["month", "class"])
def test_pivots_in_pages(by: str, styled: bool, tmp_path: Path) -> None:
    pivot = CELLS.pivot_table(index="package", columns=by, values=["users", "jobs"], fill_value=0)
    for table in (pivot, pivot.swaplevel(axis="columns")):
        page = table.style.to_html() if styled else table.to_html()
        path = write_notebook(tmp_path / "a.ipynb", code("x", [shown(text_html=page)]))
        report = scan([path], k=5)
        assert [one.kind for one in report.findings] == ["small group"]
        assert report.findings[0].example.endswith("= 2")
        assert scan([path], k=2).clean


def test_a_cell_that_is_missing_in_a_pivot_is_none(tmp_path: Path) -> None:
    pivot = CELLS.pivot_table(index="package", columns="month", values=["users", "jobs"])
    assert pivot.isna().any(axis=None)
    path = write_notebook(tmp_path / "a.ipynb", code("x", [shown(text_html=pivot.to_html())]))
    report = scan([path], k=5)
    assert [one.example for one in report.findings] == ["users / 2021-04 = 2"]
    flat = pivot.set_axis(["_".join(name) for name in pivot.columns], axis="columns")
    flat.to_parquet(tmp_path / "a.parquet")
    report = scan([tmp_path / "a.parquet"], k=5)
    assert [one.example for one in report.findings] == ["users_2021-04 = 2"]


def test_statistics_in_pages(tmp_path: Path) -> None:
    table = CELLS.groupby("month").agg({"users": ["max", "min"], "jobs": "sum"})
    for page in (table.to_html(), table.style.to_html(), CELLS.set_index("package").T.to_html()):
        path = write_notebook(tmp_path / "a.ipynb", code("x", [shown(text_html=page)]))
        assert kinds(scan([path], k=5)) == {"small group"}
        assert scan([path], k=2).clean


def test_cells_of_other_languages(tmp_path: Path, raw: Path) -> None:
    cases = {
        "%%bash\nsqueue -u kofi3 -t all": {"user name"},
        "%%bash\nls /home/zoe": {"home path"},
        "%%sql\nselect * from jobs where name = kofi3": {"user name"},
        "%%html\n<p onclick='open(\"/home/zoe\")'>by kofi3</p>": {"user name", "home path"},
        "%%javascript\nvar kofi3 = open('/home/zoe')": {"home path"},
        "%%time\nkofi3 = 1": set(),
        "%%writefile kofi3.txt\n": {"user name"},
        "%matplotlib inline\nkofi3 = 1": set(),
    }
    for source, found in cases.items():
        path = write_notebook(tmp_path / "a.ipynb", code(source))
        report = scan([path], k=5, raw=raw)
        assert kinds(report) == found, source
        assert {place for _, place in places(report)} <= {"cell 1, source"}
