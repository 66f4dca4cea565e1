"""Pages of the real Voilà, and which labextensions of their environment they load."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config
from voila.configuration import VoilaConfiguration

from jupyterlab_workload_explorer.dashboard import voila_guard
from jupyterlab_workload_explorer.dashboard.voila_extensions import allowed, denied

from .conftest import Fetch
from .publish.server import fetch as fetch_address
from .publish.server import free_port
from .voila_server import code, write

#: By its own manifest, which is what Voilà reads.
OURS = json.loads((Path(__file__).parents[2] / "package.json").read_text())["name"]

THEIRS = "somebody-elses"

_BUILD = {"load": "static/remoteEntry.js", "extension": "./extension"}


@pytest.fixture
def jupyter_path(tmp_path: Path) -> str:
    """A ``JUPYTER_PATH`` with our labextension and another, as wheels leave them: not linked."""
    for name in (OURS, THEIRS):
        folder = tmp_path / "jupyter" / "labextensions" / name
        folder.mkdir(parents=True)
        manifest = {"name": name, "version": "1.0.0", "jupyterlab": {"_build": _BUILD}}
        (folder / "package.json").write_text(json.dumps(manifest))
    environment = Path(sys.prefix) / "share" / "jupyter"
    return f"{tmp_path / 'jupyter'}{os.pathsep}{environment}"


def loaded(page: str) -> set[str]:
    """Which of the two a page loads."""
    found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None, page
    config = json.loads(html.unescape(found[1]))
    return {one["name"] for one in config["federated_extensions"]} & {OURS, THEIRS}


def test_lists_keep_what_they_say() -> None:
    assert denied(None) == denied([OURS]) == [OURS]
    assert denied([THEIRS]) == [THEIRS, OURS]
    assert allowed(None) == []
    assert allowed([THEIRS]) == [THEIRS]
    # One that allowed only ours still allows nothing else.
    assert len(allowed([OURS])) == 1
    assert OURS not in allowed([OURS])


# --- in a Jupyter server ----------------------------------------------------------------------


@pytest.fixture
def jp_server_config(
    jp_server_config: Any, jupyter_path: str, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setenv("JUPYTER_PATH", jupyter_path)
    return jp_server_config


async def test_pages_of_a_server(fetch: Fetch, jp_serverapp: Any, jp_root_dir: Path) -> None:
    write(jp_root_dir / "a.ipynb", code("1"))
    (configuration,) = voila_guard._configurations(jp_serverapp.web_app)
    for path in ("voila/render/a.ipynb", "voila/render/a.ipynb?voila-template=workload-explorer"):
        configuration.extension_denylist, configuration.extension_allowlist = [], []
        assert loaded((await fetch(path)).body.decode()) == {THEIRS}
        configuration.extension_denylist = [THEIRS]
        assert loaded((await fetch(path)).body.decode()) == set()
        configuration.extension_allowlist = [OURS, THEIRS]
        assert loaded((await fetch(path)).body.decode()) == {THEIRS}
        configuration.extension_allowlist = [OURS]
        assert loaded((await fetch(path)).body.decode()) == set()


class TestOfAServerThatIsConfigured:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        jp_server_config.merge(Config({"VoilaConfiguration": {"extension_denylist": [THEIRS]}}))
        return jp_server_config

    async def test_what_is_denied_stays(self, fetch: Fetch, jp_root_dir: Path) -> None:
        write(jp_root_dir / "a.ipynb", code("1"))
        assert loaded((await fetch("voila/render/a.ipynb")).body.decode()) == set()


class TestOfAVoilaThatWasNotPrepared:
    """As where its module was loaded in another way before we are linked."""

    @pytest.fixture(autouse=True)
    def unprepared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(voila_guard.VoilaGuard, "link", lambda self: None)
        # Servers of other tests have left their class.
        monkeypatch.setattr("voila.server_extension.VoilaConfiguration", VoilaConfiguration)

    @pytest.fixture
    def jp_server_config(self, unprepared: None, jp_server_config: Any) -> Any:
        return jp_server_config

    async def test_it_is_set_later(
        self, fetch: Fetch, jp_serverapp: Any, jp_root_dir: Path
    ) -> None:
        write(jp_root_dir / "a.ipynb", code("1"))
        assert loaded((await fetch("voila/render/a.ipynb")).body.decode()) == {OURS, THEIRS}
        # What a server does once all extensions are loaded.
        await jp_serverapp.extension_manager.start_all_extensions()
        assert loaded((await fetch("voila/render/a.ipynb")).body.decode()) == {THEIRS}


# --- by itself --------------------------------------------------------------------------------


@contextmanager
def voila(folder: Path, jupyter_path: str, *options: str) -> Iterator[str]:
    """The page of a notebook in a folder, whose Voilà has a configuration folder of its own."""
    port = free_port()
    environment = _environment(folder) | {"JUPYTER_PATH": jupyter_path}
    command = [sys.executable, "-m", "voila", "a.ipynb", "--no-browser", f"--port={port}", *options]
    log = folder / "log"
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=file)
        try:
            yield _page(process, f"http://127.0.0.1:{port}/", log)
        finally:
            process.terminate()
            process.wait(60)


def _environment(folder: Path) -> dict[str, str]:
    own = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_PREFER_ENV_PATH": "0"}
    return {**os.environ, **own, "WORKLOAD_SITE": ""}


def _page(process: subprocess.Popen[bytes], address: str, log: Path) -> str:
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        try:
            status, page = fetch_address(address)
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            assert status == 200, log.read_text()
            return page
    raise AssertionError(log.read_text())


def test_pages_of_voila_by_itself(tmp_path: Path, jupyter_path: str) -> None:
    write(tmp_path / "a.ipynb", code("1"))
    with voila(tmp_path, jupyter_path) as page:
        assert loaded(page) == {OURS, THEIRS}
    install = [sys.executable, "-m", "jupyterlab_workload_explorer", "voila-hook", "install"]
    subprocess.run(
        [*install, "--user"], cwd=tmp_path, env=_environment(tmp_path), check=True, timeout=60
    )
    with voila(tmp_path, jupyter_path) as page:
        assert loaded(page) == {THEIRS}
    with voila(tmp_path, jupyter_path, f"--VoilaConfiguration.extension_denylist={THEIRS}") as page:
        assert loaded(page) == set()
