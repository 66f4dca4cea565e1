"""What old parts held, rows and values that did not fit, read once, in order."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .by_time import ByTime
from .holdings import Part
from .line_counts import LineCounts
from .manifest import Manifest
from .parts import read_part
from .problem import GatherProblem
from .reconcile import Step
from .rows import Rows


class Held:
    """The rows and the rejected values of old parts."""

    def __init__(self, manifest: Manifest, parts: list[Part], rows: Rows) -> None:
        self.rows = HeldRows(manifest, parts, rows)
        self.rejects = HeldRejects(manifest, parts)

    def close(self) -> None:
        """Leave the files."""
        self.rows.close()
        self.rejects.close()


class HeldRows:
    """The rows of old parts, read once, from the first to the last."""

    def __init__(self, manifest: Manifest, parts: list[Part], rows: Rows) -> None:
        self._manifest = manifest
        self._parts = parts
        self._rows = rows
        self._tables = self._all()
        self._by_time = ByTime(self._tables, rows.order[0] if rows.order else None)

    def take(self, end: int | None) -> Iterator[pa.Table]:
        """The rows before an instant in milliseconds, but for those taken before; all for ``None``.

        To be read to its end before the next call.
        """
        return self._by_time.take(end)

    def between_parts(self, step: Step) -> bool:
        """Whether no part is half read after a step."""
        return step.part is None or ends_by(step.part, step)

    def close(self) -> None:
        """Leave the files."""
        self._tables.close()

    def _all(self) -> Iterator[pa.Table]:
        for part in self._parts:
            yield from read_held(self._manifest.folder / part.file, self._rows.schema)


class HeldRejects:
    """The lines of values that did not fit, as they stand in the files of old parts.

    They stand there slice by slice. What is told again of a slice that is fetched again takes the
    place of what was told; the rest is of documents that the index has no more, and stays.
    """

    def __init__(self, manifest: Manifest, parts: list[Part]) -> None:
        self._paths = [manifest.rejects_of(part) for part in parts if part.rejects > 0]
        self._lines = self._all()
        self._rest: str | None = None
        self._told = LineCounts(manifest.temporary / "told.tmp")

    def take(self, end: int | None) -> Iterator[str]:
        """The lines before an instant in milliseconds, but for those taken; all for ``None``."""
        while True:
            line, self._rest = self._rest or next(self._lines, None), None
            if line is None:
                return
            at = json.loads(line)["at"]
            if end is not None and at is not None and at >= end:
                self._rest = line
                return
            yield line

    def told(self, lines: list[str]) -> None:
        """Note what has been told again."""
        if self._paths:
            self._told.add(lines)

    def lacking(self, end: int | None) -> Iterator[str]:
        """The lines before an instant, but for those taken, that have not been told again."""
        for line in self.take(end):
            if not self._told.take(line):
                yield line
        self._told.clear()

    def close(self) -> None:
        """Leave the files."""
        self._lines.close()
        self._told.close()

    def _all(self) -> Iterator[str]:
        for path in self._paths:
            if not path.exists():
                continue
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield line.rstrip("\n")


def read_held(
    path: Path, schema: pa.Schema, columns: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    """The rows of a part of the dataset, in all or some columns, which ``schema`` has.

    Raises GatherProblem where the file is damaged.
    """
    with _damage_told(path):
        yield from read_part(path, schema, columns=columns)


def schema_of(path: Path) -> pa.Schema:
    """The schema of a part of the dataset. Raises GatherProblem where the file is damaged."""
    with _damage_told(path):
        return pq.read_schema(path)


@contextlib.contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise GatherProblem(
            f"{path} is damaged and cannot be read ({type(error).__name__}). Put it back from a "
            "backup, or run gather with --verify: it finds damaged files, and gathers them anew."
        ) from None


def ends_by(part: Part, step: Step) -> bool:
    """Whether a part reaches no further than a step."""
    last = part.slices[-1].end
    return last is None or (step.piece.end is not None and last <= step.piece.end)
