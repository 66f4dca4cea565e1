"""Places for requests: each user has some, so that nobody takes those of others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .refusal import Refusal

#: Requests of one user at a time, and those that may wait for their turn.
REQUESTS_OF_A_USER = 8
WAITING_OF_A_USER = 256


class Slots:
    """The places of one user."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(REQUESTS_OF_A_USER)
        self._taken = 0

    @property
    def idle(self) -> bool:
        """Whether nobody has or wants a place."""
        return self._taken == 0

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a place, and have it. Raises Refusal where too many wait."""
        if self._taken >= REQUESTS_OF_A_USER + WAITING_OF_A_USER:
            raise Refusal(
                429,
                "busy",
                "Too many requests are waiting. Close panels that you do not need, and try again.",
            )
        self._taken += 1
        try:
            async with self._free:
                yield
        finally:
            self._taken -= 1
