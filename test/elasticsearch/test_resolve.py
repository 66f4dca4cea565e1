"""From names to indices: what is sent to Elasticsearch once all of it is allowed."""

from __future__ import annotations

import pytest
from elasticsearch import AsyncElasticsearch, Elasticsearch

from jupyterlab_workload_explorer.elasticsearch.connections import Connection, client_options
from jupyterlab_workload_explorer.elasticsearch.credentials import Authentication, Secret
from jupyterlab_workload_explorer.elasticsearch.refusal import Refusal
from jupyterlab_workload_explorer.elasticsearch.resolve import (
    check_indices,
    check_indices_now,
    matches,
    resolve_indices,
    resolve_indices_now,
)

from .conftest import PASSWORD, READER, Records

BOTH = ("gw-records-1", "gw-records-2")


@pytest.mark.parametrize(
    ("patterns", "name", "allowed"),
    [
        (["mods-*"], "mods-2021", True),
        (["mods-*"], "mods-", True),
        (["mods-*"], "mods", False),
        (["mods-*"], "xmods-1", False),
        (["mods"], "mods", True),
        (["mods"], "mods-2021", False),
        (["a*b"], "a-b", True),
        (["a*b"], "a-bc", False),
        (["a.c"], "abc", False),
        (["*"], "anything", True),
        (["*"], ".security-7", False),
        ([".ds-*"], ".ds-mods", True),
        (["a", "b*"], "bc", True),
        ([], "a", False),
        (["mods-*"], "mods-2021\n", True),
        (["mods"], "mods\n", False),
    ],
)
def test_patterns(patterns: list[str], name: str, allowed: bool) -> None:
    assert matches(patterns, name) is allowed


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, records: Records):
    monkeypatch.setenv("GW_PASSWORD", PASSWORD)

    def connection(*patterns: str) -> Connection:
        return Connection(
            "records",
            urls=(records.node.url,),
            authentication=Authentication("password", Secret("GW_PASSWORD"), READER),
            indices=patterns,
        )

    return connection


EXPRESSIONS = [
    # The pattern is sent as it is where it can only lead to what is allowed.
    (("gw-records-*",), "gw-records-*", "gw-records-*", BOTH),
    (("gw-*",), "gw-records-*", "gw-records-*", BOTH),
    (("gw-*",), "gw-records-2,gw-records-1", "gw-records-2,gw-records-1", BOTH),
    # Otherwise the names it stands for now are.
    (BOTH, "gw-records-*", "gw-records-1,gw-records-2", BOTH),
    (BOTH, "gw-rec*,gw-records-1", "gw-records-1,gw-records-2", BOTH),
    # An alias stays one, because it may have a filter.
    (("gw-records-*",), "gw-ada", "gw-ada", BOTH),
    (("gw-records-*",), "gw-a*", "gw-ada", BOTH),
    (("gw-records-*",), "gw-ada,gw-rec*", "gw-records-1,gw-records-2,gw-ada", BOTH),
]


@pytest.mark.parametrize(("patterns", "asked", "sent", "indices"), EXPRESSIONS)
async def test_what_is_sent(reader, patterns, asked: str, sent: str, indices) -> None:
    connection = reader(*patterns)
    with Elasticsearch(**client_options(connection)) as client:
        found = resolve_indices_now(client, connection, asked)
        assert (found.expression, found.indices) == (sent, indices)
        assert check_indices_now(client, connection, asked) == list(indices)
    async with AsyncElasticsearch(**client_options(connection)) as client:
        assert await resolve_indices(client, connection, asked) == found
        assert await check_indices(client, connection, asked) == list(indices)


async def test_both_refuse_alike(reader) -> None:
    connection = reader("gw-records-*")
    for asked in ("gw-trap", "gw-mixed", "gw-heavy", "gw-*", "a:b", "gw-none", "gw-records-3*"):
        with Elasticsearch(**client_options(connection)) as client, pytest.raises(Refusal) as one:
            resolve_indices_now(client, connection, asked)
        async with AsyncElasticsearch(**client_options(connection)) as client:
            with pytest.raises(Refusal) as other:
                await resolve_indices(client, connection, asked)
        assert one.value.as_json() == other.value.as_json()


def test_a_data_stream_is_known_by_its_name(reader) -> None:
    for patterns, asked, allowed in (
        (("gw-stream",), "gw-stream", True),
        (("gw-stream",), "gw-live", True),
        (("gw-stream",), "gw-str*", True),
        (("gw-records-*",), "gw-live", False),
        ((".ds-gw-*",), "gw-stream", False),
    ):
        connection = reader(*patterns)
        with Elasticsearch(**client_options(connection)) as client:
            if allowed:
                (index,) = check_indices_now(client, connection, asked)
                assert index.startswith(".ds-gw-stream-")
                # By the name of the index behind it, too.
                assert check_indices_now(client, connection, index) == [index]
            else:
                with pytest.raises(Refusal) as refusal:
                    check_indices_now(client, connection, asked)
                assert refusal.value.reason == "denied"
