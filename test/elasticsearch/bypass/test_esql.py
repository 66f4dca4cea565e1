"""Fields and other parts that would break out of ES|QL."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import Ask
from .conftest import SCRIPT

FIELDS = {
    "a closing backtick": "user` | LIMIT 1 | EVAL x = `user",
    "a pipe": "user | DROP user",
    "another command": "user` | ENRICH policy | KEEP `user",
    "another source": 'user` FROM "gw_hidden',
    "two backticks": "user``",
    "an assignment": "x = user",
    "a function": "COUNT_DISTINCT(user)",
    "a comment": "user // ",
    "metadata": "_index",
    "a parameter": "?1",
}


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
async def test_fields_in_esql(ask: Ask, field: str) -> None:
    """A name is a name: nobody has such a field, and that is what Elasticsearch says."""
    body = {"indices": "gw-records-1", "by": [field], "limit": 10}
    answer = await ask("/records/esql", body)
    assert (answer.status, answer.reason) == (400, "invalid"), answer.raw
    assert answer.json["type"] == "verification_exception"


async def test_an_odd_field_in_esql(ask: Ask) -> None:
    body = {"indices": "gw-records-*", "by": ["odd `name` | x"], "limit": 10}
    answer = await ask("/records/esql", body)
    assert answer.status == 200
    assert [column["name"] for column in answer.json["columns"]] == ["count", "odd `name` | x"]


ESQL: dict[str, dict[str, Any]] = {
    "a query": {"query": "FROM gw_hidden"},
    "a line break in a field": {"by": ["user\n| LIMIT 1"]},
    "a control character": {"by": ["user\x00"]},
    "a pattern of fields": {"by": ["*"]},
    "no field": {"by": []},
    "an empty field": {"by": [""]},
    "a text": {"by": "user"},
    "a number": {"by": [1]},
    "a limit as text": {"limit": "1 | DROP user"},
    "a limit of true": {"limit": True},
    "no limit": {"limit": None},
    "too high a limit": {"limit": 10_001},
    "a field twice": {"by": ["user", "user"]},
    "the name of the count": {"by": ["count"]},
    "parameters": {"params": ["gw_hidden"]},
    "tables": {"tables": {}},
    "a script in the filter": {"filter": {"script": {"script": SCRIPT}}},
}


@pytest.mark.parametrize("part", ESQL.values(), ids=ESQL)
async def test_esql(ask: Ask, part: dict[str, Any]) -> None:
    body = {"indices": "gw-records-1", "by": ["user"], "limit": 10, **part}
    answer = await ask("/records/esql", body)
    assert (answer.status, answer.reason) == (400, "refused"), answer.raw
