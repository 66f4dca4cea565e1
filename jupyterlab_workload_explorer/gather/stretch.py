"""Writes a stretch of a partition: rows that are held and rows that are fetched, into new parts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from .fetch import Fetcher
from .held import Held, ends_by
from .holdings import Part
from .manifest import Manifest
from .multiset import Compared
from .open_part import OpenPart
from .pages import Fetched
from .parts import ROWS
from .reconcile import Step, Stretch, expired
from .rows import Rows
from .slices import Slice
from .spill import BYTES as BYTES_HELD
from .spill import ROWS as ROWS_HELD
from .spill import Spill

#: A slice that is on its way; ``None`` will come where it is too long for the memory.
Arriving = Future[Fetched | None]


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
        #: What was exchanged in the index: see :class:`.multiset.Compared`.
        self.exchanged = 0
        self._manifest = manifest
        self._fetcher = fetcher
        self._rows = rows
        self._executor = executor
        self._ahead = ahead
        self._footer = footer
        self._part_rows = part_rows
        #: Of what the old part calls one slice: documents fetched, and what only was held, so far.
        self._covered = self._lacking = 0

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
                yield replace(step, piece=piece, ends=piece.end == step.piece.end)

    def _step(self, part: OpenPart, step: Step, fetched: Arriving | None, held: Held) -> None:
        old = held.rows.take(step.piece.end) if step.part is not None else None
        if not step.fetch:
            assert step.part is not None
            for table in old or ():
                part.writer.add(table)
            part.keep(held.rejects.take(step.piece.end))
            part.cover(step.piece, step.held, step.piece.documents)
            part.split |= step.part.split
            return
        tables, many = _few(old or ())
        if fetched is not None and not many:
            arrived = fetched.result()
            assert arrived is not None
            table = self._rows.merge([self._rows.slice(arrived.table)])
            compared = Compared()
            if tables:
                table, compared = self._rows.together(pa.concat_tables(tables), table)
            part.writer.add(table)
            self._told(part, arrived, held)
            documents = arrived.documents
        elif old is None and not self._rows.days and self._in_order():
            documents, compared = 0, Compared()
            for page in self._pages(step, fetched):
                documents += page.documents
                self._told(part, page, held)
                part.writer.add(self._rows.slice(page.table))
        else:
            with Spill(self._manifest.temporary, self._rows) as spill:
                for table in chain(tables, old or ()):
                    spill.add(table, held=True)
                documents = self._spill(spill, self._pages(step, fetched), part, held)
                compared = spill.put_together()
                for table in spill.take(None):
                    part.writer.add(table)
        if step.part is not None and (compared.lacking > 0 or self._rows.absent):
            # Rows of it stay, of which documents may have several.
            part.split |= step.part.split
        self.exchanged += compared.exchanged
        part.cover(step.piece, self._standing_for(step, documents, compared.lacking), documents)
        if step.part is not None and step.ends:
            part.keep(held.rejects.lacking(step.piece.end))

    def _spill(self, spill: Spill, pages: Iterable[Fetched], part: OpenPart, held: Held) -> int:
        """Lay fetched rows into temporary files. Returns the documents."""
        documents = 0
        for page in pages:
            documents += page.documents
            spill.add(self._rows.slice(page.table), held=False)
            self._told(part, page, held)
        return documents

    def _told(self, part: OpenPart, fetched: Fetched, held: Held) -> None:
        """Note in a part what is to be said of documents that have arrived, besides their rows."""
        held.rejects.told(part.reject(self._rows.told(fetched.rejects)))
        part.split |= fetched.split

    def _standing_for(self, step: Step, documents: int, lacking: int) -> int:
        """How many documents of the index a fetched slice stands for.

        ``documents`` have arrived, ``lacking`` is what only was held: documents, too, but where
        rows do not tell how many these are. Then there is an answer for what the old part calls one
        slice, with the last piece of it.
        """
        if step.part is None:
            return documents
        if self._rows.counted and not step.part.split:
            return documents + lacking
        self._covered += documents
        self._lacking += lacking
        more = 0
        if step.ends:
            more = expired(step.held, self._covered, self._lacking)
            self._covered = self._lacking = 0
        return documents + more

    def _in_order(self) -> bool:
        """Whether the server gives pages in the order of the rows."""
        columns = {column.name: column for column in self._rows.source.columns}
        return all(columns[name].composite or columns[name].dated for name in self._rows.order)

    def _pages(self, step: Step, fetched: Arriving | None) -> Iterator[Fetched]:
        """The documents of a slice of any size, in pages; those of a day come in any order."""
        piece = step.piece
        if fetched is not None:
            arrived = fetched.result()
            assert arrived is not None
            yield arrived
            return
        if piece.missing or not self._rows.days:
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
        return OpenPart(self._manifest, name, piece, self._rows, self._footer, self._part_rows)


def _few(tables: Iterable[pa.Table]) -> tuple[list[pa.Table], bool]:
    """The first tables, and whether they are too large already to wait in memory."""
    found: list[pa.Table] = []
    rows = length = 0
    for table in tables:
        found.append(table)
        rows += table.num_rows
        length += table.nbytes
        if rows > ROWS_HELD or length > BYTES_HELD:
            return found, True
    return found, False


def _in_memory(step: Step, fetched: Arriving | None) -> tuple[Step, Arriving | None]:
    """A step with the documents that have arrived, if the memory holds them."""
    return step, None if fetched is None or fetched.result() is None else fetched


def _result(one: tuple[Slice, Arriving]) -> tuple[Slice, Fetched | None]:
    return one[0], one[1].result()
