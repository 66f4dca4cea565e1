"""The domain's "Definitions that answers depend on", as far as they speak of units and filters.

Each sentence is a comment here, followed by a table that shows it.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from directed import Case, Row, assert_population
from vocabulary import ANALYSES, COUNTED, Query, columns

from cli import run

TOP = Query("top-packages", everything=True)
USERS = Query("users", everything=True)


def long(*rows: tuple[str | None, str | None, str | None], **more: object) -> list[Row]:
    return [{"user": u, "job": j, "package": p, **more} for u, j, p in rows]


def packages(unit: str, **numbers: int) -> list[Row]:
    return [{"package": name, COUNTED[unit]: n} for name, n in numbers.items()]


# A job is a non-empty job_id, together with system where that field is mapped.


def test_job_numbers_of_two_systems_are_two_jobs(tmp_path: Path) -> None:
    rows = [
        {"job": "1", "system": "cori", "package": "numpy"},
        {"job": "1", "system": "edison", "package": "numpy"},
        {"job": "1", "system": "cori", "package": "dask"},
    ]
    case = Case(tmp_path, rows)
    case.check(Query("top-packages", distinct="job"), packages("job", numpy=2, dask=1))


def test_job_numbers_without_system_are_one_job(tmp_path: Path) -> None:
    case = Case(tmp_path, long(("a", "1", "numpy"), ("b", "1", "numpy")))
    case.check(Query("top-packages", distinct="job"), packages("job", numpy=1))


def test_no_system_is_a_system_of_its_own(tmp_path: Path) -> None:
    rows = [{"job": "1", "package": "numpy", "system": s} for s in ("cori", None, None)]
    Case(tmp_path, rows).check(Query("top-packages", distinct="job"), packages("job", numpy=2))


# Records without a job id count as records, processes and their users' use, never as a job.


@pytest.mark.parametrize(
    ("distinct", "expected"),
    [
        ("record", packages("record", numpy=4, dask=1)),
        ("process", packages("process", numpy=3, dask=1)),
        ("user", packages("user", numpy=3, dask=1)),
        ("user+package", packages("user", numpy=3, dask=1)),
        # dask was imported in no job: no row.
        ("job", packages("job", numpy=1)),
        ("job+package", packages("job", numpy=1)),
    ],
)
def test_records_outside_jobs(tmp_path: Path, distinct: str, expected: list[Row]) -> None:
    rows = [
        {"user": "a", "job": "7", "process": "p1", "package": "numpy"},
        {"user": "a", "job": "7", "process": "p1", "package": "numpy"},
        {"user": "b", "job": "", "process": "p2", "package": "numpy"},
        {"user": "c", "job": None, "process": "p3", "package": "numpy"},
        {"user": "c", "job": None, "process": "p3", "package": "dask"},
    ]
    outcome = Case(tmp_path, rows).check(Query("top-packages", distinct=distinct), expected)
    assert_population(outcome, records=5, users=3, jobs=1)


# A job's node count is the largest of its records; where they disagree, provenance counts how
# many jobs do.


def test_a_jobs_size_is_the_largest_of_its_records(tmp_path: Path) -> None:
    rows = [
        {"job": "1", "nodes": 2},
        {"job": "1", "nodes": 5},
        {"job": "2", "nodes": 5},
        {"job": "2", "nodes": None},
        {"job": "3", "nodes": None},
        {"job": "", "nodes": 9},
        {"job": "", "nodes": 10},
    ]
    outcome = Case(tmp_path, rows).check(
        Query("job-sizes"),
        [{"num_nodes": 5, "jobs": 2}, {"num_nodes": None, "jobs": 1}],
    )
    assert outcome.provenance["jobs_with_differing_nodes"] == 1


# A user is username; names are kept as they are; an empty name is a name, a missing one is nobody.


def test_user_names_are_kept_as_they_are(tmp_path: Path) -> None:
    names = ["amy", "Amy", "amy ", "", None, None, "am\u0301y", "ámy", "amy"]
    rows: list[Row] = [{"user": name, "package": "numpy"} for name in names]
    Case(tmp_path, rows).check(USERS, [{"users": 6}])


# A process is the mapped process key. Where a unit has no key it cannot be counted, and the
# interface says why.


@pytest.mark.parametrize(
    ("query", "role"),
    [
        (Query("top-packages", distinct="process"), "process"),
        (Query("top-packages", distinct="job"), "job"),
        (Query("users"), "user"),
        (Query("job-sizes"), "nodes"),
        (Query("package-trend"), "time"),
        (Query("partition-shares", distinct="record"), "subsystem"),
        (Query("package-job-size", distinct="record"), "nodes"),
        (Query("mkl-share"), "job"),
        (Query("package-correlation"), "job"),
    ],
)
def test_what_has_no_key_cannot_be_counted(tmp_path: Path, query: Query, role: str) -> None:
    outcome = Case(tmp_path, [{"package": "numpy", "version": "1"}]).ask(query)
    assert (outcome.status, outcome.out) == (1, "")
    assert role in outcome.err


# A mapped count column is a weight: unit counts ignore it, record counts add it.


def test_weights_count_for_records_only(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"user": "a", "job": "1", "package": "numpy", "count": 1000},
        {"user": "b", "job": "1", "package": "numpy", "count": 1},
        {"user": "b", "job": "2", "package": "dask", "count": 2_000_000_000},
        {"user": "b", "job": "2", "package": "dask", "count": 2_000_000_000},
    ]
    case = Case(tmp_path, rows)
    case.check(
        Query("top-packages", distinct="record"),
        packages("record", dask=4_000_000_000, numpy=1001),
    )
    outcome = case.check(TOP, packages("user", numpy=2, dask=1))
    assert_population(outcome, records=4_000_001_001, users=2, jobs=2)


def test_weights_of_wide_rows_count_once_for_each_package(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"packages": ["numpy", "numpy", "dask"], "count": 10},
        {"packages": ["numpy"], "count": 1},
        {"packages": [], "count": 5},
    ]
    outcome = Case(tmp_path, rows).check(
        Query("top-packages", distinct="record"), packages("record", numpy=11, dask=10)
    )
    assert_population(outcome, records=16)


# Period and field filters choose records; everything about a job is then taken from its chosen
# records.


def test_a_jobs_facts_come_from_its_chosen_records(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"job": "1", "nodes": 8, "package": "numpy", "time": "2021-01-31T23:59:59"},
        {"job": "1", "nodes": 2, "package": "dask", "time": "2021-02-01T00:00:00"},
        {"job": "1", "nodes": 2, "package": "mkl", "time": "2021-02-01T00:00:00"},
    ]
    case = Case(tmp_path, rows)
    february = Query("job-sizes", start="2021-02-01")
    case.check(february, [{"num_nodes": 2, "jobs": 1}])
    case.check(Query("job-sizes", end="2021-02-01"), [{"num_nodes": 8, "jobs": 1}])
    case.check(Query("job-sizes"), [{"num_nodes": 8, "jobs": 1}])
    case.check(Query("job-sizes").where_("package=dask"), [{"num_nodes": 2, "jobs": 1}])
    share: list[Row] = [{"eligible_jobs": 0, "mkl_jobs": 0, "share": None}]
    case.check(Query("mkl-share", start="2021-02-01"), share)


# Package present (absent) in the same job looks at the job's records chosen by all other filters.


PRESENT = long(
    ("a", "1", "numpy"),
    ("a", "1", "dask"),
    ("b", "2", "numpy"),
    ("c", "", "numpy"),
    ("c", None, "dask"),
    ("d", "3", "dask"),
    ("d", "3", "scipy"),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query("top-packages", has=("dask",)), packages("user", dask=2, numpy=1, scipy=1)),
        # Records outside jobs have no job that could hold the package: presence drops
        # them, absence keeps them.
        (Query("top-packages", without=("dask",)), packages("user", numpy=2, dask=1)),
        (Query("top-packages", has=("dask", "numpy")), packages("user", dask=1, numpy=1)),
        (
            Query("top-packages", has=("dask",), without=("scipy",)),
            packages("user", dask=1, numpy=1),
        ),
        # dask's records are not among those chosen.
        (Query("top-packages", has=("dask",)).where_("package=numpy"), []),
        (
            Query("top-packages", has=("dask",)).where_("package=numpy,dask", "user=a"),
            packages("user", dask=1, numpy=1),
        ),
        (
            Query("top-packages", without=("dask",)).where_("package!=dask"),
            packages("user", numpy=3, scipy=1),
        ),
        (Query("top-packages", has=("nothing",)), []),
        (Query("top-packages", without=("nothing",)), packages("user", dask=3, numpy=3, scipy=1)),
    ],
)
def test_packages_of_the_same_job(tmp_path: Path, query: Query, expected: list[Row]) -> None:
    Case(tmp_path, PRESENT).check(query, expected)


# A job counts in each group it has a record in; shares may add up to more than 1.


def test_a_job_counts_in_each_partition_it_has_a_record_in(tmp_path: Path) -> None:
    pairs = [("1", "haswell"), ("1", "knl"), ("2", "haswell"), ("3", None), ("", "gpu"), ("4", "")]
    rows: list[Row] = [{"job": job, "subsystem": part} for job, part in pairs]
    Case(tmp_path, rows).check(
        Query("partition-shares"),
        [
            {"subsystem": "haswell", "jobs": 2, "share": 2 / 4},
            {"subsystem": "", "jobs": 1, "share": 1 / 4},
            {"subsystem": "knl", "jobs": 1, "share": 1 / 4},
            {"subsystem": None, "jobs": 1, "share": 1 / 4},
        ],
    )


# An empty package or an empty list is no package: it counts for its record, process, job and
# user, in no package row.


def test_an_empty_package_is_none(tmp_path: Path) -> None:
    case = Case(tmp_path, long(("a", "1", ""), ("b", "2", None), ("c", "3", "numpy")))
    outcome = case.check(TOP, packages("user", numpy=1))
    assert_population(outcome, records=3, users=3, jobs=3)
    case.check(USERS, [{"users": 3}])
    # Of three jobs one has numpy: a job without packages is in the population.
    case.check(Query("package-affinity", package="numpy"), [])


def test_an_empty_list_is_no_package(tmp_path: Path) -> None:
    lists: list[object] = [[], None, ["", None], ["numpy", "", "numpy"], ["dask"]]
    rows: list[Row] = [{"user": "a", "job": str(k), "packages": p} for k, p in enumerate(lists)]
    case = Case(tmp_path, rows)
    outcome = case.check(Query("top-packages", distinct="job"), packages("job", dask=1, numpy=1))
    assert_population(outcome, records=5, users=1, jobs=5)
    expected: Row = {
        "package_a": "dask",
        "package_b": "numpy",
        "r": -0.25,
        "jobs_a": 1,
        "jobs_b": 1,
        "jobs_both": 0,
    }
    case.check(Query("package-correlation"), [expected])


def test_filters_on_packages_of_wide_rows_choose_packages(tmp_path: Path) -> None:
    """A wide row's packages are as so many records for filters on `package`."""
    lists: list[list[str]] = [["numpy", "dask"], ["numpy"], ["dask"], []]
    rows: list[Row] = [{"user": str(k), "job": str(k), "packages": p} for k, p in enumerate(lists)]
    case = Case(tmp_path, rows)
    only = case.check(TOP.where_("package=numpy"), packages("user", numpy=2))
    assert_population(only, records=2, users=2, jobs=2)
    without = case.check(TOP.where_("package!=numpy"), packages("user", dask=2))
    assert_population(without, records=3, users=3, jobs=3)
    case.check(TOP.where_("package~^d"), packages("user", dask=2))


# `distinct` names the key whose distinct values are counted within each group, and so the column.


EVERY_ROLE: list[Row] = [
    {
        "user": "a",
        "job": "1",
        "package": "numpy",
        "process": "p",
        "time": "2021-01-01",
        "nodes": 1,
        "subsystem": "knl",
        "executable": "/usr/bin/python",
    },
    {
        "user": "a",
        "job": "1",
        "package": "mkl",
        "process": "p",
        "time": "2021-01-01",
        "nodes": 1,
        "subsystem": "knl",
        "executable": "/usr/bin/python",
    },
]
CHOICES = [(name, distinct) for name, a in ANALYSES.items() for distinct in a.distincts]


@pytest.mark.parametrize(("name", "distinct"), CHOICES)
def test_distinct_names_the_counted_column(tmp_path: Path, name: str, distinct: str) -> None:
    query = Query(
        name,
        distinct=distinct,
        of=5 if name == "user-share" else None,
        package="mkl" if name == "package-affinity" else None,
    )
    outcome = Case(tmp_path, EVERY_ROLE).ask(query)
    assert outcome.rows
    for row in outcome.rows:
        assert list(row) == columns(query)
    if len(ANALYSES[name].distincts) > 1:
        assert COUNTED[distinct] in outcome.rows[0]
        expected = 2 if distinct == "record" and "package" not in outcome.rows[0] else 1
        assert outcome.rows[0][COUNTED[distinct]] == expected


# The default population is "no staff, compute nodes"; a filter on a field replaces the default
# for that field.


FLAGGED: list[Row] = [
    {"user": f"{staff} {compute}", "is_staff": staff, "is_compute": compute, "package": "numpy"}
    for staff in (True, False, None)
    for compute in (True, False, None)
]


@pytest.mark.parametrize(
    ("query", "users"),
    [
        # A missing flag is neither yes nor no.
        (Query("users"), 1),
        (Query("users", everything=True), 9),
        (Query("users").where_("is_staff=true"), 1),
        (Query("users").where_("is_staff=true,false"), 2),
        (Query("users").where_("is_staff!=true"), 2),
        (Query("users").where_("is_compute=false"), 1),
        (Query("users").where_("is_compute=false", "is_staff!=false"), 2),
        (Query("users", everything=True).where_("is_compute!=false"), 6),
    ],
)
def test_default_population(tmp_path: Path, query: Query, users: int) -> None:
    Case(tmp_path, FLAGGED).check(query, [{"users": users}])


def test_a_filter_on_the_roles_column_replaces_the_default_too(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    flags = pa.StructArray.from_arrays([pa.array([True, False])], ["is_staff"])
    pq.write_table(pa.table({"username": ["a", "b"], "data": flags}), path)
    for field in ("is_staff", "data.is_staff"):
        outcome = run(["analyze", "users", "--source", str(path), "--where", f"{field}=true"])
        assert outcome.rows == [{"users": 1}], field


def test_top_packages_counts_all_nodes_by_default(tmp_path: Path) -> None:
    Case(tmp_path, FLAGGED).check(Query("top-packages"), packages("user", numpy=3))


def test_a_default_that_no_column_allows_is_left_out_and_said(tmp_path: Path) -> None:
    case = Case(tmp_path, [{"user": "a", "is_staff": False}, {"user": "b", "is_staff": True}])
    notes = case.check(Query("users"), [{"users": 1}]).provenance["notes"]
    assert isinstance(notes, list)
    assert any("compute" in str(note) for note in notes)


# `field=a,b` is any of; `field!=a` excludes a and keeps records without a value; without a value
# nothing matches `=`.


VALUES = [{"user": str(k), "account": a} for k, a in enumerate(["m1", "m2", "m,3", "", None, "M1"])]


@pytest.mark.parametrize(
    ("where", "users"),
    [
        ("account=m1", 1),
        ("account=m1,m2", 2),
        ("account=m1,nothing", 1),
        ("account=nothing", 0),
        (r"account=m\,3", 1),
        (r"account=m\,3,m1", 2),
        ("account!=m1", 5),
        ("account!=m1,m2", 4),
        (r"account!=m\,3", 5),
        ("repo=m1", 1),
        ("account~m", 3),
        ("account~^m1$", 1),
        ("account~(?i)^m1$", 2),
        ("account~[23]$", 2),
        ("account~m|M", 4),
        (r"account~m.?\d", 3),
        ("account~^m.{1,2}$", 3),
        ("account!~m", 3),
    ],
)
def test_conditions_on_text(tmp_path: Path, where: str, users: int) -> None:
    case = Case(tmp_path, list(VALUES))
    outcome = case.ask(Query("users"))
    assert outcome.rows == [{"users": 6}]
    outcome = run(["analyze", "users", *case.source, "--where", where])
    assert outcome.rows == [{"users": users}], outcome.command()


@pytest.mark.parametrize(
    ("where", "users"),
    [
        (("nodes=4",), 1),
        (("nodes=4,5",), 2),
        (("nodes!=4",), 4),
        (("nodes>=4",), 2),
        (("nodes<4",), 2),
        (("nodes>=2", "nodes<5"), 2),
        (("nodes>=2.5",), 2),
        (("nodes>=-1",), 4),
    ],
)
def test_conditions_on_numbers(tmp_path: Path, where: tuple[str, ...], users: int) -> None:
    rows: list[Row] = [{"user": str(k), "nodes": n} for k, n in enumerate([1, 2, 4, 5, None])]
    Case(tmp_path, rows).check(Query("users").where_(*where), [{"users": users}])


# A regular expression has RE2 syntax: linear time, and no syntax that cannot be.


def test_a_regular_expression_takes_linear_time(tmp_path: Path) -> None:
    rows: list[Row] = [{"user": "a", "account": "a" * 5000 + "!"}]
    Case(tmp_path, rows).check(Query("users").where_("account~^(a+)+$"), [{"users": 0}])


@pytest.mark.parametrize("pattern", ["(?=a)", r"(a)\1", "(", "[", "(?<!b)a", "a**"])
def test_what_is_no_re2_pattern_is_a_usage_error(tmp_path: Path, pattern: str) -> None:
    case = Case(tmp_path, list(VALUES))
    outcome = run(["analyze", "users", *case.source, "--where", f"account~{pattern}"])
    assert (outcome.status, outcome.out) == (2, "")
    assert pattern in outcome.err
