"""Connections: where they stand, and what may be wrong with them."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_workload_explorer.elasticsearch import connections as module
from jupyterlab_workload_explorer.elasticsearch.connections import (
    ConnectionProblem,
    client_options,
    find_connection,
    read_connections,
)
from jupyterlab_workload_explorer.elasticsearch.gateway import Gateway
from jupyterlab_workload_explorer.site_file import SiteFile, parse_site

from .connection_files import SECRET, entry, write


def test_where_the_users_file_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WORKLOAD_CONNECTIONS", raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    assert module.find_user_file() == tmp_path / "workload-connections.json"


def test_no_file_is_no_connection(own: Path) -> None:
    assert read_connections() == module.Connections()


def test_reads_a_connection(own: Path) -> None:
    write(
        own,
        entry(
            description="Records",
            urls=["https://es1:9200", "https://es2"],
            authentication={"user": "reader", "password": {"environment": "HOME"}},
            time_limit=5,
            page_size=500,
        ),
    )
    found = find_connection("a")
    assert (found.origin, found.time_limit, found.page_size) == ("user", 5, 500)
    assert client_options(found) == {
        "hosts": ["https://es1:9200", "https://es2:443"],
        "request_timeout": 5,
        "max_retries": 3,
        "retry_on_status": (502, 503, 504),
        "retry_on_timeout": False,
        "http_compress": False,
        "basic_auth": b64encode(f"reader:{os.environ['HOME']}".encode()).decode(),
    }


def test_a_changed_file_is_read_again(own: Path) -> None:
    write(own, entry())
    assert find_connection("a").indices == ("mods-*",)
    write(own, entry(indices=["other-*"]))
    assert find_connection("a").indices == ("other-*",)


def test_the_sites_name_wins(own: Path, tmp_path: Path) -> None:
    write(tmp_path / "site.json", entry(description="the site's"))
    write(own, entry(description="mine"), entry(name="b"))
    found = read_connections()
    assert [(one.name, one.origin) for one in found.connections] == [("a", "site"), ("b", "user")]
    assert found.connections[0].description == "the site's"
    assert len(found.errors) == 1
    assert 'the connection "a" is left out' in found.errors[0]


WRONG: dict[str, tuple[Any, str]] = {
    "a password": (
        entry(authentication={"user": "a", "password": SECRET}),
        "$.connections[0].authentication.password: A secret is named",
    ),
    "a key": (
        entry(authentication={"api_key": SECRET}),
        "$.connections[0].authentication.api_key: A secret is named",
    ),
    "a token beside a key": (
        entry(authentication={"api_key": {"environment": "A"}, "bearer_token": SECRET}),
        "authentication: Either user and password",
    ),
    "all of it": (entry(authentication=SECRET), "authentication: Either user and password"),
    "two places": (
        entry(authentication={"api_key": {"environment": "A", "file": SECRET}}),
        "authentication.api_key: A secret is named",
    ),
    "in the address": (
        entry(urls=[f"https://user:{SECRET}@es1:9200"]),
        "$.connections[0].urls[0]: An address is http:// or https:// with a host",
    ),
    "in the address's query": (
        entry(urls=[f"https://es1:9200/?token={SECRET}"]),
        "$.connections[0].urls[0]: An address is",
    ),
    "in a variable's name": (
        entry(authentication={"api_key": {"environment": f"${SECRET}"}}),
        "$.connections[0].authentication.api_key.environment: The variable",
    ),
    "in the service's address": (
        {"name": "a", "service": f"http://u:{SECRET}@hub/", "connection": "a"},
        "$.connections[0].service: Address of the center's gateway",
    ),
    "in place of a connection": (SECRET, "$.connections[0]: A connection has a name"),
    "as a time limit": (entry(time_limit=SECRET), "$.connections[0].time_limit: Seconds"),
    "as a pattern": (entry(indices=[f"{SECRET} "]), "$.connections[0].indices[0]: A pattern is"),
    "nothing to read": ({"name": "a", "urls": ["https://es1"]}, "'indices' is a dependency"),
    "no address": ({"name": "a"}, "$.connections[0]: A connection has a name and either urls"),
    "a service and rights": (
        {"name": "a", "service": "http://hub/", "connection": "a", "time_limit": 3},
        "'urls' is a dependency of 'time_limit'",
    ),
    "a remote pattern": (entry(indices=["a:b"]), "$.connections[0].indices[0]: A pattern is"),
    "an exclusion": (entry(indices=["-a"]), "$.connections[0].indices[0]: A pattern is"),
}


@pytest.mark.parametrize(("wrong", "error"), WRONG.values(), ids=WRONG)
def test_mistakes_are_told_without_values(own: Path, wrong: Any, error: str) -> None:
    write(own, wrong)
    found = read_connections()
    assert found.connections == ()
    text = "\n".join(found.errors)
    assert error in text
    assert SECRET not in text
    # The same in a site file, whose errors the panel shows.
    site = parse_site(json.dumps({"version": 1, "connections": [wrong]}))
    assert error in "\n".join(site.errors)
    assert SECRET not in repr(site)


@pytest.mark.parametrize(
    "content",
    [SECRET, [SECRET], {"version": SECRET}, {"version": 1, "connections": {"a": SECRET}}],
)
def test_no_mistake_of_the_whole_tells_values(own: Path, content: Any) -> None:
    own.write_text(json.dumps(content))
    found = read_connections()
    assert found.errors
    assert "connections" not in json.dumps(content) or SECRET not in "\n".join(found.errors)


def test_a_broken_file_is_not_quoted(own: Path) -> None:
    own.write_text(f'{{"version": 1, "connections": [{SECRET}')
    assert SECRET not in "\n".join(read_connections().errors)
    assert read_connections().connections == ()


def test_a_name_stands_once(own: Path) -> None:
    write(own, entry(), entry())
    assert 'the name "a" stands there more than once' in read_connections().errors[0]


def test_the_users_file_holds_nothing_else(own: Path) -> None:
    write(own, entry(), data_roots=[])
    found = read_connections()
    assert found.connections == ()
    assert 'the key "data_roots" belongs into the site file' in found.errors[0]


def test_an_unknown_name(own: Path) -> None:
    write(own, entry())
    with pytest.raises(ConnectionProblem, match='no connection "b"'):
        find_connection("b", SiteFile())


WITHOUT_CLIENT = """
import asyncio, json, logging, sys
for name in ("elasticsearch", "elastic_transport", "aiohttp"):
    sys.modules[name] = None
import jupyterlab_workload_explorer.extension
from jupyterlab_workload_explorer.elasticsearch import service
from jupyterlab_workload_explorer.elasticsearch.connections import read_connections
from jupyterlab_workload_explorer.elasticsearch.gateway import Gateway
from jupyterlab_workload_explorer.elasticsearch.refusal import Refusal

async def main():
    gateway = Gateway(read_connections, logging.getLogger())
    listed = await gateway.connections("ada")
    try:
        await gateway.ask("ada", "a", "count", {"indices": "mods-1"})
    except Refusal as refusal:
        print(json.dumps([listed, refusal.as_json()]))
    await gateway.close()

asyncio.run(main())
"""


def test_without_the_client_the_server_starts_and_says_what_to_install(own: Path) -> None:
    write(own, entry(), {"name": "b", "service": "http://127.0.0.1:9/x", "connection": "c"})
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_CLIENT], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    listed, refusal = json.loads(run.stdout)
    for connection in listed["connections"]:
        assert connection["available"] is False
        assert 'pip install "jupyterlab-workload-explorer[elasticsearch]"' in connection["problem"]
    assert 'pip install "jupyterlab-workload-explorer[elasticsearch]"' in refusal["message"]


async def test_a_service_is_for_servers_of_a_hub(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN", raising=False)
    write(own, {"name": "b", "service": "http://127.0.0.1:9/x", "connection": "c"})
    gateway = Gateway(read_connections, logging.getLogger("test"))
    (listed,) = (await gateway.connections("ada"))["connections"]
    assert listed["available"] is False
    assert "Start yours from the Hub" in listed["problem"]
    # Nor is there a client for what goes through a service.
    with pytest.raises(ConnectionProblem, match="through a service"):
        client_options(find_connection("b"))
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", SECRET)
    (listed,) = (await gateway.connections("ada"))["connections"]
    assert "service of the center does not answer" in listed["problem"]
    assert SECRET not in json.dumps(listed)
    await gateway.close()


@pytest.mark.parametrize(
    ("changed", "warns"),
    [
        ({"urls": ["http://es1.example.org:9200"]}, True),
        ({"urls": ["https://es1.example.org", "http://10.0.0.1:9200"]}, True),
        ({"urls": ["http://[2001:db8::1]:9200"]}, True),
        ({"urls": ["http://localhost.example.org:9200"]}, True),
        ({"urls": ["http://127.0.0.1.example.org:9200"]}, True),
        ({"urls": ["https://es1.example.org:9200"]}, False),
        ({"urls": ["http://127.0.0.2:9200", "http://[::1]:9200", "http://localhost"]}, False),
    ],
)
def test_credentials_in_the_clear_are_warned_of(
    own: Path, changed: dict[str, Any], warns: bool
) -> None:
    secret = {"api_key": {"environment": "GW_NONE"}}
    write(own, entry(authentication=secret, **changed))
    found = read_connections()
    # It is used nevertheless: there are networks of which that is the least.
    assert [one.name for one in found.connections] == ["a"]
    assert bool(found.errors) == warns
    if warns:
        assert 'The connection "a" sends what it logs in with over http' in found.errors[0]
        assert "example" not in found.errors[0]
    write(own, entry(**changed))
    assert read_connections().errors == ()


def test_a_hubs_token_in_the_clear_is_warned_of(own: Path) -> None:
    for address, warns in (("http://hub.example.org/x", 1), ("http://127.0.0.1:9/x", 0)):
        write(own, {"name": "b", "service": address, "connection": "c"})
        assert len(read_connections().errors) == warns
