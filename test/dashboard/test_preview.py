"""What ran in a preview: asked of a real server, whose Voilà renders real pages."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.websocket import websocket_connect
from traitlets.config import Config

from jupyterlab_workload_explorer.dashboard.guard import Verdict
from jupyterlab_workload_explorer.dashboard.preview_runs import (
    REMEMBERED,
    TEXT_LIMIT,
    PreviewRuns,
)

from .conftest import Fetch
from .voila_server import code, says, texts, write

PAGE = "voila/render/a.ipynb?workload_preview=p-1"


async def ask(fetch: Fetch, name: str = "p-1") -> Any:
    answer = await fetch(f"workload-explorer/preview/{name}")
    assert answer.code == 200, answer.reason
    return json.loads(answer.body)


def ids(run: Any) -> list[str]:
    return [cell["cell"] for cell in run["cells"]]


async def test_cells_with_their_times_and_outputs(
    fetch: Fetch, jp_root_dir: Path, tmp_path: Path
) -> None:
    began = time.time() * 1000
    written = write(
        jp_root_dir / "a.ipynb",
        code(says("text-up", tmp_path / "up"), "upstream"),
        code("import sys\nprint('a')\nprint('b', file=sys.stderr)\n{'x': 1}", "shared"),
        code("  ", "downstream"),
        code(
            "from IPython.display import display\n"
            "display({'application/x-own+json': {}, 'text/plain': ''}, raw=True)",
            "downstream",
        ),
    )
    page = await fetch(PAGE)
    assert page.code == 200
    run = await ask(fetch)
    assert (run["state"], run["refusal"]) == ("done", None)
    # Places are those of the notebook, in which the dropped cell still stands.
    assert [(cell["cell"], cell["index"]) for cell in run["cells"]] == [
        (written.cells[1].id, 1),
        (written.cells[3].id, 3),
    ]
    first, second = run["cells"]
    assert set(first["outputs"]) == {
        "application/vnd.jupyter.stdout",
        "application/vnd.jupyter.stderr",
        "text/plain",
    }
    assert set(second["outputs"]) == {"application/x-own+json", "text/plain"}
    ended = time.time() * 1000
    for cell in run["cells"]:
        assert cell["error"] is None
        assert int(began) <= cell["started"] <= ended
        assert 0 <= cell["seconds"] <= (ended - began) / 1000 + 1


async def test_an_error_ends_the_page(fetch: Fetch, jp_root_dir: Path) -> None:
    written = write(
        jp_root_dir / "a.ipynb",
        code("1 / 0", "downstream"),
        code("print('behind')", "downstream"),
    )
    page = (await fetch(PAGE)).body.decode()
    # Voilà keeps the error to itself; the preview tells it.
    assert "ZeroDivisionError" not in page
    run = await ask(fetch)
    assert run["state"] == "failed"
    assert ids(run) == [written.cells[0].id]
    [cell] = run["cells"]
    assert (cell["error"]["name"], cell["error"]["value"]) == (
        "ZeroDivisionError",
        "division by zero",
    )
    assert "1 / 0" in "\n".join(cell["error"]["traceback"])
    assert "\x1b" not in json.dumps(cell)
    assert cell["outputs"] == ["application/vnd.jupyter.error"]
    assert cell["seconds"] is not None


async def test_an_error_that_may_be(fetch: Fetch, jp_root_dir: Path) -> None:
    write(
        jp_root_dir / "a.ipynb",
        code("1 / 0", "downstream", "raises-exception"),
        code("2", "downstream"),
    )
    await fetch(PAGE)
    run = await ask(fetch)
    assert run["state"] == "done"
    errors = [cell["error"] and cell["error"]["name"] for cell in run["cells"]]
    assert errors == ["ZeroDivisionError", None]


async def test_a_kernel_that_dies(fetch: Fetch, jp_root_dir: Path) -> None:
    write(
        jp_root_dir / "a.ipynb",
        code("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "downstream"),
    )
    await fetch(PAGE)
    run = await ask(fetch)
    assert run["state"] == "failed"
    assert [cell["error"]["name"] for cell in run["cells"]] == ["NoAnswer"]


class TestWithAQuickRestart:
    """The server has started the kernel again before nbclient looks whether it lives."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        jp_server_config.merge(Config({"KernelRestarter": {"time_to_dead": 0.05}}))
        return jp_server_config

    async def test_a_kernel_that_dies(
        self, fetch: Fetch, jp_root_dir: Path, jp_serverapp: Any
    ) -> None:
        write(
            jp_root_dir / "a.ipynb",
            code("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "downstream"),
        )
        await fetch(PAGE)
        run = await ask(fetch)
        assert run["state"] == "failed"
        assert [cell["error"]["name"] for cell in run["cells"]] == ["NoAnswer"]
        # The server ends the kernel only where it is not just being started.
        [name] = jp_serverapp.kernel_manager.list_kernel_ids()
        kernel = jp_serverapp.kernel_manager.get_kernel(name)
        while not await kernel.is_alive():
            await asyncio.sleep(0.01)
        await kernel.ready


async def test_a_refused_page(fetch: Fetch, jp_root_dir: Path, change_site: Any) -> None:
    change_site({"voila": {"guard": "refuse"}})
    write(jp_root_dir / "a.ipynb", code("1", "downstream"))
    await fetch(PAGE)
    run = await ask(fetch)
    assert (run["state"], run["cells"]) == ("refused", [])
    assert "never checked" in run["refusal"]


async def test_a_page_without_cells(fetch: Fetch, jp_root_dir: Path) -> None:
    write(jp_root_dir / "a.ipynb", code("1", "upstream"))
    await fetch(PAGE)
    assert await ask(fetch) == {"state": "done", "refusal": None, "cells": []}


async def test_a_page_that_cannot_be(fetch: Fetch, jp_root_dir: Path) -> None:
    notebook = write(jp_root_dir / "a.ipynb", code("1", "downstream"))
    notebook.metadata.kernelspec.name = "none"
    notebook.metadata.kernelspec.language = "nothing"
    (jp_root_dir / "a.ipynb").write_text(json.dumps(notebook))
    # It fails before the hook is called: nothing is known of it.
    assert (await fetch(PAGE)).code == 500
    assert (await fetch("workload-explorer/preview/p-1")).code == 404


async def test_a_page_that_is_loaded_again_begins_anew(fetch: Fetch, jp_root_dir: Path) -> None:
    write(jp_root_dir / "a.ipynb", code("1 / 0", "downstream"))
    await fetch(PAGE)
    written = write(jp_root_dir / "a.ipynb", code("2", "downstream"))
    await fetch(PAGE)
    run = await ask(fetch)
    assert (run["state"], ids(run)) == ("done", [written.cells[0].id])


async def test_other_pages_are_not_watched(fetch: Fetch, jp_root_dir: Path, tmp_path: Path) -> None:
    write(jp_root_dir / "a.ipynb", code(says("text-one", tmp_path / "m"), "downstream"))
    for path in ("voila/render/a.ipynb", "voila/render/a.ipynb?workload_preview=.."):
        assert texts((await fetch(path)).body) == ["text-one"]
    answer = await fetch("workload-explorer/preview/p-1")
    assert answer.code == 404
    assert "has not begun" in answer.body.decode()


async def test_nobody_is_told_without_the_token(fetch: Fetch, jp_root_dir: Path) -> None:
    write(jp_root_dir / "a.ipynb", code("1", "downstream"))
    await fetch(PAGE)
    answer = await fetch("workload-explorer/preview/p-1", token=False)  # type: ignore[call-arg]
    assert answer.code == 403
    assert b"cells" not in answer.body


class TestProgressively:
    """Cells run after the page was sent, when it asks for them."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        config = Config({"VoilaConfiguration": {"progressive_rendering": True}})
        config.merge(jp_server_config)
        return config

    async def _execute(self, server: Any, http_port: int, base_url: str, total: int) -> None:
        [kernel] = server.kernel_manager.list_kernel_ids()
        socket = await websocket_connect(
            f"ws://127.0.0.1:{http_port}{base_url}voila/execution/{kernel}"
            f"?token={server.identity_provider.token}"
        )
        request = {"action": "execute", "payload": {"kernel_id": kernel}}
        assert json.loads(await socket.read_message() or "")["action"] == "initialized"
        await socket.write_message(json.dumps(request))
        for place in range(total):
            told = json.loads(await socket.read_message() or "")
            assert told["payload"]["cell_index"] == place
        socket.close()

    async def test_cells_and_an_error(
        self,
        fetch: Fetch,
        jp_root_dir: Path,
        jp_serverapp: Any,
        jp_http_port: int,
        jp_base_url: str,
    ) -> None:
        written = write(
            jp_root_dir / "a.ipynb",
            code("0", "upstream"),
            code("1 / 0", "downstream"),
            code("2", "downstream"),
        )
        await fetch(PAGE)
        assert await ask(fetch) == {"state": "running", "refusal": None, "cells": []}
        await self._execute(jp_serverapp, jp_http_port, jp_base_url, 2)
        run = await ask(fetch)
        assert run["state"] == "failed"
        assert ids(run) == [cell.id for cell in written.cells[1:]]
        errors = [cell["error"] and cell["error"]["name"] for cell in run["cells"]]
        assert errors == ["ZeroDivisionError", None]

    async def test_a_kernel_that_dies(
        self,
        fetch: Fetch,
        jp_root_dir: Path,
        jp_serverapp: Any,
        jp_http_port: int,
        jp_base_url: str,
    ) -> None:
        write(
            jp_root_dir / "a.ipynb",
            code("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "downstream"),
        )
        await fetch(PAGE)
        await self._execute(jp_serverapp, jp_http_port, jp_base_url, 1)
        run = await ask(fetch)
        assert run["state"] == "failed"
        assert [cell["error"]["name"] for cell in run["cells"]] == ["NoAnswer"]


# --- by itself --------------------------------------------------------------------------------


def handler(name: str | None) -> Any:
    return SimpleNamespace(
        get_argument=lambda *_: name,
        get_status=lambda: 200,
        on_finish=lambda: None,
        voila_configuration=SimpleNamespace(progressive_rendering=False),
    )


def page(cells: int = 1) -> Any:
    return {
        "cells": [{"cell_type": "code", "source": "1", "metadata": {}} for _ in range(cells)],
        "metadata": {},
    }


def test_a_bounded_number_of_runs_is_remembered() -> None:
    runs = PreviewRuns()
    for number in range(REMEMBERED + 1):
        runs.begin(handler(f"p{number}"), Verdict(page()))
    assert runs.get("p0") is None
    assert runs.get("p1") is not None
    assert runs.get(f"p{REMEMBERED}") is not None


def test_a_page_in_advance_has_no_name() -> None:
    shown = page()
    PreviewRuns().begin(None, Verdict(shown))
    assert shown["cells"][0]["metadata"] == {}


class Executor:
    """What nbclient's client is, as far as it matters here."""

    def __init__(self, notebook: Any, theirs: Any = None) -> None:
        self.nb = notebook
        self.km = None
        self.on_cell_start = self.on_cell_executed = self.on_cell_error = theirs


def test_cells_of_an_older_page_say_nothing_of_a_newer_one() -> None:
    runs = PreviewRuns()
    old, new = page(), page()
    runs.begin(handler("p"), Verdict(old))
    runs.begin(handler("p"), Verdict(new))
    for notebook, is_watched in ((old, False), (page(), False), (new, True)):
        executor = Executor(notebook)
        runs.attach(executor)
        assert (executor.on_cell_start is not None) is is_watched


async def test_hooks_of_others_are_called_too() -> None:
    runs = PreviewRuns()
    shown = page()
    runs.begin(handler("p"), Verdict(shown))
    told: list[Any] = []

    async def theirs(**said: Any) -> None:
        told.append(said)

    executor = Executor(shown, theirs)
    runs.attach(executor)
    await executor.on_cell_start(cell=shown["cells"][0], cell_index=0)
    assert told == [{"cell": shown["cells"][0], "cell_index": 0}]
    run = runs.get("p")
    assert run is not None
    assert list(run.cells) == [0]


async def test_a_long_traceback_is_cut_at_its_beginning() -> None:
    runs = PreviewRuns()
    shown = page()
    runs.begin(handler("p"), Verdict(shown))
    executor = Executor(shown)
    runs.attach(executor)
    cell = shown["cells"][0]
    executor.on_cell_start(cell=cell, cell_index=0)
    frames = ["first" * TEXT_LIMIT, *["\x1b[31mframe\x1b[0m"] * 3]
    reply = {"content": {"ename": "E", "evalue": "v" * (TEXT_LIMIT + 1), "traceback": frames}}
    executor.on_cell_error(cell=cell, cell_index=0, execute_reply=reply)
    run = runs.get("p")
    assert run is not None
    told = run.cells[0].error or {}
    assert told["traceback"][-3:] == ["frame"] * 3
    assert sum(map(len, told["traceback"])) == TEXT_LIMIT
    assert len(told["value"]) == TEXT_LIMIT
