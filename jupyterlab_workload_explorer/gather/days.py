"""Calendar days of a time zone, as instants."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from .problem import GatherProblem
from .slices import DAY

#: Days of a list of beginnings; what spreads wider holds a wrong date, and is looked up singly.
MOST_DAYS = 50_000

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def check_zone(name: str) -> str:
    """The name of a time zone, if there is one. Raises GatherProblem."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise GatherProblem(
            f'"{name}" is not a time zone. Use a name such as UTC or America/Los_Angeles.'
        ) from None
    return name


class Days:
    """The calendar days of a time zone.

    A day begins at its first instant, which is after midnight where clocks change then. Instants
    are milliseconds since 1970; those outside the years 1 to 9999 lie in days of UTC.
    """

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(check_zone(zone))
        self._starts: list[int] = []

    def start_of(self, date: datetime.date) -> int:
        """When a day begins."""
        begin = datetime.datetime(date.year, date.month, date.day, tzinfo=self._zone)
        return round((begin - _EPOCH).total_seconds() * 1000)

    def begins(self, instants: pa.Array) -> pa.Array:
        """The beginning of the day of each instant, as ``timestamp[ms, UTC]``; nulls stay."""
        per_milli = 1_000_000 if instants.type.unit == "ns" else 1
        found = [
            None if value is None else self._begin(value // per_milli)
            for value in instants.cast(pa.int64()).to_pylist()
        ]
        return pa.array(found, pa.int64()).cast(pa.timestamp("ms", "UTC"))

    def _begin(self, instant: int) -> int:
        starts = self._starts
        if not starts or not starts[0] <= instant < starts[-1]:
            single = self._reach(instant)
            if single is not None:
                return single
            starts = self._starts
        return starts[bisect_right(starts, instant) - 1]

    def _reach(self, instant: int) -> int | None:
        """Make the list of beginnings reach an instant; else give the beginning of its day."""
        try:
            day = (_EPOCH + datetime.timedelta(milliseconds=instant)).astimezone(self._zone).date()
            # One day more on both sides: the list ends with the beginning of a day that is whole.
            first, last = day - datetime.timedelta(days=1), day + datetime.timedelta(days=2)
            begin, end = self.start_of(first), self.start_of(last)
        except (OverflowError, ValueError):
            return instant // DAY * DAY
        if self._starts:
            begin, end = min(begin, self._starts[0]), max(end, self._starts[-1])
        if (end - begin) // DAY > MOST_DAYS:
            return self.start_of(day)
        low = (_EPOCH + datetime.timedelta(milliseconds=begin)).astimezone(self._zone).date()
        high = (_EPOCH + datetime.timedelta(milliseconds=end)).astimezone(self._zone).date()
        self._starts = [
            self.start_of(low + datetime.timedelta(days=number))
            for number in range((high - low).days + 1)
        ]
        return None
