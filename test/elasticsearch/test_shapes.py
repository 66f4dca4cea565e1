"""Indices of others' shapes: the answer is that of a file of the records, or says why not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from test.services.documents import ask, load_documents
from test.services.nodes import Node

from .command_line import run

INDEX = "shapes"
KEYWORD = {"type": "keyword"}
FIELDS: dict[str, dict[str, Any]] = {
    "username": KEYWORD,
    "job_id": KEYWORD,
    "subservice": KEYWORD,
    "num_nodes": {"type": "integer"},
    "event_timestamp": {"type": "date"},
}
START = 1_609_459_200_000
QUESTIONS = [
    ["users", "--all", "--where", "user!=u1"],
    ["top-packages", "--distinct", "user", "--all"],
    ["job-sizes", "--all"],
    ["package-trend", "--all", "--from", "2021-01-01", "--to", "2021-02-01"],
]

Row = dict[str, Any]
#: Fields, documents and rows of a shape, from plain records.
Shape = Callable[[list[Row]], tuple[dict[str, Any], list[Row], list[Row]]]


def records() -> list[Row]:
    rng = random.Random(20210110)
    return [
        {
            "username": f"u{rng.randrange(9)}",
            "job_id": str(rng.randrange(120)),
            "subservice": rng.choice(["numpy", "scipy", "dask", "torch"]),
            "num_nodes": rng.choice([1, 2, 4, 64]),
            "event_timestamp": START + rng.randrange(40 * 86_400_000),
        }
        for _ in range(400)
    ]


def too_long(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    docs = [{**row, "username": "x" * 30} if k % 7 == 0 else row for k, row in enumerate(rows)]
    kept = [{**row, "username": None} if k % 7 == 0 else row for k, row in enumerate(rows)]
    return {"username": {**KEYWORD, "ignore_above": 20}}, docs, kept


def empty(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    docs = [{**row, "username": ""} if k % 7 == 0 else row for k, row in enumerate(rows)]
    return {}, docs, docs


def filled(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    docs = [{**row, "username": None} if k % 7 == 0 else row for k, row in enumerate(rows)]
    kept = [{**row, "username": "-"} if k % 7 == 0 else row for k, row in enumerate(rows)]
    return {"username": {**KEYWORD, "null_value": "-"}}, docs, kept


def lowered(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    docs = [{**row, "username": row["username"].upper()} for row in rows]
    return {"username": {**KEYWORD, "normalizer": "lowercase"}}, docs, rows


def aliased(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    docs = [{**row, "login_of": row["username"]} for row in rows]
    fields = {"login_of": KEYWORD, "username": {"type": "alias", "path": "login_of"}}
    return fields, [{k: v for k, v in one.items() if k != "username"} for one in docs], docs


def nanoseconds(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    def text(ms: int) -> str:
        second = datetime.fromtimestamp(ms // 1000, timezone.utc)
        return f"{second:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}999999Z"

    docs = [{**row, "event_timestamp": text(row["event_timestamp"])} for row in rows]
    return {"event_timestamp": {"type": "date_nanos"}}, docs, rows


def big_numbers(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    docs = [{**row, "job_id": 2**53 + int(row["job_id"])} for row in rows]
    return {"job_id": {"type": "long"}}, docs, docs


def addresses(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    docs = [{**row, "username": f"10.0.0.{row['username'][1:]}"} for row in rows]
    return {"username": {"type": "ip"}}, docs, docs


def fractions(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    return {"num_nodes": {"type": "half_float"}}, rows, rows


def lists(rows: list[Row]) -> tuple[dict[str, Any], list[Row], list[Row]]:
    docs = [
        {**row, "subservice": ["numpy", "zarr"]} if k % 4 == 0 else row
        for k, row in enumerate(rows)
    ]
    kept = [{**row, "subservice": [row["subservice"]]} for row in rows]
    return {}, docs, [docs[k] if k % 4 == 0 else row for k, row in enumerate(kept)]


SHAPES: list[Shape] = [
    too_long,
    empty,
    filled,
    lowered,
    aliased,
    nanoseconds,
    big_numbers,
    addresses,
    fractions,
    lists,
]


@pytest.fixture
def node(elasticsearch_8: Node) -> Iterator[Node]:
    yield elasticsearch_8
    ask(elasticsearch_8, "DELETE", f"/{INDEX}?ignore_unavailable=true")


def make(node: Node, fields: dict[str, Any], docs: list[Row]) -> list[str]:
    mappings = {"properties": {**FIELDS, **fields}}
    settings = {"number_of_replicas": 0, "number_of_shards": 2}
    ask(node, "PUT", f"/{INDEX}", {"settings": settings, "mappings": mappings})
    load_documents(node, INDEX, docs)
    return ["--elasticsearch", node.url, "--index", INDEX]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.__name__))
def test_answers(node: Node, shape: Shape, tmp_path: Path) -> None:
    fields, docs, rows = shape(records())
    source = make(node, fields, docs)
    table = {name: [row[name] for row in rows] for name in FIELDS}
    times = pa.array(table.pop("event_timestamp"), pa.timestamp("ms", "UTC"))
    path = tmp_path / "records.parquet"
    pq.write_table(pa.table({**table, "event_timestamp": times}), path)
    for question in QUESTIONS:
        expected = run("analyze", *question, "--source", str(path)).rows
        assert expected
        assert run("analyze", *question, *source).rows == expected, question


@pytest.mark.parametrize(
    ("fields", "value", "told"),
    [
        ({"username": {"type": "flattened"}}, {"username": {"a": "u1"}}, "of type flattened"),
        ({"username": {"type": "text"}}, {}, "full text without a keyword"),
        ({"username": {**KEYWORD, "doc_values": False}}, {}, "doc_values is off"),
        ({}, {"username": ["u1", "u2"]}, "hold several values"),
        ({}, {"_doc_count": 3}, "_doc_count"),
    ],
    ids=["flattened", "text", "no doc values", "several", "counts"],
)
def test_sentences(node: Node, fields: dict[str, Any], value: Row, told: str) -> None:
    source = make(node, fields, [{**row, **value} for row in records()])
    outcome = run("analyze", "users", "--all", *source)
    assert outcome.status == 1
    assert told in outcome.err


def test_nested_objects(node: Node) -> None:
    runs = {"type": "nested", "properties": {"package": KEYWORD}}
    nested = [{"package": "numpy"}, {"package": "dask"}]
    source = make(node, {"runs": runs}, [{**row, "runs": nested} for row in records()])
    outcome = run("analyze", "top-packages", *source, "--map", "package=runs.package")
    assert outcome.status == 1
    assert "“runs” is nested" in outcome.err
    # Nobody counts the objects as documents.
    assert run("analyze", "users", "--all", *source).provenance["source"]["rows"] == 400
