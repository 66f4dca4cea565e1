"""A real Jupyter server with Voilà and our extension."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse
from traitlets.config import Config

Fetch = Callable[[str], Awaitable[HTTPResponse]]


@pytest.fixture
def change_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Changes the site file in force, which says nothing at first."""
    path = tmp_path / "workload-site.json"
    monkeypatch.setenv("WORKLOAD_SITE", str(path))

    def change(content: Any) -> None:
        path.write_text(json.dumps({"version": 1, **content}))

    change({})
    return change


@pytest.fixture
def jp_server_config(change_site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    # Tests have folders of their own; Voilà's templates are in the environment.
    monkeypatch.setenv("JUPYTER_PATH", str(Path(sys.prefix) / "share" / "jupyter"))
    extensions = {"jupyterlab_workload_explorer": True, "voila.server_extension": True}
    return Config({"ServerApp": {"jpserver_extensions": extensions}})


@pytest.fixture
def fetch(jp_serverapp: Any, http_server_client: Any, jp_base_url: str) -> Fetch:
    """Fetch an address below the server's base, with its token unless that is left out."""

    async def fetch(path: str, token: bool = True) -> HTTPResponse:
        headers = {"Authorization": f"token {jp_serverapp.identity_provider.token}"}
        return await http_server_client.fetch(
            f"{jp_base_url}{path}",
            headers=headers if token else {},
            raise_error=False,
            follow_redirects=False,
            request_timeout=120,
        )

    return fetch
