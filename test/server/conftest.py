"""A real Jupyter server with our extension, and a site file with data roots."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

#: More than two chunks of the handler, and no repetition that would hide a wrong offset.
BIG = b"".join(index.to_bytes(4, "big") for index in range(600_000))

#: What no answer may hold.
SECRET = b"the content of a file outside"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that nothing may lead to."""
    folder = tmp_path / "outside"
    (folder / "deep").mkdir(parents=True)
    (folder / "secret.txt").write_bytes(SECRET)
    (folder / "deep" / "secret.txt").write_bytes(SECRET)
    return folder


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """A data root with a small dataset."""
    folder = tmp_path / "shared data"
    (folder / "month=2021-03").mkdir(parents=True)
    (folder / "month=2021-04").mkdir()
    (folder / "small.parquet").write_bytes(b"PAR1 abcdefghij PAR1")
    (folder / "big.parquet").write_bytes(BIG)
    (folder / "empty.parquet").write_bytes(b"")
    (folder / "month=2021-03" / "part 0 ä.parquet").write_bytes(b"march")
    (folder / "month=2021-04" / "part-0.parquet").write_bytes(b"april")
    (folder / "month=2021-04" / "_SUCCESS").write_bytes(b"")
    return folder


@pytest.fixture
def site_file(data_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site file in force that lists the data root as ``shared``."""
    path = tmp_path / "workload-site.json"
    path.write_text(
        json.dumps(
            {
                "version": 1,
                "data_roots": [{"name": "shared", "path": str(data_root)}],
                "environments": [{"name": "ours", "executable": "^/opt/ours/"}],
                "roles": {"tags": {"upstream": "reduce"}},
            }
        )
    )
    monkeypatch.setenv("WORKLOAD_SITE", str(path))
    return path


@pytest.fixture
def jp_server_config(site_file: Path) -> dict[str, Any]:
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_workload_explorer": True}},
    }


Fetch = Callable[..., Awaitable[HTTPResponse]]


@pytest.fixture
def fetch(jp_serverapp: Any, http_server_client: Any, jp_base_url: str) -> Fetch:
    """Fetch an address below ``workload-explorer/``, sent exactly as it is written."""

    async def fetch(
        path: str, *, token: bool = True, headers: dict[str, str] | None = None, **options: Any
    ) -> HTTPResponse:
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"token {jp_serverapp.identity_provider.token}"
        return await http_server_client.fetch(
            f"{jp_base_url}workload-explorer/{path}",
            headers=sent,
            follow_redirects=False,
            # Compressed answers would hide the length that was sent.
            decompress_response=False,
            raise_error=False,
            **options,
        )

    return fetch
