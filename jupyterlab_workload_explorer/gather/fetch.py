"""Fetches slices, by the quickest way that is exact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .pages import Fetched, Pages
from .problem import GatherProblem, TooLarge
from .progress import Progress
from .slices import Axis, Slice
from .tuples import Tuples

#: Bytes of the answers for a slice that is in memory as a whole. Several are at a time.
SLICE_BYTES = 12 * 1024 * 1024


class Fetcher:
    """Fetches the slices of one point in time. Safe to call from several threads.

    ``ignored`` says that there are documents with values that Elasticsearch has ignored.
    """

    def __init__(
        self, axis: Axis, pages: Pages, tuples: Tuples, progress: Progress, ignored: bool
    ) -> None:
        self.axis = axis
        self._most = axis.limit
        self._pages = pages
        self._tuples = tuples
        self._progress = progress
        self._ignored = ignored
        # A few documents say how many may come at a time.
        self._fit(1, round(pages.look()))

    def at_once(self, piece: Slice) -> bool:
        """Whether the rows of a slice may wait in memory."""
        return piece.documents <= self.axis.limit

    def fetch(self, piece: Slice) -> Fetched | None:
        """All documents of a slice, by time and job; ``None`` where they are too long for that.

        Then they have to be read by :meth:`stream`. Raises GatherProblem if some are missing.
        """
        try:
            fetched = self._whole(piece)
            for rejects, length in self._of_server(piece):
                fetched.rejects.extend(rejects)
                fetched.bytes += length
                if fetched.bytes > SLICE_BYTES:
                    raise TooLarge
        except TooLarge:
            self._fit(piece.documents, 2 * SLICE_BYTES)
            return None
        self._fit(fetched.documents, fetched.bytes)
        self._progress.add(fetched.documents, len(fetched.rejects))
        return fetched

    def arrived(self, piece: Slice, fetched: Fetched | None) -> Iterator[Fetched]:
        """What :meth:`fetch` has got of a slice, or else its pages."""
        if fetched is None:
            yield from self.stream(piece)
        else:
            yield fetched

    def stream(self, piece: Slice) -> Iterator[Fetched]:
        """The documents of a slice of any size, by time and job, in pages."""
        documents = 0
        for page in self._pages.pages(piece):
            documents += page.documents
            if documents > piece.documents:
                # Pages that do not come to an end would fill the disk.
                self._same(piece, documents)
            self._progress.add(page.documents, len(page.rejects))
            yield page
        self._same(piece, documents)
        for rejects, _ in self._of_server(piece):
            self._progress.add(0, len(rejects))
            yield Fetched(page.table.slice(0, 0), 0, rejects)

    def _whole(self, piece: Slice) -> Fetched:
        found = self._tuples.fetch(piece)
        if found is None:
            fetched = self._pages.fetch(piece, most=SLICE_BYTES)
            self._same(piece, fetched.documents)
            return fetched
        table, length = found
        return Fetched(self._pages.in_order(table), piece.documents, bytes=length)

    def _fit(self, documents: int, length: int) -> None:
        """Make slices such that those that are as long as the last one fit in memory."""
        if documents > 0:
            most = int(SLICE_BYTES / 2 * documents / max(length, 1))
            self.axis.limit = max(1, min(self._most, most))

    def _of_server(self, piece: Slice) -> Iterator[tuple[list[dict[str, Any]], int]]:
        return self._pages.ignored(piece) if self._ignored else iter(())

    def _same(self, piece: Slice, documents: int) -> None:
        """A point in time gives as many documents as it counts."""
        if documents == piece.documents:
            return
        # Buckets count a record of several times more than once; this does not.
        counted = self.axis.count(piece)
        if documents != counted:
            raise GatherProblem(
                f"Elasticsearch counts {counted} documents in a slice of time and gives "
                f"{documents}. Run gather again; if it happens again, see to the index's health."
            )
