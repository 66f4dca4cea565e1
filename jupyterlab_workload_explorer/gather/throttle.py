"""How much is asked of a server that has said that it is too much."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from .problem import Cancelled, GatherProblem, TooMuchAtOnce

#: Seconds to wait after refusals. A small server may need minutes until it has tidied its memory.
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0, 30.0, 30.0, 30.0)

#: Smallest page that is tried after refusals.
SMALLEST = 250

#: Answers in a row after which one request more is sent at a time.
CALM = 50

_Answer = TypeVar("_Answer")


class Throttle:
    """Bounds requests at a time, and documents of a request, by what the server has taken so far.

    ``at_once`` requests run at a time, of at most ``size`` documents. After a refusal there are
    half as many of both; who was refused waits, and tries again. Safe to call from several threads.
    """

    def __init__(
        self,
        at_once: int,
        size: int,
        cancelled: threading.Event,
        waits: Sequence[float] = WAITS,
    ) -> None:
        self.size = size
        self._most = self._allowed = max(1, at_once)
        self._running = 0
        self._answers = 0
        self._cancelled = cancelled
        self._waits = waits
        self._changed = threading.Condition()

    def ask(self, task: Callable[[int], _Answer]) -> _Answer:
        """Do a task with the number of documents that is allowed, until it is not refused.

        Raises GatherProblem where even few are too many, Cancelled, and what the task raises.
        """
        with self._place():
            for wait in [*self._waits, None]:
                size = self.size
                try:
                    answer = task(size)
                    self._answered()
                    return answer
                except TooMuchAtOnce:
                    if wait is None:
                        break
                    self._refused(size)
                    if self._cancelled.wait(wait):
                        raise Cancelled from None
        raise GatherProblem(
            "Elasticsearch refuses even small pages as too much. Run gather again when it is less "
            "busy: it goes on where it stopped."
        )

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._running < self._allowed)
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _refused(self, size: int) -> None:
        with self._changed:
            self._answers = 0
            self._allowed = max(1, self._allowed // 2)
            # Others may have made it smaller meanwhile.
            self.size = min(self.size, max(SMALLEST, size // 2))

    def _answered(self) -> None:
        with self._changed:
            self._answers += 1
            if self._answers >= CALM and self._allowed < self._most:
                self._answers = 0
                self._allowed += 1
                self._changed.notify_all()
