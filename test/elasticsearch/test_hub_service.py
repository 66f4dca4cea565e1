"""The gateway as a service of a real JupyterHub: whose token, which group, whose handle."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_workload_explorer.elasticsearch import relay
from jupyterlab_workload_explorer.elasticsearch.connections import Connection, Connections
from jupyterlab_workload_explorer.elasticsearch.gateway import Gateway
from jupyterlab_workload_explorer.elasticsearch.refusal import Refusal

from .conftest import ANSWERS, DOCUMENTS, SECRETS, Records
from .hub import ADMIN_TOKEN, SERVICE, Hub, Reply, hub_missing
from .questions import SLOW, queries, raw_request, searches, until

ACCESS = f"access:services!service={SERVICE}"

COUNT = {"indices": "gw-records-1"}
HALF = {"count": len(DOCUMENTS) // 2}


@pytest.fixture(scope="module")
def hub(records: Records) -> Iterator[Hub]:
    """Ada is in the group, Eve is not; Bob is in the group, too."""
    missing = hub_missing()
    if missing is not None:
        pytest.skip(missing)
    connection = {
        "urls": [records.node.url],
        "authentication": {"api_key": {"environment": "GW_HUB_KEY"}},
        "indices": ["gw-records-*", "gw-heavy"],
    }
    with Hub(
        ["ada", "bob"],
        ["eve"],
        [
            {**connection, "name": "center", "groups": ["monitoring"], "page_size": 700},
            {**connection, "name": "brisk", "groups": ["monitoring"], "time_limit": 5},
            {**connection, "name": "others", "groups": ["others"]},
            {**connection, "name": "nobodys"},
        ],
        [
            {"name": "mods", "connection": "center", "description": "By the center"},
            {"name": "closed", "connection": "nobodys"},
        ],
        {"GW_HUB_KEY": records.api_key},
        {"bob": "ada"},
    ) as hub:
        yield hub
        ANSWERS.append(hub.log())


@pytest.fixture(scope="module")
def tokens(hub: Hub) -> dict[str, str]:
    """By user: a token that may do what the one of a user's server may."""
    return {user: hub.token(user, ACCESS) for user in ("ada", "bob", "eve")}


class Service:
    """The service, asked directly."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __call__(
        self, path: str, token: str | None, body: Any = None, method: str = "", **headers: str
    ) -> Reply:
        method = method or ("GET" if body is None else "POST")
        url = f"{self._hub.service}/elasticsearch{path}"
        reply = self._hub.request(method, url, token, body, **headers)
        ANSWERS.append(reply.raw)
        return reply


@pytest.fixture
def service(hub: Hub) -> Service:
    return Service(hub)


def test_offers_what_the_group_may_use(service: Service, tokens: dict[str, str]) -> None:
    answer = service("", tokens["ada"]).json
    assert [entry["name"] for entry in answer["connections"]] == ["center", "brisk"]
    assert answer["errors"] == []
    assert service("", tokens["eve"]).json["connections"] == []


def test_answers_members(service: Service, tokens: dict[str, str]) -> None:
    assert service("/center/count", tokens["ada"], COUNT).json == HALF
    names = [entry["name"] for entry in service("/center/indices", tokens["bob"]).json["indices"]]
    assert "gw-records-1" in names


def test_refuses_others(service: Service, tokens: dict[str, str]) -> None:
    for user, name in (
        ("eve", "center"),
        ("ada", "others"),
        ("ada", "nobodys"),
        ("ada", "unknown"),
    ):
        for path, body in (("indices", None), ("count", COUNT), ("pit", COUNT)):
            answer = service(f"/{name}/{path}", tokens[user], body)
            assert (answer.status, answer.json["reason"]) == (403, "denied")
            # Nor is it told whether there is one.
            assert f'does not offer you "{name}"' in answer.json["message"]


def test_wants_a_token_in_the_header(service: Service, tokens: dict[str, str]) -> None:
    token = tokens["ada"]
    for answer in (
        service("/center/count", None, COUNT),
        service("/center/count", "nonsense", COUNT),
        service(f"/center/count?token={token}", None, COUNT),
        service("/center/count", None, COUNT, Cookie=f"{SERVICE}={token}; token={token}"),
        service("/center/count", None, COUNT, Authorization=f"Basic {token}"),
    ):
        assert (answer.status, answer.json["reason"]) == (401, "unauthorized")


def test_wants_the_scope(hub: Hub, service: Service) -> None:
    """A token for something else does not do, whosever it is."""
    answer = service("/center/count", hub.token("ada", "read:users:name!user"), COUNT)
    assert (answer.status, answer.json["reason"]) == (403, "denied")
    # A service is nobody, and an administrator is no member.
    answer = service("/center/count", ADMIN_TOKEN, COUNT)
    assert answer.status in (401, 403)


def test_a_handle_is_its_owners(service: Service, tokens: dict[str, str]) -> None:
    handle = service("/center/pit", tokens["ada"], COUNT).json["id"]
    body = {"size": 0, "pit": {"id": handle}}
    assert service("/center/search", tokens["ada"], body).status == 200
    answer = service("/center/search", tokens["bob"], body)
    assert (answer.status, answer.json["reason"]) == (404, "lost")
    assert service(f"/center/pit/{handle}", tokens["bob"], method="DELETE").status == 404
    assert service("/center/search", tokens["ada"], body).status == 200
    assert service(f"/center/pit/{handle}", tokens["ada"], method="DELETE").status == 204


def test_holds_to_the_same_schema(service: Service, tokens: dict[str, str]) -> None:
    for path, body in (
        ("count", {"indices": "gw_hidden"}),
        ("count", {**COUNT, "query": {"script": {"script": "1"}}}),
        ("esql", {**COUNT, "by": ["a"], "limit": 1, "query": "FROM gw_hidden"}),
    ):
        answer = service(f"/center/{path}", tokens["ada"], body)
        assert answer.json["reason"] in ("denied", "refused")
    for method, path in (("PUT", "/center/count"), ("POST", "/center/_bulk"), ("GET", "/a/b/c")):
        assert service(path, tokens["ada"], {} if method != "GET" else None, method).status in (
            404,
            405,
        )


@pytest.fixture(scope="module")
def servers(hub: Hub) -> dict[str, tuple[str, str]]:
    """By user: address of the gateway in the user's own server, and a token for that server."""
    return {
        user: (
            f"{hub.start_server(user)}/workload-explorer/elasticsearch",
            hub.token(user, f"access:servers!user={user}"),
        )
        for user in ("ada", "eve")
    }


def test_a_users_server_relays(hub: Hub, servers: dict[str, tuple[str, str]]) -> None:
    url, token = servers["ada"]

    def ask(path: str, body: Any = None, method: str = "") -> Reply:
        method = method or ("GET" if body is None else "POST")
        reply = hub.request(method, url + path, token, body)
        ANSWERS.append(reply.raw)
        return reply

    mods, closed = ask("").json["connections"]
    assert mods == {
        "name": "mods",
        "description": "By the center",
        "available": True,
        "problem": None,
        "indices": ["gw-records-*", "gw-heavy"],
        "origin": "site",
        "page_size": 700,
        "time_limit": 60.0,
    }
    assert closed["available"] is False
    assert "does not offer you" in closed["problem"]
    assert ask("/mods/count", COUNT).json == HALF
    assert ask("/mods/indices").json["server"]["esql"] is True
    assert ask("/mods/fields", COUNT).json["indices"] == ["gw-records-1"]
    handle = ask("/mods/pit", COUNT).json["id"]
    body = {"size": 3, "pit": {"id": handle}, "sort": [{"_shard_doc": "asc"}]}
    assert len(ask("/mods/search", body).json["hits"]["hits"]) == 3
    by_user = ask("/mods/esql", {**COUNT, "by": ["user"], "limit": 10}).json
    assert sum(row[0] for row in by_user["values"]) == HALF["count"]
    assert ask(f"/mods/pit/{handle}", method="DELETE").status == 204
    lost = ask("/mods/search", body)
    assert (lost.status, lost.json["reason"]) == (404, "lost")
    refused = ask("/mods/count", {"indices": "gw_hidden"})
    assert (refused.status, refused.json["reason"]) == (403, "denied")


def test_a_guests_handles_are_the_guests(hub: Hub, servers: dict[str, tuple[str, str]]) -> None:
    """Two users of one server, which asks in its owner's name."""
    url, ada = servers["ada"]
    bob = hub.token("bob", "access:servers!user=ada")

    def ask(token: str, path: str, body: Any = None, method: str = "POST") -> Reply:
        return hub.request(method, f"{url}/mods/{path}", token, body)

    assert ask(bob, "count", COUNT).json == HALF
    handle = ask(ada, "pit", COUNT).json["id"]
    body = {"size": 0, "pit": {"id": handle}}
    for answer in (ask(bob, "search", body), ask(bob, f"pit/{handle}", None, "DELETE")):
        assert (answer.status, answer.json["reason"]) == (404, "lost")
    assert ask(ada, "search", body).status == 200
    # The handle is none of the service's, which would take it from any server of Ada's.
    answer = hub.request(
        "POST", f"{hub.service}/elasticsearch/center/search", hub.token("ada", ACCESS), body
    )
    assert (answer.status, answer.json["reason"]) == (404, "lost")
    assert ask(ada, f"pit/{handle}", None, "DELETE").status == 204


def test_half_characters_are_refused(hub: Hub, servers: dict[str, tuple[str, str]]) -> None:
    url, token = servers["ada"]
    for body in (
        {"indices": "\ud800"},
        {**COUNT, "query": {"term": {"\ud800": 1}}},
        {**COUNT, "query": {"term": {"user": "a\udfff"}}},
    ):
        answer = hub.request("POST", f"{url}/mods/count", token, body)
        assert (answer.status, answer.json["reason"]) == (400, "refused")


def test_pages_are_those_of_the_services_connection(
    hub: Hub, servers: dict[str, tuple[str, str]]
) -> None:
    url, token = servers["ada"]
    opened = hub.request("POST", f"{url}/mods/pit", token, COUNT).json
    assert opened["page_size"] == 700
    body = {"pit": {"id": opened["id"]}, "_source": False}
    assert hub.request("POST", f"{url}/mods/search", token, {**body, "size": 700}).status == 200
    answer = hub.request("POST", f"{url}/mods/search", token, {**body, "size": 701})
    assert (answer.status, answer.json["reason"]) == (400, "refused")
    assert "page size" in answer.json["message"]


def test_a_server_of_somebody_else_gets_nothing(
    hub: Hub, servers: dict[str, tuple[str, str]]
) -> None:
    url, token = servers["eve"]
    listed = hub.request("GET", url, token).json["connections"]
    assert [entry["available"] for entry in listed] == [False, False]
    answer = hub.request("POST", f"{url}/mods/count", token, COUNT)
    assert (answer.status, answer.json["reason"]) == (403, "denied")


async def test_what_is_given_up_in_the_browser_ends_in_elasticsearch(
    hub: Hub, servers: dict[str, tuple[str, str]], records: Records
) -> None:
    """Through JupyterHub's proxy, the user's server and the service."""
    url, token = servers["ada"]
    opened = hub.request("POST", f"{url}/mods/pit", token, {"indices": "gw-heavy"}).json
    body = {"size": 0, "pit": {"id": opened["id"]}, "aggs": SLOW}
    path = url.removeprefix(hub.url)
    with records.node.client() as client:
        _, before = queries(client, "gw-heavy")
        _, writer = await raw_request(hub.url, token, f"{path}/mods/search", body)
        await until(lambda: queries(client, "gw-heavy") == (1, before), "the search")
        writer.close()
        await until(lambda: queries(client, "gw-heavy") == (0, before + 1), "the end of the query")
        await until(lambda: not searches(client), "the end of the search")
    assert hub.request("DELETE", f"{url}/mods/pit/{opened['id']}", token).status == 204


async def test_a_service_that_hangs_is_not_waited_for(
    hub: Hub, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked no longer than its own limit says, and a little on top of it."""
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", tokens["ada"])
    monkeypatch.setattr(relay, "MARGIN", 0.5)
    connection = Connection("mods", service=hub.service, service_connection="brisk")
    gateway = Gateway(lambda: Connections((connection,)), logging.getLogger("test"))
    assert json.loads(await gateway.ask("ada", "mods", "count", COUNT)) == HALF
    service = hub.service_pid()
    os.kill(service, signal.SIGSTOP)
    try:
        with pytest.raises(Refusal) as refused:
            # Long enough for the busiest machine, and nothing of what a service may take.
            await asyncio.wait_for(gateway.ask("ada", "mods", "count", COUNT), 120)
    finally:
        os.kill(service, signal.SIGCONT)
    assert refused.value.reason == "timeout"
    assert json.loads(await gateway.ask("ada", "mods", "count", COUNT)) == HALF
    await gateway.close()


async def test_a_service_that_takes_no_connection_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "token")
    monkeypatch.setattr(relay, "CONNECT_LIMIT", 0.5)
    monkeypatch.setattr(relay, "LIST_LIMIT", 120)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        address = listening.getsockname()
        # Nobody takes what has come, so that no more comes in.
        first = socket.create_connection(address)
        connection = Connection(
            "mods", service=f"http://127.0.0.1:{address[1]}/x", service_connection="center"
        )
        gateway = Gateway(lambda: Connections((connection,)), logging.getLogger("test"))
        with pytest.raises(Refusal) as refused:
            await asyncio.wait_for(gateway.ask("ada", "mods", "count", COUNT), 100)
        await gateway.close()
        first.close()
    assert refused.value.reason == "unreachable"


def test_no_secret_is_on_a_users_side(hub: Hub, servers: dict[str, tuple[str, str]]) -> None:
    """What Ada's server can read is not the key: neither its environment nor its files."""
    log = hub.log()
    assert b"listens at /services/" in log
    for secret in SECRETS:
        assert secret.encode() not in log
    environments = [entry[1] for entry in _processes() if b"jupyterhub-singleuser" in entry[0]]
    assert environments
    for secret in SECRETS:
        assert not any(secret.encode() in environment for environment in environments)


def _processes() -> list[tuple[bytes, bytes]]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found.append(((folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()))
        except OSError:
            continue
    return found


def test_is_started_by_jupyterhub_only() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "jupyterlab_workload_explorer", "elasticsearch-service"],
        capture_output=True,
        text=True,
        env={},
        check=False,
    )
    assert run.returncode == 2
    assert "JUPYTERHUB_API_TOKEN" in run.stderr
    help_text = subprocess.run(
        [sys.executable, "-m", "jupyterlab_workload_explorer", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "elasticsearch-service" in help_text
