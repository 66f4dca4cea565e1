"""Fixtures of real servers, one of each kind for a whole run, started by the first that asks.

A test takes indices of its own names, deletes them, and leaves a node running that it has killed
(`Node.restart`).
"""

from collections.abc import Iterator

import pytest

from .nodes import Node


@pytest.fixture(scope="session")
def elasticsearch_8() -> Iterator[Node]:
    """Elasticsearch 8.19 with ES|QL and data streams, no security."""
    with Node("es8-esql") as node:
        yield node


@pytest.fixture(scope="session")
def elasticsearch_8_core() -> Iterator[Node]:
    """Elasticsearch 8.19 without ES|QL and without security."""
    with Node("es8") as node:
        yield node


@pytest.fixture(scope="session")
def elasticsearch_secured() -> Iterator[Node]:
    """Elasticsearch 8.19 with security: users, roles, API keys; `Node.auth` may do everything."""
    with Node("es8-full") as node:
        yield node


@pytest.fixture(scope="session")
def elasticsearch_9() -> Iterator[Node]:
    """Elasticsearch 9, without ES|QL and without security."""
    with Node("es9") as node:
        yield node


@pytest.fixture(scope="session")
def opensearch() -> Iterator[Node]:
    """OpenSearch 2; the Elasticsearch client refuses it, plain HTTP does not."""
    with Node("opensearch") as node:
        yield node
