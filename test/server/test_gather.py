"""Gathers that the panel starts: in a real server, from a real Elasticsearch."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from test.services.documents import ask, create_index, load_documents
from test.services.nodes import Node

from .conftest import Fetch

pq = pytest.importorskip("pyarrow.parquet")

INDEX = "panel-records"
FIELDS = {"username": "keyword", "job_id": "keyword", "subservice": "keyword", "@timestamp": "date"}
ROWS = 300


@pytest.fixture
def records(elasticsearch_8: Node) -> Any:
    create_index(elasticsearch_8, INDEX, FIELDS)
    load_documents(
        elasticsearch_8,
        INDEX,
        [
            {
                "username": f"u{number % 7}",
                "job_id": f"j{number}",
                "subservice": ["numpy", "scipy"][number % 2],
                "@timestamp": f"2021-0{1 + number % 3}-05T12:00:00Z",
            }
            for number in range(ROWS)
        ],
    )
    yield elasticsearch_8
    ask(elasticsearch_8, "DELETE", f"/{INDEX}")


@pytest.fixture
def connected(site_file: Path, jp_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Adds a connection to the site file."""

    def connect(url: str) -> None:
        content = json.loads(site_file.read_text())
        entry = {"name": "mods", "urls": [url], "indices": ["panel-*"]}
        site_file.write_text(json.dumps({**content, "connections": [entry]}))

    monkeypatch.setenv("WORKLOAD_CONNECTIONS", str(site_file.parent / "none.json"))
    connect("http://127.0.0.1:9")
    return connect


async def post(fetch: Fetch, path: str, body: Any, **options: Any) -> Any:
    return await fetch(path, method="POST", body=json.dumps(body), **options)


async def listed(fetch: Fetch) -> list[dict[str, Any]]:
    answer = await fetch("gather")
    assert answer.code == 200, answer.body
    return json.loads(answer.body)["jobs"]


async def ended(fetch: Fetch) -> dict[str, Any]:
    for _ in range(1200):
        job = (await listed(fetch))[0]
        if job["state"] != "running":
            return job
        await asyncio.sleep(0.1)
    raise AssertionError("The job does not end.")


def dataset(folder: Path) -> Any:
    """What is in a dataset, without its manifest."""
    return pq.ParquetDataset(sorted(map(str, folder.rglob("*.parquet")))).read()


def request(**change: Any) -> dict[str, Any]:
    return {"connection": "mods", "index": INDEX, "folder": "gathered/mods", **change}


async def test_a_gather(
    fetch: Fetch, connected: Any, records: Node, jp_root_dir: Path, site_file: Path
) -> None:
    connected(records.url)
    assert await listed(fetch) == []
    answer = await post(fetch, "gather", request())
    assert answer.code == 201, answer.body
    job = await ended(fetch)
    assert (job["state"], job["documents"], job["message"]) == ("done", ROWS, None)
    assert job["id"] == json.loads(answer.body)["id"]
    table = dataset(jp_root_dir / "gathered" / "mods")
    assert table.num_rows == ROWS
    assert set(table.column("subservice").to_pylist()) == {"numpy", "scipy"}

    again = await post(fetch, f"gather/{job['id']}/resume", {})
    assert again.code == 204, again.body
    assert (await ended(fetch))["state"] == "done"
    assert (await fetch(f"gather/{job['id']}", method="DELETE")).code == 204
    assert await listed(fetch) == []
    assert dataset(jp_root_dir / "gathered" / "mods").num_rows == ROWS


async def test_columns_and_a_data_root(
    fetch: Fetch, connected: Any, records: Node, data_root: Path
) -> None:
    connected(records.url)
    wanted = request(
        folder="root:shared/mods",
        columns=["username", "@timestamp", "subservice"],
        mapping={"user": ["username"]},
    )
    answer = await post(fetch, "gather", wanted)
    assert answer.code == 201, answer.body
    job = await ended(fetch)
    assert job["state"] == "done", job["message"]
    names = dataset(data_root / "mods").column_names
    assert "username" in names
    assert "job_id" not in names


async def test_distilled_and_with_pseudonyms(
    fetch: Fetch, connected: Any, records: Node, jp_root_dir: Path, jp_config_dir: Path
) -> None:
    connected(records.url)
    wanted = request(distill=True, zone="Asia/Tokyo", pseudonymise=["user"])
    answer = await post(fetch, "gather", wanted)
    assert answer.code == 201, answer.body
    job = await ended(fetch)
    assert job["state"] == "done", job["message"]
    table = dataset(jp_root_dir / "gathered" / "mods")
    assert sum(table.column("count").to_pylist()) == ROWS
    users = set(table.column("username").to_pylist())
    assert len(users) == 7
    assert not any(user.startswith("u") and len(user) == 2 for user in users)
    (key,) = jp_config_dir.glob("workload-pseudonyms.key")
    assert key.stat().st_mode & 0o077 == 0
    kept = key.read_text()
    # The same key, and so the same pseudonyms, the next time.
    answer = await post(fetch, "gather", {**wanted, "folder": "gathered/others"})
    assert (await ended(fetch))["state"] == "done"
    others = dataset(jp_root_dir / "gathered" / "others")
    assert set(others.column("username").to_pylist()) == users
    assert key.read_text() == kept
    assert kept.encode() not in (await fetch("gather")).body


async def test_a_gather_into_what_a_killed_one_has_left(
    fetch: Fetch, connected: Any, records: Node, jp_root_dir: Path
) -> None:
    connected(records.url)
    left = jp_root_dir / "gathered" / "mods"
    (left / ".gather" / "tmp").mkdir(parents=True)
    (left / "_manifest.json.tmp").write_text("{")
    assert (await post(fetch, "gather", request())).code == 201
    job = await ended(fetch)
    assert (job["state"], job["message"]) == ("done", None)
    assert dataset(left).num_rows == ROWS


async def test_a_gather_that_cannot_begin_says_why(fetch: Fetch, connected: Any) -> None:
    answer = await post(fetch, "gather", request(index="other-records"))
    assert answer.code == 201, answer.body
    job = await ended(fetch)
    assert job["state"] == "failed"
    assert job["message"].endswith(".")
    assert "Traceback" not in job["message"]


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"connection": "nobody"}, 404, "There is no connection"),
        ({"folder": ""}, 400, "has to be a text"),
        ({"folder": "/"}, 400, "Name a folder"),
        ({"folder": "../elsewhere"}, 403, "leads out of"),
        ({"folder": "a/../../elsewhere"}, 403, "leads out of"),
        ({"folder": "linked/mods"}, 403, "leads out of"),
        ({"folder": "root:nobody/mods"}, 404, "There is no data root"),
        ({"folder": "root:shared"}, 400, "Name a folder"),
        ({"folder": "root:shared/../mods"}, 403, "leads out of"),
        ({"folder": ".hidden"}, 400, "is hidden"),
        ({"folder": "full"}, 400, "has other files in it"),
        ({"folder": "full/file.txt"}, 400, "is a file"),
        ({"index": 7}, 400, "has to be a text"),
        ({"shape": "round"}, 400, "long or wide"),
        ({"columns": "all"}, 400, "list of names"),
        ({"columns": ["a,b"]}, 400, "list of names"),
        ({"mapping": {"user": ["a=b"]}}, 400, "list of names"),
        ({"mapping": []}, 400, "object of roles"),
        ({"pseudonymise": [""]}, 400, "list of names"),
        ({"index": "\ud800"}, 400, "has to be a text"),
        ({"index": "a\0"}, 400, "has to be a text"),
        ({"connection": "\udfff"}, 400, "has to be a text"),
        ({"folder": "x\ud800"}, 400, "has to be a text"),
        ({"folder": "x\0"}, 400, "has to be a text"),
        ({"distill": True, "zone": "\ud800"}, 400, "has to be a text"),
        ({"columns": ["\ud800"]}, 400, "list of names"),
        ({"columns": ["a\0"]}, 400, "list of names"),
        ({"keep": ["\udfff"]}, 400, "list of names"),
        ({"mapping": {"user": ["\ud800"]}}, 400, "list of names"),
        ({"mapping": {"\ud800": ["a"]}}, 400, "role"),
        ({"mapping": {"us\0er": ["a"]}}, 400, "role"),
    ],
)
async def test_what_is_refused(
    fetch: Fetch,
    connected: Any,
    jp_root_dir: Path,
    outside: Path,
    change: dict[str, Any],
    status: int,
    sentence: str,
) -> None:
    (jp_root_dir / "linked").symlink_to(outside)
    (jp_root_dir / "full").mkdir()
    (jp_root_dir / "full" / "file.txt").write_text("mine")
    answer = await post(fetch, "gather", request(**change))
    assert answer.code == status, answer.body
    assert sentence in json.loads(answer.body)["message"]
    assert await listed(fetch) == []


@pytest.mark.parametrize("body", [[], "text", None])
async def test_a_request_that_is_no_object(fetch: Fetch, connected: Any, body: Any) -> None:
    assert (await post(fetch, "gather", body)).code == 400


async def test_jobs_that_nobody_knows(fetch: Fetch) -> None:
    assert (await fetch("gather/nobody", method="DELETE")).code == 404
    assert (await post(fetch, "gather/nobody/resume", {})).code == 404


async def test_nobody_gathers_without_a_token(fetch: Fetch, connected: Any) -> None:
    assert (await fetch("gather", token=False)).code in (302, 403)
    # Without a token the request would come from a browser, and lacks what shows that it is ours.
    assert (await post(fetch, "gather", request(), token=False)).code == 403
    assert (await fetch("gather/x", token=False, method="DELETE")).code == 403
    assert await listed(fetch) == []
