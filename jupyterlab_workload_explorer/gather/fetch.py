"""Fetches slices, by the quickest way that is exact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .pages import Fetched, Pages
from .problem import GatherProblem
from .progress import Progress
from .slices import Axis, Slice
from .tuples import Tuples


class Fetcher:
    """Fetches the slices of one point in time. Safe to call from several threads.

    ``ignored`` says that there are documents with values that Elasticsearch has ignored.
    """

    def __init__(
        self, axis: Axis, pages: Pages, tuples: Tuples, progress: Progress, ignored: bool
    ) -> None:
        self.axis = axis
        self._pages = pages
        self._tuples = tuples
        self._progress = progress
        self._ignored = ignored

    def at_once(self, piece: Slice) -> bool:
        """Whether the rows of a slice may wait in memory."""
        return piece.documents <= self.axis.limit

    def fetch(self, piece: Slice) -> Fetched:
        """All documents of a slice, by time and job. Raises GatherProblem if some are missing."""
        table = self._tuples.fetch(piece)
        if table is None:
            fetched = self._pages.fetch(piece)
            self._same(piece, fetched.documents)
        else:
            fetched = Fetched(self._pages.in_order(table), piece.documents)
        fetched.rejects.extend(self._of_server(piece))
        self._progress.add(fetched.documents, len(fetched.rejects))
        return fetched

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
        rejects = self._of_server(piece)
        self._progress.add(0, len(rejects))
        yield Fetched(page.table.slice(0, 0), 0, rejects)

    def _of_server(self, piece: Slice) -> list[dict[str, Any]]:
        return self._pages.ignored(piece) if self._ignored else []

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
