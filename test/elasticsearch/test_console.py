"""Requests as they are shown can be sent by hand, with a point in time of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from test.services.documents import ask, create_index, load_documents
from test.services.nodes import Node

from .command_line import run

INDEX = "console-records"
FIELDS = {"username": "keyword", "job_id": "keyword", "packages": "keyword", "nodes": "integer"}
TIMED = {**FIELDS, "event_timestamp": "date"}


@pytest.fixture(scope="module")
def node(elasticsearch_8: Node) -> Iterator[Node]:
    create_index(elasticsearch_8, INDEX, TIMED)
    documents = [
        {
            "username": f"u{k % 7}",
            "job_id": f"{k // 3}",
            "packages": ["numpy", "dask"] if k % 5 == 0 else "numpy",
            "nodes": k % 4,
            "event_timestamp": 1_600_000_000_000 + k * 60_000,
        }
        for k in range(500)
    ]
    load_documents(elasticsearch_8, INDEX, documents)
    yield elasticsearch_8
    ask(elasticsearch_8, "DELETE", f"/{INDEX}")


def commands(text: str) -> Iterator[tuple[str, str, dict[str, object] | None]]:
    """Requests as they stand in a text for Elasticsearch's console."""
    for part in text.split("\n\n"):
        lines = [line for line in part.splitlines() if not line.startswith("#")]
        if lines:
            method, path = lines[0].split(" ", 1)
            body = "\n".join(lines[1:])
            yield method, path, json.loads(body) if body else None


@pytest.mark.parametrize(
    "question",
    [
        ["users", "--all"],
        ["job-sizes", "--all", "--map", "nodes=nodes", "--where", "user=u1,u2"],
        ["top-packages", "--all", "--from", "2020-09-13", "--to", "2020-09-14"],
        ["job-sizes", "--all", "--map", "nodes=nodes", "--estimate"],
        ["users", "--all", "--where", "username~u[12]"],
    ],
    ids=" ".join,
)
def test_requests_can_be_sent_by_hand(node: Node, question: list[str]) -> None:
    source = ["--elasticsearch", node.url, "--index", INDEX]
    outcome = run("analyze", *question, *source, "--requests")
    assert outcome.rows, outcome.err
    shown = list(commands(outcome.err))
    kinds = {(method, path.partition("?")[0]) for method, path, _ in shown}
    assert {("POST", "/_search"), ("DELETE", "/_pit"), ("POST", f"/{INDEX}/_pit")} <= kinds
    points: list[str] = []
    for method, path, body in shown:
        point = points[-1] if points else ""
        own = None if body is None else json.loads(json.dumps(body).replace("PIT_ID", point))
        # Raises where the server refuses.
        answer = ask(node, method, path, own)
        if method == "DELETE":
            points.pop()
        elif "/_pit?" in path:
            points.append(answer["id"])
    assert not points


def test_requests_are_told_of_a_question_that_fails(node: Node) -> None:
    source = ["--elasticsearch", node.url, "--index", "no-such-index"]
    outcome = run("analyze", "users", *source, "--requests")
    assert outcome.status == 1
    assert outcome.err.startswith("# which fields there are\nGET /no-such-index/_field_caps")
    assert "no index" in outcome.err.lower()
