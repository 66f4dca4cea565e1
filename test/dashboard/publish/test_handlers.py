"""Publishing asked of a real Jupyter server, as the panel does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from jupyterlab_workload_explorer.dashboard.publish.problem import PublishUsage
from jupyterlab_workload_explorer.dashboard.publish.server_paths import PathProblem, ServerPaths
from jupyterlab_workload_explorer.dashboard.publish.versions import Versions
from jupyterlab_workload_explorer.site_file import SiteFile

from .conftest import SHOW, Sample, make_sample

Send = Callable[..., Awaitable[HTTPResponse]]

DASHBOARDS = "workload-explorer/dashboards"


@pytest.fixture
def send(jp_serverapp: Any, http_server_client: Any, jp_base_url: str) -> Send:
    """Send a request, with a body as JSON where there is one."""

    async def send(method: str, path: str, body: Any = None, token: bool = True) -> HTTPResponse:
        headers = {"Authorization": f"token {jp_serverapp.identity_provider.token}"}
        return await http_server_client.fetch(
            f"{jp_base_url}{path}",
            method=method,
            headers=headers if token else {},
            body=None if body is None else json.dumps(body),
            allow_nonstandard_methods=True,
            raise_error=False,
            request_timeout=120,
        )

    return send


@pytest.fixture
def sample(jp_root_dir: Path) -> Sample:
    """A dashboard in the server's root."""
    return make_sample(jp_root_dir)


ASKED = {
    "notebook": "work/report.dashboard.ipynb",
    "out": "public/report",
    "audience": "public",
    "raw": ["raw"],
    "page": True,
}


async def publish(send: Send, **changes: Any) -> Any:
    """Publish, and wait for what becomes of it."""
    answer = await send("POST", DASHBOARDS, ASKED | changes)
    assert answer.code == 201, answer.body
    name = json.loads(answer.body)["id"]
    for _ in range(1200):
        told = json.loads((await send("GET", f"{DASHBOARDS}/publishing/{name}")).body)
        if told["state"] != "running":
            return told
        await asyncio.sleep(0.1)
    raise AssertionError("it does not end")


async def listed(send: Send) -> list[Any]:
    return json.loads((await send("GET", DASHBOARDS)).body)["dashboards"]


async def test_publish_again_and_back(send: Send, sample: Sample) -> None:
    assert await listed(send) == []
    told = await publish(send)
    assert told["state"] == "published", told
    assert told["outcome"]["data"] == [
        {"path": "data/reduced.parquet", "size": sample.reduced.stat().st_size}
    ]
    (one,) = await listed(send)
    assert one["out"] == "public/report"
    assert one["source"] == "work/report.ipynb"
    assert one["asked"]["raw"] == ["raw"]
    assert (one["versions"], one["page"], one["audience"]) == (1, True, "public")
    # The notebook itself is not there in this test.
    assert one["state"] == "stale"

    page = await send("GET", f"{DASHBOARDS}/{one['id']}/page")
    assert page.code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "default-src" not in policy
    assert b"text-amber-gromacs" in page.body
    refused = await send("POST", f"{DASHBOARDS}/{one['id']}/rollback")
    assert refused.code == 409
    assert "no good version before" in json.loads(refused.body)["message"]
    sample.write(SHOW, "print('more')")
    assert (await publish(send))["state"] == "published"
    assert (await listed(send))[0]["versions"] == 2
    answer = await send("POST", f"{DASHBOARDS}/{one['id']}/rollback")
    assert answer.code == 200
    assert (await listed(send))[0]["versions"] == 1
    current = Versions(sample.out).current
    assert current is not None
    assert current.name.startswith("0001-")

    assert (await send("DELETE", f"{DASHBOARDS}/{one['id']}")).code == 204
    assert await listed(send) == []
    assert (sample.out / "manifest.json").is_file()
    assert (await send("POST", f"{DASHBOARDS}/{one['id']}/rollback")).code == 404


async def test_the_file_of_parameters_is_remembered(
    send: Send, sample: Sample, tmp_path: Path
) -> None:
    def set_parameters() -> None:
        content = json.loads(sample.notebook.read_text())
        content["metadata"]["workload"]["dashboard"]["parameters"] = {"year": 2021}
        sample.save(content)

    assert (await publish(send, page=False))["state"] == "published"
    (one,) = await listed(send)
    assert (one["parameters"], one["asked"]["compiled_with"]) == (False, None)
    set_parameters()
    told = await publish(send, page=False, compiled_with="work/2021.yaml")
    assert told["state"] == "published", told
    (one,) = await listed(send)
    assert (one["parameters"], one["asked"]["compiled_with"]) == (True, "work/2021.yaml")
    # Readers do not learn where it lies.
    for file in sample.out.iterdir():
        assert file.is_dir() or b"2021.yaml" not in file.read_bytes()
    # What is not below the server's root is told as it is; what failed is remembered, too.
    sample.write("1 / 0")
    other = str(tmp_path / "elsewhere" / "2022.yaml")
    assert (await publish(send, compiled_with=other))["state"] == "stopped"
    (one,) = await listed(send)
    assert (one["parameters"], one["asked"]["compiled_with"]) == (True, other)


async def test_roles_hosts_and_the_kernel(send: Send, sample: Sample) -> None:
    more = {"map": ["user=handle"], "allowed_hosts": ["127.0.0.1:9", "[::1]:9"]}
    told = await publish(send, page=False, kernel="python3", **more)
    assert told["state"] == "published", told
    (one,) = await listed(send)
    asked = {key: one["asked"][key] for key in ("mapping", "allowed_hosts", "kernel")}
    assert asked == {
        "mapping": {"user": "handle"},
        "allowed_hosts": ["127.0.0.1:9", "[::1]:9"],
        "kernel": "python3",
    }
    told = await publish(send, kernel="none-such")
    assert told["state"] == "stopped"
    assert "There is no kernel “none-such”" in told["outcome"]["message"]


async def test_what_is_found_stops_it_unless_there_is_a_reason(send: Send, sample: Sample) -> None:
    sample.write(SHOW, 'print("adalove used it")')
    told = await publish(send)
    assert told["state"] == "stopped"
    assert told["step"] == "privacy"
    outcome = told["outcome"]
    assert outcome["acceptable"]
    assert [one["place"] for one in outcome["findings"]]
    # A finding does not spread what it found.
    assert "adalove" not in json.dumps(outcome["findings"])
    (one,) = await listed(send)
    assert one["state"] == "failing"
    assert one["created"] is None
    told = await publish(send, accept="she is the author, and agrees")
    assert told["state"] == "published", told


async def test_one_at_a_time_and_it_can_be_cancelled(send: Send, sample: Sample) -> None:
    sample.write("import time\ntime.sleep(600)")
    answer = await send("POST", DASHBOARDS, ASKED)
    name = json.loads(answer.body)["id"]
    again = await send("POST", DASHBOARDS, ASKED)
    assert again.code == 409
    assert "is being published" in json.loads(again.body)["message"]
    while True:
        told = json.loads((await send("GET", f"{DASHBOARDS}/publishing/{name}")).body)
        assert told["state"] == "running", told
        if told["step"] == "verify":
            break
        await asyncio.sleep(0.1)
    assert (await send("DELETE", f"{DASHBOARDS}/publishing/{name}")).code == 204
    told = json.loads((await send("GET", f"{DASHBOARDS}/publishing/{name}")).body)
    assert told["state"] == "cancelled"
    assert not sample.out.exists()
    assert list(Versions(sample.out).folder.glob("tmp-*")) == []


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"out": ""}, 400, "“out” has to be a text"),
        ({"audience": 7}, 400, "“audience” has to be a text"),
        ({"raw": "raw"}, 400, "“raw” has to be a list"),
        ({"raw": ["a\0b"]}, 400, "“raw” has to be a text"),
        ({"k": "5"}, 400, "“k” has to be a number"),
        ({"map": {"user": "handle"}}, 400, "“map” has to be a list"),
        ({"map": ["user"]}, 400, "user is not understood. Write it as user=handle."),
        ({"map": ["boss=handle"]}, 400, "There is no role “boss”. Roles are: user"),
        ({"allowed_hosts": ["127.0.0.1"]}, 400, "“127.0.0.1” is not an address"),
        ({"allowed_hosts": ["host.invalid:80"]}, 400, "“host.invalid” is not known here"),
        ({"kernel": 7}, 400, "“kernel” has to be a text"),
        ({"out": "work"}, 400, "was not published by this"),
        ({"out": "nowhere/report"}, 400, "There is no folder"),
        ({"out": "../report"}, 400, "leads out of its folder"),
        ({"compiled_with": 7}, 400, "“compiled_with” has to be a text"),
        ({"notebook": "root:none/a.ipynb"}, 400, "There is no data root “none”"),
    ],
)
async def test_what_is_wrong_is_told(
    send: Send, sample: Sample, changes: dict[str, Any], status: int, message: str
) -> None:
    answer = await send("POST", DASHBOARDS, ASKED | changes)
    assert answer.code == status
    assert message in json.loads(answer.body)["message"]


async def test_wrong_usage_fails_with_a_sentence(send: Send, sample: Sample) -> None:
    told = await publish(send, raw=["nothing"])
    assert told["state"] == "failed"
    assert "There is no “" in told["message"]


async def test_others_are_not_let_in(send: Send) -> None:
    for method, path in [
        ("GET", DASHBOARDS),
        ("POST", DASHBOARDS),
        ("GET", f"{DASHBOARDS}/publishing/0a"),
        ("DELETE", f"{DASHBOARDS}/publishing/0a"),
        ("DELETE", f"{DASHBOARDS}/0a"),
        ("GET", f"{DASHBOARDS}/0a/page"),
        ("POST", f"{DASHBOARDS}/0a/rollback"),
    ]:
        body = {} if method == "POST" else None
        assert (await send(method, path, body, token=False)).code == 403


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site.json"
    root = {"name": "shared", "path": str(tmp_path / "shared"), "description": ""}
    site.write_text(json.dumps({"version": 1, "data_roots": [root]}))
    monkeypatch.setenv("WORKLOAD_SITE", str(site))
    paths = ServerPaths(tmp_path / "home", SiteFile())
    assert paths.on_disk("a/b") == tmp_path / "home/a/b"
    assert paths.on_disk("root:shared/a") == tmp_path / "shared/a"
    assert paths.on_disk("/srv/./www") == Path("/srv/www")
    for path in ("../a", "a/../../b", "root:shared/../a"):
        with pytest.raises(PathProblem, match="leads out of its folder"):
            paths.on_disk(path)
    assert paths.shown(tmp_path / "home/a") == "a"
    assert paths.shown(Path("/srv/www")) == "/srv/www"
    with pytest.raises(PublishUsage):
        Versions(tmp_path / "none" / "out")
