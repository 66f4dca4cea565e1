"""Whole gathers from a real Elasticsearch, against an independent reading of the index."""

import json
import threading

import duckdb
import pyarrow.parquet as pq
import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather import progress
from jupyterlab_workload_explorer.gather.problem import Cancelled, GatherProblem

from ..services.documents import ask, load_documents
from .support import (
    BEGIN,
    FIELDS,
    MONTH,
    check_against,
    read_dataset,
    read_index,
    read_manifest,
    records,
    rows_of,
)

SMALL = {"part_rows": 700, "slice_documents": 150, "page_size": 60}


def gather(node, index, out, **options):
    return jupyterlab_workload_explorer.gather(None, index, out, url=node.url, **options)


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


def test_fetches_only_what_is_new(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(records(2000, 4, end=BEGIN + 2 * MONTH))
    gather(node, index, out, **SMALL)
    assert gather(node, index, out, **SMALL).fetched == 0
    later = records(500, 5, begin=BEGIN + 2 * MONTH, end=BEGIN + 3 * MONTH)
    load_documents(node, index, later)
    assert 400 < gather(node, index, out, **SMALL).fetched < 1300
    check_against(node, index, out)


def test_documents_that_come_late(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(records(2000, 6))
    gather(node, index, out, **SMALL)
    for seed in range(7, 10):
        load_documents(node, index, records(3, seed))
        result = gather(node, index, out, **SMALL)
        assert 3 <= result.fetched < 1200
        check_against(node, index, out)


def test_documents_that_expire_stay_and_are_reported(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = [{**one, "_id": str(number)} for number, one in enumerate(records(2000, 11))]
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    gone = [one for one in documents if one.get("event_timestamp", BEGIN * 9) < BEGIN + 5 * 10**8]
    _delete(node, index, gone)
    result = gather(node, index, out, **SMALL)
    assert result.fetched == 0
    assert result.expired == len(gone) == sum(a - b for a, b in result.differing.values())
    assert read_manifest(out)["partitions"]["2021-02"]["agrees"] is False
    names = list(FIELDS)[:-1]
    assert rows_of(read_dataset(out), names) == rows_of(documents, names)
    # Others come late into the same slices: they are added to what stays.
    late = records(40, 12, end=BEGIN + 5 * 10**8)
    load_documents(node, index, late)
    gather(node, index, out, **SMALL)
    assert rows_of(read_dataset(out), names) == rows_of([*documents, *late], names)


def test_one_expires_while_another_comes(node, make_index, tmp_path):
    """Counts agree then; the ids of the overlap tell."""
    out = tmp_path / "out"
    documents = [{**one, "_id": str(number)} for number, one in enumerate(records(500, 13))]
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    last = max(documents, key=lambda one: one.get("event_timestamp", 0))
    _delete(node, index, [last])
    late = {**last, "username": "somebody else", "_id": "late"}
    load_documents(node, index, [late])
    gather(node, index, out, **SMALL)
    names = list(FIELDS)[:-1]
    assert rows_of(read_dataset(out), names) == rows_of([*documents, late], names)


def test_an_ingest_time_finds_what_counts_cannot(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = [
        {**one, "_id": str(number), "ingested": BEGIN + 4 * MONTH}
        for number, one in enumerate(records(500, 14))
    ]
    index = make_index(documents)
    options = {**SMALL, "mapping": {"ingest": "ingested"}}
    gather(node, index, out, **options)
    first = min(documents, key=lambda one: one.get("event_timestamp", BEGIN * 9))
    _delete(node, index, [first])
    late = {**first, "username": "somebody else", "_id": "late", "ingested": BEGIN + 5 * MONTH}
    load_documents(node, index, [late])
    gather(node, index, out, **options)
    assert rows_of(read_dataset(out), FIELDS) == rows_of([*documents, late], FIELDS)


def test_documents_that_arrive_meanwhile(node, make_index, tmp_path):
    """Those of the point in time and no others; the next run has the rest."""
    out = tmp_path / "out"
    index = make_index(records(3000, 15))
    arrived = threading.Event()

    def arrive(state):
        if state.phase == "gather" and not arrived.is_set():
            arrived.set()
            load_documents(node, index, records(500, 16))

    result = gather(node, index, out, **SMALL, progress=arrive)
    assert arrived.is_set()
    assert result.documents == 3000
    assert rows_of(read_dataset(out), list(FIELDS)[:-1]) == rows_of(
        records(3000, 15), list(FIELDS)[:-1]
    )
    gather(node, index, out, **SMALL)
    check_against(node, index, out)


def test_cancelled_and_resumed(node, make_index, tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    out = tmp_path / "out"
    index = make_index(records(3000, 17))
    cancelled = threading.Event()

    def stop(state):
        if state.phase == "gather" and state.partition == "2021-03":
            cancelled.set()

    with pytest.raises(Cancelled):
        gather(node, index, out, **SMALL, progress=stop, cancelled=cancelled)
    manifest = read_manifest(out)
    assert not manifest["state"]["complete"]
    assert manifest["state"]["runs"][-1]["state"] == "cancelled"
    assert manifest["partitions"]["2021-02"]["rows"] > 0
    assert gather(node, index, out, **SMALL).fetched < 3000
    check_against(node, index, out)


def test_columns_and_roles(node, make_index, tmp_path):
    index = make_index(records(300, 18))
    gather(node, index, tmp_path / "out", columns=["user", "num_nodes"])
    rows = read_dataset(tmp_path / "out")
    assert set(rows[0]) == {"event_timestamp", "username", "num_nodes", "month"}
    names = ["event_timestamp", "username", "num_nodes"]
    assert rows_of(rows, names) == rows_of(read_index(node, index), names)
    # The next run takes the same ones, and no others.
    gather(node, index, tmp_path / "out")
    with pytest.raises(GatherProblem, match="other columns"):
        gather(node, index, tmp_path / "out", columns=["user"])
    with pytest.raises(GatherProblem, match='no field "nothing"'):
        gather(node, index, tmp_path / "other", columns=["nothing"])


def test_a_field_that_the_index_gets_later(node, make_index, tmp_path):
    index = make_index(records(100, 22))
    gather(node, index, tmp_path / "out")
    ask(node, "PUT", f"/{index}/_mapping", {"properties": {"origin": {"type": "keyword"}}})
    load_documents(node, index, [{"event_timestamp": BEGIN, "origin": "conda"}])
    result = gather(node, index, tmp_path / "out")
    assert result.documents == 101 and result.new_fields == ["origin"]
    assert "origin" not in read_dataset(tmp_path / "out")[0]


def test_envelope_and_texts(node, tmp_path):
    mapping = {
        "properties": {
            "@timestamp": {"type": "date"},
            "data": {
                "properties": {
                    "username": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
                    "job_id": {"type": "long"},
                    "message": {"type": "text"},
                }
            },
        }
    }
    ask(node, "PUT", "/gather-envelope", {"mappings": mapping})
    try:
        documents = [
            {
                "@timestamp": "2021-03-01T01:30:00.25+02:00",
                "data": {"username": "Ada L.", "job_id": 7},
            },
            {"@timestamp": BEGIN, "data": {"username": "Bo", "job_id": "8", "message": "x"}},
        ]
        load_documents(node, "gather-envelope", documents)
        result = gather(node, "gather-envelope", tmp_path / "out")
        assert rows_of(
            read_dataset(tmp_path / "out"), ["@timestamp", "username", "job_id", "month"]
        ) == {
            (1614555000250, "Ada L.", 7, "2021-02"): 1,
            (BEGIN, "Bo", 8, "2021-02"): 1,
        }
        assert result.left_out == {"data.message": "it is a text without a keyword sub-field"}
        assert read_manifest(tmp_path / "out")["dataset"]["mapping"]["user"] == "username"
    finally:
        ask(node, "DELETE", "/gather-envelope")


def test_lists_of_packages(node, make_index, tmp_path):
    fields = {"time": "date", "packages": "keyword", "username": "keyword"}
    documents = [
        {"time": BEGIN, "packages": ["numpy", "dask"], "username": "ada"},
        {"time": BEGIN + 1, "packages": "numpy", "username": "bo"},
        {"time": BEGIN + 2, "username": ["cy", "di"]},
    ]
    index = make_index(documents, fields)
    result = gather(node, index, tmp_path / "out")
    assert rows_of(read_dataset(tmp_path / "out"), ["time", "packages", "username"]) == {
        (BEGIN, ("dask", "numpy"), "ada"): 1,
        (BEGIN + 1, ("numpy",), "bo"): 1,
        (BEGIN + 2, None, None): 1,
    }
    assert result.rejects == 1
    line = json.loads((tmp_path / "out" / "_rejects.ndjson").read_text())
    assert line["column"] == "username" and line["value"] == ["cy", "di"]
    assert line["reason"] == "it has several values"


def test_values_that_elasticsearch_ignored(node, tmp_path):
    mapping = {
        "properties": {
            "time": {"type": "date"},
            "num_nodes": {"type": "integer", "ignore_malformed": True},
            "main": {"type": "keyword", "ignore_above": 5},
        }
    }
    ask(node, "PUT", "/gather-ignored", {"mappings": mapping})
    try:
        documents = [
            {"_id": "a", "time": BEGIN, "num_nodes": "many", "main": "short"},
            {"_id": "b", "time": BEGIN + 1, "num_nodes": 2, "main": "much too long"},
            {"_id": "c", "time": BEGIN + 2, "num_nodes": 3},
        ]
        load_documents(node, "gather-ignored", documents)
        for _ in range(2):
            assert gather(node, "gather-ignored", tmp_path / "out").rejects == 2
        lines = (tmp_path / "out" / "_rejects.ndjson").read_text().splitlines()
        rejects = {one["id"]: one for one in map(json.loads, lines)}
        assert rejects["a"]["value"] == "many" and rejects["a"]["column"] == "num_nodes"
        assert rejects["b"]["value"] == "much too long"
        assert rows_of(read_dataset(tmp_path / "out"), ["time", "num_nodes", "main"]) == {
            (BEGIN, None, "short"): 1,
            (BEGIN + 1, 2, None): 1,
            (BEGIN + 2, 3, None): 1,
        }
        # Late ones are added; those of slices that are taken over stay.
        load_documents(node, "gather-ignored", [{"time": BEGIN + 3, "num_nodes": "few"}])
        assert gather(node, "gather-ignored", tmp_path / "out").rejects == 3
    finally:
        ask(node, "DELETE", "/gather-ignored")


def test_types_that_differ_between_indices(node, make_index, tmp_path):
    first = make_index([{"time": BEGIN, "job_id": 7}], {"time": "date", "job_id": "long"})
    second = make_index(
        [{"time": BEGIN + 1, "job_id": "x8"}], {"time": "date", "job_id": "keyword"}
    )
    gather(node, f"{first},{second}", tmp_path / "out")
    assert rows_of(read_dataset(tmp_path / "out"), ["time", "job_id"]) == {
        (BEGIN, "7"): 1,
        (BEGIN + 1, "x8"): 1,
    }
    third = make_index([], {"time": "date", "job_id": "boolean"})
    with pytest.raises(GatherProblem, match=f"boolean in {third}; keyword in {second}"):
        gather(node, f"{second},{third}", tmp_path / "other")
    gather(node, f"{second},{third}", tmp_path / "other", columns=["time"])


def test_all_types(node, make_index, tmp_path):
    fields = {
        "time": "date_nanos",
        "address": "ip",
        "byte": "byte",
        "short": "short",
        "half": "half_float",
        "single": "float",
        "whole": "long",
    }
    documents = [
        {
            "time": "2021-03-01T01:02:03.123456789Z",
            "address": "::1",
            "byte": -7,
            "short": 300,
            "half": 0.5,
            "single": 0.25,
            "whole": 2**63 - 1,
        },
        {"time": "2021-03-01T00:00:00Z"},
    ]
    index = make_index(documents, fields)
    gather(node, index, tmp_path / "out")
    file = next((tmp_path / "out").glob("month=*/*.parquet"))
    table = pq.ParquetFile(file).read()
    assert table.column("time").cast("int64").to_pylist() == [
        1614556800000000000,
        1614560523123456789,
    ]
    second = table.slice(1).drop(["time"]).to_pylist()[0]
    assert second == {
        "address": "::1",
        "byte": -7,
        "short": 300,
        "half": 0.5,
        "single": 0.25,
        "whole": 2**63 - 1,
    }


def test_a_record_of_several_times_is_there_once(node, make_index, tmp_path):
    documents = records(500, 19)
    documents.append({"event_timestamp": [BEGIN + 10, BEGIN + MONTH * 2], "username": "twice"})
    index = make_index(documents)
    result = gather(node, index, tmp_path / "out", **SMALL)
    rows = [row for row in read_dataset(tmp_path / "out") if row["username"] == "twice"]
    assert [row["event_timestamp"] for row in rows] == [BEGIN + 10]
    assert result.rejects == 1
    assert gather(node, index, tmp_path / "out", **SMALL).fetched == 0


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


def _delete(node, index, documents):
    lines = [json.dumps({"delete": {"_id": one["_id"]}}) + "\n" for one in documents]
    ask(node, "POST", f"/{index}/_bulk?refresh=true", "".join(lines).encode())
