"""What the gateway passes on, through a real Jupyter server, with read-only rights."""

from __future__ import annotations

import gzip
import json
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

from .conftest import DOCUMENTS, Ask, Open, Records


async def test_lists_connections_by_name(ask: Ask) -> None:
    answer = (await ask()).json
    assert answer["errors"] == []
    assert answer["connections"] == [
        {
            "name": "records",
            "description": "Records of tests",
            "available": True,
            "problem": None,
            "indices": ["gw-*"],
            "origin": "site",
            "page_size": 10_000,
            "time_limit": 60.0,
        },
        {
            "name": "key",
            "description": "",
            "available": True,
            "problem": None,
            "indices": ["gw-records-*"],
            "origin": "site",
            "page_size": 500,
            "time_limit": 60.0,
        },
    ]


async def test_lists_indices_aliases_and_streams(ask: Ask) -> None:
    answer = (await ask("/records/indices")).json
    assert answer["server"] == {"version": "8.19.21", "esql": True}
    found = {entry["name"]: entry for entry in answer["indices"]}
    # The alias that leads out, and the one that does so in part, are not offered.
    assert sorted(found) == [
        "gw-ada",
        "gw-heavy",
        "gw-live",
        "gw-records-1",
        "gw-records-2",
        "gw-stream",
        "latest",
    ]
    half = len(DOCUMENTS) // 2
    assert found["gw-records-1"] == {
        "name": "gw-records-1",
        "kind": "index",
        "documents": half,
        # Read-only rights do not tell sizes.
        "bytes": None,
        "members": [],
    }
    assert found["gw-ada"]["kind"] == "alias"
    assert found["gw-ada"]["members"] == ["gw-records-1", "gw-records-2"]
    assert found["gw-ada"]["documents"] == len(DOCUMENTS) // 2  # the filter counts
    assert found["gw-stream"]["kind"] == "data_stream"
    assert found["gw-stream"]["documents"] == 1
    assert len(found["gw-stream"]["members"]) == 1


async def test_gives_fields(ask: Ask) -> None:
    answer = (await ask("/records/fields", {"indices": "gw-records-*"})).json
    assert answer["indices"] == ["gw-records-1", "gw-records-2"]
    assert list(answer["fields"]["user"]) == ["keyword"]
    assert list(answer["fields"]["note"]) == ["text"]


async def test_searches_in_a_point_in_time(ask: Ask, open_point: Open, records: Records) -> None:
    handle = await open_point()
    body: dict[str, Any] = {
        "size": 50,
        "pit": {"id": handle},
        "query": {"bool": {"filter": [{"term": {"user": "ada"}}]}},
        "sort": [{"_shard_doc": "asc"}],
        "_source": ["user", "package"],
        "docvalue_fields": ["job", {"field": "time", "format": "epoch_millis"}],
        "track_total_hits": True,
    }
    found = []
    while True:
        answer = await ask("/records/search", body)
        assert answer.status == 200, answer.raw
        hits = answer.json["hits"]
        assert hits["total"]["value"] == len(DOCUMENTS) // 2
        if not hits["hits"]:
            break
        found += hits["hits"]
        body["search_after"] = hits["hits"][-1]["sort"]
    assert sorted(int(hit["fields"]["job"][0]) for hit in found) == sorted(
        one["job"] for one in DOCUMENTS if one["user"] == "ada"
    )
    # Elasticsearch's own id of the point in time stays on the server.
    assert b"pit_id" not in answer.raw
    assert (await ask(f"/records/pit/{handle}", method="DELETE")).status == 204
    lost = await ask("/records/search", body)
    assert (lost.status, lost.reason) == (404, "lost")


async def test_answers_are_those_of_elasticsearch(
    ask: Ask, open_point: Open, records: Records
) -> None:
    aggs = {
        "pairs": {
            "composite": {
                "size": 1000,
                "sources": [
                    {"package": {"terms": {"field": "package", "missing_bucket": True}}},
                    {"day": {"date_histogram": {"field": "time", "calendar_interval": "day"}}},
                ],
            },
            "aggs": {"users": {"cardinality": {"field": "user", "precision_threshold": 40_000}}},
        }
    }
    answer = await ask(
        "/records/search", {"size": 0, "pit": {"id": await open_point()}, "aggs": aggs}
    )
    with records.node.client() as client:
        direct = client.search(index="gw-records-*", size=0, aggs=aggs).body
    assert answer.json["aggregations"] == direct["aggregations"]
    assert answer.json["hits"] == direct["hits"]


async def test_a_filtered_alias_keeps_its_filter(ask: Ask, open_point: Open) -> None:
    handle = await open_point("gw-ada")
    aggs = {"users": {"terms": {"field": "user"}}}
    answer = await ask("/records/search", {"size": 0, "pit": {"id": handle}, "aggs": aggs})
    expected = [{"key": "ada", "doc_count": len(DOCUMENTS) // 2}]
    assert answer.json["aggregations"]["users"]["buckets"] == expected
    counted = await ask("/records/count", {"indices": "gw-ada"})
    assert counted.json == {"count": len(DOCUMENTS) // 2}
    # ES|QL is asked about indices themselves only; the planner pages then.
    by_esql = await ask("/records/esql", {"indices": "gw-ada", "by": ["user"], "limit": 10})
    assert (by_esql.status, by_esql.reason) == (400, "refused")


async def test_counts(ask: Ask) -> None:
    query = {"range": {"job": {"lte": 3}}}
    answer = await ask("/records/count", {"indices": "gw-records-*", "query": query})
    assert answer.json == {"count": 12}


async def test_counts_by_esql(ask: Ask) -> None:
    answer = await ask(
        "/records/esql",
        {
            "indices": "gw-records-*",
            "by": ["user", "package"],
            "filter": {"term": {"package": "numpy"}},
            "limit": 100,
        },
    )
    columns = [column["name"] for column in answer.json["columns"]]
    assert columns == ["count", "user", "package"]
    assert sorted(answer.json["values"]) == [[28, "ada", "numpy"], [28, "bob", "numpy"]]


async def test_data_streams_and_their_aliases(ask: Ask) -> None:
    for name in ("gw-stream", "gw-live", "gw-str*"):
        assert (await ask("/records/count", {"indices": name})).json == {"count": 1}


async def test_compressed_for_who_takes_it(ask: Ask, open_point: Open) -> None:
    body = {"size": 100, "pit": {"id": await open_point()}, "sort": [{"job": "asc"}]}
    plain = await ask("/records/search", body, headers={"Accept-Encoding": "identity"})
    packed = await ask("/records/search", body, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    refused = await ask("/records/search", body, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in refused.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    unpacked = json.loads(gzip.decompress(packed.raw))
    assert unpacked["hits"] == plain.json["hits"] == refused.json["hits"]
    assert len(packed.raw) < len(plain.raw) / 4


async def test_large_answers_arrive_whole(ask: Ask, open_point: Open) -> None:
    """More than many pieces of the writer."""
    handle = await open_point("gw-heavy")
    body = {
        "size": 10_000,
        "pit": {"id": handle},
        "sort": [{"job": "asc"}],
        "_source": False,
        "docvalue_fields": ["job", "user", "package"],
    }
    for encoding in ("identity", "gzip"):
        answer = await ask("/records/search", body, headers={"Accept-Encoding": encoding})
        raw = gzip.decompress(answer.raw) if encoding == "gzip" else answer.raw
        assert len(raw) > 1_000_000
        assert [hit["sort"][0] for hit in json.loads(raw)["hits"]["hits"]] == list(range(10_000))


async def test_wants_a_login(ask: Ask) -> None:
    for path, body in (
        ("", None),
        ("/records/indices", None),
        ("/records/count", {"indices": "gw-records-1"}),
    ):
        assert (await ask(path, body, token=False)).status == 403


async def test_wants_the_xsrf_token_with_a_cookie(
    ask: Ask, jp_serverapp: Any, http_server_client: Any, jp_base_url: str
) -> None:
    form = await http_server_client.fetch(f"{jp_base_url}login", raise_error=False)
    xsrf = _cookies(form)["_xsrf"]
    login = await http_server_client.fetch(
        f"{jp_base_url}login?token={jp_serverapp.identity_provider.token}",
        follow_redirects=False,
        raise_error=False,
    )
    cookies = {**_cookies(login), "_xsrf": xsrf}
    jar = "; ".join(f"{name}={value}" for name, value in cookies.items())
    body = {"indices": "gw-records-1"}
    # What a foreign page can send without asking beforehand, and what it cannot.
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
        sent = {"Cookie": jar, "Content-Type": kind}
        for operation in ("fields", "pit", "search", "count", "esql"):
            foreign = await ask(f"/records/{operation}", body, token=False, headers=sent)
            assert foreign.status == 403
        foreign = await ask(
            "/records/pit/0123456789abcdef", method="DELETE", token=False, headers=sent
        )
        assert foreign.status == 403
    ours = await ask(
        "/records/count", body, token=False, headers={"Cookie": jar, "X-XSRFToken": xsrf}
    )
    assert (ours.status, ours.json) == (200, {"count": len(DOCUMENTS) // 2})


def _cookies(response: Any) -> dict[str, str]:
    cookies = SimpleCookie()
    for header in response.headers.get_list("Set-Cookie"):
        cookies.load(header)
    return {name: morsel.coded_value for name, morsel in cookies.items()}


class TestAuthorizer:
    """An authorizer that lets nobody in."""

    @pytest.fixture
    def jp_server_config(self, site_file: Path) -> dict[str, Any]:
        return {
            "ServerApp": {
                "jpserver_extensions": {"jupyterlab_workload_explorer": True},
                "authorizer_class": "test.elasticsearch.authorizer.Denying",
            }
        }

    async def test_is_asked(self, ask: Ask) -> None:
        from .authorizer import ASKED

        ASKED.clear()
        assert (await ask()).status == 403
        assert (await ask("/records/count", {"indices": "gw-records-1"})).status == 403
        assert (await ask("/records/pit/abc", method="DELETE")).status == 403
        assert ASKED == [("read", "workload_explorer")] * 3


async def test_a_changed_file_holds_at_once(ask: Ask, site_file: Path, open_point: Open) -> None:
    handle = await open_point("gw-records-1")
    content = json.loads(site_file.read_text())
    content["connections"][0]["indices"] = ["gw-records-2"]
    site_file.write_text(json.dumps(content))
    answer = await ask("/records/count", {"indices": "gw-records-1"})
    assert (answer.status, answer.reason) == (403, "denied")
    # What was opened while it was allowed is closed, too.
    lost = await ask("/records/search", {"size": 0, "pit": {"id": handle}})
    assert (lost.status, lost.reason) == (404, "lost")


async def test_an_unknown_connection(ask: Ask) -> None:
    answer = await ask("/other/indices")
    assert (answer.status, answer.reason) == (404, "not-found")
    assert 'There is no connection "other". Known are: "records", "key".' in answer.json["message"]


async def test_pages_are_no_larger_than_the_connections(ask: Ask, open_point: Open) -> None:
    handle = await open_point("gw-records-1", "key")
    sources = [{"job": {"terms": {"field": "job"}}}]
    for size, status in ((500, 200), (501, 400)):
        for part in (
            {"size": size, "_source": False},
            {"size": 0, "aggs": {"a": {"composite": {"size": size, "sources": sources}}}},
            {
                "size": 0,
                "aggs": {
                    "a": {
                        "filter": {"match_all": {}},
                        "aggs": {"b": {"composite": {"size": size, "sources": sources}}},
                    }
                },
            },
        ):
            answer = await ask("/key/search", {"pit": {"id": handle}, **part})
            # A composite aggregation has to stand at the top, says Elasticsearch.
            assert answer.status == status or (status == 200 and answer.reason == "invalid")
            if status == 400:
                assert answer.reason == "refused"
                assert "is more than 500, this connection's page size" in answer.json["message"]


async def test_too_long_a_question_is_refused(ask: Ask, open_point: Open) -> None:
    body = {"size": 0, "pit": {"id": await open_point()}, "query": {"terms": {"user": []}}}
    body["query"]["terms"]["user"] = [f"{index:060}" for index in range(65_536)]
    answer = await ask("/records/search", body)
    assert (answer.status, answer.reason) == (413, "refused")
    assert "longer than 4 MiB" in answer.json["message"]
    body["query"]["terms"]["user"] = [f"{index:050}" for index in range(65_536)]
    assert (await ask("/records/search", body)).status == 200
