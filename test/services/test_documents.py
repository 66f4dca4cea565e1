"""Documents arrive as given, from lists and from Parquet files, on every kind of server."""

from datetime import datetime, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from .documents import ask, create_index, load_documents, load_parquet

FIELDS = {"time": "date", "user": "keyword", "packages": "keyword", "nodes": "integer"}
DOCUMENTS = [
    {"_id": "a", "time": "2021-01-01T00:00:00Z", "user": "ada", "packages": ["numpy", "scipy"]},
    {"time": "2021-01-02T00:00:00Z", "user": "bob", "packages": [], "nodes": 2},
]


@pytest.fixture
def index(elasticsearch_8):
    yield "documents"
    ask(elasticsearch_8, "DELETE", "/documents?ignore_unavailable=true")


def _sources(server, index):
    answer = ask(server, "GET", f"/{index}/_search?size=100&sort=_doc")
    return [hit["_source"] for hit in answer["hits"]["hits"]]


@pytest.mark.parametrize("envelope", [None, "data"])
def test_documents(elasticsearch_8, index, envelope):
    create_index(elasticsearch_8, index, FIELDS, envelope=envelope)
    assert load_documents(elasticsearch_8, index, DOCUMENTS, envelope=envelope) == 2
    expected = [{key: value for key, value in d.items() if key != "_id"} for d in DOCUMENTS]
    wrapped = expected if envelope is None else [{envelope: document} for document in expected]
    assert _sources(elasticsearch_8, index) == wrapped
    prefix = "" if envelope is None else f"{envelope}."
    body = {"query": {"term": {f"{prefix}packages": "scipy"}}}
    answer = ask(elasticsearch_8, "POST", f"/{index}/_search", body)
    assert [hit["_id"] for hit in answer["hits"]["hits"]] == ["a"]


def test_refused_documents_are_an_error(elasticsearch_8, index):
    create_index(elasticsearch_8, index, FIELDS)
    with pytest.raises(RuntimeError, match="1 documents were refused"):
        load_documents(elasticsearch_8, index, [*DOCUMENTS, {"unknown": 1}])


def test_opensearch(opensearch):
    create_index(opensearch, "documents", FIELDS)
    assert load_documents(opensearch, "documents", DOCUMENTS) == 2
    assert ask(opensearch, "GET", "/documents/_count")["count"] == 2
    ask(opensearch, "DELETE", "/documents")


@pytest.mark.parametrize("envelope", [None, "data"])
def test_parquet(elasticsearch_8, index, tmp_path, envelope):
    moment = datetime(2021, 3, 28, 1, 30, 0, 123456, tzinfo=timezone.utc)
    columns = {
        "time": pa.array([moment, None], pa.timestamp("us", tz="Europe/Berlin")),
        "user": pa.array(['a"da', "Zoë"]).dictionary_encode(),
        "packages": pa.array([["numpy", "scipy"], None], pa.list_(pa.string())),
        "nodes": pa.array([1, None], pa.int32()),
        "process": pa.array([2**53 + 1, 0], pa.int64()),
        "staff": pa.array([True, False]),
    }
    path = tmp_path / "records.parquet"
    pq.write_table(pa.table(columns), path)
    number = load_parquet(
        elasticsearch_8, index, path, fields={"process": "keyword"}, envelope=envelope
    )
    assert number == 2
    expected = [
        {
            "time": "2021-03-28T01:30:00.123456Z",
            "user": 'a"da',
            "packages": ["numpy", "scipy"],
            "nodes": 1,
            "process": 2**53 + 1,
            "staff": True,
        },
        {
            "time": None,
            "user": "Zoë",
            "packages": None,
            "nodes": None,
            "process": 0,
            "staff": False,
        },
    ]
    found = _sources(elasticsearch_8, index)
    assert found == (expected if envelope is None else [{envelope: row} for row in expected])
    mapping = ask(elasticsearch_8, "GET", f"/{index}/_mapping")[index]["mappings"]["properties"]
    fields = mapping if envelope is None else mapping[envelope]["properties"]
    assert {name: field["type"] for name, field in fields.items()} == {
        "time": "date",
        "user": "keyword",
        "packages": "keyword",
        "nodes": "integer",
        "process": "keyword",
        "staff": "boolean",
    }
