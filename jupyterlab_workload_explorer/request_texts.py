"""Texts in requests of the panel that become arguments of commands."""

from __future__ import annotations

#: Prefix of paths in data roots, as in the panel.
ROOT_PREFIX = "root:"

#: Length of a text, and of a list of texts, that a request may hold.
LONGEST = 1000


def is_argument(text: str) -> bool:
    """Whether a text can be an argument of a command and stand in a file: no halves of signs."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
