"""Fields of real indices as columns: types, roles, lists, and values that do not fit."""

import json

import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import ask, load_documents
from .support import (
    BEGIN,
    MONTH,
    SMALL,
    gather,
    read_dataset,
    read_index,
    read_manifest,
    records,
    rows_of,
)


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
    assert second == {name: documents[0][name] for name in fields if name != "time"}


def test_a_record_of_several_times_is_there_once(node, make_index, tmp_path):
    documents = records(500, 19)
    documents.append({"event_timestamp": [BEGIN + 10, BEGIN + MONTH * 2], "username": "twice"})
    index = make_index(documents)
    result = gather(node, index, tmp_path / "out", **SMALL)
    rows = [row for row in read_dataset(tmp_path / "out") if row["username"] == "twice"]
    assert [row["event_timestamp"] for row in rows] == [BEGIN + 10]
    assert result.rejects == 1
    assert gather(node, index, tmp_path / "out", **SMALL).fetched == 0
