"""The analyses by tables small enough to count by hand."""

from __future__ import annotations

import csv
import io
from math import sqrt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from directed import Case, Row, assert_population
from vocabulary import Query

from cli import analyze, run


def jobs(*lists: list[str]) -> list[Row]:
    """Wide rows: one a job, of one user each."""
    return [
        {"user": f"u{k}", "job": str(k), "packages": names, "nodes": 1}
        for k, names in enumerate(lists)
    ]


# log2 classes of nodes: 1, 2-3, 4-7, ...


def test_log2_classes(tmp_path: Path) -> None:
    sizes = [1, 2, 3, 4, 7, 8, 9688, 2**31 - 1, 2**31, 2**40, None, 0, -3]
    rows: list[Row] = [{"job": str(k), "nodes": n} for k, n in enumerate(sizes)]
    found = {
        (1, 1): 1,
        (2, 3): 2,
        (4, 7): 2,
        (8, 15): 1,
        (8192, 16383): 1,
        (2**30, 2**31 - 1): 1,
        (2**31, 2**32 - 1): 1,
        (2**40, 2**41 - 1): 1,
        # No class holds a missing size, or one below 1.
        (None, None): 3,
    }
    expected = [{"nodes_from": a, "nodes_to": b, "jobs": n} for (a, b), n in found.items()]
    Case(tmp_path, rows).check(Query("job-sizes", bins="log2"), list(expected))


@pytest.mark.parametrize("bins", ["log2", "1,2", None])
def test_sizes_that_are_no_numbers_are_missing(tmp_path: Path, bins: str | None) -> None:
    """Fractions of nodes and endless ones come from conversions by floating-point columns."""
    path = tmp_path / "x.parquet"
    sizes = [4.0, float("nan"), None, float("inf"), -float("inf")]
    columns = {"job_id": [str(k) for k in range(5)], "num_nodes": sizes}
    pq.write_table(pa.table(columns), path)
    outcome = analyze(Query("job-sizes", bins=bins), ["--source", str(path)])
    # Each job is in one row, and no two rows read alike.
    classes = [tuple(v for k, v in row.items() if k != "jobs") for row in outcome.rows]
    assert len(set(classes)) == len(classes), outcome.rows
    assert sum(int(str(row["jobs"])) for row in outcome.rows) == 5
    assert {"nodes_from": 4, "nodes_to": 7, "jobs": 1} in outcome.rows or bins != "log2"


# Others by a list of lower bounds; the last class has no end.


def test_classes_by_lower_bounds(tmp_path: Path) -> None:
    sizes = [1, 2, 32, 33, 64, 65, 9688]
    rows: list[Row] = [{"job": str(k), "nodes": n} for k, n in enumerate(sizes)]
    case = Case(tmp_path, rows)
    found = {(1, 1): 1, (2, 32): 2, (33, 64): 2, (65, None): 2}
    expected = [{"nodes_from": a, "nodes_to": b, "jobs": n} for (a, b), n in found.items()]
    case.check(Query("job-sizes", bins="1,2,33,65"), list(expected))
    case.check(
        Query("job-sizes", bins="64"),
        [
            {"nodes_from": 64, "nodes_to": None, "jobs": 3},
            {"nodes_from": None, "nodes_to": None, "jobs": 4},
        ],
    )
    case.check(
        Query("job-sizes"),
        [{"num_nodes": n, "jobs": 1} for n in sizes],
    )


def test_classes_of_packages_ascend_then_count_then_name(tmp_path: Path) -> None:
    rows: list[Row] = []
    for job, nodes, names in [
        ("1", 3, ["numpy", "dask"]),
        ("2", 2, ["numpy"]),
        ("3", 1, ["zarr", "ase", "numpy"]),
        ("4", None, ["dask"]),
    ]:
        rows.append({"job": job, "nodes": nodes, "packages": names})
    found: list[tuple[object, ...]] = [
        ("ase", 1, 1, 1),
        ("numpy", 1, 1, 1),
        ("zarr", 1, 1, 1),
        ("numpy", 2, 3, 2),
        ("dask", 2, 3, 1),
        ("dask", None, None, 1),
    ]
    titles = ("package", "nodes_from", "nodes_to", "jobs")
    Case(tmp_path, rows).check(
        Query("package-job-size"), [dict(zip(titles, row, strict=True)) for row in found]
    )


# Pearson's r between packages over all jobs of the population; undefined is null, not 0.


def test_correlation_over_all_jobs(tmp_path: Path) -> None:
    rows = jobs(["a", "b"], ["a", "b"], ["a"], ["b"], [], ["c"])
    # n = 6, a in 3, b in 3, both in 2; c in 1.
    r_ab = (6 * 2 - 3 * 3) / sqrt(3 * 3 * 3 * 3)
    r_c = (6 * 0 - 3 * 1) / sqrt(3 * 3 * 1 * 5)
    found = [("a", "b", r_ab, 3, 3, 2), ("a", "c", r_c, 3, 1, 0), ("b", "c", r_c, 3, 1, 0)]
    titles = ("package_a", "package_b", "r", "jobs_a", "jobs_b", "jobs_both")
    expected: list[Row] = [dict(zip(titles, row, strict=True)) for row in found]
    case = Case(tmp_path, rows)
    case.check(Query("package-correlation"), expected)
    outcome = case.ask(Query("package-correlation", top=1))
    assert len(outcome.rows) == 1
    assert (outcome.rows[0]["package_a"], outcome.rows[0]["package_b"]) == ("a", "b")


def test_correlation_without_variance_is_null(tmp_path: Path) -> None:
    case = Case(tmp_path, jobs(["all", "a"], ["all"], ["all", "b"]))
    found = [
        ("a", "b", -0.5, 1, 1, 0),
        ("a", "all", None, 1, 3, 1),
        ("all", "b", None, 3, 1, 1),
    ]
    titles = ("package_a", "package_b", "r", "jobs_a", "jobs_b", "jobs_both")
    case.check(Query("package-correlation"), [dict(zip(titles, row, strict=True)) for row in found])
    outcome = case.ask(Query("package-correlation"))
    assert outcome.rows[1]["r"] is None


def test_perfect_correlations_are_one(tmp_path: Path) -> None:
    case = Case(tmp_path, jobs(*([["a", "b"]] * 3), *([["c"]] * 4)))
    outcome = case.ask(Query("package-correlation"))
    assert [row["r"] for row in outcome.rows] == [1, -1, -1]


def test_a_package_that_no_job_has_is_compared_with_none(tmp_path: Path) -> None:
    rows: list[Row] = [*jobs(["a"], ["a", "b"], []), {"user": "u", "packages": ["outside"]}]
    case = Case(tmp_path, rows)
    for name in ("absent", "outside"):
        case.check(Query("package-affinity", package=name), [])


def test_affinity_compares_one_package_with_all_others(tmp_path: Path) -> None:
    case = Case(tmp_path, jobs(["p", "a"], ["p", "a"], ["b"], ["c", "a"]))
    expected: list[Row] = [
        {"package": "a", "r": (4 * 2 - 2 * 3) / sqrt(2 * 2 * 3 * 1), "jobs": 3, "jobs_both": 2},
        {"package": "b", "r": -2 / sqrt(2 * 2 * 1 * 3), "jobs": 1, "jobs_both": 0},
        {"package": "c", "r": -2 / sqrt(2 * 2 * 1 * 3), "jobs": 1, "jobs_both": 0},
    ]
    case.check(Query("package-affinity", package="p"), expected)
    case.check(Query("package-affinity", package="p", top=1), expected)


# MKL-eligible: a job with numpy, scipy, numexpr or sklearn; it uses MKL when `mkl` is among its
# packages.


def test_mkl_share(tmp_path: Path) -> None:
    lists = [["numpy"], ["scipy", "mkl"], ["numexpr"], ["sklearn", "mkl", "numpy"]]
    others = [["mkl"], ["lib:mkl", "numpy"], ["Numpy"], ["numpy.linalg", "mkl"], []]
    Case(tmp_path, jobs(*lists, *others)).check(
        Query("mkl-share"), [{"eligible_jobs": 5, "mkl_jobs": 2, "share": 2 / 5}]
    )


# Environment (center module, conda, container, other) comes from patterns on `executable` and
# `is_shifter`.


def test_environments_users_over_all_nodes_jobs_over_compute_nodes(tmp_path: Path) -> None:
    center = "/usr/common/software/python/bin/python"
    conda = "/global/homes/a/amy/.conda/envs/x/bin/python"
    uses: list[tuple[str, str | None, str | None, bool | None, bool]] = [
        ("amy", "1", center, False, True),
        # One user of two environments counts in both.
        ("amy", "2", conda, False, True),
        ("bob", "3", center, False, False),
        ("cid", "4", conda, True, True),
        ("cid", "", None, None, False),
        ("dan", "5", "/usr/bin/python", None, True),
        ("eve", "6", center, None, True),
    ]
    rows: list[Row] = [
        {
            "user": user,
            "job": job,
            "executable": path,
            "is_container": container,
            "is_compute": compute,
            "is_staff": user == "eve",
        }
        for user, job, path, container, compute in uses
    ]
    titles = ("environment", "users", "jobs", "user_share", "job_share")
    found = [
        # Equal in users and jobs: by name.
        ("center module", 2, 1, 2 / 4, 1 / 4),
        ("other", 2, 1, 2 / 4, 1 / 4),
        ("conda", 1, 1, 1 / 4, 1 / 4),
        ("container", 1, 1, 1 / 4, 1 / 4),
    ]
    case = Case(tmp_path, rows)
    case.check(Query("module-share"), [dict(zip(titles, row, strict=True)) for row in found])
    case.check(Query("users", everything=True).where_("environment=conda"), [{"users": 1}])


# Ties are ordered by name; text is compared by code point.


def test_ties_go_by_code_point(tmp_path: Path) -> None:
    names = ["Z", "a", "z", "é", "\uffee", "\U0001d4b0", "10", "9", "_"]
    case = Case(tmp_path, [{"user": "u", "package": name} for name in reversed(names)])
    expected: list[Row] = [{"package": name, "users": 1} for name in sorted(names)]
    case.check(Query("top-packages"), expected)
    case.check(Query("top-packages", top=4), expected[:4])


# Other is one row with a null name that holds the union, never a sum.


def test_other_is_the_union(tmp_path: Path) -> None:
    uses = [
        ("a", "numpy"),
        ("b", "numpy"),
        ("c", "numpy"),
        ("a", "x"),
        ("b", "x"),
        ("a", "y"),
        ("b", "z"),
    ]
    case = Case(tmp_path, [{"user": user, "package": name} for user, name in uses])
    first: Row = {"package": "numpy", "users": 3}
    rest: Row = {"package": None, "users": 2, "other": True}
    case.check(Query("top-packages", top=1, other=True), [first, rest])
    case.check(Query("top-packages", top=1), [first])
    # Nothing is left out, so there is no other.
    outcome = case.check(
        Query("top-packages", top=4, other=True),
        [
            first,
            {"package": "x", "users": 2},
            {"package": "y", "users": 1},
            {"package": "z", "users": 1},
        ],
    )
    assert all("other" not in row for row in outcome.rows)


def test_top_ranks_over_all_periods(tmp_path: Path) -> None:
    uses = [
        ("a", "once", "2021-01-05"),
        ("b", "once", "2021-01-05"),
        ("c", "often", "2021-01-05"),
        ("a", "often", "2021-02-05"),
        ("b", "often", "2021-03-05"),
        ("a", "rare", "2021-03-05"),
        ("b", "odd", "2021-03-06"),
        ("b", "rare", "2021-03-06"),
    ]
    rows: list[Row] = [{"user": u, "package": p, "time": t} for u, p, t in uses]
    case = Case(tmp_path, rows)
    kept: list[Row] = [
        {"period": "2021-01", "package": None, "users": 2, "other": True},
        {"period": "2021-01", "package": "often", "users": 1},
        {"period": "2021-02", "package": "often", "users": 1},
        {"period": "2021-03", "package": None, "users": 2, "other": True},
        {"period": "2021-03", "package": "often", "users": 1},
    ]
    case.check(Query("package-trend", top=1, other=True), kept)
    case.check(Query("package-trend", top=1), [row for row in kept if "other" not in row])


@pytest.mark.parametrize(
    ("by", "periods"),
    [
        ("month", ["2021-01", "2021-03", "2021-04", "2022-01"]),
        ("quarter", ["2021-Q1", "2021-Q2", "2022-Q1"]),
        ("year", ["2021", "2022"]),
    ],
)
def test_periods_print_as_the_calendar_does(tmp_path: Path, by: str, periods: list[str]) -> None:
    days = ["2021-01-01", "2021-03-31T23:59:59", "2021-04-01", "2022-01-01"]
    rows: list[Row] = [{"user": d, "package": "numpy", "time": d} for d in days]
    outcome = Case(tmp_path, rows).ask(Query("package-trend", by=by))
    assert [row["period"] for row in outcome.rows] == periods


def test_a_record_without_a_time_is_in_no_period(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"user": "a", "package": "numpy", "time": "2021-01-05"},
        {"user": "b", "package": "numpy", "time": None},
    ]
    case = Case(tmp_path, rows)
    case.check(Query("users", start="2000-01-01"), [{"users": 1}])
    case.check(Query("users", end="2100-01-01"), [{"users": 1}])
    case.check(Query("users"), [{"users": 2}])
    outcome = case.check(
        Query("package-trend"),
        [
            {"period": "2021-01", "package": "numpy", "users": 1},
            {"period": None, "package": "numpy", "users": 1},
        ],
    )
    assert outcome.provenance["span"] == {
        "from": "2021-01-05T00:00:00Z",
        "to": "2021-01-05T00:00:00Z",
    }


# Shares are fractions of what the caption names.


def test_user_share(tmp_path: Path) -> None:
    case = Case(tmp_path, [{"user": name} for name in "abcab"])
    case.check(Query("user-share", of=12), [{"users": 3, "of": 12, "share": 0.25}])
    case.check(Query("user-share"), [{"users": 3, "of": None, "share": None}])


def test_nothing_chosen_is_no_error(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"user": "a", "job": "1", "package": "numpy", "nodes": 1, "time": "2021-01-01"}
    ]
    case = Case(tmp_path, rows)
    for name in (
        "top-packages",
        "job-sizes",
        "package-job-size",
        "package-trend",
        "package-correlation",
    ):
        outcome = case.check(Query(name).where_("user=nobody"), [])
        assert_population(outcome, records=0, users=0, jobs=0)
    case.check(Query("users").where_("user=nobody"), [{"users": 0}])
    case.check(
        Query("mkl-share").where_("user=nobody"),
        [{"eligible_jobs": 0, "mkl_jobs": 0, "share": None}],
    )


def test_csv_holds_the_same(tmp_path: Path) -> None:
    names = ["plain", 'quo"te', "a,b", "new\nline", "ünï"]
    case = Case(tmp_path, [{"user": "u", "package": name} for name in names])
    query = Query("top-packages")
    expected = analyze(query, case.source).rows
    text = run(["analyze", "top-packages", *case.source, "--format", "csv"])
    assert text.status == 0
    read = list(csv.DictReader(io.StringIO(text.out, newline="")))
    assert read == [{name: str(v) for name, v in row.items()} for row in expected]
