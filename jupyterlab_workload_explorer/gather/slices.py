"""The time axis in pieces: months, and slices of a bounded number of documents inside them."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from .server import Server

#: The partition of records without a time, as Hive names it.
MISSING = "__HIVE_DEFAULT_PARTITION__"

#: Most buckets that are asked for at once; servers refuse more than 65,536.
MOST_BUCKETS = 40_000

DAY = 86_400_000

#: Chooses documents of which Elasticsearch has ignored values.
HAS_IGNORED = {"exists": {"field": "_ignored"}}


@dataclass(frozen=True)
class Slice:
    """A half-open range of event time, in milliseconds since 1970, and how many documents it has.

    Both ends are ``None`` for the documents without a time.
    """

    start: int | None
    end: int | None
    documents: int

    @property
    def missing(self) -> bool:
        """Whether this is the slice of documents without a time."""
        return self.start is None

    def query(self, time: str) -> dict[str, Any]:
        """The condition on the field ``time`` that chooses the slice."""
        if self.start is None:
            return {"bool": {"must_not": [{"exists": {"field": time}}]}}
        return {
            "range": {
                time: {"gte": self.start, "lt": self.end, "format": "epoch_millis"},
            }
        }


@dataclass(frozen=True)
class Month:
    """A partition: its name as in ``month=…``, its range of time, and its documents."""

    name: str
    whole: Slice


class Axis:
    """Counts documents on the time axis, inside the server's point in time.

    ``time`` is the field of the event time, ``limit`` the most documents of a slice, ``zone`` the
    time zone of months and days. With ``days`` a slice is one or several whole days of that zone,
    however many documents a day has. ``condition`` further chooses documents.
    """

    def __init__(
        self,
        server: Server,
        time: str,
        limit: int,
        zone: str = "UTC",
        days: bool = False,
        condition: Mapping[str, Any] | None = None,
    ) -> None:
        self._server = server
        self._time = time
        self.limit = limit
        self._zone = zone
        self._days = days
        self._condition = condition

    def chosen(self, *queries: Mapping[str, Any]) -> dict[str, Any]:
        """Queries together with the condition on all documents."""
        parts = [dict(part) for part in (self._condition, *queries) if part is not None]
        return {"bool": {"filter": parts}} if parts else {"match_all": {}}

    def months(self) -> list[Month]:
        """The months that hold documents, by time; the documents without a time come last."""
        answer = self._server.search(
            {
                "size": 0,
                "query": self.chosen(),
                "aggs": {
                    "months": {
                        "date_histogram": {
                            "field": self._time,
                            "calendar_interval": "month",
                            "time_zone": self._zone,
                            "min_doc_count": 1,
                        }
                    },
                    "missing": {"missing": {"field": self._time}},
                },
            }
        )["aggregations"]
        found = [
            self.month(bucket["key"], bucket["doc_count"]) for bucket in answer["months"]["buckets"]
        ]
        missing = answer["missing"]["doc_count"]
        if missing > 0:
            found.append(Month(MISSING, Slice(None, None, missing)))
        return found

    def month(self, start: int, documents: int) -> Month:
        """The month that begins at an instant."""
        year, month = month_of(start, self._zone)
        return Month(
            f"{year:04d}-{month:02d}", Slice(start, _next(year, month, self._zone), documents)
        )

    def count(self, piece: Slice) -> int:
        """The exact number of documents of a slice."""
        answer = self._server.search(
            {
                "size": 0,
                "query": self.chosen(piece.query(self._time)),
                "track_total_hits": True,
            }
        )
        return answer["hits"]["total"]["value"]

    def any_ignored(self) -> bool:
        """Whether Elasticsearch has ignored values of any document."""
        answer = self._server.search(
            {
                "size": 0,
                "query": self.chosen(HAS_IGNORED),
                "track_total_hits": 1,
                "terminate_after": 1,
            }
        )
        return answer["hits"]["total"]["value"] > 0

    def times_are_single(self) -> bool:
        """Whether no document has several event times."""
        answer = self._server.search(
            {
                "size": 0,
                "query": self.chosen(),
                "aggs": {
                    "values": {"value_count": {"field": self._time}},
                    "documents": {"filter": {"exists": {"field": self._time}}},
                },
            }
        )["aggregations"]
        return answer["values"]["value"] == answer["documents"]["doc_count"]

    def counts(self, ranges: list[tuple[int, int]]) -> list[int]:
        """The documents of each range of time, in their order."""
        counted: list[int] = []
        for first in range(0, len(ranges), 1000):
            chunk = ranges[first : first + 1000]
            filters = {
                str(index): Slice(start, end, 0).query(self._time)
                for index, (start, end) in enumerate(chunk)
            }
            low, high = min(a for a, _ in chunk), max(b for _, b in chunk)
            answer = self._server.search(
                {
                    "size": 0,
                    "query": self.chosen(Slice(low, high, 0).query(self._time)),
                    "aggs": {"counts": {"filters": {"filters": filters}}},
                }
            )
            buckets = answer["aggregations"]["counts"]["buckets"]
            counted.extend(buckets[str(index)]["doc_count"] for index in range(len(chunk)))
        return counted

    def slices(self, whole: Slice) -> Iterator[Slice]:
        """A range in slices of at most ``limit`` documents that cover it, by time.

        A single millisecond (or day) may hold more. Slices are never empty, but for one that
        stands for a range without any document.
        """
        if whole.start is None or whole.end is None or whole.documents <= self.limit:
            yield whole
            return
        start, documents = whole.start, 0
        for low, high, count in self._buckets(whole):
            if documents > 0 and documents + count > self.limit:
                yield Slice(start, low, documents)
                start, documents = low, 0
            if count > self.limit and high - low > 1 and not self._days:
                inner = list(self.slices(Slice(low, high, count)))
                if start < low:
                    first = inner[0]
                    inner[0] = Slice(start, first.end, first.documents)
                yield from inner[:-1]
                last = inner[-1]
                start = low if last.start is None else last.start
                documents = last.documents
            else:
                documents += count
        yield Slice(start, whole.end, documents)

    def within(self, whole: Slice) -> Iterator[Slice]:
        """A range in slices, for which days are divided, too."""
        finer = copy.copy(self)
        finer._days = False
        yield from finer.slices(whole)

    def _buckets(self, whole: Slice) -> Iterator[tuple[int, int, int]]:
        """Ranges inside a range that hold documents: begin, end and number of documents."""
        assert whole.start is not None and whole.end is not None
        interval = self._interval(whole)
        histogram: dict[str, Any] = {"field": self._time, "min_doc_count": 1}
        if self._days:
            histogram |= {"calendar_interval": "day", "time_zone": self._zone}
        else:
            histogram["fixed_interval"] = f"{interval}ms"
        answer = self._server.search(
            {
                "size": 0,
                "query": self.chosen(whole.query(self._time)),
                "aggs": {"slices": {"date_histogram": histogram}},
            }
        )
        for bucket in answer["aggregations"]["slices"]["buckets"]:
            if self._days and bucket["key"] < whole.start:
                # Of a record of two times; days have no fixed length.
                continue
            low = max(bucket["key"], whole.start)
            # Records of two times fall into buckets that the range does not reach.
            if low < whole.end and bucket["key"] + interval > whole.start:
                yield low, min(bucket["key"] + interval, whole.end), bucket["doc_count"]

    def _interval(self, whole: Slice) -> int:
        """Milliseconds of a bucket such that slices can be made nearly full."""
        assert whole.start is not None and whole.end is not None
        if self._days:
            return DAY
        buckets = min(MOST_BUCKETS, max(64, 16 * whole.documents // self.limit))
        return max(1, -(-(whole.end - whole.start) // buckets))


def month_of(instant: int, zone: str = "UTC") -> tuple[int, int]:
    """Year and month of an instant in milliseconds, in a time zone."""
    if zone != "UTC":
        try:
            local = datetime.datetime.fromtimestamp(instant / 1000, ZoneInfo(zone))
            return local.year, local.month
        except (ValueError, OverflowError, OSError):
            pass
    return _civil(instant // DAY)


def _next(year: int, month: int, zone: str) -> int:
    """When the month after this one begins, in milliseconds."""
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    if zone != "UTC" and 2 <= year <= 9998:
        begin = datetime.datetime(year, month, 1, tzinfo=ZoneInfo(zone))
        return round(begin.timestamp() * 1000)
    return _days_before(year, month) * DAY


def _days_before(year: int, month: int) -> int:
    """Days from 1970 to the first of a month, in the proleptic Gregorian calendar, of any year."""
    shifted = year - (1 if month <= 2 else 0)
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _civil(days: int) -> tuple[int, int]:
    """Year and month of a day since 1970: the inverse of :func:`_days_before`."""
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    month = month + 3 if month < 10 else month - 9
    return era * 400 + year + (1 if month <= 2 else 0), month
