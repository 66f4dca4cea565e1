"""Python's search for cycles, made seldom while answers are read.

Python looks through all objects for cycles that nobody needs whenever some hundred new ones are
there. An answer is hundreds of thousands of objects, none of them in a cycle: looking through them
took longer than everything else that is done with them.
"""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator

#: New objects after which Python looks through the youngest, and how often it does so before it
#: looks through older ones: little memory waits for it all the same.
SELDOM = (20_000, 20, 20)

_lock = threading.Lock()
_users = 0
_before = gc.get_threshold()


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """Meanwhile this process looks for cycles seldom; as often as before when the last one ends.

    Where somebody else has made it seldomer, or has set it meanwhile, that holds.
    """
    global _users, _before
    with _lock:
        _users += 1
        if _users == 1:
            _before = gc.get_threshold()
            if 0 < _before[0] < SELDOM[0]:
                gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0 and gc.get_threshold() == SELDOM:
                gc.set_threshold(*_before)
