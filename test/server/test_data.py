"""Bytes of files in data roots."""

from __future__ import annotations

import errno
import os
from email.utils import formatdate
from pathlib import Path

import pytest
from tornado.simple_httpclient import HTTPStreamClosedError

from .conftest import BIG, Fetch


async def test_serves_a_whole_file(fetch: Fetch, data_root: Path) -> None:
    answer = await fetch("data/shared/big.parquet")
    assert answer.code == 200
    assert answer.body == BIG
    assert answer.headers["Content-Length"] == str(len(BIG))
    assert answer.headers["Accept-Ranges"] == "bytes"
    modified = (data_root / "big.parquet").stat().st_mtime
    assert answer.headers["Last-Modified"] == formatdate(modified, usegmt=True)


async def test_never_lets_a_file_run_as_a_page(fetch: Fetch, data_root: Path) -> None:
    (data_root / "page.html").write_text("<script>alert(1)</script>")
    answer = await fetch("data/shared/page.html")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-3", 0, 4),
        ("bytes=1048570-1048590", 1_048_570, 1_048_591),
        ("bytes=2399990-", 2_399_990, 2_400_000),
        ("bytes=-8", 2_399_992, 2_400_000),
        ("bytes=-99999999", 0, 2_400_000),
        ("bytes=2399999-99999999", 2_399_999, 2_400_000),
    ],
)
async def test_serves_a_range(fetch: Fetch, header: str, start: int, end: int) -> None:
    answer = await fetch("data/shared/big.parquet", headers={"Range": header})
    assert answer.code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(BIG)}"
    assert answer.headers["Content-Length"] == str(end - start)
    assert answer.body == BIG[start:end]


@pytest.mark.parametrize("header", ["bytes=2400000-", "bytes=2400000-2400001", "bytes=-0"])
async def test_refuses_a_range_beyond_the_end(fetch: Fetch, header: str) -> None:
    answer = await fetch("data/shared/big.parquet", headers={"Range": header})
    assert answer.code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(BIG)}"
    assert answer.body == b""


@pytest.mark.parametrize(
    "header", ["bytes=4-2", "bytes=-", "bytes=a-b", "rows=0-1", "bytes=0-1,4-5", "bytes=0x0-1"]
)
async def test_ignores_a_range_that_is_none(fetch: Fetch, header: str) -> None:
    answer = await fetch("data/shared/small.parquet", headers={"Range": header})
    assert (answer.code, answer.body) == (200, b"PAR1 abcdefghij PAR1")


async def test_no_range_of_an_empty_file(fetch: Fetch) -> None:
    assert (await fetch("data/shared/empty.parquet")).code == 200
    answer = await fetch("data/shared/empty.parquet", headers={"Range": "bytes=0-3"})
    assert (answer.code, answer.headers["Content-Range"]) == (416, "bytes */0")


@pytest.mark.parametrize(
    ("headers", "code", "length"),
    [({}, 200, "20"), ({"Range": "bytes=-4"}, 206, "4"), ({"Range": "bytes=20-"}, 416, "0")],
)
async def test_head(fetch: Fetch, headers: dict[str, str], code: int, length: str) -> None:
    answer = await fetch("data/shared/small.parquet", method="HEAD", headers=headers)
    assert answer.code == code
    assert answer.body == b""
    assert answer.headers.get("Content-Length", "0") == length


async def test_says_when_a_file_has_changed(fetch: Fetch, data_root: Path) -> None:
    path = data_root / "small.parquet"
    etag = (await fetch("data/shared/small.parquet")).headers["ETag"]
    same = await fetch("data/shared/small.parquet", headers={"If-Match": etag})
    assert same.code == 200
    unchanged = await fetch("data/shared/small.parquet", headers={"If-None-Match": etag})
    assert (unchanged.code, unchanged.body) == (304, b"")
    part = {"Range": "bytes=0-3", "If-Range": etag}
    assert (await fetch("data/shared/small.parquet", headers=part)).code == 206

    # Another content of the same size within the same second.
    status = path.stat()
    path.write_bytes(b"PAR1 ABCDEFGHIJ PAR1")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    changed = await fetch("data/shared/small.parquet", headers={"If-Match": etag})
    assert (changed.code, changed.body) == (412, b"")
    assert (await fetch("data/shared/small.parquet", headers=part)).code == 200


async def test_names_with_spaces_and_letters(fetch: Fetch) -> None:
    answer = await fetch("data/shared/month%3D2021-03/part%200%20%C3%A4.parquet")
    assert (answer.code, answer.body) == (200, b"march")


@pytest.mark.parametrize("path", ["", "month=2021-03", "month=2021-03/", "none.parquet"])
async def test_what_is_not_a_file(fetch: Fetch, path: str) -> None:
    assert (await fetch(f"data/shared/{path}")).code == 404


async def test_a_file_is_no_folder(fetch: Fetch) -> None:
    assert (await fetch("data/shared/small.parquet/x")).code == 404


async def test_an_unknown_root(fetch: Fetch) -> None:
    answer = await fetch("data/elsewhere/small.parquet")
    assert answer.code == 404
    assert b'no data root \\"elsewhere\\"' in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_read_only(fetch: Fetch, data_root: Path, method: str) -> None:
    body = b"x" if method in ("POST", "PUT", "PATCH") else None
    answer = await fetch("data/shared/small.parquet", method=method, body=body)
    assert answer.code == 405
    assert (data_root / "small.parquet").read_bytes() == b"PAR1 abcdefghij PAR1"


async def test_a_file_that_may_not_be_read(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses, ``test_own_rights`` has; this is what the reader is told."""

    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("jupyterlab_workload_explorer.rooted_files.os.open", refuse)
    for method in ("GET", "HEAD"):
        answer = await fetch("data/shared/small.parquet", method=method)
        assert answer.code == 403
    answer = await fetch("data/shared/small.parquet")
    assert b'You may not read \\"small.parquet\\".' in answer.body


async def test_a_file_cut_short_while_it_is_read(
    fetch: Fetch, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = os.read

    def cut(descriptor: int, size: int) -> bytes:
        if size == 1 << 20:
            os.truncate(data_root / "big.parquet", 1 << 20)
        return read(descriptor, size)

    monkeypatch.setattr("jupyterlab_workload_explorer.data_handlers.os.read", cut)
    with pytest.raises(HTTPStreamClosedError):
        await fetch("data/shared/big.parquet")


async def test_memory_stays_small(fetch: Fetch, data_root: Path) -> None:
    """A file larger than memory, with holes, is served from any place of it."""
    size = 1 << 40
    with (data_root / "huge.parquet").open("wb") as file:
        file.truncate(size)
    answer = await fetch("data/shared/huge.parquet", headers={"Range": f"bytes={size - 4}-"})
    assert (answer.code, answer.body) == (206, b"\0\0\0\0")
    answer = await fetch("data/shared/huge.parquet", method="HEAD")
    assert answer.headers["Content-Length"] == str(size)
