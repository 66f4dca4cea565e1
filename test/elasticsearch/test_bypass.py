"""Every way around the allowlist that we know of, tried through a real Jupyter server.

The secret of these tests is the one document of ``gw_hidden``. The node has rights, so most of what
gets past the gateway would fail there; that is why each is to be refused before, and why the last
tests here try it with a user who may do everything.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from test.services.nodes import ADMIN

from .conftest import ANSWERS, Ask, Open, Records

HIDDEN = b"hidden-user-of-gw"

ALL = {"match_all": {}}


@pytest.fixture
def connections(records: Records) -> list[dict[str, Any]]:
    """Connections of the administrator: nothing but the gateway stands between."""
    user, _ = ADMIN
    return [
        {
            "name": name,
            "urls": [records.node.url],
            "authentication": {"user": user, "password": {"environment": "GW_ADMIN"}},
            "indices": patterns,
        }
        for name, patterns in (
            ("records", ["gw-*"]),
            ("first", ["gw-records-1"]),
            ("everything", ["*"]),
        )
    ]


@pytest.fixture(autouse=True)
def admin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GW_ADMIN", ADMIN[1])


@pytest.fixture(autouse=True)
def nothing_hidden(no_secret: None) -> Any:
    yield
    assert not any(HIDDEN in answer for answer in ANSWERS)


NAMES = {
    "a forbidden index": ("gw_hidden", "denied"),
    "a forbidden index beside an allowed one": ("gw-records-1,gw_hidden", "denied"),
    "an alias of a forbidden index": ("gw-trap", "denied"),
    "an alias of both": ("gw-mixed", "denied"),
    "a pattern that such an alias matches": ("gw-t*", "denied"),
    "a pattern that leads beyond": ("gw*", "denied"),
    "all indices": ("*", "denied"),
    "all indices, in words": ("_all", "refused"),
    "no index": ("", "refused"),
    "no text": (None, "refused"),
    "a list": (["gw_hidden"], "refused"),
    "an empty name": ("gw-records-1,", "refused"),
    "two patterns": ("gw-records-*,gw_*", "denied"),
    "an exclusion": ("gw-records-*,-gw-records-1", "refused"),
    "a remote cluster": ("other:gw-records-1", "refused"),
    "any remote cluster": ("*:*", "refused"),
    "a part of a data stream": ("gw-stream::failures", "refused"),
    "date arithmetic": ("<gw_hidden{now/d}>", "refused"),
    "date arithmetic, encoded": ("%3Cgw_hidden%3E", "refused"),
    "an endpoint": ("gw-records-1/_search", "refused"),
    "an endpoint, encoded": ("gw-records-1%2F_search", "refused"),
    "parameters": ("gw-records-1?routing=1", "refused"),
    "a fragment": ("gw-records-1#", "refused"),
    "a path upwards": ("../gw_hidden", "refused"),
    "a dot": (".", "refused"),
    "an index of the server": (".security", "denied"),
    "indices of the server": (".*", "denied"),
    "a line break": ("gw-records-1\ngw_hidden", "refused"),
    "a quote": ('gw-records-1","gw_hidden', "refused"),
    "a closing brace": ("gw-records-1}", "refused"),
    "more names than fit": (",".join(f"gw-{index}" for index in range(1000)), "refused"),
}


@pytest.mark.parametrize(("expression", "reason"), NAMES.values(), ids=NAMES)
async def test_names(ask: Ask, expression: Any, reason: str) -> None:
    for operation, body in (
        ("fields", {}),
        ("pit", {}),
        ("count", {"query": ALL}),
        ("esql", {"by": ["user"], "limit": 10}),
    ):
        answer = await ask(f"/records/{operation}", {"indices": expression, **body})
        assert answer.reason == reason, (operation, answer.raw)
        assert answer.status == {"denied": 403, "refused": 400}[reason]


async def test_hidden_indices_are_not_listed(ask: Ask) -> None:
    for name in ("records", "first", "everything"):
        answer = await ask(f"/{name}/indices")
        names = [entry["name"] for entry in answer.json["indices"]]
        assert "gw-records-1" in names
        assert not [name for name in names if name.startswith(".")]
        assert ("gw_hidden" in names) == (name == "everything")


async def test_a_pattern_of_everything_leaves_out_the_servers_own(ask: Ask) -> None:
    answer = await ask("/everything/count", {"indices": ".security*"})
    assert answer.status in (403, 404)


async def test_an_alias_counts_as_what_it_leads_to(ask: Ask) -> None:
    # Half of what it leads to is allowed, by this connection.
    assert (await ask("/first/count", {"indices": "gw-ada"})).reason == "denied"
    assert (await ask("/first/count", {"indices": "gw-records-*"})).reason == "denied"
    # An alias of another name is what it leads to, too.
    assert (await ask("/records/count", {"indices": "latest"})).status == 200
    assert (await ask("/first/count", {"indices": "latest"})).reason == "denied"


SCRIPT = {"source": "doc['user'].value", "lang": "painless"}

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


FIELDS = {
    "a closing backtick": "user` | LIMIT 1 | EVAL x = `user",
    "a pipe": "user | DROP user",
    "another command": "user` | ENRICH policy | KEEP `user",
    "another source": 'user` FROM "gw_hidden',
    "two backticks": "user``",
    "an assignment": "x = user",
    "a function": "COUNT_DISTINCT(user)",
    "a comment": "user // ",
    "metadata": "_index",
    "a parameter": "?1",
}


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
async def test_fields_in_esql(ask: Ask, field: str) -> None:
    """A name is a name: nobody has such a field, and that is what Elasticsearch says."""
    body = {"indices": "gw-records-1", "by": [field], "limit": 10}
    answer = await ask("/records/esql", body)
    assert (answer.status, answer.reason) == (400, "invalid"), answer.raw
    assert answer.json["type"] == "verification_exception"


async def test_an_odd_field_in_esql(ask: Ask) -> None:
    body = {"indices": "gw-records-*", "by": ["odd `name` | x"], "limit": 10}
    answer = await ask("/records/esql", body)
    assert answer.status == 200
    assert [column["name"] for column in answer.json["columns"]] == ["count", "odd `name` | x"]


ESQL: dict[str, dict[str, Any]] = {
    "a query": {"query": "FROM gw_hidden"},
    "a line break in a field": {"by": ["user\n| LIMIT 1"]},
    "a control character": {"by": ["user\x00"]},
    "a pattern of fields": {"by": ["*"]},
    "no field": {"by": []},
    "an empty field": {"by": [""]},
    "a text": {"by": "user"},
    "a number": {"by": [1]},
    "a limit as text": {"limit": "1 | DROP user"},
    "a limit of true": {"limit": True},
    "no limit": {"limit": None},
    "too high a limit": {"limit": 10_001},
    "a field twice": {"by": ["user", "user"]},
    "the name of the count": {"by": ["count"]},
    "parameters": {"params": ["gw_hidden"]},
    "tables": {"tables": {}},
    "a script in the filter": {"filter": {"script": {"script": SCRIPT}}},
}


@pytest.mark.parametrize("part", ESQL.values(), ids=ESQL)
async def test_esql(ask: Ask, part: dict[str, Any]) -> None:
    body = {"indices": "gw-records-1", "by": ["user"], "limit": 10, **part}
    answer = await ask("/records/esql", body)
    assert (answer.status, answer.reason) == (400, "refused"), answer.raw


async def test_points_in_time_hold_for_one_connection(ask: Ask, open_point: Open) -> None:
    handle = await open_point("gw-records-2")
    body = {"size": 1, "pit": {"id": handle}}
    answer = await ask("/first/search", body)
    assert (answer.status, answer.reason) == (404, "lost")
    assert (await ask(f"/first/pit/{handle}", method="DELETE")).reason == "lost"
    assert (await ask("/records/search", body)).status == 200


async def test_an_id_of_elasticsearch_is_no_handle(ask: Ask, records: Records) -> None:
    with records.node.client() as client:
        raw = client.open_point_in_time(index="gw_hidden", keep_alive="1m")["id"]
    try:
        answer = await ask("/records/search", {"size": 1, "pit": {"id": raw}})
        assert answer.reason in ("refused", "lost")
        short = await ask("/records/search", {"size": 1, "pit": {"id": raw[:40].rstrip("=")}})
        assert short.reason in ("refused", "lost")
        assert (await ask(f"/records/pit/{raw}", method="DELETE")).reason == "lost"
    finally:
        with records.node.client() as client:
            assert client.close_point_in_time(id=raw)["num_freed"] > 0


PATHS = [
    ("PUT", "/records/count"),
    ("PATCH", "/records/count"),
    ("DELETE", "/records/indices"),
    ("POST", "/records/indices"),
    ("POST", ""),
    ("DELETE", ""),
    ("GET", "/records/search"),
    ("GET", "/records"),
    ("DELETE", "/records/gw-records-1"),
    ("PUT", "/records/gw-records-1"),
    ("POST", "/records/_bulk"),
    ("POST", "/records/gw-records-1/_doc"),
    ("POST", "/records/gw-records-1/_search"),
    ("POST", "/records/_search"),
    ("POST", "/records/_msearch"),
    ("POST", "/records/_reindex"),
    ("POST", "/records/_query"),
    ("POST", "/records/_sql"),
    ("GET", "/records/_cat/indices"),
    ("GET", "/records/_security/user"),
    ("POST", "/records/search/"),
    ("POST", "/records/search?index=gw_hidden&scroll=1m"),
    ("POST", "/records/../records/_search"),
    ("POST", "/records%2Fgw_hidden/search"),
    ("POST", "/records/pit/../search"),
    ("POST", "/records/scroll"),
    ("GET", "/records/pit"),
    ("DELETE", "/records/pit"),
    ("DELETE", "/records/pit/a/b"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_other_ways(ask: Ask, records: Records, method: str, path: str) -> None:
    body = None if method in ("GET", "DELETE") else {"size": 1, "query": ALL}
    answer = await ask(path, body, method=method)
    assert answer.status in (400, 403, 404, 405), answer.raw


async def test_nothing_was_written(ask: Ask, records: Records) -> None:
    with records.node.client() as client:
        before = client.indices.stats(index="gw-*", metric="indexing")
        for method, path in PATHS:
            await ask(path, b'{"user": "x"}' if method != "GET" else None, method=method)
        after = client.indices.stats(index="gw-*", metric="indexing")
    total = ["_all", "total", "indexing", "index_total"]
    for key in total:
        before, after = before[key], after[key]
    assert before == after


class TestSomebodyElse:
    """A Jupyter server with users: a handle is its owner's."""

    @pytest.fixture
    def jp_server_config(self, site_file: Path) -> dict[str, Any]:
        return {
            "ServerApp": {
                "jpserver_extensions": {"jupyterlab_workload_explorer": True},
                "identity_provider_class": "test.elasticsearch.authorizer.ByHeader",
            }
        }

    async def test_has_no_use_of_a_handle(self, ask: Ask) -> None:
        ada, eve = {"X-Test-User": "ada"}, {"X-Test-User": "eve"}
        opened = await ask("/records/pit", {"indices": "gw-records-1"}, headers=ada)
        handle = opened.json["id"]
        body = {"size": 1, "pit": {"id": handle}}
        assert (await ask("/records/search", body, headers=ada)).status == 200
        answer = await ask("/records/search", body, headers=eve)
        assert (answer.status, answer.reason) == (404, "lost")
        answer = await ask(f"/records/pit/{handle}", method="DELETE", headers=eve)
        assert (answer.status, answer.reason) == (404, "lost")
        assert (await ask("/records/search", body, headers=ada)).status == 200


async def test_an_allowed_body_is_one(ask: Ask, open_point: Open) -> None:
    """The tests above fail for their own reasons."""
    for part in ({}, {"query": ALL}, {"aggs": {"a": {"missing": {"field": "user"}}}}):
        body = {"size": 1, "pit": {"id": await open_point()}, **part}
        assert (await ask("/records/search", body)).status == 200
    answer = await ask("/everything/count", {"indices": "gw_hidden"})
    assert (answer.status, json.loads(answer.raw)) == (200, {"count": 1})
