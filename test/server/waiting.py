"""Waits for what another process does."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Long enough for a machine that is busy with other things, seconds.
LIMIT = 120


def until(condition: Callable[[], object]) -> None:
    """Return as soon as something holds; AssertionError when it never does."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "It did not come about."
        time.sleep(0.02)
