"""How far a gather is: for a terminal, for the panel (lines of JSON), or for nobody."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass
from typing import IO, Any

#: Seconds between two reports of the same phase.
PAUSE = 0.5


@dataclass
class State:
    """What is known of a run: documents of the index done of those to be fetched, and values that
    did not fit. A document is one, whatever count it has and however many rows it becomes."""

    phase: str = "plan"
    partition: str | None = None
    documents: int = 0
    total: int = 0
    rejects: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Documents a second since fetching began; 0 before."""
        return self.documents / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that are left at this rate; ``None`` while nobody can tell."""
        rate = self.rate
        return max(0, self.total - self.documents) / rate if rate > 0 else None

    def as_json(self) -> dict[str, Any]:
        """The line that the panel reads."""
        left = self.left
        return {
            "phase": self.phase,
            "partition": self.partition,
            "documents": self.documents,
            "total": self.total,
            "rejects": self.rejects,
            "rate": round(self.rate),
            "left": None if left is None else round(left, 1),
        }

    def as_text(self) -> str:
        """The line that a terminal shows."""
        if self.phase == "plan":
            return "Counting documents…"
        share = f" of {self.total:,}" if self.total else ""
        left = self.left
        wait = "" if left is None else f", {_duration(left)} left"
        where = f" ({self.partition})" if self.partition else ""
        return f"{self.documents:,}{share} documents{where}, {self.rate:,.0f}/s{wait}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class Progress:
    """Counts, and tells from time to time. Safe to call from several threads.

    ``how`` is ``json`` (a line for each report on ``stream``), ``line`` (one line that is written
    over), ``none``, or a function that gets each :class:`State`.
    """

    def __init__(self, how: Any = "none", stream: IO[str] | None = None) -> None:
        self.state = State()
        self._how = how
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()
        self._began: float | None = None
        self._told = 0.0
        self._width = 0

    def phase(self, phase: str, total: int | None = None) -> None:
        """Enter a phase: ``plan``, ``gather``, ``check``, ``done``, ``cancelled`` or ``failed``."""
        with self._lock:
            self.state.phase = phase
            if total is not None:
                self.state.total = total
            if phase == "gather" and self._began is None:
                self._began = time.monotonic()
            self._tell()

    def partition(self, name: str) -> None:
        """Say which partition is being fetched."""
        self.state.partition = name

    def add(self, documents: int = 0, rejects: int = 0, total: int = 0) -> None:
        """Count documents that have arrived, values that did not fit, and documents to come."""
        with self._lock:
            self.state.documents += documents
            self.state.rejects += rejects
            self.state.total += total
            if time.monotonic() - self._told >= PAUSE:
                self._tell()

    def close(self) -> None:
        """Leave the terminal's line."""
        if self._how == "line" and self._width:
            self._stream.write("\n")
            self._stream.flush()
            self._width = 0

    def _tell(self) -> None:
        now = time.monotonic()
        self._told = now
        if self._began is not None:
            self.state.seconds = now - self._began
        if callable(self._how):
            self._how(self.state)
        elif self._how == "json":
            self._stream.write(json.dumps(self.state.as_json()) + "\n")
            self._stream.flush()
        elif self._how == "line":
            text = self.state.as_text()
            self._stream.write("\r" + text.ljust(self._width))
            self._stream.flush()
            self._width = len(text)
