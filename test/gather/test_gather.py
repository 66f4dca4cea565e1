"""Whole gathers from a real Elasticsearch, against an independent reading of the index."""

import json

import duckdb
import pyarrow.parquet as pq
import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import load_documents
from .support import (
    BEGIN,
    SMALL,
    check_against,
    gather,
    read_manifest,
    records,
)


@pytest.mark.parametrize("sizes", [{}, SMALL], ids=["one part a month", "many parts and pages"])
def test_holds_exactly_the_documents(node, make_index, tmp_path, sizes):
    index = make_index(records(4000, 1))
    result = gather(node, index, tmp_path / "out", **sizes)
    check_against(node, index, tmp_path / "out")
    assert result.documents == result.rows == result.fetched == 4000
    assert not result.differing and not result.rejects
    assert (tmp_path / "out" / "month=__HIVE_DEFAULT_PARTITION__").is_dir()


def test_files_are_sorted_and_coded(node, make_index, tmp_path):
    index = make_index(records(3000, 2))
    gather(node, index, tmp_path / "out", **SMALL)
    last = None
    for file in sorted((tmp_path / "out").glob("month=2021-02/*.parquet")):
        rows = pq.ParquetFile(file).read(["event_timestamp", "job_id"]).to_pylist()
        keys = [(r["event_timestamp"], r["job_id"] is None, r["job_id"] or "") for r in rows]
        assert keys == sorted(keys)
        # Parts follow each other in time, as their names do.
        assert last is None or last < keys[0]
        last = keys[-1]
        group = pq.ParquetFile(file).metadata.row_group(0)
        chunk = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
        assert chunk["username"].compression == "ZSTD"
        assert "RLE_DICTIONARY" in chunk["username"].encodings
        footer = json.loads(pq.read_schema(file).metadata[b"workload.gather"])
        assert footer["source"]["indices"] == index
        assert footer["mapping"]["user"] == "username"
    assert len(list((tmp_path / "out").glob("month=2021-02/*.parquet"))) > 1


def test_manifest_has_counts_and_checksums(node, make_index, tmp_path):
    index = make_index(records(1000, 3))
    gather(node, index, tmp_path / "out", **SMALL)
    manifest = read_manifest(tmp_path / "out")
    with duckdb.connect() as connection:
        for one in manifest["partitions"].values():
            for part in one["parts"]:
                path = tmp_path / "out" / part["file"]
                query = f"SELECT count(*) FROM read_parquet({str(path)!r})"
                rows = connection.sql(query).fetchall()[0][0]
                assert rows == part["rows"] == sum(count for _, _, count, _ in part["slices"])
                assert path.stat().st_size == part["bytes"]
    assert manifest["state"]["complete"]
    jupyterlab_workload_explorer.gather(None, index, tmp_path / "out", url=node.url, verify=True)
    file = next((tmp_path / "out").glob("month=2021-02/*.parquet"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    file.write_bytes(data)
    assert gather(node, index, tmp_path / "out", verify=True).fetched > 0
    check_against(node, index, tmp_path / "out")


def test_a_moment_with_too_many_documents(node, make_index, tmp_path):
    documents = [
        {"event_timestamp": BEGIN, "username": f"u{number}", "job_id": str(number)}
        for number in range(1000)
    ]
    index = make_index([*documents, *records(300, 20)])
    gather(node, index, tmp_path / "out", **{**SMALL, "part_rows": 300})
    check_against(node, index, tmp_path / "out")


def test_far_times(node, make_index, tmp_path):
    documents = [
        {"event_timestamp": instant, "username": "u"}
        for instant in (-62_135_596_800_000, -1, 0, BEGIN, 253_402_300_800_000 + 40 * 86_400_000)
    ]
    index = make_index(documents)
    gather(node, index, tmp_path / "out")
    manifest = read_manifest(tmp_path / "out")
    assert list(manifest["partitions"]) == ["0001-01", "10000-02", "1969-12", "1970-01", "2021-02"]
    assert gather(node, index, tmp_path / "out").fetched == 0


def test_an_empty_index(node, make_index, tmp_path):
    index = make_index([])
    assert gather(node, index, tmp_path / "out").documents == 0
    load_documents(node, index, records(10, 21))
    assert gather(node, index, tmp_path / "out").documents == 10
    check_against(node, index, tmp_path / "out")


@pytest.mark.parametrize(
    "index, message",
    [("gather-nothing", "There is no index"), ("gather-nothing-*", "No index matches")],
)
def test_an_index_that_is_not_there(node, tmp_path, index, message):
    with pytest.raises(GatherProblem, match=message):
        gather(node, index, tmp_path / "out")


def test_a_folder_of_something_else(node, make_index, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(GatherProblem, match=r"holds other files \(thesis.txt\)"):
        gather(node, make_index([]), tmp_path)
    assert (tmp_path / "thesis.txt").exists()
