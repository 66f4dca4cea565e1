"""A slice as different tuples with their numbers: quicker than documents, where it is exact.

A composite aggregation over all columns gives each different row once, with the number of documents
that have it. Elasticsearch answers it from doc values alone, two to three times as fast as it makes
documents. It is exact where no document has several values of a column; else a document counts in
several tuples, so that they add up to more than there are documents, and the slice is refused.
Where one slice is, the next ones mostly are, too: they are read as documents at once.
Times are the exception, because the server reads only those that the slice asks for: where
documents have several times, ``single`` is false, and this way is not gone at all.
"""

from __future__ import annotations

import threading
from typing import Any

import pyarrow as pa

from .answers import received
from .problem import TooLarge, TooSlow
from .schema import Schema
from .server import Server
from .slices import Axis, Slice
from .throttle import PAGE_BYTES, Throttle
from .values import Reject, column_of

#: Most tuples of one answer: servers refuse more than 65,536 buckets.
MOST = 60_000

#: After one slice that tuples could not tell, or not in time, so many are read as documents before
#: they are tried again; after the next one as many times that number.
PAUSE = 4


class Tuples:
    """Fetches slices by composite aggregations. Safe to call from several threads."""

    def __init__(
        self, server: Server, schema: Schema, axis: Axis, throttle: Throttle, single: bool
    ) -> None:
        self._server = server
        self._schema = schema
        self._axis = axis
        self._throttle = throttle
        self._lock = threading.Lock()
        #: Slices in a row that tuples could not tell, and those to be read as documents now.
        self._refused = self._left = 0
        self.possible = single and all(
            column.composite or column.absent for column in schema.columns
        )
        self._sources = [
            {str(index): {"terms": {"field": column.field, "missing_bucket": True}}}
            for index, column in enumerate(schema.columns)
            if not column.absent
        ]

    def fetch(self, piece: Slice) -> tuple[pa.Table, int] | None:
        """The rows of a slice, in any order, and the bytes of the answers.

        ``None`` where pages of documents have to tell.
        """
        if not self.possible or piece.documents > MOST or piece.documents == 0:
            return None
        if piece.documents * self._throttle.document_bytes > PAGE_BYTES:
            return None
        with self._lock:
            if self._left > 0:
                self._left -= 1
                return None
            refused = self._refused
        try:
            found = self._read(piece)
        except TooLarge:
            # That tells of bytes, which the throttle knows now, and not of values.
            return None
        except TooSlow:
            # Values of many kilobytes take Elasticsearch minutes here, and a moment as documents.
            found = None
        with self._lock:
            # Others that were asked at the same time may have said so already.
            if refused == self._refused:
                self._refused = 0 if found is not None else refused + 1
                self._left = 0 if found is not None else PAUSE**self._refused
        return found

    def _read(self, piece: Slice) -> tuple[pa.Table, int] | None:
        buckets, length = self._buckets(piece)
        counts = [bucket["doc_count"] for bucket in buckets]
        if sum(counts) != piece.documents:
            return None
        keys = [bucket["key"] for bucket in buckets]
        rejects: list[Reject] = []
        arrays = [
            column_of(column, [key.get(str(index)) for key in keys], rejects)
            for index, column in enumerate(self._schema.columns)
        ]
        if rejects:
            return None
        table = pa.table(arrays, names=[column.name for column in self._schema.columns])
        if len(counts) < piece.documents:
            table = table.take(_repeated(counts))
        return table, length

    def _buckets(self, piece: Slice) -> tuple[list[dict[str, Any]], int]:
        """All tuples of a slice, and the bytes of the answers.

        They come in one answer, if the server is not short of memory: it looks at all of a slice
        for each. Raises TooLarge where one answer cannot hold them.
        """
        body = {
            "size": 0,
            "query": self._axis.chosen(piece.query(self._schema.time.field)),
        }
        length = 0
        found: list[dict[str, Any]] = []
        after: dict[str, Any] | None = None
        while True:
            rest = {} if after is None else {"after": after}

            def ask(size: int, rest: dict[str, Any] = rest) -> tuple[dict[str, Any], bool]:
                wanted = min(size, piece.documents) + 1
                composite = {"size": wanted, "sources": self._sources, **rest}
                answer = self._server.search(
                    {**body, "aggs": {"rows": {"composite": composite}}}, patient=False
                )["aggregations"]["rows"]
                return answer, len(answer["buckets"]) < wanted

            answer, last = self._throttle.ask(ask, lambda found: len(found[0]["buckets"]), True)
            found.extend(answer["buckets"])
            length += received()
            if last or len(found) > piece.documents:
                return found, length
            after = answer["after_key"]


def _repeated(counts: list[int]) -> pa.Array:
    """Each row's index as often as it is counted."""
    rows: list[Any] = []
    for index, count in enumerate(counts):
        rows.extend([index] * count)
    return pa.array(rows, pa.int64())
