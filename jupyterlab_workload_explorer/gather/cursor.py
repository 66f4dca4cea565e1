"""How far the dataset reaches, and which documents just before that are known.

The cursor is the time at which Elasticsearch took documents in, where that is mapped, else their
event time. Documents come late and out of order, so the next run looks again at what lies before
the cursor by the *overlap*. Hashes of the ids of the documents there are kept in a side file: a
document that is not in it is new. Everything older is held to counts alone.

The cursor moves when a run has said in the manifest which slices are due to be fetched, in the same
breath: from then on each slice either is as the point in time has it, or is due. So a run that is
stopped leaves the next one to fetch what is still due, and no more. The manifest names the side
file that goes with it; any other is of a run that has not come so far, and is removed.
"""

from __future__ import annotations

import hashlib
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .files import Sink, checksum, disk_problem, sync_folder
from .manifest import Manifest
from .roles import INGEST
from .schema import Schema
from .server import Server
from .slices import MISSING, Axis, month_of

#: How names of side files begin. They are Parquet, and must not be taken for parts of the dataset.
NAME = "ids"

# Hashes tell nothing of the documents, should somebody be forgotten.
_SCHEMA = pa.schema([("hash", pa.uint64())])

#: Documents that are new in each partition, by the begin of their slice, ``None`` without a time.
New = dict[str, dict[int | None, int]]


class _Document(NamedTuple):
    """A document: the hash of its id, its event time, and its time on the cursor's axis."""

    hash: int
    event: int | None
    at: int


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

    def look(self) -> tuple[New, dict[str, Any] | None]:
        """What is new since the cursor was set, and the cursor that reaches the latest document.

        The manifest does not have it yet. Until that is saved with it, together with what is due,
        the cursor and the side file of before are those that count.
        """
        held = self._manifest.state.get("cursor")
        if held is not None and held["field"] != self._field:
            held = None
        known = array("Q") if held is None else _known(self._manifest.work, held)
        latest = self._latest()
        if latest is None:
            return {}, None
        # A clock that is ahead must not make the overlap empty.
        to = min(latest, round(time.time() * 1000))
        begin = to - self._overlap
        places = _Places(self._manifest, self._zone)
        found: New = {}
        count = 0

        def kept() -> Iterator[list[int]]:
            nonlocal count
            for page in self._after(begin if held is None else min(begin, held["from"])):
                for one in page if held is not None else ():
                    if one.at >= held["from"] and not _has(known, one.hash):
                        places.count(found, one.event)
                hashes = [one.hash for one in page if one.at >= begin]
                count += len(hashes)
                yield hashes

        name, digest = _write(self._manifest, kept())
        return found, {
            "field": self._field,
            "to": to,
            "from": begin,
            "ids": count,
            "file": name,
            "sha256": digest,
        }

    def _latest(self) -> int | None:
        aggs = {"latest": {"max": {"field": self._field}}}
        answer = self._server.search({"size": 0, "query": self._axis.chosen(), "aggs": aggs})
        latest = answer["aggregations"]["latest"]["value"]
        return None if latest is None else int(latest)

    def _after(self, begin: int) -> Iterator[list[_Document]]:
        """The documents since an instant, in pages."""
        fields = dict.fromkeys([self._time, self._field])
        body: dict[str, Any] = {
            "size": self._page,
            "query": self._axis.chosen(
                {"range": {self._field: {"gte": begin, "format": "epoch_millis"}}}
            ),
            "_source": False,
            "docvalue_fields": [{"field": one, "format": "epoch_millis"} for one in fields],
            "sort": ["_shard_doc"],
        }
        while True:
            hits = self._server.search(body)["hits"]["hits"]
            if not hits:
                return
            yield [
                _Document(
                    _number(hit["_index"], hit["_id"]),
                    next(iter(_instants(hit, self._time)), None),
                    max(_instants(hit, self._field), default=begin),
                )
                for hit in hits
            ]
            body["search_after"] = hits[-1]["sort"]


class _Places:
    """Where on the time axis the dataset has slices."""

    def __init__(self, manifest: Manifest, zone: str) -> None:
        self._zone = zone
        self._covers = {
            name: [(cover.begin, cover.end) for cover in partition.covers]
            for name, partition in manifest.partitions.items()
        }

    def count(self, found: New, instant: int | None) -> None:
        """Count a document in the slice that it belongs to, if there is one."""
        if instant is None:
            name, place = MISSING, 0
        else:
            year, month = month_of(instant, self._zone)
            name = f"{year:04d}-{month:02d}"
            covers = self._covers.get(name, [])
            place = bisect_right(covers, instant, key=lambda cover: cover[0] or 0) - 1
        covers = self._covers.get(name, [])
        if not 0 <= place < len(covers):
            return
        begin, end = covers[place]
        if instant is None or (end is not None and instant < end):
            within = found.setdefault(name, {})
            within[begin] = within.get(begin, 0) + 1


def remove_old(manifest: Manifest) -> None:
    """Remove the side files that the manifest, as it is saved, does not name."""
    held = manifest.state.get("cursor")
    for path in manifest.work.glob(f"{NAME}*"):
        if held is None or path.name != held.get("file"):
            path.unlink(missing_ok=True)


def _write(manifest: Manifest, pages: Iterator[list[int]]) -> tuple[str, str]:
    """Write a side file, named by what is in it. Returns its name and its SHA-256."""
    temporary = manifest.temporary / f"{NAME}.tmp"
    try:
        sink = Sink(temporary)
        try:
            with pq.ParquetWriter(sink, _SCHEMA, compression="zstd") as writer:
                for page in pages:
                    writer.write_table(pa.table([page], schema=_SCHEMA))
            sink.close()
        except BaseException:
            sink.give_up()
            temporary.unlink(missing_ok=True)
            raise
        name = f"{NAME}-{sink.sha256[:16]}"
        temporary.replace(manifest.work / name)
        sync_folder(manifest.work)
    except OSError as error:
        raise disk_problem(error, temporary) from None
    return name, sink.sha256


def _instants(hit: dict[str, Any], field: str) -> list[int]:
    return [int(value.partition(".")[0]) for value in hit.get("fields", {}).get(field, ())]


def _number(index: str, one: str) -> int:
    """A document's id as eight bytes: a day may have millions."""
    digest = hashlib.blake2b(f"{index}\0{one}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _known(folder: Path, held: dict[str, Any]) -> array[int]:
    """The hashes of the side file, in order; none where it is damaged: then nothing is known."""
    numbers = array("Q")
    path = folder / held.get("file", NAME)
    if not path.exists() or checksum(path) != held["sha256"]:
        return numbers
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
