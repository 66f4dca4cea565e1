"""What a server refuses, and what goes wrong on the way: codes and sentences, and no secret.

With a real server where it can be brought to that; otherwise the answer is put in its place at the
edge, by the proxy or by a server that says what it is told to.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from jupyterlab_workload_explorer.elasticsearch.answers import take_point_in_time
from test.services.fault_proxy import FaultProxy

from .conftest import DOCUMENTS, PASSWORD, READER, SECRETS, Ask, Open, Records


@pytest.fixture
def proxy(records: Records) -> Iterator[FaultProxy]:
    with FaultProxy(records.node.url) as proxy:
        yield proxy


@pytest.fixture
def connections(
    connections: list[dict[str, Any]], proxy: FaultProxy, records: Records
) -> list[dict[str, Any]]:
    """Further ones: through the proxy, and by way of nodes that are down."""
    reader = connections[0]
    return [
        *connections,
        {**reader, "name": "proxied", "urls": [proxy.url]},
        {**reader, "name": "brief", "urls": [proxy.url], "time_limit": 1},
        {**reader, "name": "down", "urls": [f"http://127.0.0.1:{closed_port()}"]},
        {
            **reader,
            "name": "half",
            "urls": [f"http://127.0.0.1:{closed_port()}", records.node.url],
        },
        {**reader, "name": "all", "indices": ["*"]},
    ]


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


COUNT = {"indices": "gw-records-1"}
TERMS = {"users": {"terms": {"field": "user"}}}


async def test_a_wrong_password(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = "pass-of-yesterday-93"
    SECRETS.append(wrong)
    monkeypatch.setenv("GW_PASSWORD", wrong)
    answer = await ask("/records/count", COUNT)
    # Not 401, which would tell JupyterLab that its own login is gone.
    assert (answer.status, answer.reason) == (502, "unauthorized")
    assert answer.json["type"] == "security_exception"
    assert "Renew the key or the password" in answer.json["message"]
    assert READER.encode() not in answer.raw
    monkeypatch.setenv("GW_PASSWORD", PASSWORD)
    assert (await ask("/records/count", COUNT)).status == 200


async def test_no_right(ask: Ask) -> None:
    answer = await ask("/all/count", {"indices": "gw_hidden"})
    assert (answer.status, answer.reason) == (403, "denied")
    assert answer.json["type"] == "security_exception"
    # Elasticsearch's own text names the user and its roles.
    assert READER.encode() not in answer.raw


async def test_a_missing_secret(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GW_PASSWORD")
    listed = (await ask()).json["connections"][0]
    assert listed["available"] is False
    assert "variable GW_PASSWORD is not set" in listed["problem"]
    answer = await ask("/records/count", COUNT)
    assert (answer.status, answer.reason) == (502, "unauthorized")
    assert "variable GW_PASSWORD is not set" in answer.json["message"]


@pytest.fixture
def setting(records: Records) -> Iterator[Any]:
    """Sets a setting of the cluster, until the test ends."""
    names: list[str] = []
    with records.node.client() as client:

        def put(name: str, value: Any) -> None:
            names.append(name)
            client.cluster.put_settings(transient={name: value})

        yield put
        client.cluster.put_settings(transient=dict.fromkeys(names))


async def test_too_many_buckets(ask: Ask, open_point: Open, setting: Any) -> None:
    setting("search.max_buckets", 2)
    body = {"size": 0, "pit": {"id": await open_point()}, "aggs": TERMS}
    answer = await ask("/records/search", body)
    assert (answer.status, answer.reason) == (400, "too-many-buckets")
    assert answer.json["type"] == "too_many_buckets_exception"


async def test_the_circuit_breaker(ask: Ask, open_point: Open, setting: Any) -> None:
    setting("indices.breaker.request.limit", "1kb")
    body = {"size": 0, "pit": {"id": await open_point()}, "aggs": TERMS}
    answer = await ask("/records/search", body)
    assert (answer.status, answer.reason) == (429, "busy")
    assert answer.json["type"] == "circuit_breaking_exception"


async def test_a_lost_point_in_time(
    ask: Ask, open_point: Open, records: Records, jp_serverapp: Any
) -> None:
    handle = await open_point()
    body = {"size": 0, "pit": {"id": handle}}
    assert (await ask("/records/search", body)).status == 200
    apps = jp_serverapp.extension_manager.extension_apps["jupyterlab_workload_explorer"]
    (app,) = apps
    with app._gateway._points.use("", "records", handle) as point, records.node.client() as client:
        client.close_point_in_time(id=point.id)
    answer = await ask("/records/search", body)
    assert (answer.status, answer.reason) == (404, "lost"), answer.raw
    assert answer.json["type"] == "search_context_missing_exception"
    assert (await ask(f"/records/pit/{handle}", method="DELETE")).reason == "lost"


async def test_an_index_that_is_deleted(ask: Ask, open_point: Open, records: Records) -> None:
    with records.node.client() as client:
        client.indices.create(index="gw-lost")
        handle = await open_point("gw-lost")
        client.indices.delete(index="gw-lost")
    answer = await ask("/records/search", {"size": 0, "pit": {"id": handle}})
    assert (answer.status, answer.reason) == (404, "not-found"), answer.raw


async def test_mappings(ask: Ask, open_point: Open, records: Records) -> None:
    handle = await open_point()
    for aggs in (
        {"a": {"terms": {"field": "note"}}},
        {"a": {"date_histogram": {"field": "user", "calendar_interval": "day"}}},
    ):
        answer = await ask("/records/search", {"size": 0, "pit": {"id": handle}, "aggs": aggs})
        assert (answer.status, answer.reason) == (400, "mapping"), answer.raw
    with records.node.client() as client:
        client.indices.create(index="gw-other", mappings={"properties": {"user": {"type": "long"}}})
        try:
            answer = await ask(
                "/records/esql", {"indices": "gw-records-1,gw-other", "by": ["user"], "limit": 9}
            )
            assert (answer.status, answer.reason) == (400, "mapping"), answer.raw
            fields = await ask("/records/fields", {"indices": "gw-records-1,gw-other"})
            assert sorted(fields.json["fields"]["user"]) == ["keyword", "long"]
        finally:
            client.indices.delete(index="gw-other")


async def test_what_elasticsearch_cannot_read(ask: Ask, open_point: Open) -> None:
    query = {"range": {"time": {"gte": "the day before yesterday"}}}
    body = {"size": 0, "pit": {"id": await open_point()}, "query": query}
    answer = await ask("/records/search", body)
    assert (answer.status, answer.reason) == (400, "invalid")
    assert b"yesterday" not in answer.raw


async def test_no_index(ask: Ask) -> None:
    for name in ("gw-none", "gw-none-*"):
        answer = await ask("/records/count", {"indices": name})
        assert (answer.status, answer.reason) == (404, "not-found")


async def test_a_node_that_is_down(ask: Ask, open_point: Open) -> None:
    answer = await ask("/down/count", COUNT)
    assert (answer.status, answer.reason) == (502, "unreachable")
    assert b"127.0.0.1" not in answer.raw
    # The others are asked.
    for _ in range(4):
        assert (await ask("/half/count", COUNT)).json == {"count": len(DOCUMENTS) // 2}
    assert (await ask("/half/indices")).status == 200
    assert (await ask("/down/indices")).reason == "unreachable"


async def test_a_node_that_goes_and_comes_back(
    ask: Ask, open_point: Open, proxy: FaultProxy
) -> None:
    handle = await open_point(connection="proxied")
    body = {"size": 0, "pit": {"id": handle}, "aggs": TERMS}
    proxy.refuse()
    answer = await ask("/proxied/search", body)
    assert (answer.status, answer.reason) == (502, "unreachable")
    proxy.refuse(False)
    assert (await ask("/proxied/search", body)).status == 200


async def test_a_server_that_is_killed_and_comes_back(
    ask: Ask, open_point: Open, records: Records
) -> None:
    handle = await open_point()
    body = {"size": 0, "pit": {"id": handle}, "aggs": TERMS}
    first = await ask("/records/search", body)
    records.node.kill()
    try:
        answer = await ask("/records/search", body)
        assert (answer.status, answer.reason) == (502, "unreachable")
    finally:
        records.node.restart()
    with records.node.client() as client:
        client.cluster.health(wait_for_status="yellow", index=".security*,gw-*", timeout="60s")
    answer = await ask("/records/search", body)
    assert (answer.status, answer.reason) == (404, "lost"), answer.raw
    body["pit"] = {"id": await open_point()}
    again = await ask("/records/search", body)
    assert again.json["aggregations"] == first.json["aggregations"]


async def test_a_cut_answer_is_asked_for_again(
    ask: Ask, open_point: Open, proxy: FaultProxy
) -> None:
    handle = await open_point("gw-heavy", "proxied")
    body = {
        "size": 5000,
        "pit": {"id": handle},
        "sort": [{"job": "asc"}],
        "_source": False,
        "docvalue_fields": ["job", "user", "package"],
    }
    proxy.cut([0, 700, 100_000], path="_search")
    answer = await ask("/proxied/search", body, headers={"Accept-Encoding": "identity"})
    assert [hit["sort"][0] for hit in answer.json["hits"]["hits"]] == list(range(5000))
    assert proxy.cuts() == 3
    # Not without end.
    proxy.cut([10] * 100, path="_search", how="reset")
    answer = await ask("/proxied/search", body)
    assert (answer.status, answer.reason) == (502, "unreachable")
    assert proxy.cuts() == 3 + 4


async def test_a_server_that_never_answers(ask: Ask, open_point: Open, proxy: FaultProxy) -> None:
    proxy.hold(path="_search")
    answer = await ask("/brief/count", COUNT)
    assert (answer.status, answer.reason) == (504, "timeout")


ERROR = {"type": "exception", "reason": f"with {PASSWORD} in it"}
ANSWERED: dict[str, tuple[int, Any, int, str]] = {
    "busy, without a body": (429, {}, 429, "busy"),
    "busy, once": (503, {"error": {"type": "node_closed_exception"}}, 502, "unreachable"),
    "a gateway's error": (502, {}, 502, "unreachable"),
    "a gateway's time-out": (504, {}, 504, "timeout"),
    "an error of its own": (500, {"error": ERROR}, 502, "partial"),
    "a bad request": (400, {"error": ERROR}, 400, "invalid"),
    "a request that it does not know": (405, {"error": "Incorrect method"}, 400, "invalid"),
    "all shards failed": (
        503,
        {"error": {"type": "search_phase_execution_exception", "failed_shards": []}},
        502,
        "partial",
    ),
    "an answer without a shard": (
        200,
        {"took": 1, "timed_out": False, "_shards": {"total": 2, "failed": 1}},
        502,
        "partial",
    ),
    "an answer without a remote cluster": (
        200,
        {
            # As it is passed on unparsed, up to here.
            "pit_id": "abc=",
            "took": 1,
            "timed_out": False,
            "_shards": {"total": 2, "successful": 2, "skipped": 0, "failed": 0},
            "_clusters": {"total": 2, "successful": 1, "skipped": 1},
            "hits": {"hits": []},
        },
        502,
        "partial",
    ),
    "an answer without a shard that was busy": (
        200,
        {
            "timed_out": False,
            "_shards": {
                "failed": 1,
                "failures": [{"reason": {"type": "es_rejected_execution_exception"}}],
            },
        },
        429,
        "busy",
    ),
    "an answer before its time": (
        200,
        {"took": 1, "timed_out": True, "_shards": {"total": 2, "failed": 0}},
        504,
        "timeout",
    ),
    "lost": (404, {"error": {"type": "search_context_missing_exception"}}, 404, "lost"),
    "lost by some": (
        404,
        {
            "error": {
                "type": "search_phase_execution_exception",
                "failed_shards": [{"reason": {"type": "search_context_missing_exception"}}],
            }
        },
        404,
        "lost",
    ),
    "closed": (400, {"error": {"type": "index_closed_exception"}}, 404, "not-found"),
    "pages that an index does not allow": (
        400,
        {
            "error": {
                "type": "search_phase_execution_exception",
                "root_cause": [
                    {
                        "type": "illegal_argument_exception",
                        "reason": "Result window is too large, from + size must be less than …",
                    }
                ],
            }
        },
        400,
        "too-large",
    ),
    "a list": (200, [], 502, "unreachable"),
    "a type that is none": (400, {"error": {"type": PASSWORD}}, 400, "invalid"),
}


@pytest.mark.parametrize(("status", "body", "ours", "reason"), ANSWERED.values(), ids=ANSWERED)
async def test_answers(
    ask: Ask,
    open_point: Open,
    proxy: FaultProxy,
    status: int,
    body: Any,
    ours: int,
    reason: str,
) -> None:
    handle = await open_point(connection="proxied")
    proxy.answer(status, body=body, path="_search")
    answer = await ask("/proxied/search", {"size": 0, "pit": {"id": handle}})
    assert (answer.status, answer.reason) == (ours, reason), answer.raw
    # A sentence with a next step.
    assert answer.json["message"].count(".") >= 2


@pytest.mark.parametrize(("skipped", "reason"), [(0, None), (1, "partial")])
async def test_an_answer_of_remote_clusters(skipped: int, reason: str | None) -> None:
    """As Elasticsearch writes it, without spaces; its front alone does not tell."""
    body = ANSWERED["an answer without a remote cluster"][1]
    clusters = {**body["_clusters"], "skipped": skipped}
    text = json.dumps({**body, "_clusters": clusters}, separators=(",", ":")).encode()
    point, _, problem = await take_point_in_time(text)
    assert point == "abc="
    assert (problem and problem.reason) == reason


async def test_a_busy_node_is_asked_again(ask: Ask, proxy: FaultProxy) -> None:
    proxy.answer(503, times=2, path="_search", body={})
    assert (await ask("/proxied/count", COUNT)).status == 200


async def test_partial_esql(ask: Ask, proxy: FaultProxy) -> None:
    body = {"is_partial": True, "columns": [], "values": []}
    proxy.answer(200, path="_query", body=body)
    answer = await ask("/proxied/esql", {**COUNT, "by": ["user"], "limit": 3})
    assert (answer.status, answer.reason) == (502, "partial")


def test_a_client_of_the_server_says_what_it_has_of_these(records: Records) -> None:
    """The tests above have left nothing behind."""
    with Elasticsearch(records.node.url, basic_auth=records.node.auth) as client:
        names = set(client.indices.get(index="gw-*,-.*"))
        assert names >= {"gw-records-1", "gw-records-2", "gw-heavy"}
        assert not names & {"gw-other", "gw-lost"}
