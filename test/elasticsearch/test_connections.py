"""Connections: where they stand, what may be wrong with them, and what is never told of them."""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from jupyterlab_workload_explorer.elasticsearch import connections as module
from jupyterlab_workload_explorer.elasticsearch.connections import (
    ConnectionProblem,
    client_options,
    find_connection,
    read_connections,
)
from jupyterlab_workload_explorer.elasticsearch.gateway import Gateway
from jupyterlab_workload_explorer.elasticsearch.refusal import Refusal
from jupyterlab_workload_explorer.site_file import SiteFile, parse_site

SECRET = "a-literal-secret-41"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own file, and no site file."""
    path = tmp_path / "own.json"
    monkeypatch.setenv("WORKLOAD_CONNECTIONS", str(path))
    monkeypatch.setenv("WORKLOAD_SITE", str(tmp_path / "site.json"))
    (tmp_path / "site.json").write_text('{"version": 1}')
    return path


def write(path: Path, *entries: Any, **more: Any) -> None:
    path.write_text(json.dumps({"version": 1, "connections": entries, **more}))


def entry(**more: Any) -> dict[str, Any]:
    return {"name": "a", "urls": ["https://es1:9200"], "indices": ["mods-*"], **more}


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
        "basic_auth": ("reader", os.environ["HOME"]),
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


def with_file(own: Path, path: Path | str) -> None:
    write(own, entry(authentication={"bearer_token": {"file": str(path)}}))


def problem(own: Path, path: Path | str) -> str:
    with_file(own, path)
    with pytest.raises(ConnectionProblem) as error:
        client_options(find_connection("a"))
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None
    return str(error.value)


def test_a_secret_in_a_file(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    for mode in (0o600, 0o400):
        path.chmod(mode)
        with_file(own, path)
        found = find_connection("a")
        assert client_options(found)["bearer_auth"] == SECRET
    # Whatever prints or keeps a connection, prints or keeps where the secret stands.
    assert SECRET not in repr(found)
    assert SECRET.encode() not in pickle.dumps(found)
    # It is read each time, so that a renewed key holds at once.
    path.chmod(0o600)
    path.write_text("renewed")
    assert client_options(found)["bearer_auth"] == "renewed"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o666])
def test_a_file_that_others_may_use(own: Path, tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    path.write_text(SECRET)
    path.chmod(mode)
    assert f"chmod 600 {path}" in problem(own, path)


def test_files_that_are_none(own: Path, tmp_path: Path) -> None:
    assert "No such file" in problem(own, tmp_path / "none")
    assert "no regular file" in problem(own, tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    assert "no regular file" in problem(own, pipe)
    assert "not absolute" in problem(own, "secret")
    assert "not absolute" in problem(own, "$NO_SUCH_VARIABLE/secret")
    for content, text in (
        (b"", "There is no secret"),
        (b"  \n", "There is no secret"),
        (f"{SECRET}\nmore".encode(), "not one line"),
        (f"{SECRET}\r\nX-Header: a".encode(), "not one line"),
        (SECRET.encode() + b"\xff", "not UTF-8"),
        (SECRET.encode() * 10_000, "too long"),
    ):
        path = tmp_path / "secret"
        path.write_bytes(content)
        path.chmod(0o600)
        assert text in problem(own, path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_file_of_somebody_else(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(SECRET)
    path.chmod(0o600)
    os.chown(path, 12_345, 12_345)
    assert "belongs to somebody else" in problem(own, path)


def test_a_variable_that_is_not_set(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GW_NONE", raising=False)
    write(own, entry(authentication={"api_key": {"environment": "GW_NONE"}}))
    with pytest.raises(ConnectionProblem, match="variable GW_NONE is not set"):
        client_options(find_connection("a"))


def test_a_certificate_that_is_not_there(own: Path, tmp_path: Path) -> None:
    write(own, entry(ca_certificate=str(tmp_path / "none.pem")))
    with pytest.raises(ConnectionProblem, match="CA certificate"):
        client_options(find_connection("a"))


def test_the_client_takes_the_options(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GW_SECRET", SECRET)
    secret = {"environment": "GW_SECRET"}
    for authentication in (
        {"user": "reader", "password": secret},
        {"user": {"environment": "GW_SECRET"}, "password": secret},
        {"api_key": secret},
        {"bearer_token": secret},
    ):
        write(own, entry(authentication=authentication))
        with Elasticsearch(**client_options(find_connection("a"))) as client:
            assert SECRET not in repr(client)


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


async def test_where_a_secret_stands_is_told_to_whom_it_belongs(
    own: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GW_NONE", raising=False)
    path = str(tmp_path / "center-secret")
    broken: list[dict[str, Any]] = [
        {"authentication": {"api_key": {"file": path}}},
        {"ca_certificate": path},
        {"authentication": {"api_key": {"file": "~/mine"}}},
        {"authentication": {"api_key": {"environment": "GW_NONE"}}},
    ]
    places = [path, path, "~/mine", "GW_NONE"]
    site = tmp_path / "site.json"
    write(site, *(entry(name=f"site-{index}", **one) for index, one in enumerate(broken)))
    write(own, *(entry(name=f"own-{index}", **one) for index, one in enumerate(broken)))
    for shared in (False, True):
        caplog.clear()
        gateway = Gateway(read_connections, logging.getLogger("test"), shared=shared)
        told = {
            one["name"]: one["problem"] for one in (await gateway.connections("ada"))["connections"]
        }
        for index, place in enumerate(places):
            assert (place in told[f"own-{index}"]) == (not shared)
            # What a center wants its users to have at home they have to know.
            is_home = place != path
            assert (place in told[f"site-{index}"]) == (is_home and not shared)
            with pytest.raises(Refusal) as refusal:
                await gateway.ask("ada", f"site-{index}", "count", {"indices": "mods-1"})
            assert refusal.value.message == told[f"site-{index}"]
            # Those who look after the server find it in its log, once.
            if shared or not is_home:
                assert caplog.text.count(f'"site-{index}" cannot be used') == 1
                assert place in caplog.text
                assert "Tell those who look after it" in told[f"site-{index}"]
        await gateway.close()
