"""What ran in a preview: asked of a real server, whose Voilà renders real pages."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.websocket import websocket_connect
from traitlets.config import Config

from .conftest import Fetch
from .voila_server import code, says, texts, write

PAGE = "voila/render/a.ipynb?workload_preview=p-1"


async def ask(fetch: Fetch, name: str = "p-1") -> Any:
    answer = await fetch(f"workload-explorer/preview/{name}")
    assert answer.code == 200, answer.reason
    return json.loads(answer.body)


async def kernels(fetch: Fetch) -> list[str]:
    """The kernels that the server has."""
    return [kernel["id"] for kernel in json.loads((await fetch("api/kernels")).body)]


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that comes about by itself."""

    async def wait() -> None:
        while not await holds():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), 120)


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
    page = await fetch(PAGE)
    run = await ask(fetch)
    assert (run["state"], run["cells"]) == ("refused", [])
    assert "never checked" in run["refusal"]
    assert run["refusal"] in page.body.decode()
    # Voilà starts one, whatever it shows.
    assert await kernels(fetch) == [run["kernel"]]


async def test_a_page_without_cells(fetch: Fetch, jp_root_dir: Path) -> None:
    write(jp_root_dir / "a.ipynb", code("1", "upstream"))
    await fetch(PAGE)
    run = await ask(fetch)
    assert (run["state"], run["refusal"], run["cells"]) == ("done", None, [])
    assert await kernels(fetch) == [run["kernel"]]


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


class TestKernels:
    """No preview leaves a kernel behind."""

    async def test_it_is_named_and_can_be_shut_down(
        self, fetch: Fetch, jp_root_dir: Path, jp_fetch: Any
    ) -> None:
        write(jp_root_dir / "a.ipynb", code("1", "downstream"))
        await fetch(PAGE)
        [kernel] = await kernels(fetch)
        run = await ask(fetch)
        assert (run["state"], run["kernel"]) == ("done", kernel)
        await jp_fetch("api", "kernels", kernel, method="DELETE")
        assert await kernels(fetch) == []

    @pytest.mark.parametrize("when", ["while a cell runs", "before"])
    async def test_it_ends_with_the_connection(
        self,
        fetch: Fetch,
        jp_root_dir: Path,
        tmp_path: Path,
        jp_http_port: int,
        jp_base_url: str,
        jp_serverapp: Any,
        when: str,
    ) -> None:
        # A page that is no preview keeps its kernel, and so does a preview that was shown.
        write(jp_root_dir / "other.ipynb", code("1", "downstream"))
        await fetch("voila/render/other.ipynb")
        await fetch("voila/render/other.ipynb?workload_preview=other")
        others = await kernels(fetch)
        assert len(others) == 2
        marker = tmp_path / "marker"
        write(
            jp_root_dir / "a.ipynb",
            code(f"open({str(marker)!r}, 'w').close()\nimport time\ntime.sleep(600)", "downstream"),
            code("2", "downstream"),
        )
        _, writer = await asyncio.open_connection("127.0.0.1", jp_http_port)
        token = jp_serverapp.identity_provider.token
        request = f"GET {jp_base_url}{PAGE}&token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        writer.write(request.encode())
        await writer.drain()

        async def is_known() -> bool:
            return (await fetch("workload-explorer/preview/p-1")).code == 200

        async def runs() -> bool:
            return marker.exists()

        async def has_ended() -> bool:
            return (await ask(fetch))["state"] != "running" and await kernels(fetch) == others

        await until(is_known if when == "before" else runs)
        writer.close()
        await until(has_ended)
        run = await ask(fetch)
        assert (run["state"], run["kernel"]) == ("failed", None)


class ByHeader(IdentityProvider):
    """Users who name themselves, as those of a hub that has looked at their cookies."""

    async def get_user(self, handler: Any) -> User | None:
        name = handler.request.headers.get("X-User")
        return User(name) if name else None


class TestUsers:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        jp_server_config.merge(Config({"ServerApp": {"identity_provider_class": ByHeader}}))
        return jp_server_config

    async def test_each_sees_their_own(
        self, http_server_client: Any, jp_serverapp: Any, jp_base_url: str, jp_root_dir: Path
    ) -> None:
        async def fetch_as(user: str, path: str) -> Any:
            return await http_server_client.fetch(
                f"{jp_base_url}{path}",
                headers={"X-User": user},
                raise_error=False,
                request_timeout=120,
            )

        written = write(jp_root_dir / "a.ipynb", code("1", "downstream"))
        assert (await fetch_as("ada", PAGE)).code == 200
        of_ada = await fetch_as("ada", "workload-explorer/preview/p-1")
        assert ids(json.loads(of_ada.body)) == [written.cells[0].id]
        assert (await fetch_as("bob", "workload-explorer/preview/p-1")).code == 404
        # The same id is another preview.
        write(jp_root_dir / "a.ipynb")
        assert (await fetch_as("bob", PAGE)).code == 200
        assert (await fetch_as("bob", "workload-explorer/preview/p-1")).code == 200
        again = await fetch_as("ada", "workload-explorer/preview/p-1")
        assert again.body == of_ada.body


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
        run = await ask(fetch)
        assert (run["state"], run["refusal"], run["cells"]) == ("running", None, [])
        assert await kernels(fetch) == [run["kernel"]]
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
