"""How far the dataset reaches, and which documents just before that are known.

The cursor is the time at which Elasticsearch took documents in, where that is mapped, else their
event time. Documents come late and out of order, so the next run looks again at what lies before
the cursor by the *overlap*. Keyed hashes of the ids of the documents there are kept in a side file
(:mod:`.ids`): a document that is not in it is new. Everything older is held to counts alone.

The cursor moves when a run has said in the manifest which slices are due to be fetched, in the same
breath: from then on each slice either is as the point in time has it, or is due. So a run that is
stopped leaves the next one to fetch what is still due, and no more. The manifest names the side
file that goes with it; any other is of a run that has not come so far, and is removed.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from .answers import bounded
from .hits import Hits
from .ids import NAME, Document, Key, Seen, read_known, write_known
from .manifest import Manifest
from .problem import TooLarge
from .roles import INGEST
from .schema import Schema
from .server import Server
from .slices import MISSING, Axis, month_of

#: Documents that are new in each partition, by the begin of their slice, ``None`` without a time.
New = dict[str, dict[int | None, int]]


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
        self._hits = Hits(server)
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
        latest = self._latest()
        if latest is None:
            return {}, None
        # A clock that is ahead must not make the overlap empty.
        to = min(latest, round(time.time() * 1000))
        begin = to - self._overlap
        since = begin if held is None else min(begin, held["from"])
        key = Key(self._manifest.work)
        places = _Places(self._manifest, self._zone)
        found: New = {}
        count = 0

        def kept(seen: Seen) -> Iterator[pa.Array]:
            nonlocal count
            for hashes, new in seen.against(self._known(held, key)):
                for event in new:
                    places.count(found, event)
                count += len(hashes)
                yield hashes

        number = max(self._number(since), 0 if held is None else held["ids"])
        with Seen(self._manifest.temporary, number) as seen:
            late = None if held is None else held["from"]
            for page in self._after(since, begin, late, key):
                seen.add(page)
            name, digest = write_known(self._manifest.work, self._manifest.temporary, kept(seen))
        return found, {
            "field": self._field,
            "to": to,
            "from": begin,
            "ids": count,
            "key": key.fingerprint,
            "file": name,
            "sha256": digest,
        }

    def _known(self, held: dict[str, Any] | None, key: Key) -> Iterator[pa.Array]:
        """The hashes of the ids that are known, in order."""
        if held is None or held.get("key") != key.fingerprint:
            return iter(())
        return read_known(self._manifest.work, held)

    def _since(self, begin: int) -> dict[str, Any]:
        since = {"range": {self._field: {"gte": begin, "format": "epoch_millis"}}}
        return self._axis.chosen(since)

    def _number(self, begin: int) -> int:
        """How many documents there are since an instant."""
        body = {"size": 0, "query": self._since(begin), "track_total_hits": True}
        total: int = self._server.search(body)["hits"]["total"]["value"]
        return total

    def _latest(self) -> int | None:
        aggs = {"latest": {"max": {"field": self._field}}}
        answer = self._server.search({"size": 0, "query": self._axis.chosen(), "aggs": aggs})
        latest = answer["aggregations"]["latest"]["value"]
        return None if latest is None else int(latest)

    def _after(
        self, since: int, begin: int, late: int | None, key: Key
    ) -> Iterator[list[Document]]:
        """The documents since an instant, in pages.

        The ids of those from ``begin`` on are kept; those from ``late`` on are held to the ids
        that are known.
        """
        fields = dict.fromkeys([self._time, self._field])
        body: dict[str, Any] = {
            "query": self._since(since),
            "_source": False,
            "docvalue_fields": [{"field": one, "format": "epoch_millis"} for one in fields],
            "sort": ["_shard_doc"],
        }
        while True:
            hits, last = self._hits_of(body)
            page = []
            for hit in hits:
                at = max(_instants(hit, self._field), default=since)
                page.append(
                    Document(
                        key.hash(hit["_index"], hit["_id"]),
                        next(iter(_instants(hit, self._time)), None),
                        late is not None and at >= late,
                        at >= begin,
                    )
                )
            yield page
            if last:
                return
            body["search_after"] = hits[-1]["sort"]

    def _hits_of(self, body: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
        """A page of documents and whether it is the last one; smaller ones where ids are long."""
        while True:
            try:
                with bounded(*([None] if self._page == 1 else [])):
                    return self._hits.page(body, self._page)
            except TooLarge:
                if self._page == 1:
                    raise
                self._page = max(1, self._page // 2)


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


def _instants(hit: dict[str, Any], field: str) -> list[int]:
    return [int(value.partition(".")[0]) for value in hit.get("fields", {}).get(field, ())]
