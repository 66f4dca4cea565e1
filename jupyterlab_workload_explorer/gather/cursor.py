"""How far the dataset reaches, and which documents just before that are known.

The cursor is the time at which Elasticsearch took documents in, where that is mapped, else their
event time. Documents come late and out of order, so the next run looks again at what lies before
the cursor by the *overlap*. Hashes of the ids of the documents there are kept in a side file: a
document that is not in it is new, and the slice of time that it belongs to is fetched again.
Everything older is held to counts alone.
"""

from __future__ import annotations

import hashlib
import os
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .files import checksum, disk_problem, sync_folder
from .manifest import Manifest
from .roles import INGEST
from .schema import Schema
from .server import Server
from .slices import MISSING, Axis, month_of

#: The side file. It is Parquet, and must not be taken for a part of the dataset.
NAME = "ids"

# Hashes tell nothing of the documents, should somebody be forgotten.
_SCHEMA = pa.schema([("hash", pa.uint64())])

#: What is touched: for each partition the beginnings of slices, ``None`` for that without a time.
Touched = dict[str, set[int | None]]


class Cursor:
    """The cursor of a dataset, inside the point in time that is open."""

    def __init__(
        self,
        server: Server,
        schema: Schema,
        axis: Axis,
        manifest: Manifest,
        overlap: float,
        page: int,
        zone: str = "UTC",
    ) -> None:
        self._server = server
        self._axis = axis
        self._manifest = manifest
        self._overlap = round(overlap * 1000)
        self._page = page
        self._zone = zone
        self._time = schema.time.field
        self._field = (schema.column(INGEST) or schema.time).field
        self._path = manifest.work / NAME

    def touched(self) -> Touched:
        """The slices that hold documents which the last complete run did not see."""
        held = self._manifest.state.get("cursor")
        found: Touched = {}
        if not held or held["field"] != self._field or not self._path.exists():
            return found
        if checksum(self._path) != held["sha256"]:
            return found
        known = _known(self._path)
        starts = {
            name: [low for part in partition.parts for low, *_ in part.slices if low is not None]
            for name, partition in self._manifest.partitions.items()
        }
        for hits in self._after(held["from"]):
            for index, one, instant in hits:
                if _has(known, _number(index, one)):
                    continue
                if instant is None:
                    found.setdefault(MISSING, set()).add(None)
                    continue
                year, month = month_of(instant, self._zone)
                name = f"{year:04d}-{month:02d}"
                slices = starts.get(name, [])
                place = bisect_right(slices, instant) - 1
                if place >= 0:
                    found.setdefault(name, set()).add(slices[place])
        return found

    def move(self) -> None:
        """Set the cursor to the latest document, and keep the ids of the overlap."""
        answer = self._server.search(
            {
                "size": 0,
                "query": self._axis.chosen(),
                "aggs": {"latest": {"max": {"field": self._field}}},
            }
        )
        latest = answer["aggregations"]["latest"]["value"]
        if latest is None:
            self._manifest.state["cursor"] = None
            self._path.unlink(missing_ok=True)
            return
        # A clock that is ahead must not make the overlap empty.
        to = min(int(latest), round(time.time() * 1000))
        begin = to - self._overlap
        count = self._keep(self._after(begin))
        self._manifest.state["cursor"] = {
            "field": self._field,
            "to": to,
            "from": begin,
            "ids": count,
            "sha256": checksum(self._path),
        }

    def _after(self, begin: int) -> Iterator[list[tuple[str, str, int | None]]]:
        """Index, id and event time of the documents since an instant, in pages."""
        body: dict[str, Any] = {
            "size": self._page,
            "query": self._axis.chosen(
                {"range": {self._field: {"gte": begin, "format": "epoch_millis"}}}
            ),
            "_source": False,
            "docvalue_fields": [{"field": self._time, "format": "epoch_millis"}],
            "sort": ["_shard_doc"],
        }
        while True:
            hits = self._server.search(body)["hits"]["hits"]
            if not hits:
                return
            yield [(hit["_index"], hit["_id"], _instant(hit, self._time)) for hit in hits]
            body["search_after"] = hits[-1]["sort"]

    def _keep(self, pages: Iterator[list[tuple[str, str, int | None]]]) -> int:
        temporary = self._manifest.temporary / f"{NAME}.tmp"
        count = 0
        try:
            with temporary.open("wb") as file:
                with pq.ParquetWriter(file, _SCHEMA, compression="zstd") as writer:
                    for page in pages:
                        count += len(page)
                        hashes = [_number(index, one) for index, one, _ in page]
                        writer.write_table(pa.table([hashes], schema=_SCHEMA))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise disk_problem(error, self._path) from None
        sync_folder(self._path.parent)
        return count


def _instant(hit: dict[str, Any], field: str) -> int | None:
    values = hit.get("fields", {}).get(field)
    return int(values[0].partition(".")[0]) if values else None


def _number(index: str, one: str) -> int:
    """A document's id as eight bytes: a day may have millions."""
    digest = hashlib.blake2b(f"{index}\0{one}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _known(path: Path) -> array[int]:
    numbers = array("Q")
    with pq.ParquetFile(path, pre_buffer=False) as file:
        if file.schema_arrow.names != _SCHEMA.names:
            return numbers
        for batch in file.iter_batches(32_000):
            numbers.extend(batch.column(0).to_pylist())
    # Sorted in Arrow, which needs no Python number for each.
    unsorted = pa.UInt64Array.from_buffers(pa.uint64(), len(numbers), [None, pa.py_buffer(numbers)])
    ordered = array("Q")
    ordered.frombytes(unsorted.take(pc.sort_indices(unsorted)).buffers()[1])
    return ordered[: len(numbers)]


def _has(numbers: Sequence[int], number: int) -> bool:
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number
