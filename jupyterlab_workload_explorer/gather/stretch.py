"""Writes a stretch of a partition: rows that are held and rows that are fetched, into new parts."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from .fetch import Fetcher
from .files import disk_problem
from .manifest import Manifest, Part
from .pages import Fetched, time_text
from .parts import ROWS, PartWriter, read_part
from .reconcile import Step, Stretch
from .rows import Rows
from .slices import Slice

#: Rows of a day that wait to be grouped.
TOGETHER = 30_000


class StretchWriter:
    """Writes the parts of a stretch, and puts each in place as soon as that is possible."""

    def __init__(
        self,
        manifest: Manifest,
        fetcher: Fetcher,
        rows: Rows,
        executor: ThreadPoolExecutor,
        ahead: int,
        footer: dict[str, Any],
        part_rows: int = ROWS,
    ) -> None:
        self._manifest = manifest
        self._fetcher = fetcher
        self._rows = rows
        self._executor = executor
        self._ahead = ahead
        self._footer = footer
        self._part_rows = part_rows

    def write(self, name: str, stretch: Stretch) -> None:
        """Write a stretch of the partition ``name``. What is complete when it fails, stays."""
        held = HeldRows(self._manifest, stretch.old, self._rows)
        pending: list[tuple[Path, Part]] = []
        replaced = list(stretch.old)
        part: OpenPart | None = None
        try:
            for step, fetched in self._fetched(stretch):
                if part is None:
                    part = self._open(name, step.piece)
                self._step(part, step, fetched, held)
                if part.writer.rows >= self._part_rows:
                    pending.append(part.close())
                    part = None
                    if held.between_parts(step):
                        done = [one for one in replaced if _ends_by(one, step)]
                        self._manifest.replace(name, done, pending)
                        replaced = [one for one in replaced if one not in done]
                        pending = []
            if part is not None:
                pending.append(part.close())
                part = None
            if pending or replaced:
                self._manifest.replace(name, replaced, pending)
        finally:
            held.close()
            if part is not None:
                part.discard()

    def _fetched(self, stretch: Stretch) -> Iterator[tuple[Step, Future[Fetched] | None]]:
        """The steps in order, fetched ones in slices; what comes next is on its way."""
        waiting: deque[tuple[Step, Future[Fetched] | None]] = deque()
        coming = 0
        try:
            for step in self._fine(stretch):
                future = None
                if step.fetch and self._fetcher.at_once(step.piece):
                    future = self._executor.submit(self._fetcher.fetch, step.piece)
                    coming += 1
                waiting.append((step, future))
                while coming > self._ahead or (waiting and waiting[0][1] is None):
                    first = waiting.popleft()
                    coming -= first[1] is not None
                    yield first
            while waiting:
                yield waiting.popleft()
        finally:
            for _, future in waiting:
                if future is not None:
                    future.cancel()

    def _fine(self, stretch: Stretch) -> Iterator[Step]:
        for step in stretch.steps:
            if not step.fetch:
                yield step
                continue
            for piece in self._fetcher.axis.slices(step.piece):
                yield Step(piece, 0, step.part, True)

    def _step(
        self, part: OpenPart, step: Step, fetched: Future[Fetched] | None, held: HeldRows
    ) -> None:
        old = held.take(step.piece.end) if step.part is not None else None
        if not step.fetch:
            assert step.part is not None
            for table in old or ():
                part.writer.add(table)
            part.keep_rejects(self._manifest.rejects_of(step.part), step)
            part.cover(step.piece, step.held, step.piece.documents)
            return
        if fetched is None:
            self._stream(part, step, old)
            return
        arrived = fetched.result()
        table = self._rows.merge([self._rows.slice(arrived.table)])
        lacking = 0
        before = None if old is None else pa.concat_tables(old) if (old := list(old)) else None
        if before is not None:
            table, lacking = self._rows.together(before, table)
        part.writer.add(table)
        part.reject(self._rows.told(arrived.rejects))
        part.cover(step.piece, arrived.documents + lacking, arrived.documents)

    def _stream(self, part: OpenPart, step: Step, old: Iterator[pa.Table] | None) -> None:
        """A slice that is too large for the memory: one page after the other."""
        documents = 0
        merged: list[pa.Table] = []
        for page in self._arriving(step.piece):
            documents += page.documents
            part.reject(self._rows.told(page.rejects))
            rows = self._rows.slice(page.table)
            if not self._rows.days:
                part.writer.add(rows)
                continue
            merged.append(rows)
            # Seldom, because each time all that has come is grouped again.
            if sum(one.num_rows for one in merged[1:]) > max(TOGETHER, merged[0].num_rows):
                merged = [self._rows.merge(merged)]
        merged = [self._rows.merge(merged)] if merged else []
        lacking = 0
        # Without days, rows of a moment that has too many at once are replaced by what is there.
        for table in old or ():
            if self._rows.days:
                together, more = self._rows.together(table, merged[0])
                merged, lacking = [together], lacking + more
        for table in merged:
            part.writer.add(table)
        part.cover(step.piece, documents + lacking, documents)

    def _arriving(self, piece: Slice) -> Iterator[Fetched]:
        """The documents of a large slice, in pages; those of a day come in any order."""
        if not self._rows.days or piece.missing:
            yield from self._fetcher.stream(piece)
            return
        waiting: deque[Future[Fetched]] = deque()
        try:
            for one in self._fetcher.axis.within(piece):
                waiting.append(self._executor.submit(self._fetcher.fetch, one))
                if len(waiting) > self._ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def _open(self, name: str, piece: Slice) -> OpenPart:
        self._manifest.begun += 1
        stem = f"part-{_stamp(piece)}-{self._manifest.run:04d}-{self._manifest.begun:04d}"
        return OpenPart(self._manifest, name, stem, self._rows, self._footer, self._part_rows)


class OpenPart:
    """A part that is being written, with what did not fit."""

    def __init__(
        self,
        manifest: Manifest,
        name: str,
        stem: str,
        rows: Rows,
        footer: dict[str, Any],
        part_rows: int,
    ) -> None:
        self._manifest = manifest
        self._file = f"month={name}/{stem}.parquet"
        self._path = manifest.temporary / f"{stem}.tmp"
        self._slices: list[tuple[int | None, int | None, int, int]] = []
        self._rejects: IO[str] | None = None
        self._rejects_path = manifest.work / "rejects" / f"{stem}.ndjson"
        self._rejected = 0
        self.writer = PartWriter(self._path, rows.schema, rows.order, footer, part_rows)

    def cover(self, piece: Slice, documents: int, seen: int) -> None:
        """Note that all rows of a slice are in the part."""
        self._slices.append((piece.start, piece.end, documents, seen))

    def reject(self, rejects: list[dict[str, Any]]) -> None:
        """Write values that did not fit."""
        for one in rejects:
            self._line(json.dumps({**one, "at": one["time"], "time": time_text(one["time"])}))

    def keep_rejects(self, path: Path, step: Step) -> None:
        """Take over the rejected values of a slice."""
        if not path.exists():
            return
        low, high = step.piece.start, step.piece.end
        with path.open(encoding="utf-8") as file:
            for line in file:
                at = json.loads(line)["at"]
                if at is None if low is None else at is not None and low <= at < (high or at + 1):
                    self._line(line.rstrip("\n"))

    def close(self) -> tuple[Path, Part]:
        """Finish the file. Returns where it is, and what the manifest has to say."""
        try:
            size, digest = self.writer.close()
            if self._rejects is not None:
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
        )

    def discard(self) -> None:
        """Give the part up."""
        self.writer.discard()
        if self._rejects is not None:
            self._rejects.close()
        self._rejects_path.unlink(missing_ok=True)

    def _line(self, text: str) -> None:
        try:
            if self._rejects is None:
                self._rejects = self._rejects_path.open("w", encoding="utf-8")
            self._rejects.write(text + "\n")
        except OSError as error:
            raise disk_problem(error, self._rejects_path) from None
        self._rejected += 1


class HeldRows:
    """The rows of old parts, read once, from the first to the last."""

    def __init__(self, manifest: Manifest, parts: list[Part], rows: Rows) -> None:
        self._manifest = manifest
        self._parts = parts
        self._rows = rows
        self._time = rows.order[0] if rows.order else None
        self._tables = self._all()
        self._rest: pa.Table | None = None

    def take(self, end: int | None) -> Iterator[pa.Table]:
        """The rows before an instant in milliseconds, but for those taken before; all for ``None``.

        To be read to its end before the next call.
        """
        while True:
            table, self._rest = self._rest, None
            if table is None:
                table = next(self._tables, None)
            if table is None:
                return
            if end is None:
                yield table
                continue
            column = table.column(self._time)
            per_milli = 1_000_000 if column.type.unit == "ns" else 1
            before = pc.sum(pc.less(column.cast(pa.int64()), end * per_milli)).as_py() or 0
            if before > 0:
                yield table.slice(0, before)
            if before < table.num_rows:
                self._rest = table.slice(before)
                return

    def between_parts(self, step: Step) -> bool:
        """Whether no part is half read after a step."""
        return step.part is None or _ends_by(step.part, step)

    def close(self) -> None:
        """Leave the files."""
        self._tables.close()

    def _all(self) -> Iterator[pa.Table]:
        for part in self._parts:
            yield from read_part(self._manifest.folder / part.file, self._rows.schema)


def _ends_by(part: Part, step: Step) -> bool:
    last = part.slices[-1][1]
    return last is None or (step.piece.end is not None and last <= step.piece.end)


def _stamp(piece: Slice) -> str:
    if piece.start is None:
        return "0"
    text = time_text(piece.start) or ""
    return "".join(sign for sign in text if sign.isalnum() or sign == "-").replace("-", "")
