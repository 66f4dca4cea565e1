"""CSV and TSV with comments before the header, and headers that are comments."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy
import pandas as pd
import pytest

from jupyterlab_workload_explorer.dashboard.privacy import scan

from .notebook_files import kinds, places

COMMENTS = "# Reduced on 2021-05-01, by month, package, users\n\n#\n   \n# See the notebook\n"
ROWS = "package,username,users,jobs\nnumpy,zoe,300,900\njax,al,2,7\n"


@pytest.mark.parametrize("comments", ["", COMMENTS, "\n\n", "# one\n", "\ufeff# one, two\n"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "csv.gz"])
@pytest.mark.parametrize("lines", ["\n", "\r\n"])
def test_comments_do_not_hide_columns(
    comments: str, ending: str, lines: str, tmp_path: Path
) -> None:
    text = comments + (ROWS.replace(",", "\t") if ending == "tsv" else ROWS)
    data = text.replace("\n", lines).encode()
    path = tmp_path / f"a.{ending}"
    path.write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
    report = scan([path], k=5)
    assert places(report) == {
        ("identity column", "column username"),
        ("small group", "column users"),
    }
    assert {one.kind: one.times for one in report.findings} == {
        "identity column": 2,
        "small group": 1,
    }
    path.write_bytes(gzip.compress(b"") if ending.endswith("gz") else b"")
    assert scan([path], k=5).clean


def test_comments_are_searched(tmp_path: Path, raw: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "# Made by kofi3\n# of /home/zoe/records.parquet\n# with 2 users\npackage,users\nnumpy,9\n"
    )
    assert places(scan([path], k=5, raw=raw)) == {
        ("user name", "comment"),
        ("home path", "comment"),
        ("small group", "comment"),
    }
    path.write_text("# only comments, by kofi3")
    assert places(scan([path], k=5, raw=raw)) == {("user name", "comment")}


def test_a_comment_may_be_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    numbers = numpy.array([[1, 300, 900], [2, 2, 7]])
    numpy.savetxt(path, numbers, "%d", ",", header="Reduced\nnodes,users,jobs")
    assert path.read_text().startswith("# Reduced\n# nodes,users,jobs\n1,300,900")
    assert places(scan([path], k=5)) == {("small group", "column users")}
    path.write_text("#package\tusername\nnumpy\tzoe\n")
    assert places(scan([path], k=5)) == {("identity column", "column username")}
    # The first name is “#”, of the numbers of the rows.
    path.write_text("#,package,users\n0,numpy,2\n")
    assert places(scan([path], k=5)) == {("small group", "column users")}


@pytest.mark.parametrize("header", ["package,users", "2020,users", "label,username"])
def test_a_comment_with_as_many_commas_is_no_header(header: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"# packages, of 2021\n{header}\nnumpy,2\n")
    column = header.split(",")[1]
    assert {place for _, place in places(scan([path], k=5))} == {f"column {column}"}


def test_rows_that_begin_with_the_sign_stay_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('package,users\nnumpy,9\n# jax,2\n"two\n# lines",3\n')
    report = scan([path], k=5)
    assert [(one.kind, one.times) for one in report.findings] == [("small group", 2)]


def test_columns_of_one_name(tmp_path: Path) -> None:
    cells = pd.DataFrame(
        {"package": ["a", "b"] * 2, "month": ["03", "03", "04", "04"], "users": [20, 30, 40, 2]}
    )
    pivot = cells.pivot_table(index="package", columns="month", values=["users"])
    pivot.to_csv(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text().startswith(",users,users\n")
    assert ("small group", "column users#3") in places(scan([tmp_path], k=5))
    assert "small group" not in kinds(scan([tmp_path], k=2))
