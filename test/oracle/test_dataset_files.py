"""Datasets of several files: folders, globs, Hive partitions, schemas that differ, skipping."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from directed import instant_us
from oracle import answer
from records import Records
from vocabulary import Query

from cli import Outcome, analyze, fault

MAPPING = {"user": ["username"], "job": ["job_id"], "package": ["subservice"]}
PACKAGES = Query("top-packages", everything=True)
USERS = Query("users", everything=True)


def records(n: int, seed: int, **more: object) -> dict[str, object]:
    rng = random.Random(seed)
    return {
        "username": [f"u{rng.randrange(40)}" for _ in range(n)],
        "job_id": [str(rng.randrange(30)) for _ in range(n)],
        "subservice": [rng.choice(["numpy", "dask", "h5py"]) for _ in range(n)],
        **more,
    }


def save(path: Path, columns: dict[str, object], **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, **options)
    return path


def check(query: Query, sources: list[str], mapping: dict[str, list[str]], *more: str) -> Outcome:
    """The command line agrees with the oracle, whose rows are some."""
    found = Records(sources, mapping)
    expected = answer(found, query)
    assert expected.rows
    outcome = analyze(query, ["--source", *sources, *more])
    wrong = fault(outcome, expected, query, found.rows)
    assert wrong is None, f"{wrong}\n{outcome.command()}"
    return outcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, one of them deeper, beside what writers leave."""
    for k, name in enumerate(["a.parquet", "b.parquet", "deep/er/c.parquet"]):
        save(tmp_path / "set" / name, records(50 + k, k))
    (tmp_path / "set" / "_SUCCESS").write_text("")
    (tmp_path / "set" / ".a.parquet.crc").write_text("crc")
    (tmp_path / "set" / "notes.txt").write_text("not for reading")
    return tmp_path / "set"


def test_a_folder_is_all_files_in_it(folder: Path) -> None:
    outcome = check(PACKAGES, [str(folder)], MAPPING)
    source = outcome.provenance["source"]
    assert isinstance(source, dict)
    assert (source["files"], source["rows"]) == (3, 153)
    assert source["bytes"] == sum(f.stat().st_size for f in folder.rglob("*.parquet"))


@pytest.mark.parametrize(
    ("pattern", "files"),
    [("*.parquet", 2), ("?.parquet", 2), ("**/*.parquet", 3), ("deep/*/c.parquet", 1)],
)
def test_a_glob_is_what_it_matches(folder: Path, pattern: str, files: int) -> None:
    outcome = check(PACKAGES, [str(folder / pattern)], MAPPING)
    source = outcome.provenance["source"]
    assert isinstance(source, dict)
    assert source["files"] == files


def test_several_paths_are_one_dataset(folder: Path) -> None:
    check(PACKAGES, [str(folder / "a.parquet"), str(folder / "deep")], MAPPING)
    check(USERS, [str(folder / "b.parquet"), str(folder / "a.parquet")], MAPPING)


@pytest.mark.parametrize(
    "name", ["with space.parquet", "ünï.parquet", "a [1].parquet", "a#1?.parquet", "50%25.parquet"]
)
def test_names_of_files_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    path = save(tmp_path / name, records(20, 1))
    outcome = analyze(PACKAGES, ["--source", str(path)])
    assert sum(int(str(row["users"])) for row in outcome.rows) > 0


# Hive partitions


def test_hive_keys_are_columns(tmp_path: Path) -> None:
    for k, month in enumerate(["2021-01", "2021-02", "2021-03"]):
        for system in ("cori", "perl%6Dutter", "__HIVE_DEFAULT_PARTITION__"):
            save(tmp_path / f"month={month}/system={system}/x.parquet", records(40, k))
    mapping = {**MAPPING, "system": ["system"]}
    sources = [str(tmp_path)]
    check(PACKAGES, sources, mapping)
    # The same job numbers on three systems (one of them unknown) are three times as many jobs.
    check(Query("top-packages", distinct="job"), sources, mapping)
    for where in (
        "month=2021-02",
        "month!=2021-02",
        "month=2021-01,2021-03",
        "system=perlmutter",
        "system!=cori",
        "month~-0[12]$",
    ):
        check(Query("users", everything=True).where_(where), sources, mapping)
    check(USERS, [str(tmp_path / "month=2021-0[12]/*/*.parquet")], mapping)
    check(USERS.where_("system=cori"), [str(tmp_path / "month=2021-03")], mapping)
    check(USERS.where_("month=2021-02"), [str(tmp_path / "*/system=cori/x.parquet")], mapping)


# Files that differ in schema are reconciled, or refused with the name of the column and file.


def test_a_column_that_a_file_lacks_is_null_there(tmp_path: Path) -> None:
    save(tmp_path / "1.parquet", records(60, 1, is_staff=[False] * 60, qos=["debug"] * 60))
    save(tmp_path / "2.parquet", records(60, 2))
    mapping = {**MAPPING, "is_staff": ["is_staff"], "qos": ["qos"]}
    first = check(Query("users"), [str(tmp_path / "1.parquet")], mapping)
    both = check(Query("users"), [str(tmp_path)], mapping)
    assert both.rows == first.rows
    check(USERS.where_("qos!=debug"), [str(tmp_path)], mapping)


@pytest.mark.parametrize("column", ["num_nodes", "repo", "is_staff", "job_id", "timestamp"])
def test_a_column_without_any_value_may_have_no_type(tmp_path: Path, column: str) -> None:
    """What pandas writes of a column of None: its type says nothing, and so contradicts nothing."""
    more = {
        "num_nodes": [3] * 60,
        "repo": ["m1"] * 60,
        "is_staff": [False] * 60,
        "timestamp": pa.array([10**15] * 60, pa.timestamp("us")),
    }
    save(tmp_path / "1.parquet", records(60, 1, **more))
    save(tmp_path / "2.parquet", {**records(60, 2, **more), column: pa.nulls(60)})
    query = Query("package-job-size", end="2021-01-01").where_("account=m1")
    alone = analyze(query, ["--source", str(tmp_path / "1.parquet")])
    both = analyze(query, ["--source", str(tmp_path)])
    if column == "num_nodes":
        # Jobs of both files; those of the second only have no size.
        assert {row["nodes_from"] for row in both.rows} == {2, None}
    else:
        assert both.rows == alone.rows


def test_whole_numbers_may_differ_in_width(tmp_path: Path) -> None:
    for name, kind in (("1", pa.int16()), ("2", pa.int32()), ("3", pa.int64())):
        table = records(60, int(name))
        jobs = [int(str(j)) for j in table["job_id"]]  # type: ignore[attr-defined]
        table["job_id"] = pa.array(jobs, kind)
        table["num_nodes"] = pa.array([1 + j % 5 for j in jobs], kind)
        save(tmp_path / f"{name}.parquet", table)
    mapping = {**MAPPING, "nodes": ["num_nodes"]}
    check(Query("job-sizes"), [str(tmp_path)], mapping)
    check(Query("top-packages", distinct="job").where_("job=3,4"), [str(tmp_path)], mapping)


def test_texts_may_differ_in_dictionary(tmp_path: Path) -> None:
    """Each file numbers its values differently."""
    for k in range(4):
        table = records(60, k)
        names = list(table["subservice"])  # type: ignore[call-overload]
        array = pa.array(names)
        table["subservice"] = array.dictionary_encode() if k % 2 else array
        save(tmp_path / f"{k}.parquet", table, use_dictionary=k < 2, row_group_size=17)
    check(Query("package-correlation"), [str(tmp_path)], MAPPING)
    check(PACKAGES, [str(tmp_path)], MAPPING)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("job_id", list(range(60))),
        ("username", [1.5] * 60),
        ("subservice", [True] * 60),
        ("num_nodes", ["four"] * 60),
    ],
)
def test_types_that_differ_are_reconciled_or_refused_by_name(
    tmp_path: Path, column: str, values: list[object]
) -> None:
    save(tmp_path / "first.parquet", records(60, 1, num_nodes=[1] * 60))
    save(tmp_path / "second.parquet", {**records(60, 2, num_nodes=[2] * 60), column: values})
    query = Query("package-job-size", distinct="user+package")
    outcome = analyze(query, ["--source", str(tmp_path)])
    if outcome.status == 0 and column in ("job_id", "username"):
        # Whole numbers are texts of their digits where others are texts.
        mapping = {**MAPPING, "nodes": ["num_nodes"]}
        check(query, [str(tmp_path)], mapping)
        return
    assert (outcome.status, outcome.out) == (1, ""), outcome.out
    assert column in outcome.err
    assert "first.parquet" in outcome.err or "second.parquet" in outcome.err


def test_long_and_wide_files_are_not_mixed_silently(tmp_path: Path) -> None:
    save(tmp_path / "1.parquet", {**records(3, 1), "packages": ["a", "b", "c"]})
    lists = [["a"], ["b"], ["c", "d"]]
    save(tmp_path / "2.parquet", {**records(3, 2), "packages": lists})
    outcome = analyze(PACKAGES, ["--source", str(tmp_path), "--map", "package=packages"])
    if outcome.status == 0:
        assert {row["package"] for row in outcome.rows} == {"a", "b", "c", "d"}
    else:
        assert outcome.status == 1
        assert "packages" in outcome.err


# The mapping of columns to roles is found by name and can be told.


def test_the_best_alias_wins_and_can_be_overruled(tmp_path: Path) -> None:
    table = records(30, 1, user=["one"] * 30, module=["zarr"] * 30)
    path = str(save(tmp_path / "x.parquet", table))
    outcome = check(PACKAGES, [path], MAPPING)
    mapping = outcome.provenance["mapping"]
    assert isinstance(mapping, dict)
    assert mapping["user"] == ["username"] and mapping["package"] == ["subservice"]
    other = {**MAPPING, "user": ["user"], "package": ["module"]}
    told = ["--map", "user=user", "--map", "package=module"]
    found = check(PACKAGES, [path], other, *told)
    assert found.rows == [{"package": "zarr", "users": 1}]


def test_a_role_can_be_taken_away(tmp_path: Path) -> None:
    table = records(30, 1, is_staff=[True] * 30, system=[f"s{k}" for k in range(30)])
    path = str(save(tmp_path / "x.parquet", table))
    assert analyze(Query("users"), ["--source", path]).rows == [{"users": 0}]
    source = ["--source", path, "--map", "is_staff=", "--map", "system="]
    outcome = check(Query("top-packages", distinct="job"), [path], MAPPING, *source[2:])
    assert outcome.provenance["mapping"] == MAPPING
    # What is no role is a column like any other.
    found = analyze(USERS.where_("system=s1,s2", "is_staff=true"), source)
    assert found.rows == [{"users": len(set(table["username"][1:3]))}]  # type: ignore[index]


def test_flat_columns_win_over_wrapped_ones(tmp_path: Path) -> None:
    table = records(30, 1)
    wrapped = pa.StructArray.from_arrays(
        [pa.array(["no"] * 30), pa.array(["m1"] * 30)], ["username", "repo"]
    )
    path = str(save(tmp_path / "x.parquet", {**table, "data": wrapped}))
    mapping = {**MAPPING, "account": ["data.repo"]}
    check(PACKAGES, [path], mapping)
    outcome = check(USERS.where_("account=m1"), [path], mapping)
    assert outcome.provenance["mapping"] == mapping


def test_several_columns_form_a_key(tmp_path: Path) -> None:
    """Parts that read alike when put together are different keys."""
    parts = [("1", "23"), ("12", "3"), ("1", "23"), ("1,2", "3"), ("1", "2,3")]
    columns = {
        "cluster": [a for a, _ in parts],
        "number": [b for _, b in parts],
        "subservice": ["numpy"] * 5,
    }
    path = str(save(tmp_path / "x.parquet", columns))
    mapping = {"job": ["cluster", "number"], "package": ["subservice"]}
    query = Query("top-packages", distinct="job")
    outcome = check(query, [path], mapping, "--map", "job=cluster,number")
    assert outcome.rows == [{"package": "numpy", "jobs": 4}]


@pytest.mark.parametrize("kind", [pa.int64(), pa.uint64(), pa.string()])
def test_job_numbers_lose_no_digit(tmp_path: Path, kind: pa.DataType) -> None:
    start = 2**53
    top = 2**64 if kind == pa.uint64() else 2**63
    numbers = [start, start + 1, start + 2, start + 3, top - 1, top - 2, top - 1, 0, 7]
    values = [str(n) for n in numbers] if kind == pa.string() else numbers
    columns = {
        "job_id": pa.array(values, kind),
        "subservice": ["numpy"] * 9,
        "username": [f"u{k}" for k in range(9)],
    }
    path = str(save(tmp_path / "x.parquet", columns))
    outcome = check(Query("top-packages", distinct="job"), [path], MAPPING)
    assert outcome.rows == [{"package": "numpy", "jobs": 8}]
    for where, users in ((f"job={start + 1}", 1), (f"job={top - 1}", 2), (f"job={top - 2},0", 2)):
        found = check(USERS.where_(where), [path], MAPPING)
        assert found.rows == [{"users": users}]


def test_ranges_of_job_numbers_lose_no_digit(tmp_path: Path) -> None:
    start = 2**53
    numbers = [start - 1, start, start + 1, start + 2]
    columns = {"job_id": numbers, "username": [f"u{k}" for k in range(4)]}
    path = str(save(tmp_path / "x.parquet", columns))
    for where, users in (("job>=9007199254740993", 2), ("job<9007199254740993", 2)):
        outcome = analyze(USERS.where_(where), ["--source", path])
        assert outcome.rows == [{"users": users}], where


# Row groups outside the period are skipped by their statistics, and nothing else is.


@pytest.mark.parametrize(
    "kind",
    [
        "timestamp[ms]",
        "timestamp[us, tz=UTC]",
        "timestamp[ns]",
        "int96",
        "date32",
        "text",
        "no statistics",
    ],
)
def test_row_groups_outside_the_period_are_skipped(tmp_path: Path, kind: str) -> None:
    days = [f"2021-{month:02d}-{day:02d}" for month in range(1, 7) for day in range(1, 29)]
    instants = [instant_us(day) for day in days]
    stamps = pa.array(instants, pa.timestamp("us"))
    column = {
        "timestamp[ms]": stamps.cast(pa.timestamp("ms")),
        "timestamp[us, tz=UTC]": stamps.cast(pa.timestamp("us", tz="UTC")),
        "timestamp[ns]": stamps.cast(pa.timestamp("ns")),
        "int96": stamps,
        "date32": stamps.cast(pa.date32()),
        "text": pa.array(days),
        "no statistics": stamps,
    }[kind]
    path = save(
        tmp_path / "x.parquet",
        records(len(days), 5, timestamp=column),
        row_group_size=28,
        write_statistics=kind != "no statistics",
        use_deprecated_int96_timestamps=kind == "int96",
    )
    mapping = {**MAPPING, "time": ["timestamp"]}
    query = Query("top-packages", start="2021-02-15", end="2021-04-01")
    outcome = check(query, [str(path)], mapping)
    population = outcome.provenance["population"]
    assert isinstance(population, dict)
    assert population["records"] == 14 + 28
    if kind.startswith(("timestamp", "date")):
        assert outcome.provenance["rows_skipped"] == 4 * 28
    # Later questions about all of it are not answered from what was read for this one.
    check(Query("package-trend"), [str(path)], mapping)
