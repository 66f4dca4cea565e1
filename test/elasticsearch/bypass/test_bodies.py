"""Bodies that ask for more than the panel does."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import Ask, Open
from .conftest import ALL, SCRIPT

BODIES: dict[str, dict[str, Any]] = {
    "another index": {"index": "gw_hidden"},
    "another index in the body": {"indices": ["gw_hidden"]},
    "a script query": {"query": {"script": {"script": SCRIPT}}},
    "a scored script": {"query": {"script_score": {"query": ALL, "script": SCRIPT}}},
    "a function": {"query": {"function_score": {"query": ALL}}},
    "a script deep inside": {
        "query": {"bool": {"must": [{"bool": {"filter": {"script": {"script": SCRIPT}}}}]}}
    },
    "script fields": {"script_fields": {"a": {"script": SCRIPT}}},
    "a script sort": {"sort": [{"_script": {"type": "number", "script": SCRIPT, "order": "asc"}}]},
    "a scripted metric": {"aggs": {"a": {"scripted_metric": {"map_script": SCRIPT}}}},
    "a scripted term": {"aggs": {"a": {"terms": {"script": SCRIPT}}}},
    "a script beside a field": {"aggs": {"a": {"terms": {"field": "user", "script": SCRIPT}}}},
    "a bucket script": {
        "aggs": {"a": {"bucket_script": {"buckets_path": {"x": "_count"}, "script": "x"}}}
    },
    "a runtime field": {
        "runtime_mappings": {"user2": {"type": "keyword", "script": {"source": "emit('x')"}}}
    },
    "a runtime lookup": {
        "runtime_mappings": {
            "u": {
                "type": "lookup",
                "target_index": "gw_hidden",
                "input_field": "user",
                "target_field": "user",
                "fetch_fields": ["user"],
            }
        }
    },
    "a terms lookup": {
        "query": {"terms": {"user": {"index": "gw_hidden", "id": "1", "path": "user"}}}
    },
    "a terms lookup in a filter": {
        "aggs": {
            "a": {"filter": {"terms": {"user": {"index": "gw_hidden", "id": "1", "path": "user"}}}}
        }
    },
    "a boosted terms query": {"query": {"terms": {"user": ["a"], "boost": 2}}},
    "a document like another": {
        "query": {"more_like_this": {"like": [{"_index": "gw_hidden", "_id": "1"}]}}
    },
    "a stored shape": {
        "query": {"geo_shape": {"a": {"indexed_shape": {"index": "gw_hidden", "id": "1"}}}}
    },
    "a percolator": {"query": {"percolate": {"field": "q", "index": "gw_hidden", "id": "1"}}},
    "a query in a query language": {"query": {"query_string": {"query": "*"}}},
    "a simpler one": {"query": {"simple_query_string": {"query": "*"}}},
    "encoded": {"query": {"wrapper": {"query": "eyJtYXRjaF9hbGwiOnt9fQ=="}}},
    "a pattern of terms": {"query": {"wildcard": {"user": "*"}}},
    "an expression of terms": {"query": {"regexp": {"user": ".*.*.*"}}},
    "joined parents": {"query": {"has_parent": {"parent_type": "a", "query": ALL}}},
    "nested": {"query": {"nested": {"path": "a", "query": ALL}}},
    "two kinds at once": {"query": {"match_all": {}, "script": {"script": SCRIPT}}},
    "a pinned query": {"query": {"pinned": {"ids": ["1"], "organic": ALL}}},
    "a rule": {"query": {"rule": {"organic": ALL}}},
    "suggestions": {"suggest": {"a": {"text": "a", "term": {"field": "user"}}}},
    "a rescorer": {"rescore": {"window_size": 1, "query": {"rescore_query": ALL}}},
    "a filter afterwards": {"post_filter": ALL},
    "a boost for an index": {"indices_boost": [{"gw_hidden": 2}]},
    "collapsed hits": {"collapse": {"field": "user", "inner_hits": {"name": "a"}}},
    "highlights": {"highlight": {"fields": {"user": {}}}},
    "all fields": {"fields": ["*"]},
    "stored fields": {"stored_fields": ["*"]},
    "every field's values": {"docvalue_fields": ["*"]},
    "a pattern of the source": {"_source": ["*"]},
    "a source of its own kind": {"_source": {"includes": ["*"]}},
    "an explanation": {"explain": True},
    "a profile": {"profile": True},
    "a retriever": {"retriever": {"standard": {"query": ALL}}},
    "near vectors": {"knn": {"field": "a", "query_vector": [1], "k": 1, "num_candidates": 1}},
    "everything there is": {"aggs": {"a": {"global": {}, "aggs": {}}}},
    "hits within": {"aggs": {"a": {"top_hits": {"size": 1}}}},
    "values within": {"aggs": {"a": {"top_metrics": {"metrics": {"field": "user"}}}}},
    "unusual terms": {"aggs": {"a": {"significant_terms": {"field": "user"}}}},
    "an expression of included terms": {
        "aggs": {"a": {"terms": {"field": "user", "include": "(a+)+"}}}
    },
    "excluded terms": {"aggs": {"a": {"terms": {"field": "user", "exclude": "(a+)+"}}}},
    "aggregations under both names": {
        "aggs": {"a": {"missing": {"field": "user"}}},
        "aggregations": {"b": {"global": {}}},
    },
    "aggregations under both names, inside": {
        "aggs": {
            "a": {
                "missing": {"field": "user"},
                "aggs": {"b": {"missing": {"field": "user"}}},
                "aggregations": {"b": {"global": {}}},
            }
        }
    },
    "two kinds of aggregation": {"aggs": {"a": {"missing": {"field": "a"}, "global": {}}}},
    "meta": {"aggs": {"a": {"missing": {"field": "a"}, "meta": {}}}},
    "too many hits": {"size": 10_001},
    "a negative size": {"size": -1},
    "a size that is true": {"size": True},
    "a size as text": {"size": "10"},
    "from": {"from": 10},
    "too many buckets": {"aggs": {"a": {"terms": {"field": "user", "size": 65_537}}}},
    "a scroll": {"scroll": "1m"},
    "a slice by a field": {"slice": {"field": "user", "id": 0, "max": 2}},
    "a stored search": {"id": "template", "params": {}},
    "statistics groups": {"stats": ["a"]},
    "early ends": {"terminate_after": 1},
    "its own keep alive": {"pit": {"id": "0123456789abcdef", "keep_alive": "30d"}},
    "no point in time": {"pit": None},
    "a list": {"pit": []},
}


@pytest.mark.parametrize("part", BODIES.values(), ids=BODIES)
async def test_bodies(ask: Ask, open_point: Open, part: dict[str, Any]) -> None:
    body = {"size": 1, "pit": {"id": await open_point()}, **part}
    answer = await ask("/records/search", body)
    assert (answer.status, answer.reason) == (400, "refused"), answer.raw
    # Nor in a query by itself, where it is one.
    if "query" in part:
        for operation, name, more in (
            ("count", "query", {}),
            ("esql", "filter", {"by": ["user"], "limit": 1}),
        ):
            sent = {"indices": "gw-records-1", name: part["query"], **more}
            answer = await ask(f"/records/{operation}", sent)
            assert (answer.status, answer.reason) == (400, "refused"), answer.raw


RAW = {
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"gw_hidden"',
    "nothing": b"",
    "no number": b'{"indices": NaN}',
    "no finite number": b'{"indices": "gw-records-1", "query": {"term": {"job": 1e999}}}',
    "a key twice": b'{"indices": "gw-records-1", "indices": "gw_hidden"}',
    "a key twice, inside": (
        b'{"indices": "gw-records-1", "query": {"match_all": {}, "match_all": {"boost": 2}}}'
    ),
    "a key twice, encoded": b'{"indices": "gw-records-1", "\\u0069ndices": "gw_hidden"}',
    "very deep": b'{"query": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a broken encoding": b'{"indices": "\xff"}',
    "two objects": b'{"indices": "gw-records-1"}{"indices": "gw_hidden"}',
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
async def test_what_is_no_body(ask: Ask, raw: bytes) -> None:
    for operation in ("fields", "pit", "count", "search", "esql"):
        answer = await ask(f"/records/{operation}", raw)
        assert (answer.status, answer.reason) == (400, "refused"), answer.raw
