"""What goes wrong on the way to Elasticsearch and back."""

import threading

import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import ask
from ..services.fault_proxy import FaultProxy
from .support import check_against, read_manifest, records

SMALL = {"part_rows": 500, "slice_documents": 120, "page_size": 50, "waits": [0.01] * 8}

SEARCH = "/_search"


def gather(url, index, out, **options):
    return jupyterlab_workload_explorer.gather(None, index, out, url=url, **{**SMALL, **options})


@pytest.fixture
def proxy(node):
    one = FaultProxy(node.url)
    yield one
    one.stop()


@pytest.mark.parametrize("seed", range(3))
def test_connections_cut_at_random_bytes(node, proxy, make_index, tmp_path, seed):
    index = make_index(records(3000, 50 + seed))
    proxy.cut_at_random(seed, 25, 60_000, path=SEARCH)
    gather(proxy.url, index, tmp_path / "out")
    assert proxy.cuts() > 5
    check_against(node, index, tmp_path / "out")


def test_refusals_make_pages_smaller(node, proxy, make_index, tmp_path):
    index = make_index(records(3000, 60))
    proxy.answer(429, path=SEARCH, times=6, skip=12)
    gather(proxy.url, index, tmp_path / "out")
    check_against(node, index, tmp_path / "out")


def test_a_server_that_stays_too_busy(node, proxy, make_index, tmp_path):
    index = make_index(records(2000, 61))
    proxy.answer(429, path=SEARCH, skip=15)
    with pytest.raises(GatherProblem, match=r"too busy|even small pages"):
        gather(proxy.url, index, tmp_path / "out", waits=[0.01] * 3)
    proxy.clear()
    gather(proxy.url, index, tmp_path / "out")
    check_against(node, index, tmp_path / "out")


def test_a_server_that_is_gone(node, proxy, make_index, tmp_path):
    index = make_index(records(500, 62))
    proxy.refuse()
    with pytest.raises(GatherProblem, match="was asked 4 times, and it cannot be reached"):
        gather(proxy.url, index, tmp_path / "out", waits=[0.01] * 3)
    # Another address of the same cluster serves as well.
    gather(f"{proxy.url},{node.url}", index, tmp_path / "out")
    check_against(node, index, tmp_path / "out")


def test_a_server_that_does_not_answer(node, proxy, make_index, tmp_path):
    index = make_index(records(500, 63))
    proxy.hold(path=SEARCH, times=2, skip=3)
    gather(proxy.url, index, tmp_path / "out", time_limit=0.5)
    check_against(node, index, tmp_path / "out")


@pytest.mark.usefixtures("told_at_once")
def test_killed_and_started_again_while_paging(node, make_index, tmp_path):
    """The point in time is gone with it: a new one is opened, and what is complete stays."""
    index = make_index(records(4000, 64))
    ask(node, "POST", f"/{index}/_flush")
    restarted = threading.Event()

    def restart(state):
        if state.partition == "2021-03" and state.documents > 0 and not restarted.is_set():
            restarted.set()
            node.restart()

    gather(node.url, index, tmp_path / "out", progress=restart, waits=[0.5] * 60)
    assert restarted.is_set()
    check_against(node, index, tmp_path / "out")


@pytest.mark.parametrize(
    "body, message",
    [
        (
            {"timed_out": False, "_shards": {"total": 2, "failed": 1}, "hits": {"hits": []}},
            "1 of 2 shards did not answer",
        ),
        ({"timed_out": True, "_shards": {"failed": 0}, "hits": {"hits": []}}, "ran out of time"),
    ],
)
def test_a_part_of_an_answer_is_no_answer(node, proxy, make_index, tmp_path, body, message):
    index = make_index(records(1500, 65))
    proxy.answer(200, body=body, path=SEARCH, skip=8, times=1)
    with pytest.raises(GatherProblem, match=message):
        gather(proxy.url, index, tmp_path / "out")
    assert not read_manifest(tmp_path / "out")["state"]["complete"]
    gather(node.url, index, tmp_path / "out")
    check_against(node, index, tmp_path / "out")


@pytest.mark.parametrize("status, message", [(401, "does not accept the login"), (403, "may not")])
def test_refused_logins(proxy, make_index, tmp_path, monkeypatch, status, message):
    index = make_index(records(10, 66))
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", "s3cret-key")
    proxy.answer(status, body={"error": {"type": "security_exception", "reason": "s3cret-key"}})
    with pytest.raises(GatherProblem, match=message) as problem:
        gather(proxy.url, index, tmp_path / "out")
    assert "s3cret" not in str(problem.value)


def test_logins_do_not_belong_into_urls(tmp_path):
    with pytest.raises(GatherProblem, match="does not belong into the URL") as problem:
        gather("http://ada:s3cret@localhost:9200", "x", tmp_path / "out")
    assert "s3cret" not in str(problem.value)
