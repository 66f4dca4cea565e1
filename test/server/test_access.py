"""Who may ask, and what the server says about itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth.authorizer import Authorizer

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer import info_handler

from .conftest import Fetch

ADDRESSES = ["info", "list/shared", "data/shared/small.parquet"]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_strangers_are_refused(fetch: Fetch, address: str) -> None:
    assert (await fetch(address)).code == 200
    assert (await fetch(address, token=False)).code == 403


@pytest.mark.parametrize("address", ADDRESSES)
async def test_the_authorizer_decides(fetch: Fetch, jp_serverapp: Any, address: str) -> None:
    asked: list[tuple[str, str]] = []

    class Refuse(Authorizer):
        def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
            asked.append((action, resource))
            return False

    jp_serverapp.web_app.settings["authorizer"] = Refuse(parent=jp_serverapp)
    assert (await fetch(address)).code == 403
    assert asked == [("read", "workload_explorer")]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_other_sites_are_refused(
    fetch: Fetch, jp_serverapp: Any, http_server_client: Any, jp_base_url: str, address: str
) -> None:
    """With a browser's cookie; a token in the header cannot come from another site's page."""
    token = jp_serverapp.identity_provider.token
    login = await http_server_client.fetch(
        f"{jp_base_url}api/status?token={token}", follow_redirects=False
    )
    cookie = "; ".join(part.split(";")[0] for part in login.headers.get_list("Set-Cookie"))
    assert (await fetch(address, token=False, headers={"Cookie": cookie})).code == 200
    headers = {"Cookie": cookie, "Origin": "https://other.example"}
    assert (await fetch(address, token=False, headers=headers)).code in (403, 404)


async def test_info(fetch: Fetch, site_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(info_handler.EXTRAS, "runs", ("json", "no_such_module_anywhere"))
    monkeypatch.setitem(info_handler.EXTRAS, "gather", ("json",))
    answer = json.loads((await fetch("info")).body)
    assert answer["version"] == jupyterlab_workload_explorer.__version__ != "0.0.0"
    assert set(answer["extras"]) == {"elasticsearch", "gather", "runs", "dashboard"}
    assert answer["extras"]["gather"]["available"] is True
    assert answer["extras"]["runs"] == {
        "available": False,
        "missing": ["no_such_module_anywhere"],
        "install": 'pip install "jupyterlab-workload-explorer[runs]"',
    }
    assert answer["data_roots"] == [{"name": "shared", "description": "", "available": True}]
    assert answer["environments"] == [{"name": "ours", "executable": "^/opt/ours/"}]
    assert answer["roles"] == {"tags": {"upstream": "reduce"}}
    assert answer["site"] == {"path": str(site_file), "errors": []}
