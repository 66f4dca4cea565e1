"""Texts, numbers and shapes at the edges of what JSON can say, at every place of every question.

Whatever stands there, an answer or a refusal comes, never a mistake of the gateway.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Ask, Open

SIZES = json.loads((Path(__file__).parents[2] / "sizes.json").read_text())

TEXTS = [
    "\ud800",
    "a\udfffb",
    "\udc00\ud800",
    "\x00",
    "user\x00",
    "\u2028",
    "\ufeff",
    "\uffff",
    "\U0010ffff",
    "%00",
    "%2F..%2f",
    "{{x}}",
    "${jndi:x}",
    "<gw_hidden-{now/d}>",
    "-gw-records-1",
    "gw-records-1,-gw-records-1",
    "c:gw_hidden",
    "*:gw_hidden",
    "_all",
    "gw_hidden|gw-records-1",
    "gw-records-1 gw_hidden",
    "*",
    "?",
    ".*",
    "a" * 40_000,
    "`",
    '"',
    "\\",
    "\r\n\r\nGET /",
]
VALUES: list[Any] = [
    *TEXTS,
    10**4000,
    -(2**63) - 1,
    2**64,
    1e308,
    5e-324,
    -0.0,
    True,
    None,
    [],
    {},
    [[]],
    [{"a": {}}],
    {"index": "gw_hidden", "id": "1", "path": "user"},
    {"value": {"value": 1}},
    {"\ud800": 1},
    {"script": "1"},
    ["gw_hidden"],
]

QUERY = {
    "bool": {
        "filter": [
            {"term": {"user": {"value": "ada"}}},
            {"terms": {"package": ["numpy"]}},
            {"range": {"time": {"gte": "2021", "format": "yyyy", "time_zone": "UTC"}}},
            {"prefix": {"user": {"value": "a"}}},
            {"exists": {"field": "user"}},
        ]
    }
}


def questions(handle: str) -> dict[str, dict[str, Any]]:
    return {
        "fields": {"indices": "gw-records-1"},
        "pit": {"indices": "gw-records-1"},
        "count": {"indices": "gw-records-1", "query": QUERY},
        "esql": {"indices": "gw-records-1", "by": ["user"], "filter": QUERY, "limit": 10},
        "search": {
            "size": 1,
            "pit": {"id": handle},
            "query": QUERY,
            "sort": [{"job": {"order": "asc", "format": "0"}}, {"_shard_doc": "asc"}],
            "search_after": [3, 1],
            "_source": ["user"],
            "docvalue_fields": [{"field": "time", "format": "epoch_millis"}],
            "aggs": {
                "rows": {
                    "composite": {
                        "size": 10,
                        "sources": [{"user": {"terms": {"field": "user"}}}],
                        "after": {"user": "ada"},
                    }
                },
                "top": {"terms": {"field": "user", "include": ["ada"], "missing": "x"}},
                "days": {
                    "date_histogram": {
                        "field": "time",
                        "calendar_interval": "month",
                        "time_zone": "UTC",
                        "format": "yyyy",
                    }
                },
                "sizes": {"histogram": {"field": "job", "interval": 10}},
                "classes": {"range": {"field": "job", "ranges": [{"from": 1, "key": "a"}]}},
            },
        },
    }


def places(value: Any) -> Iterator[tuple[Callable[[Any], None], Callable[[Any], None] | None]]:
    """By place of a value: how it is replaced, and how its key is, where it has one."""
    if isinstance(value, dict):
        for key, entry in value.items():

            def replace(new: Any, key: str = key) -> None:
                value[key] = new

            def rename(new: Any, key: str = key) -> None:
                value[str(new)] = value.pop(key)

            yield replace, rename
            yield from places(entry)
    elif isinstance(value, list):
        for index, entry in enumerate(value):

            def put(new: Any, index: int = index) -> None:
                value[index] = new

            yield put, None
            yield from places(entry)


async def test_strange_values(ask: Ask, open_point: Open) -> None:
    seed = int(os.environ.get("WORKLOAD_SEED", "7"))
    chance = random.Random(seed)
    size = "prove" if os.environ.get("WORKLOAD_PROVE") == "1" else "test"
    handle = await open_point()
    known = questions(handle)
    for case in range(SIZES["search_bodies"][size]):
        operation = chance.choice([*known, "search", "search"])
        body = copy.deepcopy(known[operation])
        replace, rename = chance.choice(list(places(body)))
        if rename is not None and chance.random() < 0.3:
            rename(chance.choice(TEXTS))
        else:
            replace(chance.choice(VALUES))
        answer = await ask(f"/records/{operation}", json.dumps(body).encode())
        what = (seed, case, operation, body, answer.raw)
        # 502 where Elasticsearch itself has no other word for it: a shard did not understand.
        assert answer.status in (200, 400, 403, 404, 502), what
        assert answer.reason not in ("error", "unauthorized", "unreachable"), what
        if answer.status == 200 and operation == "pit":
            await ask(f"/records/pit/{answer.json['id']}", method="DELETE")
        elif answer.status == 404 and operation == "search":
            assert body["pit"] != {"id": handle}, what


BODIES = {
    "a surrogate in an index": {"indices": "gw-\ud800"},
    "a surrogate in a key": {"indices": "gw-records-1", "\ud800": 1},
    "a surrogate in a value": {
        "indices": "gw-records-1",
        "query": {"term": {"user": "\ud800"}},
    },
    "a surrogate in a field": {
        "indices": "gw-records-1",
        "query": {"exists": {"field": "\ud800"}},
    },
    "NUL in an index": {"indices": "gw-records-1\x00"},
    "NUL in a field": {"indices": "gw-records-1", "query": {"term": {"user\x00": 1}}},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_half_characters_and_nul(ask: Ask, body: dict[str, Any]) -> None:
    raw = json.dumps(body)
    for sent in (raw, raw.replace("d800", "D800")):
        answer = await ask("/records/count", sent.encode())
        assert (answer.status, answer.reason) == (400, "refused")
        assert answer.json["message"].endswith(".")


async def test_other_encodings(ask: Ask) -> None:
    """Bytes in which one reader sees something else than the other."""
    text = '{"indices": "gw-records-1"}'
    for encoding in ("utf-16", "utf-32", "utf-16-le", "utf-8-sig"):
        answer = await ask("/records/count", text.encode(encoding))
        assert (answer.status, answer.reason) == (400, "refused")
    surrogate = '{"indices": "gw-\ud800"}'.encode("utf-8", "surrogatepass")
    answer = await ask("/records/count", surrogate)
    assert (answer.status, answer.reason) == (400, "refused")


@pytest.mark.parametrize(
    "name", ["%00", "%ED%A0%80", "%FF", "..", "%2e%2e", "records%00", "a" * 9000]
)
async def test_names_of_connections_and_handles(ask: Ask, name: str) -> None:
    for path, method in (
        (f"/{name}/indices", "GET"),
        (f"/{name}/count", "POST"),
        (f"/records/pit/{name}", "DELETE"),
    ):
        body = b'{"indices": "gw-records-1"}' if method == "POST" else None
        answer = await ask(path, body, method=method)
        assert answer.status in (400, 404, 405), (path, answer.raw)


async def test_nul_in_a_value_is_a_value(ask: Ask) -> None:
    """A keyword may hold it; pages of tuples have to go on behind it."""
    for query in ({"term": {"user": "a\x00"}}, {"terms": {"user": ["\x00"]}}):
        answer = await ask("/records/count", {"indices": "gw-records-1", "query": query})
        assert (answer.status, answer.json) == (200, {"count": 0})
