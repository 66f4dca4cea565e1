"""The part of a file that a request asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes[ \t]*=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Bytes from ``start``, inclusive, to ``end``, exclusive."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


class Unsatisfiable(Exception):
    """No byte of the file is in the range: status 416."""


def parse_range(header: str | None, size: int) -> Part | None:
    """The part that a ``Range`` header asks for of a file of ``size`` bytes.

    ``None`` stands for the whole file: there is no header, or one that is to be ignored, because it
    is malformed, of another unit, or asks for several ranges, which no reader of ours does.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None:
        return None
    first, last = match.groups()
    if first == "":
        if last == "":
            return None
        wanted = int(last)
        if wanted == 0 or size == 0:
            raise Unsatisfiable
        return Part(max(0, size - wanted), size)
    start = int(first)
    if last != "" and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Part(start, size if last == "" else min(size, int(last) + 1))
