"""Writes a stretch of a partition: rows that are held and rows that are fetched, into new parts."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from .external import ExternalUnion
from .fetch import Fetcher
from .files import disk_problem
from .held import Held, ends_by
from .holdings import Cover, Part
from .manifest import Manifest
from .pages import Fetched, time_text
from .parts import ROWS, PartWriter
from .reconcile import Step, Stretch
from .rows import Rows
from .slices import Slice

#: A slice that is on its way; ``None`` will come where it is too long for the memory.
Arriving = Future[Fetched | None]

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
        self._weighted = rows.weight is not None and rows.source.column("count") is not None
        #: Documents fetched so far of what the old part calls one slice.
        self._covered = 0

    def write(self, name: str, stretch: Stretch) -> None:
        """Write a stretch of the partition ``name``. What is complete when it fails, stays."""
        held = Held(self._manifest, stretch.old, self._rows)
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
                    if held.rows.between_parts(step):
                        done = [one for one in replaced if ends_by(one, step)]
                        self._manifest.replace(name, done, pending)
                        replaced = [one for one in replaced if one not in done]
                        pending = []
            if part is not None:
                part.keep(held.rejects.lacking(None))
                pending.append(part.close())
                part = None
            if pending or replaced:
                self._manifest.replace(name, replaced, pending)
        finally:
            held.close()
            if part is not None:
                part.discard()

    def _fetched(self, stretch: Stretch) -> Iterator[tuple[Step, Arriving | None]]:
        """The steps in order, fetched ones in slices; what comes next is on its way."""
        waiting: deque[tuple[Step, Arriving | None]] = deque()
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
                    yield _in_memory(*first)
            while waiting:
                yield _in_memory(*waiting.popleft())
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
                yield Step(piece, step.held, step.part, True, piece.end == step.piece.end)

    def _step(self, part: OpenPart, step: Step, fetched: Arriving | None, held: Held) -> None:
        old = held.rows.take(step.piece.end) if step.part is not None else None
        if not step.fetch:
            assert step.part is not None
            for table in old or ():
                part.writer.add(table)
            part.keep(held.rejects.take(step.piece.end))
            part.cover(step.piece, step.held, step.piece.documents)
            return
        if fetched is None:
            self._stream(part, step, old, held)
        else:
            arrived = fetched.result()
            assert arrived is not None
            table = self._rows.merge([self._rows.slice(arrived.table)])
            lacking = 0
            before = None if old is None else pa.concat_tables(old) if (old := list(old)) else None
            if before is not None:
                table, lacking = self._rows.together(before, table)
            part.writer.add(table)
            held.rejects.told(part.reject(self._rows.told(arrived.rejects)))
            documents = arrived.documents
            part.cover(step.piece, self._standing_for(step, documents, lacking), documents)
        if step.part is not None and step.ends:
            part.keep(held.rejects.lacking(step.piece.end))

    def _stream(
        self, part: OpenPart, step: Step, old: Iterator[pa.Table] | None, held: Held
    ) -> None:
        """A slice that is too large for the memory: one page after the other."""
        if self._rows.days:
            documents, lacking = self._stream_days(part, step, old, held)
        elif old is None and self._in_order():
            documents, lacking = 0, 0
            for page in self._fetcher.stream(step.piece):
                documents += page.documents
                held.rejects.told(part.reject(self._rows.told(page.rejects)))
                part.writer.add(self._rows.slice(page.table))
        else:
            documents = 0
            held_documents = 0 if step.part is None else step.part.documents
            size = step.piece.documents + held_documents
            with ExternalUnion(self._manifest.temporary, self._rows, size) as union:
                for table in old or ():
                    union.add(table, held=True)
                for page in self._fetcher.stream(step.piece):
                    documents += page.documents
                    held.rejects.told(part.reject(self._rows.told(page.rejects)))
                    union.add(self._rows.slice(page.table), held=False)
                for table in union.rows():
                    part.writer.add(table)
                lacking = union.lacking
        part.cover(step.piece, self._standing_for(step, documents, lacking), documents)

    def _standing_for(self, step: Step, documents: int, lacking: int) -> int:
        """The documents that a fetched slice stands for; ``lacking`` have expired in the index."""
        split = step.part is not None and step.part.rows != step.part.documents
        if not self._weighted and not (split and not self._rows.days):
            return documents + lacking
        # Neither what documents say to count for nor records of several packages tell how many
        # documents there are: at least as many as held.
        self._covered += documents
        more = 0
        if step.ends:
            more, self._covered = max(0, step.held - self._covered), 0
        return documents + more

    def _in_order(self) -> bool:
        """Whether the server gives pages in the order of the rows."""
        columns = {column.name: column for column in self._rows.source.columns}
        return all(columns[name].composite or columns[name].dated for name in self._rows.order)

    def _stream_days(
        self, part: OpenPart, step: Step, old: Iterator[pa.Table] | None, held: Held
    ) -> tuple[int, int]:
        """A day of any number of documents. Returns these, and those that only were held."""
        documents = 0
        merged: list[pa.Table] = []
        for page in self._arriving(step.piece):
            documents += page.documents
            held.rejects.told(part.reject(self._rows.told(page.rejects)))
            merged.append(self._rows.slice(page.table))
            # Seldom, because each time all that has come is grouped again.
            if sum(one.num_rows for one in merged[1:]) > max(TOGETHER, merged[0].num_rows):
                merged = [self._rows.merge(merged)]
        whole = self._rows.merge(merged)
        lacking = 0
        for table in old or ():
            whole, more = self._rows.together(table, whole)
            lacking += more
        part.writer.add(whole)
        return documents, lacking

    def _arriving(self, piece: Slice) -> Iterator[Fetched]:
        """The documents of a large slice, in pages; those of a day come in any order."""
        if piece.missing:
            yield from self._fetcher.stream(piece)
            return
        waiting: deque[tuple[Slice, Arriving]] = deque()
        try:
            for one in self._fetcher.axis.within(piece):
                waiting.append((one, self._executor.submit(self._fetcher.fetch, one)))
                if len(waiting) > self._ahead:
                    yield from self._fetcher.arrived(*_result(waiting.popleft()))
            while waiting:
                yield from self._fetcher.arrived(*_result(waiting.popleft()))
        finally:
            for _, future in waiting:
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
        self._slices: list[Cover] = []
        self._rejects: IO[str] | None = None
        self._rejects_path = manifest.work / "rejects" / f"{stem}.ndjson"
        self._rejected = 0
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
        )

    def discard(self) -> None:
        """Give the part up."""
        self.writer.discard()
        if self._rejects is not None:
            self._rejects.close()
        self._rejects_path.unlink(missing_ok=True)


def _in_memory(step: Step, fetched: Arriving | None) -> tuple[Step, Arriving | None]:
    """A step with the documents that have arrived, if the memory holds them."""
    return step, None if fetched is None or fetched.result() is None else fetched


def _result(one: tuple[Slice, Arriving]) -> tuple[Slice, Fetched | None]:
    return one[0], one[1].result()


def _stamp(piece: Slice) -> str:
    if piece.start is None:
        return "0"
    text = time_text(piece.start) or ""
    return "".join(sign for sign in text if sign.isalnum() or sign == "-").replace("-", "")
