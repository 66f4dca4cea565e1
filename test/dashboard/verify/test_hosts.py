"""Hosts that a dashboard may connect to."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.verify.hosts import Hosts
from jupyterlab_workload_explorer.dashboard.verify.problem import VerifyProblem
from jupyterlab_workload_explorer.dashboard.verify.run import Question
from jupyterlab_workload_explorer.dashboard.verify.verify import verify

from .conftest import Dashboard


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A server that takes connections, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def connect(server: socket.socket) -> str:
    return f"import socket\nsocket.create_connection(('127.0.0.1', {server.getsockname()[1]}))"


def test_an_allowed_host(dashboard: Dashboard, way: str, server: socket.socket) -> None:
    address = f"127.0.0.1:{server.getsockname()[1]}"
    notebook = dashboard.write(connect(server))
    report = verify(Question(notebook, allowed_hosts=[address], proof=way))
    assert report.cells[0]["error"] is None
    if way == "strace":
        assert report.verdict == "green"
        assert report.hosts == ({"address": address, "allowed": True},)
    else:
        # It holds ports, and no hosts.
        assert report.verdict == "not proven"
        assert list(report.proven.open) == ["hosts"]


def test_another_port_of_an_allowed_host(
    dashboard: Dashboard, way: str, server: socket.socket
) -> None:
    notebook = dashboard.write(connect(server))
    report = verify(Question(notebook, allowed_hosts=["127.0.0.1:9"], proof=way))
    assert "host" in [one.rule for one in report.findings]


def test_elasticsearch_by_the_sites_connections(
    dashboard: Dashboard,
    strace: str,
    server: socket.socket,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"http://127.0.0.1:{server.getsockname()[1]}"
    site = {"version": 1, "connections": [{"name": "ours", "urls": [url], "indices": ["*"]}]}
    (tmp_path / "site.json").write_text(json.dumps(site))
    monkeypatch.setenv("WORKLOAD_SITE", str(tmp_path / "site.json"))
    report = verify(Question(dashboard.write(connect(server)), proof=strace))
    [found] = report.findings
    assert found.rule == "host" and "Elasticsearch" in found.message


@pytest.mark.parametrize("text", ["localhost", "localhost:0", ":80", "localhost:http", "a:70000"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(VerifyProblem, match="Write HOST:PORT"):
        Hosts.read([text])


def test_a_name_allows_its_addresses() -> None:
    hosts = Hosts.read(["localhost:80", "[::1]:81"])
    assert hosts.may("127.0.0.1", 80) and hosts.may("::1", 81)
    assert not hosts.may("127.0.0.1", 81)
    # A name is looked up where the dashboard runs, too.
    assert hosts.may("192.0.2.1", 53)
    assert not Hosts.read(["192.0.2.7:80"]).may("192.0.2.1", 53)
