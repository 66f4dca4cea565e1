"""A question that nobody waits for ends in Elasticsearch, and no point in time stays open."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from jupyterlab_workload_explorer.elasticsearch.connections import read_connections
from jupyterlab_workload_explorer.elasticsearch.gateway import Gateway
from jupyterlab_workload_explorer.elasticsearch.refusal import Refusal
from test.services.fault_proxy import FaultProxy

from .conftest import Ask, Open, Records
from .questions import SLOW, queries, raw_request, searches, until


@pytest.fixture
def admin(records: Records) -> Any:
    with records.node.client() as client:
        yield client


def open_contexts(client: Elasticsearch) -> int:
    """Points in time that the node keeps."""
    nodes = client.nodes.stats(metric="indices", index_metric="search")["nodes"]
    return sum(node["indices"]["search"]["open_contexts"] for node in nodes.values())


async def test_closing_the_connection_ends_the_search(
    open_point: Open, jp_serverapp: Any, jp_base_url: str, admin: Elasticsearch
) -> None:
    _, before = queries(admin, "gw-heavy")
    handle = await open_point("gw-heavy")
    _, writer = await raw_request(
        f"http://127.0.0.1:{jp_serverapp.port}",
        jp_serverapp.identity_provider.token,
        f"{jp_base_url}workload-explorer/elasticsearch/records/search",
        {"size": 0, "pit": {"id": handle}, "aggs": SLOW},
    )
    await until(lambda: queries(admin, "gw-heavy") == (1, before), "the search")
    assert len(searches(admin)) == 1
    writer.close()
    # It was ended, and did not come to its end.
    await until(lambda: queries(admin, "gw-heavy") == (0, before + 1), "the end of the query")
    await until(lambda: not searches(admin), "the end of the search")


@pytest.fixture
def gateway(site_file: Any, jp_asyncio_loop: Any) -> Iterator[Gateway]:
    gateway = Gateway(read_connections, logging.getLogger("test"))
    yield gateway
    jp_asyncio_loop.run_until_complete(gateway.close())


async def test_a_cancelled_task_ends_the_search(gateway: Gateway, admin: Elasticsearch) -> None:
    before = open_contexts(admin)
    opened = await gateway.ask("ada", "records", "pit", {"indices": "gw-heavy"})
    body = {"size": 0, "pit": {"id": opened["id"]}, "aggs": SLOW}
    task = asyncio.ensure_future(gateway.ask("ada", "records", "search", body))
    await until(lambda: len(searches(admin)) == 1, "the search")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not searches(admin), "the end of the search")
    # The point in time is as good as before.
    again = await gateway.ask("ada", "records", "search", {"size": 0, "pit": {"id": opened["id"]}})
    assert json.loads(again)["timed_out"] is False
    assert open_contexts(admin) == before + 1
    await gateway.close_point_in_time("ada", "records", opened["id"])
    await until(lambda: open_contexts(admin) == before, "the end of the point in time")


async def test_the_time_limit_ends_the_search(
    gateway: Gateway, site_file: Any, admin: Elasticsearch
) -> None:
    content = json.loads(site_file.read_text())
    content["connections"][0]["time_limit"] = 3
    site_file.write_text(json.dumps(content))
    opened = await gateway.ask("ada", "records", "pit", {"indices": "gw-heavy"})
    body = {"size": 0, "pit": {"id": opened["id"]}, "aggs": SLOW}
    with pytest.raises(Refusal) as refusal:
        await gateway.ask("ada", "records", "search", body)
    assert (refusal.value.status, refusal.value.reason) == (504, "timeout")
    await until(lambda: not searches(admin), "the end of the search")
    await gateway.close()


async def test_a_closed_handle_closes_the_point_in_time(
    ask: Ask, open_point: Open, admin: Elasticsearch
) -> None:
    before = open_contexts(admin)
    handle = await open_point("gw-records-*")
    assert open_contexts(admin) == before + 2
    assert (await ask(f"/records/pit/{handle}", method="DELETE")).status == 204
    await until(lambda: open_contexts(admin) == before, "the end of the point in time")


async def test_the_end_of_the_server_closes_points_in_time(
    open_point: Open, jp_serverapp: Any, admin: Elasticsearch
) -> None:
    before = open_contexts(admin)
    await open_point("gw-records-1")
    await open_point("gw-records-2")
    assert open_contexts(admin) == before + 2
    await jp_serverapp.extension_manager.stop_all_extensions()
    await until(lambda: open_contexts(admin) == before, "the end of the points in time")


async def test_an_idle_handle_closes_its_point_in_time(
    site_file: Any, admin: Elasticsearch
) -> None:
    before = open_contexts(admin)
    gateway = Gateway(read_connections, logging.getLogger("test"), keep_alive=2)
    opened = await gateway.ask("ada", "records", "pit", {"indices": "gw-records-1"})
    await until(lambda: open_contexts(admin) == before, "the end of the point in time")
    with pytest.raises(Refusal) as refusal:
        await gateway.ask("ada", "records", "search", {"size": 0, "pit": {"id": opened["id"]}})
    assert refusal.value.reason == "lost"
    await gateway.close()


async def test_a_point_in_time_that_nobody_waits_for_is_closed(
    gateway: Gateway, admin: Elasticsearch
) -> None:
    """Called off at any moment of its opening."""
    before = open_contexts(admin)
    for turns in range(0, 60):
        task = asyncio.ensure_future(
            gateway.ask("ada", "records", "pit", {"indices": "gw-records-1"})
        )
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        task.cancel()
        (opened,) = await asyncio.gather(task, return_exceptions=True)
        if not isinstance(opened, asyncio.CancelledError):
            await gateway.close_point_in_time("ada", "records", opened["id"])
    # Whatever is still being opened comes before this one; closing the gateway would hide a leak.
    last = await gateway.ask("ada", "records", "pit", {"indices": "gw-records-1"})
    await until(lambda: open_contexts(admin) == before + 1, "the end of the others")
    await gateway.close_point_in_time("ada", "records", last["id"])
    await until(lambda: open_contexts(admin) == before, "the end of the points in time")


async def test_an_opening_that_the_browser_gives_up_leaves_nothing(
    ask: Ask,
    records: Records,
    site_file: Any,
    jp_serverapp: Any,
    jp_base_url: str,
    admin: Elasticsearch,
) -> None:
    """Given up after it was sent, and before Elasticsearch has it."""
    before = open_contexts(admin)
    with FaultProxy(records.node.url) as proxy:
        content = json.loads(site_file.read_text())
        content["connections"][0]["urls"] = [proxy.url]
        site_file.write_text(json.dumps(content))
        proxy.delay(5, method="POST", path="_pit")

        def seen(method: str, path: str) -> bool:
            return any(one["method"] == method and path in one["path"] for one in proxy.requests())

        _, writer = await raw_request(
            f"http://127.0.0.1:{jp_serverapp.port}",
            jp_serverapp.identity_provider.token,
            f"{jp_base_url}workload-explorer/elasticsearch/records/pit",
            {"indices": "gw-records-1"},
        )
        await until(lambda: seen("POST", "/gw-records-1/_pit"), "the opening")
        writer.close()
        await writer.wait_closed()
        await until(lambda: seen("DELETE", "/_pit"), "the closing")
        await until(lambda: open_contexts(admin) == before, "the end of the point in time")


async def test_a_handle_that_does_not_arrive_is_closed(
    gateway: Gateway, admin: Elasticsearch
) -> None:
    before = open_contexts(admin)
    opened = await gateway.ask("ada", "records", "pit", {"indices": "gw-records-1"})
    gateway.undelivered(opened)
    await until(lambda: open_contexts(admin) == before, "the end of the point in time")
    for other in (opened, {"id": []}, {}, b"", None):
        gateway.undelivered(other)


async def test_a_users_points_in_time_are_bounded(gateway: Gateway, admin: Elasticsearch) -> None:
    before = open_contexts(admin)
    handles = []
    for _ in range(70):
        opened = await gateway.ask("ada", "records", "pit", {"indices": "gw-records-1"})
        handles.append(opened["id"])
    await until(lambda: open_contexts(admin) == before + 64, "room for the newest")
    for handle, lost in ((handles[0], True), (handles[5], True), (handles[6], False)):
        body = {"size": 0, "pit": {"id": handle}}
        if lost:
            with pytest.raises(Refusal) as refusal:
                await gateway.ask("ada", "records", "search", body)
            assert refusal.value.reason == "lost"
        else:
            await gateway.ask("ada", "records", "search", body)
    await gateway.close()
    assert open_contexts(admin) == before


async def test_a_users_requests_take_turns(gateway: Gateway) -> None:
    running, most = 0, 0

    async def one(user: str) -> None:
        nonlocal running, most
        async with gateway.slot(user):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(one("ada") for _ in range(50)))
    assert most == 8
    # Others have places of their own.
    most = 0
    await asyncio.gather(*(one(f"user {index}") for index in range(20)))
    assert most == 20
    await gateway.close()


async def test_too_many_that_wait_are_sent_away(gateway: Gateway) -> None:
    release = asyncio.Event()

    async def wait() -> None:
        async with gateway.slot("ada"):
            await release.wait()

    waiting = [asyncio.ensure_future(wait()) for _ in range(264)]
    await asyncio.sleep(0)
    with pytest.raises(Refusal) as refusal:
        async with gateway.slot("ada"):
            raise AssertionError
    assert (refusal.value.status, refusal.value.reason) == (429, "busy")
    # Those who give up make room.
    for task in waiting[100:]:
        task.cancel()
    await asyncio.gather(*waiting[100:], return_exceptions=True)
    release.set()
    await asyncio.gather(*waiting[:100])
    async with gateway.slot("ada"):
        pass
    await gateway.close()
