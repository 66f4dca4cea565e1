"""Fixtures of real servers, one of each kind for a whole run, started by the first that asks.

A test takes indices of its own names and deletes them. A node that it has killed is started again
after it.
"""

from collections.abc import Iterator

import pytest

from .nodes import Node

_NODES: list[Node] = []


def pytest_runtest_teardown() -> None:
    """Starts again what a test has killed and, having failed, has not started itself."""
    for node in _NODES:
        if not node.is_running:
            node.restart()


def _shared(profile: str) -> Iterator[Node]:
    with Node(profile) as node:
        _NODES.append(node)
        yield node
        _NODES.remove(node)


@pytest.fixture(scope="session")
def elasticsearch_8() -> Iterator[Node]:
    """Elasticsearch 8.19 with ES|QL and data streams, no security."""
    yield from _shared("es8-esql")


@pytest.fixture(scope="session")
def elasticsearch_8_core() -> Iterator[Node]:
    """Elasticsearch 8.19 without ES|QL and without security."""
    yield from _shared("es8")


@pytest.fixture(scope="session")
def elasticsearch_secured() -> Iterator[Node]:
    """Elasticsearch 8.19 with security: users, roles, API keys; `Node.auth` may do everything."""
    yield from _shared("es8-full")


@pytest.fixture(scope="session")
def elasticsearch_9() -> Iterator[Node]:
    """Elasticsearch 9, without ES|QL and without security."""
    yield from _shared("es9")


@pytest.fixture(scope="session")
def opensearch() -> Iterator[Node]:
    """OpenSearch 2; the Elasticsearch client refuses it, plain HTTP does not."""
    yield from _shared("opensearch")
