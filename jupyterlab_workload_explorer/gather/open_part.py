"""A part that is being written: its rows, the slices it covers, and what did not fit."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from .files import disk_problem
from .holdings import Cover, Part
from .manifest import Manifest
from .pages import time_text
from .parts import PartWriter
from .rows import Rows
from .slices import Slice


class OpenPart:
    """A part of the partition ``name``, begun with the slice ``piece``, with what did not fit."""

    def __init__(
        self,
        manifest: Manifest,
        name: str,
        piece: Slice,
        rows: Rows,
        footer: dict[str, Any],
        part_rows: int,
    ) -> None:
        manifest.begun += 1
        stem = f"part-{_stamp(piece)}-{manifest.run:04d}-{manifest.begun:04d}"
        self._manifest = manifest
        self._file = f"month={name}/{stem}.parquet"
        self._path = manifest.temporary / f"{stem}.tmp"
        self._slices: list[Cover] = []
        self._rejects: IO[str] | None = None
        self._rejects_path = manifest.work / "rejects" / f"{stem}.ndjson"
        self._rejected = 0
        #: Whether a document of it has become several rows.
        self.split = False
        self.writer = PartWriter(self._path, rows.schema, rows.order, footer, part_rows)

    def cover(self, piece: Slice, documents: int, seen: int) -> None:
        """Note that all rows of a slice are in the part."""
        self._slices.append(Cover(piece.start, piece.end, documents, seen))

    def reject(self, rejects: list[dict[str, Any]]) -> list[str]:
        """Write values that did not fit. Returns the lines."""
        lines = [
            json.dumps({**one, "at": one["time"], "time": time_text(one["time"])})
            for one in rejects
        ]
        self.keep(lines)
        return lines

    def keep(self, lines: Iterable[str]) -> None:
        """Write lines of values that did not fit."""
        for line in lines:
            try:
                if self._rejects is None:
                    self._rejects = self._rejects_path.open("w", encoding="utf-8")
                self._rejects.write(line + "\n")
            except OSError as error:
                raise disk_problem(error, self._rejects_path) from None
            self._rejected += 1

    def close(self) -> tuple[Path, Part]:
        """Finish the file. Returns where it is, and what the manifest has to say."""
        try:
            size, digest = self.writer.close()
            if self._rejects is not None:
                self._rejects.flush()
                os.fsync(self._rejects.fileno())
                self._rejects.close()
        except OSError as error:
            raise disk_problem(error, self._rejects_path) from None
        return self._path, Part(
            self._file,
            self.writer.rows,
            size,
            digest,
            self._manifest.run,
            self._rejected,
            tuple(self._slices),
            self.split,
        )

    def discard(self) -> None:
        """Give the part up."""
        self.writer.discard()
        if self._rejects is not None:
            self._rejects.close()
        self._rejects_path.unlink(missing_ok=True)


def _stamp(piece: Slice) -> str:
    if piece.start is None:
        return "0"
    text = time_text(piece.start) or ""
    return "".join(sign for sign in text if sign.isalnum() or sign == "-").replace("-", "")
