"""Handles of others, ids of Elasticsearch's own, other paths, and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Ask, Open, Records
from .conftest import ALL


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
