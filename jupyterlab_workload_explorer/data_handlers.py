"""Serve the files of the data roots: read-only, by range, with the user's own rights."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from email.utils import formatdate
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.iostream import StreamClosedError

from . import rooted_files
from .byte_range import Part, Unsatisfiable, parse_range
from .info_handler import AUTH_RESOURCE
from .rooted_files import Entry, NotServed, Outside
from .site_file import SiteFile

#: Bytes in memory at a time for each request.
CHUNK = 1 << 20

DEFAULT_LIMIT = 10_000
MAX_LIMIT = 100_000


class _Refusal(web.HTTPError):
    """An error whose text, with names of files in it, reaches the user as it is."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.text = text


class _RootHandler(APIHandler):
    """Finds the data root, and turns what can go wrong below it into answers."""

    auth_resource = AUTH_RESOURCE

    def initialize(self, site: SiteFile) -> None:
        super().initialize()
        self._site = site

    @property
    def allow_hidden(self) -> bool:
        """As Jupyter's own file endpoint does."""
        return bool(self.contents_manager.allow_hidden)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, _Refusal):
            self.finish({"message": error.text, "reason": None})
        else:
            super().write_error(status_code, **kwargs)

    def data_root(self, name: str) -> Path:
        root = self._site.read().data_root(name)
        if root is None:
            raise _Refusal(404, f'There is no data root "{name}" in the site file.')
        if root.path is None:
            raise _Refusal(404, f'The data root "{name}" has no folder for this user.')
        return root.path

    def refusal(self, error: Exception, path: str) -> _Refusal:
        """The answer to an exception from ``rooted_files``."""
        if isinstance(error, Outside):
            return _Refusal(403, f'"{path}" leads out of the data root.')
        if isinstance(error, PermissionError):
            return _Refusal(403, f'You may not read "{path}".')
        if isinstance(error, NotServed | FileNotFoundError | NotADirectoryError):
            return _Refusal(404, f'There is no file or folder "{path}" in the data root.')
        if isinstance(error, IsADirectoryError):
            return _Refusal(404, f'"{path}" is a folder.')
        reason = (isinstance(error, OSError) and error.strerror) or type(error).__name__
        return _Refusal(500, f'"{path}" cannot be read: {reason}.')


class DataHandler(_RootHandler):
    """``GET workload-explorer/data/<root>/<path>``: the bytes of a file, or a range of them."""

    @property
    def content_security_policy(self) -> str:
        # Whatever is in the files, it never runs as a page of this server.
        return f"{super().content_security_policy}; sandbox"

    def compute_etag(self) -> str | None:
        return None  # we set our own

    @web.authenticated
    @authorized
    async def head(self, root: str, path: str) -> None:
        await self._serve(root, path, with_body=False)

    @web.authenticated
    @authorized
    async def get(self, root: str, path: str) -> None:
        await self._serve(root, path, with_body=True)

    async def _serve(self, root: str, path: str, with_body: bool) -> None:
        folder = self.data_root(root)
        loop = asyncio.get_running_loop()
        with ExitStack() as stack:
            opening = rooted_files.open_file(folder, path, self.allow_hidden)
            try:
                # A slow file system must not hold up the server.
                descriptor = await loop.run_in_executor(None, stack.enter_context, opening)
            except (Outside, NotServed, OSError) as error:
                raise self.refusal(error, path) from error
            status = os.fstat(descriptor)
            part = self._answer_head(status)
            if part is not None and with_body:
                await self._send(descriptor, part)
            else:
                await self.finish(set_content_type="application/octet-stream")

    def _answer_head(self, status: os.stat_result) -> Part | None:
        """Set status and headers; ``None`` where no byte follows."""
        # Exact to the nanosecond, where Last-Modified knows whole seconds only.
        etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'
        modified = formatdate(status.st_mtime, usegmt=True)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Cache-Control", "private, no-cache")
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("ETag", etag)
        self.set_header("Last-Modified", modified)
        self.set_header("X-Content-Type-Options", "nosniff")
        size = status.st_size
        headers = self.request.headers
        if not _matches(headers.get("If-Match"), etag, absent=True):
            self.set_status(412)
            return None
        if _matches(headers.get("If-None-Match"), etag, absent=False):
            self.set_status(304)
            return None
        wanted = headers.get("Range")
        if headers.get("If-Range", etag) not in (etag, modified):
            wanted = None
        try:
            part = parse_range(wanted, size)
        except Unsatisfiable:
            self.set_status(416)
            self.set_header("Content-Range", f"bytes */{size}")
            return None
        if part is None:
            part = Part(0, size)
        else:
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {part.start}-{part.end - 1}/{size}")
        self.set_header("Content-Length", str(part.size))
        return part

    async def _send(self, descriptor: int, part: Part) -> None:
        loop = asyncio.get_running_loop()
        position = part.start
        os.lseek(descriptor, position, os.SEEK_SET)
        try:
            while position < part.end:
                wanted = min(CHUNK, part.end - position)
                chunk = await loop.run_in_executor(None, os.read, descriptor, wanted)
                if not chunk:
                    # Cut short while it was read: the connection is closed, so that the reader
                    # sees an answer that is shorter than it was told.
                    self.log.warning("A file became shorter while it was read.")
                    self.detach().close()
                    return
                position += len(chunk)
                self.write(chunk)
                await self.flush()
        except StreamClosedError:
            return  # the reader has cancelled
        await self.finish(set_content_type="application/octet-stream")


def _matches(header: str | None, etag: str, absent: bool) -> bool:
    if header is None:
        return absent
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags


class ListHandler(_RootHandler):
    """``GET workload-explorer/list/<root>/<path>``: what a folder holds, or what a file is.

    ``recursive=1`` lists the files of all folders below; ``suffix`` chooses files by the end of
    their name; ``limit`` is the largest number of entries.
    """

    @web.authenticated
    @authorized
    async def get(self, root: str, path: str | None = None) -> None:
        path = (path or "").removesuffix("/")
        folder = self.data_root(root)
        recursive = self.get_query_argument("recursive", "0") in ("1", "true")
        suffix = self.get_query_argument("suffix", "")
        limit = self._limit()
        allow_hidden = self.allow_hidden

        def read() -> dict[str, Any]:
            entry = rooted_files.look_up(folder, path, allow_hidden)
            answer = {"root": root, "path": path, **_describe(entry)}
            if entry.is_folder:
                listing = rooted_files.list_folder(
                    folder,
                    path,
                    recursive=recursive,
                    suffix=suffix,
                    limit=limit,
                    allow_hidden=allow_hidden,
                )
                answer["entries"] = [
                    {"name": entry.name, **_describe(entry)} for entry in listing.entries
                ]
                answer["left_out"] = listing.left_out
                answer["truncated"] = listing.truncated
            return answer

        try:
            answer = await asyncio.get_running_loop().run_in_executor(None, read)
        except (Outside, NotServed, OSError) as error:
            raise self.refusal(error, path) from error
        await self.finish(answer)

    def _limit(self) -> int:
        text = self.get_query_argument("limit", str(DEFAULT_LIMIT))
        if not (text.isascii() and text.isdigit() and 0 < int(text) <= MAX_LIMIT):
            raise _Refusal(400, f"limit is a whole number from 1 to {MAX_LIMIT}.")
        return int(text)


def _describe(entry: Entry) -> dict[str, Any]:
    return {
        "type": "directory" if entry.is_folder else "file",
        "size": None if entry.is_folder else entry.size,
        "last_modified": rooted_files.utc(entry.modified),
    }
