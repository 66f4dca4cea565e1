"""Keys of hashes that the dataset keeps, in files of ``.gather`` that their owner alone may read.

Whoever may read the dataset could else try out what the hashes are of.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from .files import write_whole


def read_key(path: Path) -> bytes:
    """The key in a file. Raises OSError and ValueError."""
    key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if not key:
        raise ValueError(path.name)
    return key


def make_key(path: Path) -> None:
    """Write a new key, durably. Raises GatherProblem."""
    before = os.umask(0o077)
    try:
        write_whole(path, secrets.token_hex(32).encode())
    finally:
        os.umask(before)
