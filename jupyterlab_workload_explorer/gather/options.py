"""What a gather is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .parts import ROWS

#: Most documents of a page: what Elasticsearch allows if nobody has changed it.
PAGE_SIZE = 10_000

#: Bytes that documents may take in memory before they are columns, in all requests at a time.
ARRIVING = 64_000_000

#: Bytes that a value of a document takes then, roughly.
VALUE = 200


def slice_limit(page: int, workers: int, columns: int) -> int:
    """Most documents of a slice: a page, or what the memory allows for."""
    return min(page, max(500, ARRIVING // (workers * columns * VALUE)))


@dataclass(frozen=True)
class Options:
    """What a gather is asked to do; see ``docs/gather.md`` for each.

    Either ``connection`` (a name) or ``url`` is given. ``overlap`` is in seconds. ``part_rows`` and
    ``slice_documents`` are sizes that tests make small.
    """

    indices: str
    out: Path
    connection: str | None = None
    url: str | None = None
    columns: Sequence[str] | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    shape: str = "long"
    page_size: int | None = None
    workers: int = 3
    overlap: float = 3600.0
    time_limit: float | None = None
    verify: bool = False
    progress: str | Callable[[Any], None] = "none"
    part_rows: int = ROWS
    slice_documents: int | None = None
    waits: Sequence[float] | None = None
    distill: bool = False
    drop: Sequence[str] | None = None
    keep: Sequence[str] | None = None
    zone: str | None = None
    pseudonymise: Sequence[str] | None = None
    key_file: str | Path | None = None
    rows: Callable[..., Any] | None = None
    """What makes rows of documents: called with the schema, gives a ``Rows``."""
