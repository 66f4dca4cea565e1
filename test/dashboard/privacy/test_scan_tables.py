"""The scan of reduced files, as pyarrow, pandas, polars and DuckDB write them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.privacy import scan, suppress_small
from jupyterlab_workload_explorer.dashboard.privacy.findings import Report
from jupyterlab_workload_explorer.dashboard.privacy.reference import RawProblem


def _duckdb(table: pl.DataFrame, path: Path, options: str) -> None:
    with duckdb.connect() as connection:
        connection.register("reduced", table.to_arrow())
        connection.execute(f"COPY reduced TO '{path}' ({options})")


def _stream(table: pl.DataFrame, path: Path) -> None:
    arrow = table.to_arrow()
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, arrow.schema) as writer:
        writer.write_table(arrow)


def _gzip(table: pl.DataFrame, path: Path) -> None:
    with gzip.open(path, "wb") as file:
        file.write(table.write_csv().encode())


def _split(table: pl.DataFrame, path: Path) -> None:
    path.write_text(table.to_pandas().to_json(orient="split"))


WRITERS: dict[str, tuple[str, Callable[[pl.DataFrame, Path], object]]] = {
    "pyarrow": ("parquet", lambda table, path: pq.write_table(table.to_arrow(), path)),
    "pyarrow plain": (
        "parquet",
        lambda table, path: pq.write_table(table.to_arrow(), path, use_dictionary=False),
    ),
    "pandas": ("parquet", lambda table, path: table.to_pandas().to_parquet(path)),
    "polars": ("parquet", lambda table, path: table.write_parquet(path)),
    "duckdb": ("parquet", lambda table, path: _duckdb(table, path, "FORMAT parquet")),
    "pandas csv": ("csv", lambda table, path: table.to_pandas().to_csv(path)),
    "polars csv": ("csv", lambda table, path: table.write_csv(path, separator=";")),
    "duckdb csv": ("csv", lambda table, path: _duckdb(table, path, "FORMAT csv, HEADER")),
    "gzip": ("csv.gz", _gzip),
    "feather": ("feather", lambda table, path: feather.write_feather(table.to_arrow(), path)),
    "arrow stream": ("arrow", _stream),
    "polars arrow": ("arrow", lambda table, path: table.write_ipc(path)),
    "records": ("json", lambda table, path: path.write_text(json.dumps(table.to_dicts()))),
    "columns": (
        "json",
        lambda table, path: path.write_text(json.dumps(table.to_dict(as_series=False))),
    ),
    "split": ("json", _split),
    "lines": ("ndjson", lambda table, path: table.write_ndjson(path)),
    "duckdb json": ("json", lambda table, path: _duckdb(table, path, "FORMAT json, ARRAY true")),
}


@pytest.fixture(params=WRITERS)
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[pl.DataFrame], Path]:
    ending, writer = WRITERS[request.param]

    def one(table: pl.DataFrame) -> Path:
        folder = tmp_path / "published"
        (folder / "data").mkdir(parents=True)
        writer(table, folder / "data" / f"reduced.{ending}")
        return folder

    return one


def kinds(report: Report) -> set[str]:
    return {one.kind for one in report.findings}


def tells(report: Report, *secrets: str) -> list[str]:
    """Secrets that the report has in full."""
    written = json.dumps(report.as_json()) + report.as_text()
    return [one for one in secrets if one in written]


def test_a_clean_reduction_has_no_findings(write, reduced: pl.DataFrame, raw: Path) -> None:
    folder = write(suppress_small(reduced, 5, by=["package", "nodes_from"], totals=[["package"]]))
    report = scan([folder], k=5, raw=raw)
    assert report.findings == []
    assert [one["file"] for one in report.searched] == [
        path.relative_to(folder).as_posix() for path in folder.rglob("*.*")
    ]
    assert report.compared == {"names_of_users": 59, "names_of_accounts": 7}


def test_small_groups_are_found(write, reduced: pl.DataFrame) -> None:
    small = reduced.with_columns(
        pl.when(pl.int_range(pl.len()) < 3).then(2).otherwise(pl.col("users")).alias("users")
    )
    folder = write(small)
    report = scan([folder], k=5)
    assert kinds(report) == {"small group"}
    assert [one.times for one in report.findings] == [3]
    assert report.findings[0].example == "users = 2"
    assert "suppress_small" in report.findings[0].advice
    assert scan([folder], k=2).clean
    assert scan([folder], k=1).clean


def test_counts_without_users_are_found(write, reduced: pl.DataFrame) -> None:
    folder = write(reduced.drop("users"))
    assert kinds(scan([folder], k=5)) == {"no users"}
    assert scan([folder], k=1).clean


def test_a_column_of_users_is_found_by_its_name(write, reduced: pl.DataFrame) -> None:
    folder = write(reduced.with_columns(pl.lit("zoe").alias("data.username")))
    report = scan([folder], k=5)
    assert kinds(report) == {"identity column"}
    assert "user names" in report.findings[0].message
    assert tells(report, "zoe") == []


def test_a_column_is_found_by_a_mapping(write, reduced: pl.DataFrame) -> None:
    folder = write(reduced.with_columns(pl.lit("zoe").alias("handle")))
    assert scan([folder], k=5).clean
    assert kinds(scan([folder], k=5, mapping={"user": "handle"})) == {"identity column"}


def test_names_and_accounts_are_found_by_their_values(write, reduced, raw: Path) -> None:
    folder = write(
        reduced.with_columns(
            pl.Series("label", ["kofi3", *["x"] * (reduced.height - 1)]),
            pl.Series("note", ["charged to m1004", *["y"] * (reduced.height - 1)]),
        )
    )
    report = scan([folder], k=5, raw=raw)
    assert kinds(report) == {"user name", "account"}
    assert tells(report, "kofi3", "m1004") == []
    assert scan([folder], k=5).clean, "without the raw data nobody knows these names"


def test_job_ids_are_found_by_their_values(write, reduced, records: pa.Table, raw: Path) -> None:
    ids = records["job_id"].unique().to_pylist()[: reduced.height]
    report = scan([write(reduced.with_columns(pl.Series("id", ids)))], k=5, raw=raw)
    assert kinds(report) == {"job id"}
    assert tells(report, *ids) == []


def test_texts_of_digits_are_compared_with_job_ids(tmp_path, reduced, records, raw: Path) -> None:
    ids = records["job_id"].unique().to_pylist()[: reduced.height]
    reduced.with_columns(pl.Series("label", ids)).write_parquet(tmp_path / "a.parquet")
    assert kinds(scan([tmp_path], k=5, raw=raw)) == {"job id"}


def test_numbers_that_are_job_ids_by_chance_are_none(write, reduced, raw: Path) -> None:
    counts = [41_000_000 + 17 * at for at in range(reduced.height)]
    folder = write(
        reduced.with_columns(pl.Series("records", counts), pl.Series("node_seconds", counts))
    )
    assert scan([folder], k=5, raw=raw).clean


def test_home_paths_and_addresses_are_found(write, reduced: pl.DataFrame) -> None:
    paths = ["/global/homes/z/zoe/x.py", "zoe@lab.gov", "/home/zoe", "/users/zoe/a"]
    paths += ["/usr/bin/python"] * (reduced.height - 4)
    report = scan([write(reduced.with_columns(pl.Series("where", paths)))], k=5)
    assert {one.kind: one.times for one in report.findings} == {"home path": 3, "e-mail": 1}
    assert tells(report, "zoe") == []


def test_texts_in_a_column_for_a_count_are_found(write, reduced: pl.DataFrame) -> None:
    texts = reduced.with_columns(pl.lit("zoe").alias("users"))
    assert "identity column" in kinds(scan([write(texts)], k=5))


def test_column_names_are_searched(write, reduced: pl.DataFrame, raw: Path) -> None:
    report = scan([write(reduced.with_columns(pl.lit(5).alias("mei4")))], k=5, raw=raw)
    assert kinds(report) == {"user name"}
    assert tells(report, "mei4") == []


def test_a_merged_row_says_how_many_users_at_least(write, reduced: pl.DataFrame) -> None:
    table = reduced.filter(pl.col("nodes_from") == 1).drop("nodes_from")
    table = table.with_columns(pl.Series("users", [3, 20, 9, 30, 4]))
    merged = suppress_small(table, 5, merge_into={"package": "other"})
    folder = write(merged)
    assert scan([folder], k=5).clean
    assert kinds(scan([folder], k=6)) == {"small group"}


def test_unknown_users_are_small(write, reduced: pl.DataFrame) -> None:
    unknown = reduced.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(None).otherwise(pl.col("users")).alias("users")
    )
    assert kinds(scan([write(unknown)], k=5)) == {"small group"}


def test_names_that_no_row_has_any_more_are_found(tmp_path: Path, raw: Path) -> None:
    column = pa.array(["kofi3", "all"]).dictionary_encode().slice(1)
    table = pa.table({"group": column, "users": [9]})
    assert table["group"].to_pylist() == ["all"]
    pq.write_table(table, tmp_path / "a.parquet")
    feather.write_feather(table, tmp_path / "a.feather")
    report = scan([tmp_path], k=5, raw=raw)
    assert [one.file for one in report.findings] == ["a.feather", "a.parquet"]
    assert kinds(report) == {"user name"}


def test_nested_columns_and_footers_are_searched(tmp_path: Path, raw: Path) -> None:
    table = pa.table(
        {
            "data": [{"username": "zoe", "packages": ["numpy", "kofi3"]}],
            "users": [9],
        },
        metadata={"made by": "/home/zoe/reduce.py"},
    )
    pq.write_table(table, tmp_path / "a.parquet")
    report = scan([tmp_path], k=5, raw=raw)
    assert {(one.kind, one.place) for one in report.findings} == {
        ("identity column", "column data.username"),
        ("user name", "column data.packages"),
        ("home path", "footer, made by"),
    }


def test_names_of_folders_are_columns(tmp_path: Path) -> None:
    folder = tmp_path / "user=zoe" / "month=3"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"users": [9]}), folder / "a.parquet")
    report = scan([tmp_path], k=5)
    assert kinds(report) == {"identity column"}
    assert tells(report, "zoe") == []


def test_users_named_as_packages_or_words_are_no_findings(tmp_path: Path, raw: Path) -> None:
    table = pa.table({"package": ["ray", "all"], "users": [9, 9], "note": ["ray on nodes", "all"]})
    pq.write_table(table, tmp_path / "a.parquet")
    assert scan([tmp_path], k=5, raw=raw).clean


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut.parquet": lambda path: path.write_bytes(b"PAR1" + b"\1" * 40),
    "empty.parquet": lambda path: path.write_bytes(b""),
    "cut.feather": lambda path: path.write_bytes(b"ARROW1\0\0" + b"\3" * 20),
    "quote.csv": lambda path: path.write_text('package,users\n"numpy,9\n'),
    "latin.csv": lambda path: path.write_bytes(b"package,users\nm\xfcller,9\n"),
    "cut.csv.gz": lambda path: path.write_bytes(gzip.compress(b"package,users\n" * 99)[:-20]),
    "cut.json": lambda path: path.write_text('[{"package": "numpy", "us'),
    "deep.json": lambda path: path.write_text("[" * 100_000 + "]" * 100_000),
    "cut.ndjson": lambda path: path.write_text('{"users": 9}\n{"us'),
    "cut.ipynb": lambda path: path.write_text('{"cells": ['),
    "old.ipynb": lambda path: path.write_text('{"worksheets": []}'),
    "cells.ipynb": lambda path: path.write_text('{"cells": [3]}'),
    "model.pkl": lambda path: path.write_bytes(b"\x80\x04\x95\0\0zoe"),
    "store.h5": lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n\0"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_cannot_be_read_is_a_finding(name: str, tmp_path: Path) -> None:
    DAMAGES[name](tmp_path / name)
    report = scan([tmp_path], k=1)
    assert kinds(report) == {"unreadable"}
    assert report.findings[0].file == name


def test_a_parquet_file_that_is_damaged_inside(tmp_path: Path, reduced: pl.DataFrame) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(reduced.to_arrow(), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[40:120] = bytes(80)
    path.write_bytes(data)
    assert "unreadable" in kinds(scan([path], k=1))


def test_files_that_cannot_be_opened_are_findings(tmp_path: Path) -> None:
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "link").symlink_to(tmp_path / "elsewhere")
    report = scan([tmp_path], k=1)
    assert sorted(one.file for one in report.findings) == ["gone.csv", "published/link"]
    assert kinds(report) == {"unreadable"}


def test_pictures_are_told_and_are_no_findings(tmp_path: Path) -> None:
    (tmp_path / "figure.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    report = scan([tmp_path], k=5)
    assert report.clean
    assert report.not_searched == [{"file": "figure.png", "place": "file", "what": "picture"}]
    assert "figure.png: file: not searched (picture). Look at it." in report.as_text()


def test_raw_data_in_an_envelope(tmp_path: Path, records: pa.Table) -> None:
    wrapped = pa.table({"data": pa.StructArray.from_arrays(
        [records["username"].combine_chunks(), records["subservice"].combine_chunks()],
        ["username", "subservice"],
    )})  # fmt: skip
    pq.write_table(wrapped, tmp_path / "raw.parquet")
    published = tmp_path / "published.csv"
    published.write_text("label,users\nkofi3,9\n")
    assert kinds(scan([published], k=5, raw=tmp_path / "raw.parquet")) == {"user name"}


def test_raw_data_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.parquet").write_text("no")
    pq.write_table(pa.table({"handle": ["zoe"]}), tmp_path / "handle.parquet")
    (tmp_path / "a.csv").write_text("label,users\nzoe,9\n")
    for name, said in {
        "nowhere": "There is no",
        "empty": "no Parquet file",
        "text.parquet": "cannot be read as Parquet",
        "handle.parquet": "--map user=COLUMN",
    }.items():
        with pytest.raises(RawProblem, match=said):
            scan([tmp_path / "a.csv"], k=5, raw=tmp_path / name)
    report = scan(
        [tmp_path / "a.csv"], k=5, raw=tmp_path / "handle.parquet", mapping={"user": "handle"}
    )
    assert kinds(report) == {"user name"}
