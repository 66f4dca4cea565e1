"""A user's own rights, down to documents and fields: all answers are of what the user may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import DOCUMENTS, SECRETS, Ask, Open, Records

OWN_PASSWORD = "pass-own-Rz81-documents"
SECRETS.append(OWN_PASSWORD)

ADAS = sum(1 for one in DOCUMENTS if one["user"] == "ada")


@pytest.fixture(scope="module")
def own_user(records: Records) -> Iterator[str]:
    """Sees the documents of Ada only, and neither jobs nor notes in them."""
    with records.node.client() as client:
        # Such rights are not in the free licence. A trial changes nothing else of these tests.
        if client.license.get()["license"]["type"] != "trial":
            client.license.post_start_trial(acknowledge=True)
        client.security.put_role(
            name="gateway-own",
            indices=[
                {
                    "names": ["gw-records-*"],
                    "privileges": ["read"],
                    "query": {"term": {"user": "ada"}},
                    "field_security": {"grant": ["time", "user", "package"]},
                }
            ],
        )
        client.security.put_user(
            username="gateway-own", password=OWN_PASSWORD, roles=["gateway-own"]
        )
        try:
            yield "gateway-own"
        finally:
            client.security.delete_user(username="gateway-own")
            client.security.delete_role(name="gateway-own")


@pytest.fixture
def connections(
    own_user: str, records: Records, monkeypatch: pytest.MonkeyPatch
) -> list[dict[str, Any]]:
    monkeypatch.setenv("GW_OWN", OWN_PASSWORD)
    return [
        {
            "name": "records",
            "urls": [records.node.url],
            "authentication": {"user": own_user, "password": {"environment": "GW_OWN"}},
            "indices": ["gw-*"],
        }
    ]


async def test_numbers_are_of_the_users_documents(ask: Ask) -> None:
    listed = (await ask("/records/indices")).json["indices"]
    documents = {entry["name"]: entry["documents"] for entry in listed}
    assert set(documents) >= {"gw-records-1", "gw-records-2"}
    assert documents["gw-records-1"] + documents["gw-records-2"] == ADAS
    counted = await ask("/records/count", {"indices": "gw-records-*"})
    assert counted.json == {"count": ADAS}


async def test_fields_are_those_that_the_user_may_see(ask: Ask) -> None:
    fields = (await ask("/records/fields", {"indices": "gw-records-*"})).json["fields"]
    mapped = {name for name in fields if not name.startswith("_")}
    assert mapped == {"time", "user", "package"}


async def test_answers_are_of_what_the_user_may_see(ask: Ask, open_point: Open) -> None:
    handle = await open_point()
    aggs = {
        "users": {"terms": {"field": "user"}},
        "jobs": {"cardinality": {"field": "job"}},
    }
    body = {"size": 100, "pit": {"id": handle}, "aggs": aggs, "docvalue_fields": ["job", "user"]}
    answer = (await ask("/records/search", body)).json
    assert answer["aggregations"]["users"]["buckets"] == [{"key": "ada", "doc_count": ADAS}]
    assert answer["aggregations"]["jobs"]["value"] == 0
    assert len(answer["hits"]["hits"]) == ADAS
    assert {tuple(sorted(hit["_source"])) for hit in answer["hits"]["hits"]} == {
        ("package", "time", "user")
    }
    # Nor can a hidden field be asked about.
    by_job = {"indices": "gw-records-*", "query": {"range": {"job": {"gte": 0}}}}
    assert (await ask("/records/count", by_job)).json == {"count": 0}
    esql = {"indices": "gw-records-*", "by": ["user"], "limit": 10}
    assert (await ask("/records/esql", esql)).json["values"] == [[ADAS, "ada"]]
    hidden = await ask("/records/esql", {**esql, "by": ["job"]})
    assert (hidden.status, hidden.reason) == (400, "invalid")
