"""Names that lead to forbidden indices."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import Ask, Open
from .conftest import ALL, HIDDEN

NAMES = {
    "a forbidden index": ("gw_hidden", "denied"),
    "a forbidden index beside an allowed one": ("gw-records-1,gw_hidden", "denied"),
    "an alias of a forbidden index": ("gw-trap", "denied"),
    "an alias of both": ("gw-mixed", "denied"),
    "a pattern that such an alias matches": ("gw-t*", "denied"),
    "a pattern that leads beyond": ("gw*", "denied"),
    "all indices": ("*", "denied"),
    "all indices, in words": ("_all", "refused"),
    "no index": ("", "refused"),
    "no text": (None, "refused"),
    "a list": (["gw_hidden"], "refused"),
    "an empty name": ("gw-records-1,", "refused"),
    "two patterns": ("gw-records-*,gw_*", "denied"),
    "an exclusion": ("gw-records-*,-gw-records-1", "refused"),
    "a remote cluster": ("other:gw-records-1", "refused"),
    "any remote cluster": ("*:*", "refused"),
    "a part of a data stream": ("gw-stream::failures", "refused"),
    "date arithmetic": ("<gw_hidden{now/d}>", "refused"),
    "date arithmetic, encoded": ("%3Cgw_hidden%3E", "refused"),
    "an endpoint": ("gw-records-1/_search", "refused"),
    "an endpoint, encoded": ("gw-records-1%2F_search", "refused"),
    "parameters": ("gw-records-1?routing=1", "refused"),
    "a fragment": ("gw-records-1#", "refused"),
    "a path upwards": ("../gw_hidden", "refused"),
    "a dot": (".", "refused"),
    "an index of the server": (".security", "denied"),
    "indices of the server": (".*", "denied"),
    "a line break": ("gw-records-1\ngw_hidden", "refused"),
    "a quote": ('gw-records-1","gw_hidden', "refused"),
    "a closing brace": ("gw-records-1}", "refused"),
    "more names than fit": (",".join(f"gw-{index}" for index in range(1000)), "refused"),
}


@pytest.mark.parametrize(("expression", "reason"), NAMES.values(), ids=NAMES)
async def test_names(ask: Ask, expression: Any, reason: str) -> None:
    for operation, body in (
        ("fields", {}),
        ("pit", {}),
        ("count", {"query": ALL}),
        ("esql", {"by": ["user"], "limit": 10}),
    ):
        answer = await ask(f"/records/{operation}", {"indices": expression, **body})
        assert answer.reason == reason, (operation, answer.raw)
        assert answer.status == {"denied": 403, "refused": 400}[reason]


async def test_hidden_indices_are_not_listed(ask: Ask) -> None:
    for name in ("records", "first", "everything"):
        answer = await ask(f"/{name}/indices")
        names = [entry["name"] for entry in answer.json["indices"]]
        assert "gw-records-1" in names
        assert not [name for name in names if name.startswith(".")]
        assert ("gw_hidden" in names) == (name == "everything")


async def test_a_pattern_of_everything_leaves_out_the_servers_own(ask: Ask) -> None:
    answer = await ask("/everything/count", {"indices": ".security*"})
    assert answer.status in (403, 404)


async def test_an_alias_counts_as_what_it_leads_to(ask: Ask) -> None:
    # Half of what it leads to is allowed, by this connection.
    assert (await ask("/first/count", {"indices": "gw-ada"})).reason == "denied"
    assert (await ask("/first/count", {"indices": "gw-records-*"})).reason == "denied"
    # An alias of another name is what it leads to, too.
    assert (await ask("/records/count", {"indices": "latest"})).status == 200
    assert (await ask("/first/count", {"indices": "latest"})).reason == "denied"


async def test_the_index_in_a_query_leads_nowhere_else(ask: Ask, open_point: Open) -> None:
    """``_index`` chooses among the indices of the point in time, by whatever name."""
    for query in (
        {"term": {"_index": "gw_hidden"}},
        {"term": {"_index": "gw-trap"}},
        {"terms": {"_index": ["gw_hidden", "*", "_all"]}},
        {"prefix": {"_index": {"value": "gw_"}}},
        {"term": {"_index": "<gw_hidden>"}},
        {"term": {"_index": "other:gw_hidden"}},
    ):
        body = {
            "size": 10,
            "pit": {"id": await open_point("gw-records-*")},
            "query": query,
            "aggs": {"a": {"terms": {"field": "_index"}}},
        }
        answer = await ask("/records/search", body)
        if answer.status == 200:
            # A pattern chooses among them, too.
            buckets = answer.json["aggregations"]["a"]["buckets"]
            assert {one["key"] for one in buckets} <= {"gw-records-1", "gw-records-2"}
            assert HIDDEN not in answer.raw
        else:
            assert answer.reason in ("invalid", "refused", "not-found", "partial")
    answer = await ask("/records/count", {"indices": "gw-ada", "query": {"term": {"user": "bob"}}})
    assert answer.json == {"count": 0}  # the filter of the alias stays
