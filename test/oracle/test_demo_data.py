"""The demo data: the oracle's answers, and the same ones from both shapes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb
import pytest
from oracle import answer
from records import Records
from vocabulary import ALIASES, Query

from cli import analyze, fault, run

ROWS = 200_000
QUERIES = [
    Query("users"),
    Query("user-share", of=8000),
    Query("partition-shares"),
    Query("module-share"),
    Query("mkl-share"),
    Query("top-packages", top=20, other=True),
    Query("top-packages", distinct="job+package", zone="America/Los_Angeles"),
    Query("job-sizes"),
    Query("job-sizes", bins="1,2,33,65,129,257,513,1025"),
    Query("package-job-size", top=15, other=True),
    Query("package-correlation"),
    Query("package-affinity", package="mpi4py"),
    Query("package-trend", by="month", top=6, other=True, zone="America/Los_Angeles"),
    Query("package-trend", by="quarter", distinct="job+package"),
    Query("users", start="2021-02-01", end="2021-03-01", has=("dask",)),
    Query("job-sizes", without=("numpy",)).where_("subsystem=haswell", "nodes>=2"),
    Query("top-packages", distinct="process").where_("environment=conda"),
]


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample(tmp_path_factory.mktemp("long"), "long")


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample(tmp_path_factory.mktemp("wide"), "wide")


def sample(folder: Path, shape: str) -> Path:
    """The file, or folder of files, that holds the records."""
    outcome = run(
        ["sample", "--rows", str(ROWS), "--out", str(folder), "--shape", shape, "--seed", "7"]
    )
    assert outcome.status == 0, outcome.err
    joined = {"jobs.parquet", "users.parquet"}
    found = [path for path in sorted(folder.iterdir()) if path.name not in joined]
    found = [path for path in found if path.is_dir() or path.suffix == ".parquet"]
    assert len(found) == 1, found
    return found[0]


def mapping_of(path: Path) -> dict[str, list[str]]:
    """Columns by the first alias of each role."""
    source = f"{path}/**/*.parquet" if path.is_dir() else str(path)
    described = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{source}')").fetchall()
    names = {row[0].lower(): row[0] for row in described}
    return {
        role: [names[next(alias for alias in aliases if alias in names)]]
        for role, aliases in ALIASES.items()
        if any(alias in names for alias in aliases)
    }


@cache
def records_of(path: Path) -> Records:
    return Records([str(path)], mapping_of(path))


def check(path: Path, query: Query) -> list[dict[str, object]]:
    records = records_of(path)
    expected = answer(records, query)
    outcome = analyze(query, ["--source", str(path)])
    wrong = fault(outcome, expected, query, records.rows)
    assert wrong is None, f"{wrong}\n{outcome.command()}"
    return outcome.rows


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_long_shape(long: Path, query: Query) -> None:
    rows = check(long, query)
    assert rows and all(value != 0 for value in rows[0].values())


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_wide_shape(wide: Path, query: Query) -> None:
    rows = check(wide, query)
    assert rows and all(value != 0 for value in rows[0].values())


def test_both_shapes_of_the_same_records_answer_alike(long: Path, tmp_path: Path) -> None:
    """Documents gathered by process are other rows, but the same users, jobs and processes."""
    mapping = mapping_of(long)
    process, package = mapping["process"][0], mapping["package"][0]
    dropped = {process, package, mapping["version"][0]}
    described = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{long}')").fetchall()
    kept = ", ".join(f'min("{row[0]}") AS "{row[0]}"' for row in described if row[0] not in dropped)
    gathered = tmp_path / "gathered.parquet"
    duckdb.sql(
        f"""COPY (SELECT "{process}", list(DISTINCT "{package}") AS packages, {kept}
                  FROM read_parquet('{long}') GROUP BY ALL) TO '{gathered}' (COMPRESSION zstd)"""
    )
    for query in QUERIES:
        a = analyze(query, ["--source", str(long)])
        b = analyze(query, ["--source", str(gathered)])
        assert a.rows == b.rows, query
        for name in ("users", "jobs"):
            one, other = a.provenance["population"], b.provenance["population"]
            assert isinstance(one, dict) and isinstance(other, dict)
            assert one[name] == other[name]
