"""Nothing leads out of a data root: no path, however written, and no link."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from jupyterlab_workload_explorer import rooted_files
from jupyterlab_workload_explorer.rooted_files import NotServed, Outside

from .conftest import SECRET, Fetch


@pytest.mark.parametrize("kind", ["data", "list"])
@pytest.mark.parametrize(
    "path",
    [
        "shared/../outside/secret.txt",
        "shared/..%2Foutside%2Fsecret.txt",
        "shared/%2e%2e/outside/secret.txt",
        "shared/%2e%2e%2foutside%2fsecret.txt",
        "shared/%252e%252e/outside/secret.txt",
        "shared/month=2021-03/../../outside/secret.txt",
        "shared/./../outside/secret.txt",
        "shared/..",
        "shared/%2e%2e",
        "shared//{outside}/secret.txt",
        "shared/{outside}/secret.txt",
        "shared/%2F{outside}/secret.txt",
        "shared/file:%2F%2F{outside}/secret.txt",
        "shared/~/secret.txt",
        "shared/small.parquet%00/../../outside/secret.txt",
        "shared/..%5Coutside%5Csecret.txt",
        "shared/%c0%ae%c0%ae/outside/secret.txt",
        "../outside/secret.txt",
        "%2e%2e/outside/secret.txt",
        "..%2Foutside/secret.txt",
    ],
)
async def test_paths(fetch: Fetch, outside: Path, kind: str, path: str) -> None:
    address = f"{kind}/{path.format(outside=str(outside).lstrip('/'))}"
    answer = await fetch(address)
    assert answer.code in (400, 403, 404), address
    assert SECRET not in answer.body


LINKS = {
    "a file outside": "../outside/secret.txt",
    "a folder outside": "../outside",
    "the parent": "..",
    "the file system's root": "/",
    "through a folder inside": "month=2021-03/../../outside/secret.txt",
    "a name that starts like the root": "../shared data too",
}


@pytest.fixture
def too(tmp_path: Path) -> Path:
    """A folder whose name starts with the data root's."""
    folder = tmp_path / "shared data too"
    folder.mkdir()
    (folder / "secret.txt").write_bytes(SECRET)
    return folder


@pytest.mark.parametrize("target", LINKS.values(), ids=LINKS)
@pytest.mark.parametrize("absolute", [False, True], ids=["relative", "absolute"])
@pytest.mark.parametrize("below", ["", "/secret.txt", "/deep/secret.txt", "/outside/secret.txt"])
async def test_links(
    fetch: Fetch, data_root: Path, outside: Path, too: Path, target: str, absolute: bool, below: str
) -> None:
    link = data_root / "link"
    link.symlink_to(data_root / target if absolute else target)
    # A second link, so that no check looks at the first only.
    (data_root / "link to link").symlink_to("link")
    for name in ("link", "link%20to%20link"):
        for kind in ("data", "list"):
            answer = await fetch(f"{kind}/shared/{name}{below}")
            assert answer.code == 403
            assert SECRET not in answer.body
    listing = await fetch("list/shared/?recursive=1")
    assert b"secret.txt" not in listing.body
    assert b'"left_out": 2' in listing.body


async def test_links_inside(fetch: Fetch, data_root: Path) -> None:
    (data_root / "latest").symlink_to("month=2021-04")
    (data_root / "absolute").symlink_to(data_root / "month=2021-04" / "part-0.parquet")
    assert (await fetch("data/shared/latest/part-0.parquet")).body == b"april"
    assert (await fetch("data/shared/absolute")).body == b"april"


async def test_a_root_that_is_a_link(fetch: Fetch, data_root: Path) -> None:
    real = data_root.rename(data_root.with_name("elsewhere"))
    data_root.symlink_to(real)
    assert (await fetch("data/shared/small.parquet")).code == 200


async def test_links_in_circles(fetch: Fetch, data_root: Path) -> None:
    (data_root / "self").symlink_to("self")
    (data_root / "month=2021-03" / "up").symlink_to("..")
    assert (await fetch("data/shared/self")).code in (403, 404)
    answer = await fetch("list/shared/?recursive=1")
    assert answer.code == 200
    assert answer.body.count(b"part-0.parquet") == 1


@pytest.mark.parametrize("path", [".hidden", ".hidden/file", "month=2021-03/.file", "visible"])
async def test_hidden_files(fetch: Fetch, data_root: Path, path: str) -> None:
    (data_root / ".hidden").mkdir()
    (data_root / ".hidden" / "file").write_bytes(SECRET)
    (data_root / "month=2021-03" / ".file").write_bytes(SECRET)
    (data_root / "visible").symlink_to(".hidden/file")
    answer = await fetch(f"data/shared/{path}")
    assert answer.code == 404
    listing = await fetch("list/shared/?recursive=1")
    assert b"hidden" not in listing.body
    assert b"visible" not in listing.body


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
async def test_pipes(fetch: Fetch, data_root: Path) -> None:
    """Opening a pipe would wait for a writer for ever."""
    os.mkfifo(data_root / "pipe")
    assert (await fetch("data/shared/pipe")).code == 404
    assert b"pipe" not in (await fetch("list/shared/")).body


@pytest.mark.skipif(not rooted_files._HELD, reason="this system cannot hold a path")
@pytest.mark.parametrize("swapped", ["month=2021-04", "month=2021-04/part-0.parquet"])
def test_a_link_put_there_after_the_check(
    data_root: Path, outside: Path, swapped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = rooted_files.resolve
    (outside / "part-0.parquet").write_bytes(SECRET)

    def resolve_then_swap(*arguments: object) -> Path:
        real = resolve(*arguments)  # type: ignore[arg-type]
        victim = data_root / swapped
        victim.rename(data_root / "away")
        victim.symlink_to(outside / "part-0.parquet" if victim.suffix else outside)
        return real

    monkeypatch.setattr(rooted_files, "resolve", resolve_then_swap)
    with (
        pytest.raises((Outside, NotADirectoryError)),
        rooted_files.open_file(data_root, "month=2021-04/part-0.parquet"),
    ):
        pass


@pytest.mark.skipif(not rooted_files._HELD, reason="this system cannot hold a path")
def test_a_link_that_comes_and_goes(data_root: Path, outside: Path) -> None:
    """While another thread swaps a folder for a link, no secret is ever read."""
    folder, away = data_root / "month=2021-04", data_root / "away"
    (outside / "part-0.parquet").write_bytes(SECRET)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            folder.rename(away)
            folder.symlink_to(outside)
            folder.unlink()
            away.rename(folder)

    thread = threading.Thread(target=swap)
    thread.start()
    read: set[bytes] = set()
    try:
        for _ in range(1000):
            try:
                with rooted_files.open_file(data_root, "month=2021-04/part-0.parquet") as file:
                    read.add(os.read(file, 100))
            except (Outside, NotServed, OSError):
                continue
    finally:
        stop.set()
        thread.join()
    assert read <= {b"april"}
