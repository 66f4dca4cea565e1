"""What goes wrong while indices are asked: the answer is right all the same, or an error says why.

The command line asks through a proxy with faults. What is right, the same records tell in Parquet.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from test.services.documents import ask, create_index, load_documents, load_parquet
from test.services.fault_proxy import FaultProxy
from test.services.nodes import Node

from .command_line import Outcome, Running, assert_is_sentence, run
from .command_questions import FIELDS, PACKAGES, USERS, few_documents

ROWS = 60_000
SIZES = json.loads((Path(__file__).parents[1] / "sizes.json").read_text(encoding="utf-8"))
CUTS = SIZES["cut_answers"]["prove" if os.environ.get("WORKLOAD_PROVE") == "1" else "test"]

# Of many tuples, in several slices; and of documents one by one, because packages are lists.
LONG, WIDE = "fault-long", "fault-wide"
CORRELATION = ["analyze", "package-correlation", "--top", "20"]

LOST = {
    "error": {
        "type": "search_phase_execution_exception",
        "reason": "all shards failed",
        "root_cause": [{"type": "search_context_missing_exception", "reason": "No search context"}],
        "failed_shards": [{"reason": {"type": "search_context_missing_exception"}}],
    },
    "status": 404,
}


@dataclass(frozen=True)
class Records:
    """The same records in files and in indices; read-only."""

    files: dict[str, Path]
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def right(self, question: list[str], index: str) -> list[dict[str, Any]]:
        key = " ".join([*question, index])
        if key not in self.answers:
            self.answers[key] = run(*question, "--source", str(self.files[index])).rows
        return self.answers[key]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    files = {}
    for index, shape in ((LONG, "long"), (WIDE, "wide")):
        folder = tmp_path_factory.mktemp(shape)
        made = run(
            "sample", "--rows", str(ROWS), "--shape", shape, "--out", str(folder), "--seed", "3"
        )
        assert made.status == 0, made.err
        files[index] = folder / "records.parquet"
    return Records(files)


def load(node: Node, records: Records) -> Iterator[Node]:
    for index, path in records.files.items():
        remove(node, index)
        load_parquet(node, index, path, settings={"number_of_shards": 2})
    yield node
    for index in records.files:
        remove(node, index)


@pytest.fixture(scope="module")
def core(elasticsearch_8_core: Node, records: Records) -> Iterator[Node]:
    """A server without ES|QL: all is read page by page."""
    yield from load(elasticsearch_8_core, records)


@pytest.fixture(scope="module")
def esql(elasticsearch_8: Node, records: Records) -> Iterator[Node]:
    yield from load(elasticsearch_8, records)


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    Running.end_all()


@pytest.fixture
def proxy(core: Node) -> Iterator[FaultProxy]:
    with FaultProxy(core.url) as proxy:
        yield proxy


def remove(node: Node, index: str) -> None:
    ask(node, "DELETE", f"/{index}?ignore_unavailable=true")


@pytest.fixture
def extra(core: Node) -> Iterator[str]:
    """Name of an index that a test may make."""
    yield "fault-extra"
    remove(core, "fault-extra")


@pytest.fixture
def extra_esql(esql: Node) -> Iterator[str]:
    yield "fault-extra"
    remove(esql, "fault-extra")


def proxy_searches(question: list[str], proxy: FaultProxy, index: str) -> int:
    """How many searches a question takes."""
    run(*question, *asked(proxy, index))
    number = sum("_search" in one["path"] for one in proxy.requests())
    proxy.clear()
    return number


def asked(proxy: FaultProxy, index: str = LONG) -> list[str]:
    return ["--elasticsearch", proxy.url, "--index", index]


def held(question: list[str], proxy: FaultProxy, skip: int, index: str = LONG) -> Running:
    """A call that waits for the answer to a search in the middle."""
    proxy.hold(path="_search", skip=skip, times=1)
    running = Running(*question, *asked(proxy, index))
    running.until_asked(proxy, skip + 1)
    return running


def go_on(running: Running, proxy: FaultProxy) -> Outcome:
    """Cut what is held, so that it is asked again."""
    proxy.clear()
    proxy.refuse()
    proxy.refuse(False)
    return running.outcome()


def restart(
    running: Running,
    proxy: FaultProxy,
    node: Node,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Kill the server under a call, which finds it again as if that took no time."""
    running.pause()
    proxy.clear()
    node.kill()
    node.restart()
    ask(node, "GET", f"/_cluster/health/{LONG},{WIDE}?wait_for_status=green&timeout=60s")
    meanwhile()
    running.resume()


@pytest.mark.parametrize("index", [LONG, WIDE])
@pytest.mark.parametrize("question", [CORRELATION, PACKAGES], ids=["correlation", "packages"])
def test_no_fault(core: Node, records: Records, question: list[str], index: str) -> None:
    outcome = run(*question, "--elasticsearch", core.url, "--index", index)
    assert outcome.rows == records.right(question, index)
    assert outcome.provenance["source"]["rows"] == ROWS


def test_connections_are_cut(proxy: FaultProxy, records: Records) -> None:
    right = {index: records.right(CORRELATION, index) for index in (LONG, WIDE)}
    cuts = 0
    for seed in range(CUTS):
        index = (LONG, WIDE)[seed % 2]
        proxy.cut_at_random(seed, 1 + seed % 4, 3_000_000, how=("close", "reset")[seed // 2 % 2])
        outcome = run(*CORRELATION, *asked(proxy, index))
        assert outcome.rows == right[index], f"seed {seed}"
        cuts += proxy.cuts()
        proxy.clear()
    assert cuts >= CUTS // 2


@pytest.mark.parametrize(("index", "skip"), [(LONG, 3), (LONG, 5), (WIDE, 8)])
def test_the_server_is_killed_while_pages_are_read(
    proxy: FaultProxy, core: Node, records: Records, index: str, skip: int
) -> None:
    running = held(CORRELATION, proxy, skip, index)
    restart(running, proxy, core)
    outcome = running.outcome()
    assert outcome.rows == records.right(CORRELATION, index)
    assert any("lost the point in time" in note for note in outcome.provenance["notes"])


def test_documents_have_another_order_after_a_restart(
    proxy: FaultProxy, core: Node, extra: str
) -> None:
    """Pages of documents go on by their position, which is another one in another point in time."""
    create_index(core, extra, FIELDS, settings={"index.refresh_interval": -1})
    documents = [
        {"username": f"u{k}", "job_id": f"{k}", "packages": ["numpy", f"p{k % 50}"]}
        for k in range(19_000)
    ]
    # What a thread writes is one segment; after a restart all is written again, in one order.
    load_documents(core, extra, documents)
    question = ["analyze", "top-packages", "--distinct", "user", "--all"]
    right = run(*question, "--elasticsearch", core.url, "--index", extra).rows
    assert len(right) == 51 and right[0] == {"package": "numpy", "users": 19_000}
    searches = proxy_searches(question, proxy, extra)
    running = held(question, proxy, searches - 1, extra)
    restart(running, proxy, core)
    assert running.outcome().rows == right


def test_documents_change_while_the_server_is_down(
    proxy: FaultProxy, core: Node, extra: str
) -> None:
    create_index(core, extra, FIELDS)
    load_documents(core, extra, few_documents(3_000))
    running = held(USERS, proxy, proxy_searches(USERS, proxy, extra) - 1, extra)
    restart(running, proxy, core, lambda: load_documents(core, extra, few_documents(1_000, "v")))
    outcome = running.outcome()
    assert outcome.rows == [{"users": 4_000}]
    assert outcome.provenance["source"]["rows"] == 4_000


def test_documents_that_arrive_are_not_seen(proxy: FaultProxy, core: Node, extra: str) -> None:
    create_index(core, extra, FIELDS)
    load_documents(core, extra, few_documents(3_000))
    running = held(USERS, proxy, proxy_searches(USERS, proxy, extra) - 1, extra)
    load_documents(core, extra, few_documents(1_000, "v"))
    ask(core, "DELETE", f"/{extra}/_doc/u1?refresh=true")
    outcome = go_on(running, proxy)
    assert outcome.rows == [{"users": 3_000}]
    assert outcome.provenance["source"]["rows"] == 3_000
    assert outcome.provenance["notes"] == []
    assert run(*USERS, *asked(proxy, extra)).rows == [{"users": 3_999}]


def test_documents_that_arrive_are_not_seen_by_esql(esql: Node, extra_esql: str) -> None:
    create_index(esql, extra_esql, FIELDS)
    load_documents(esql, extra_esql, few_documents(3_000))
    with FaultProxy(esql.url) as proxy:
        proxy.hold(path="_query", times=1)
        running = Running(*USERS, *asked(proxy, extra_esql))
        running.until_asked(proxy, 1, "_query")
        load_documents(esql, extra_esql, few_documents(1_000, "v"))
        assert go_on(running, proxy).rows == [{"users": 3_000}]
        # And where ES|QL fails, pages tell the same.
        proxy.answer(500, path="_query")
        assert run(*USERS, *asked(proxy, extra_esql)).rows == [{"users": 4_000}]


def test_documents_that_change_are_not_seen_by_esql(esql: Node, extra_esql: str) -> None:
    """As many documents as before, but others: ES|QL knows no point in time."""
    create_index(esql, extra_esql, FIELDS, settings={"number_of_shards": 3})
    load_documents(esql, extra_esql, few_documents(3_000))
    with FaultProxy(esql.url) as proxy:
        # The first searches have told the documents of the point in time from others, by shard.
        running = held(USERS, proxy, 1 + 3, extra_esql)
        ask(esql, "POST", f"/{extra_esql}/_update/u7?refresh=true", {"doc": {"username": "u8"}})
        outcome = go_on(running, proxy)
        assert outcome.rows == [{"users": 3_000}]
        assert any("_query" in one["path"] for one in proxy.requests())
        assert run(*USERS, *asked(proxy, extra_esql)).rows == [{"users": 2_999}]


def replace_in_another_shard(node: Node, index: str) -> None:
    """Delete a document; one of another shard gets the number that it had, and an old user."""

    def numbers(shard: int) -> dict[int, str]:
        body = {"size": 10_000, "seq_no_primary_term": True, "_source": False}
        found = ask(node, "POST", f"/{index}/_search?preference=_shards:{shard}", body)
        return {hit["_seq_no"]: hit["_id"] for hit in found["hits"]["hits"]}

    def shard_of(routing: str) -> int:
        found = ask(node, "POST", f"/{index}/_search_shards?routing={routing}")
        return int(found["shards"][0][0]["shard"])

    longer, shorter = sorted((0, 1), key=lambda shard: -max(numbers(shard)))
    number = max(numbers(shorter)) + 1
    assert number in numbers(longer)
    ask(node, "DELETE", f"/{index}/_doc/{numbers(longer)[number]}?refresh=true")
    routing = next(text for text in "abcdefgh" if shard_of(text) == shorter)
    document = {"username": "u8", "packages": "numpy"}
    made = ask(node, "POST", f"/{index}/_doc?refresh=true&routing={routing}", document)
    assert made["_seq_no"] == number


@pytest.mark.parametrize("change", ["update", "replace", "replace elsewhere"])
def test_documents_change_and_the_point_in_time_is_lost(
    proxy: FaultProxy, core: Node, extra: str, change: str
) -> None:
    """Never a part of one moment and a part of another: the question is put again."""
    create_index(core, extra, FIELDS, settings={"number_of_shards": 2})
    load_documents(core, extra, few_documents(3_000))
    running = held(USERS, proxy, proxy_searches(USERS, proxy, extra) - 1, extra)
    if change == "replace elsewhere":
        replace_in_another_shard(core, extra)
    elif change == "update":
        ask(core, "POST", f"/{extra}/_update/u7?refresh=true", {"doc": {"username": "u8"}})
    else:
        ask(core, "DELETE", f"/{extra}/_doc/u7?refresh=true")
        load_documents(core, extra, [{"_id": "new", "username": "u8", "packages": "numpy"}])
    proxy.answer(404, path="_search", times=1, body=LOST)
    proxy.refuse()
    proxy.refuse(False)
    outcome = running.outcome()
    assert outcome.rows == [{"users": 2_999}]
    # Nobody takes these documents for those of before.
    assert outcome.provenance["notes"] == []


def test_an_index_is_filled_anew(proxy: FaultProxy, core: Node, extra: str) -> None:
    """It has as many documents as the deleted one of its name, and numbers their changes alike."""
    create_index(core, extra, FIELDS, settings={"number_of_shards": 1})
    load_documents(core, extra, few_documents(3_000))
    running = held(USERS, proxy, proxy_searches(USERS, proxy, extra) - 1, extra)
    ask(core, "DELETE", f"/{extra}")
    create_index(core, extra, FIELDS, settings={"number_of_shards": 1})
    again = {"_id": "again", "username": "v0", "packages": "numpy"}
    load_documents(core, extra, [*few_documents(2_999, "v"), again])
    outcome = go_on(running, proxy)
    assert outcome.rows == [{"users": 2_999}]
    # The question was put again.
    assert outcome.provenance["notes"] == []


@pytest.mark.parametrize("at", ["first", "in the middle", "last"])
def test_a_point_in_time_expires(proxy: FaultProxy, records: Records, at: str) -> None:
    searches = proxy_searches(PACKAGES, proxy, LONG)
    skip = {"first": 0, "in the middle": searches // 2, "last": searches - 1}[at]
    proxy.answer(404, path="_search", skip=skip, times=1, body=LOST)
    outcome = run(*PACKAGES, *asked(proxy))
    assert outcome.rows == records.right(PACKAGES, LONG)
    told = any("lost the point in time" in note for note in outcome.provenance["notes"])
    # Of one that was lost before it was used nobody needs to know.
    if at != "in the middle":
        assert told == (at == "last")


def test_the_server_is_busy(proxy: FaultProxy, records: Records) -> None:
    proxy.answer(429, path="_field_caps", times=1)
    proxy.answer(429, path="_pit", times=1)
    for skip in range(6):
        proxy.answer(429, path="_search", skip=skip, times=1)
    assert run(*PACKAGES, *asked(proxy)).rows == records.right(PACKAGES, LONG)


def test_the_server_stays_busy(proxy: FaultProxy) -> None:
    proxy.answer(429, path="_search", skip=3)
    assert_is_sentence(run(*PACKAGES, *asked(proxy)), "too busy")


def test_a_slow_server(proxy: FaultProxy, records: Records) -> None:
    proxy.delay(0.2)
    assert run(*PACKAGES, *asked(proxy)).rows == records.right(PACKAGES, LONG)


def test_a_server_that_is_down(proxy: FaultProxy) -> None:
    proxy.refuse()
    assert_is_sentence(run(*PACKAGES, *asked(proxy)), "Elasticsearch does not answer")


@pytest.mark.parametrize(("index", "most"), [(LONG, 500), (LONG, 10_000), (WIDE, 2_000)])
def test_few_buckets_are_allowed(core: Node, records: Records, index: str, most: int) -> None:
    settings = "/_cluster/settings"
    ask(core, "PUT", settings, {"persistent": {"search.max_buckets": most}})
    try:
        outcome = run(*CORRELATION, "--elasticsearch", core.url, "--index", index)
        assert outcome.rows == records.right(CORRELATION, index)
    finally:
        ask(core, "PUT", settings, {"persistent": {"search.max_buckets": None}})


def test_shards_that_cannot_be_read(core: Node, extra: str) -> None:
    nowhere = {"index.routing.allocation.require._name": "no-such-node"}
    create_index(core, f"{extra}?wait_for_active_shards=0", FIELDS, settings=nowhere)
    indices = f"{LONG},{extra}"
    outcome = run(*PACKAGES, "--elasticsearch", core.url, "--index", indices)
    assert_is_sentence(outcome, "shards", indices)


def test_an_answer_without_some_shards(proxy: FaultProxy) -> None:
    failed = {"total": 2, "successful": 1, "failed": 1, "failures": [{"reason": {"type": "x"}}]}
    body = {"took": 1, "timed_out": False, "_shards": failed, "hits": {"hits": []}}
    proxy.answer(200, path="_search", skip=3, body=body)
    assert_is_sentence(run(*PACKAGES, *asked(proxy)), "shards")


def test_an_answer_that_ran_out_of_time(proxy: FaultProxy) -> None:
    body = {"took": 1, "timed_out": True, "_shards": {"failed": 0}, "hits": {"hits": []}}
    proxy.answer(200, path="_search", skip=3, body=body)
    assert_is_sentence(run(*PACKAGES, *asked(proxy)), "did not answer in time")
