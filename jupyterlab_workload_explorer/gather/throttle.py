"""How much is asked of a server that has said that it is too much."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from .answers import bounded, received
from .problem import Cancelled, GatherProblem, TooLarge, TooMuchAtOnce, TooSlow

#: Seconds to wait after refusals. A small server may need minutes until it has tidied its memory.
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0, 30.0, 30.0, 30.0)

#: Smallest page that is tried after refusals.
SMALLEST = 250

#: Documents of the first page, whose bytes tell how many the next ones may have.
FIRST = 200

#: Bytes that a page is to have at most, as it comes; longer ones are read up to twice as many.
PAGE_BYTES = 4 * 1024 * 1024

#: Answers in a row after which one request more is sent at a time.
CALM = 50

_Answer = TypeVar("_Answer")


class Throttle:
    """Bounds requests at a time, and documents of a request, by what the server has taken so far.

    ``at_once`` requests run at a time, of at most ``size`` documents. After a refusal there are
    half as many of both; who was refused waits, and tries again. Documents are also bounded by the
    bytes that others have taken lately. Safe to call from several threads.
    """

    def __init__(
        self,
        at_once: int,
        size: int,
        cancelled: threading.Event,
        waits: Sequence[float] = WAITS,
    ) -> None:
        self.size = size
        #: Bytes of a document, about, as the last ones had them; 0 while nobody knows.
        self.document_bytes = 0.0
        self._most = self._allowed = max(1, at_once)
        self._running = 0
        self._answers = 0
        self._cancelled = cancelled
        self._waits = waits
        self._changed = threading.Condition()

    def ask(
        self, task: Callable[[int], _Answer], count: Callable[[_Answer], int], whole: bool = False
    ) -> _Answer:
        """Do a task with the number of documents that is allowed, until it is not refused.

        ``count`` says how many documents an answer has. A ``whole`` task is of no use in smaller
        pieces because of its bytes: it gets the number that the server takes. Raises GatherProblem
        where even few are too many, Cancelled, TooLarge and TooSlow for a whole task, and what the
        task raises.
        """
        with self._place():
            waits = [*self._waits, None]
            while waits:
                size = self.size if whole else self._documents()
                try:
                    with bounded(*([None] if size == 1 else [])):
                        answer = task(size)
                    self._answered(count(answer))
                    return answer
                except TooLarge:
                    self._too_large(size)
                    if whole:
                        raise
                except TooMuchAtOnce as refusal:
                    if whole and isinstance(refusal, TooSlow):
                        raise
                    wait = waits.pop(0)
                    if wait is None:
                        break
                    self._refused(size)
                    if self._cancelled.wait(wait):
                        raise Cancelled from None
        raise GatherProblem(
            "Elasticsearch refuses even small pages as too much. Run gather again when it is less "
            "busy: it goes on where it stopped."
        )

    def _documents(self) -> int:
        with self._changed:
            if self.document_bytes == 0:
                return min(self.size, FIRST)
            return max(1, min(self.size, int(PAGE_BYTES / self.document_bytes)))

    def _too_large(self, size: int) -> None:
        with self._changed:
            self.document_bytes = max(self.document_bytes, 4 * PAGE_BYTES / size)

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

    def _answered(self, documents: int) -> None:
        with self._changed:
            if documents > 0:
                # Long ones count at once, short ones by and by.
                now = received() / documents
                self.document_bytes = max(now, 0.5 * (now + self.document_bytes))
            self._answers += 1
            if self._answers >= CALM and self._allowed < self._most:
                self._answers = 0
                self._allowed += 1
                self._changed.notify_all()
