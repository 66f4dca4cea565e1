"""The servers for tests themselves: they start, keep their data, and leave nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from elasticsearch import ApiError
from elasticsearch import ConnectionError as NotConnected

from .certificates import make_certificates
from .documents import Server, ask
from .nodes import Node

ROOT = Path(__file__).parents[2]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    "fixture, version, has_esql",
    [
        ("elasticsearch_8", "8.19.", True),
        ("elasticsearch_8_core", "8.19.", False),
        ("elasticsearch_secured", "8.19.", True),
        ("elasticsearch_9", "9.", False),
    ],
)
def test_indexes_and_searches(request, fixture, version, has_esql):
    node = request.getfixturevalue(fixture)
    with node.client() as client:
        assert client.info()["version"]["number"].startswith(version)
        try:
            client.index(index="services-a", document={"user": "ada"}, refresh=True)
            assert client.count(index="services-a")["count"] == 1
            if has_esql:
                answer = client.esql.query(query="FROM services-a | STATS n = COUNT(*) | LIMIT 1")
                assert answer["values"] == [[1]]
            else:
                with pytest.raises(ApiError):
                    client.esql.query(query="FROM services-a | STATS n = COUNT(*) | LIMIT 1")
        finally:
            client.indices.delete(index="services-a")


def test_security_asks_for_a_login(elasticsearch_secured):
    with pytest.raises(RuntimeError, match="answers 401"):
        ask(Server(elasticsearch_secured.url), "GET", "/")
    assert ask(elasticsearch_secured, "GET", "/_security/_authenticate")["username"] == "admin"


def test_speaks_tls(tmp_path):
    made = make_certificates(tmp_path)
    prefix = "xpack.security.http.ssl"
    settings = {
        f"{prefix}.enabled": True,
        f"{prefix}.certificate": str(made.certificate),
        f"{prefix}.key": str(made.key),
    }
    with Node("es8-full", settings) as node, node.client(ca_certs=made.authority) as client:
        assert client.security.authenticate()["username"] == "admin"


def test_data_outlive_a_kill(elasticsearch_8):
    with elasticsearch_8.client(max_retries=0) as client:
        client.index(index="services-b", document={"user": "ada"})
        first = elasticsearch_8.pid
        elasticsearch_8.kill()
        assert not _is_running(first)
        with pytest.raises(NotConnected):
            client.count(index="services-b")
        elasticsearch_8.restart()
        assert elasticsearch_8.pid != first
        client.indices.refresh(index="services-b")
        assert client.count(index="services-b")["count"] == 1
        client.indices.delete(index="services-b")


def test_a_killed_node_is_left(elasticsearch_8):
    elasticsearch_8.kill()


def test_and_runs_again_for_the_next(elasticsearch_8):
    with elasticsearch_8.client() as client:
        assert client.ping()


def test_stop_leaves_nothing():
    node = Node("es8", {"cluster.name": "another"})
    with node.client() as client:
        assert client.info()["cluster_name"] == "another"
    node.stop()
    node.stop()
    assert not _is_running(node.pid)
    assert not node.home.exists()


def test_a_port_that_is_taken_is_an_error(elasticsearch_8, capfd):
    port = int(elasticsearch_8.url.rpartition(":")[2])
    with pytest.raises(RuntimeError):
        Node("es8", port=port)
    assert "Address already in use" in capfd.readouterr().err


def test_says_what_is_missing(monkeypatch):
    monkeypatch.setenv("WORKLOAD_SERVICES_REASON", "There is no Java.")
    with pytest.raises(RuntimeError, match=r"There is no Java\."):
        Node("es8")


def test_without_java_the_launcher_says_so(monkeypatch, capfd, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ES_CACHE", str(tmp_path))
    with pytest.raises(RuntimeError):
        Node("es8")
    assert "Install" in capfd.readouterr().err


def test_ends_with_the_process_that_started_it():
    code = (
        "import os, signal\n"
        "from test.services.nodes import Node\n"
        "node = Node('es8')\n"
        "print(node.pid, node.home, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    pid, home = answer.stdout.split()
    # run() has read standard error to its end, so the launcher, which had it too, has ended.
    assert not _is_running(int(pid))
    assert not Path(home).exists()
