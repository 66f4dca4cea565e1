"""A real Elasticsearch with security, with rights and traps, and a Jupyter server before it."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from tornado.httpclient import HTTPResponse

from test.services.nodes import ADMIN, Node

PASSWORD = "pass-7Qm2-reader"
READER = "gateway-reader"


def basic(user: str, password: str) -> str:
    """A login as it stands in a header."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


#: What no answer and no log may hold. Each is like no other text.
SECRETS = [PASSWORD, basic(READER, PASSWORD), ADMIN[1], basic(*ADMIN)]

DOCUMENTS = [
    {"time": f"2021-03-{day:02d}T12:00:00Z", "user": user, "package": package, "job": day}
    for day in range(1, 29)
    for user, package in (("ada", "numpy"), ("ada", "scipy"), ("bob", "numpy"), ("eve", "torch"))
]

MAPPING = {
    "properties": {
        "time": {"type": "date"},
        "user": {"type": "keyword"},
        "package": {"type": "keyword"},
        "job": {"type": "long"},
        "note": {"type": "text"},
        "odd `name` | x": {"type": "keyword"},
    }
}


@dataclass(frozen=True)
class Records:
    """Indices on a node with security, and who may read them.

    ``gw-records-1`` and ``-2`` hold ``DOCUMENTS`` by halves, ``gw-ada`` is an alias of both with a
    filter, ``gw-stream`` a data stream, ``gw-trap`` an alias of the forbidden index ``gw_hidden``,
    ``gw-mixed`` an alias of both kinds, ``gw-heavy`` many documents.
    """

    node: Node
    #: Key as the client takes it, of a user who may read ``gw-*`` and nothing else.
    api_key: str


def bulk(client: Elasticsearch, index: str, documents: list[dict[str, Any]]) -> None:
    answer = client.bulk(
        operations=[line for one in documents for line in ({"create": {"_index": index}}, one)],
        refresh=True,
    )
    assert not answer["errors"]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own file, and no site file."""
    path = tmp_path / "own.json"
    monkeypatch.setenv("WORKLOAD_CONNECTIONS", str(path))
    monkeypatch.setenv("WORKLOAD_SITE", str(tmp_path / "site.json"))
    (tmp_path / "site.json").write_text('{"version": 1}')
    return path


@pytest.fixture(scope="session")
def records(elasticsearch_secured: Node) -> Iterator[Records]:
    """The records of this folder's tests, read-only."""
    with elasticsearch_secured.client() as client:
        for index in ("gw-records-1", "gw-records-2", "gw_hidden", "gw-heavy"):
            client.indices.create(
                index=index,
                mappings=MAPPING,
                settings={"number_of_shards": 1, "number_of_replicas": 0},
            )
        half = len(DOCUMENTS) // 2
        bulk(client, "gw-records-1", DOCUMENTS[:half])
        bulk(client, "gw-records-2", DOCUMENTS[half:])
        bulk(client, "gw_hidden", [{"user": "hidden-user-of-gw"}])
        bulk(client, "gw-heavy", [{"user": "ada", "job": job} for job in range(40_000)])
        client.indices.put_index_template(
            name="gw", index_patterns=["gw-stream*"], data_stream={}, priority=500
        )
        bulk(client, "gw-stream", [{"@timestamp": "2021-03-01", "user": "ada"}])
        client.indices.update_aliases(
            actions=[
                {
                    "add": {
                        "indices": ["gw-records-1", "gw-records-2"],
                        "alias": "gw-ada",
                        "filter": {"term": {"user": "ada"}},
                    }
                },
                {"add": {"index": "gw_hidden", "alias": "gw-trap"}},
                {"add": {"index": "gw_hidden", "alias": "gw-mixed"}},
                {"add": {"index": "gw-records-1", "alias": "gw-mixed"}},
                {"add": {"index": "gw-stream", "alias": "gw-live"}},
                {"add": {"index": "gw-records-2", "alias": "latest"}},
            ]
        )
        client.security.put_role(
            name=READER, indices=[{"names": ["gw-*", "latest"], "privileges": ["read"]}]
        )
        client.security.put_user(username=READER, password=PASSWORD, roles=[READER])
        key = client.security.grant_api_key(
            grant_type="password",
            username=READER,
            password=PASSWORD,
            api_key={"name": "gateway"},
        )
        SECRETS.extend([key["encoded"], key["api_key"]])
        try:
            yield Records(elasticsearch_secured, key["encoded"])
        finally:
            client.security.delete_user(username=READER)
            client.security.delete_role(name=READER)
            # The data stream stays: the module that removes one is not among those of the tests.
            client.indices.delete(index="gw-records-1,gw-records-2,gw_hidden,gw-heavy")


@pytest.fixture
def connections(records: Records, tmp_path: Path) -> list[dict[str, Any]]:
    """The connections of the site file; tests override it, or change the file."""
    key = tmp_path / "key"
    key.write_text(records.api_key + "\n")
    key.chmod(0o600)
    return [
        {
            "name": "records",
            "description": "Records of tests",
            "urls": [records.node.url],
            "authentication": {"user": READER, "password": {"environment": "GW_PASSWORD"}},
            "indices": ["gw-*"],
        },
        {
            "name": "key",
            "urls": [records.node.url],
            "authentication": {"api_key": {"file": str(key)}},
            "indices": ["gw-records-*"],
            "page_size": 500,
        },
    ]


@pytest.fixture
def site_file(
    connections: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A site file in force, and no connections of the user."""
    path = tmp_path / "workload-site.json"
    path.write_text(json.dumps({"version": 1, "connections": connections}))
    monkeypatch.setenv("WORKLOAD_SITE", str(path))
    monkeypatch.setenv("WORKLOAD_CONNECTIONS", str(tmp_path / "own.json"))
    monkeypatch.setenv("GW_PASSWORD", PASSWORD)
    return path


@pytest.fixture
def jp_server_config(site_file: Path) -> dict[str, Any]:
    return {"ServerApp": {"jpserver_extensions": {"jupyterlab_workload_explorer": True}}}


#: Everything that was answered, and what was logged, since the tests began.
ANSWERS: list[bytes] = []


class _Keep(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += logging.Formatter().formatException(record.exc_info)
        ANSWERS.append(text.encode("utf-8", "replace"))


@pytest.fixture(autouse=True)
def no_secret(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test: no secret is in any answer or in any log, down to the last detail."""
    root = logging.getLogger()
    keep, level = _Keep(logging.DEBUG), root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    ANSWERS.clear()
    yield
    root.removeHandler(keep)
    root.setLevel(level)
    for secret in SECRETS:
        told = [answer for answer in ANSWERS if secret.encode() in answer]
        assert not told, "a secret was told"


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer; ``reason`` is the code of a refusal."""

    status: int
    headers: Any
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def reason(self) -> str | None:
        return self.json.get("reason") if self.raw and self.status >= 400 else None


Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture
def ask(jp_serverapp: Any, http_server_client: Any, jp_base_url: str) -> Ask:
    """Ask the gateway: a path below ``workload-explorer/elasticsearch``, a body for POST."""

    async def ask(
        path: str = "",
        body: Any = None,
        *,
        method: str | None = None,
        token: bool = True,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"token {jp_serverapp.identity_provider.token}"
        method = method or ("GET" if body is None else "POST")
        response: HTTPResponse = await http_server_client.fetch(
            f"{jp_base_url}workload-explorer/elasticsearch{path}",
            method=method,
            headers=sent,
            body=body if body is None or isinstance(body, bytes) else json.dumps(body),
            allow_nonstandard_methods=True,
            follow_redirects=False,
            decompress_response=False,
            raise_error=False,
            request_timeout=120,
        )
        head = "\n".join(f"{name}: {value}" for name, value in response.headers.get_all())
        ANSWERS.extend([head.encode(), response.body or b""])
        return Answer(response.code, response.headers, response.body or b"")

    return ask


Open = Callable[..., Awaitable[str]]


@pytest.fixture
def open_point(ask: Ask) -> Open:
    """Open a point in time through the gateway, and give its handle."""

    async def open_point(indices: str = "gw-records-*", connection: str = "records") -> str:
        answer = await ask(f"/{connection}/pit", {"indices": indices})
        assert answer.status == 200, answer.raw
        return str(answer.json["id"])

    return open_point
