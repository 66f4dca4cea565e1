"""Points in time of Elasticsearch, which stay on the server; who asks gets a handle.

The id of a point in time tells indices and shards, and whoever has it may search in it. A handle
means nothing elsewhere: it holds for one user and one connection.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .connections import Connection
from .errors import refusal_for

#: Points in time that a user may have open; then the one that was not used for longest is closed.
MAX_OPEN = 64


@dataclass
class PointInTime:
    """One point in time. ``id`` is Elasticsearch's newest one for it, or what a center's service
    gave as a handle; ``connection`` is as it was when it was opened."""

    user: str
    connection: Connection
    id: str
    handle: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    in_use: int = 0
    timer: asyncio.TimerHandle | None = None


class PointsInTime:
    """All open points in time, by handle.

    ``keep_alive`` is in seconds; ``drop`` is called with each that nobody has used for so long, or
    that has to make room.
    """

    def __init__(self, keep_alive: float, drop: Callable[[PointInTime], None]) -> None:
        self._keep_alive = keep_alive
        self._drop = drop
        # In the order of use, the longest unused first.
        self._open: dict[str, PointInTime] = {}

    def add(self, point: PointInTime) -> None:
        """Keep a point in time that was just opened."""
        own = [one for one in self._open.values() if one.user == point.user and not one.in_use]
        for oldest in own[: max(0, len(own) - MAX_OPEN + 1)]:
            self._forget(oldest)
            self._drop(oldest)
        self._open[point.handle] = point
        self._rest(point)

    @contextmanager
    def use(self, user: str, connection: str, handle: str) -> Iterator[PointInTime]:
        """The point in time of a handle, which does not run out meanwhile.

        Raises Refusal where there is none for this user and this connection: whether somebody else
        has it is not told.
        """
        point = self._find(user, connection, handle)
        self._stop(point)
        point.in_use += 1
        try:
            yield point
        finally:
            point.in_use -= 1
            if self._open.get(handle) is point and not point.in_use:
                self._open[handle] = self._open.pop(handle)
                self._rest(point)

    def take(self, user: str, connection: str, handle: str) -> PointInTime:
        """Take a point in time out, to close it. Raises Refusal as ``use`` does."""
        point = self._find(user, connection, handle)
        self._forget(point)
        return point

    def known(self, handle: Any) -> PointInTime | None:
        """What a handle of our own stands for."""
        return self._open.get(handle) if isinstance(handle, str) else None

    def take_all(self) -> list[PointInTime]:
        """Take all out."""
        points = list(self._open.values())
        for point in points:
            self._forget(point)
        return points

    def lost(self, point: PointInTime) -> None:
        """Elasticsearch has it no more."""
        self._forget(point)

    def _find(self, user: str, connection: str, handle: str) -> PointInTime:
        point = self._open.get(handle)
        if point is None or (point.user, point.connection.name) != (user, connection):
            raise refusal_for("lost")
        return point

    def _forget(self, point: PointInTime) -> None:
        self._stop(point)
        if self._open.get(point.handle) is point:
            del self._open[point.handle]

    def _stop(self, point: PointInTime) -> None:
        if point.timer is not None:
            point.timer.cancel()
            point.timer = None

    def _rest(self, point: PointInTime) -> None:
        self._stop(point)
        loop = asyncio.get_running_loop()
        point.timer = loop.call_later(self._keep_alive, self._run_out, point)

    def _run_out(self, point: PointInTime) -> None:
        self._forget(point)
        self._drop(point)
