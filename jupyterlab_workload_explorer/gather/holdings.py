"""What a dataset holds: partitions of parts of slices of time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple


class Cover(NamedTuple):
    """A slice of time that a part covers.

    ``begin`` and ``end`` are in milliseconds, both ``None`` for documents without a time.
    ``documents`` are those of the index that the slice stands for, whatever counts they have and
    however many rows, also when the index has dropped some of them since; ``seen`` are those that
    the index had when last asked. ``due`` says that a run has found the slice to differ from the
    index, and has not fetched it yet.
    """

    begin: int | None
    end: int | None
    documents: int
    seen: int
    due: bool = False

    def as_json(self) -> list[int | bool | None]:
        """As it stands in the manifest: ``due`` only where it is."""
        return list(self) if self.due else list(self[:4])


class Lost(NamedTuple):
    """A part that was found missing or damaged: its file, and the documents that it stood for.

    ``reason`` ends the sentence "The file …", such as "is missing".
    """

    file: str
    documents: int
    reason: str


@dataclass(frozen=True)
class Part:
    """A complete file: its path below the dataset, its rows, and the slices it covers, by time.

    ``run`` is the number of the run that wrote it. ``split`` says that documents of several
    packages have become several rows, so that rows do not tell how many documents there are.
    """

    file: str
    rows: int
    bytes: int
    sha256: str
    run: int
    rejects: int
    slices: tuple[Cover, ...]
    split: bool = False

    @property
    def documents(self) -> int:
        """The documents that the part stands for."""
        return sum(cover.documents for cover in self.slices)

    @property
    def stem(self) -> str:
        """The name of the part without folder and ending."""
        return Path(self.file).stem

    def as_json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {
            "file": self.file,
            "rows": self.rows,
            "documents": self.documents,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "run": self.run,
            "rejects": self.rejects,
            "slices": [cover.as_json() for cover in self.slices],
            **({"split": True} if self.split else {}),
        }

    @cached_property
    def text(self) -> str:
        """As it stands in the manifest, as JSON: made once, while the manifest is written often."""
        return json.dumps(self.as_json(), ensure_ascii=False)

    @staticmethod
    def parse(entry: dict[str, Any]) -> Part:
        """The inverse of :meth:`as_json`."""
        return Part(
            entry["file"],
            entry["rows"],
            entry["bytes"],
            entry["sha256"],
            entry["run"],
            entry["rejects"],
            tuple(Cover(*one) for one in entry["slices"]),
            entry.get("split", False),
        )


@dataclass
class Partition:
    """A month: its parts, by time, and the documents that the index had when last asked.

    These are ``None`` where nobody knows, because not all of the month is held as it was counted.
    """

    parts: list[Part] = field(default_factory=list)
    index_documents: int | None = None

    @property
    def documents(self) -> int:
        """The documents that the parts stand for."""
        return sum(part.documents for part in self.parts)

    @property
    def seen(self) -> int:
        """The documents that the index had in the slices of the parts, when last asked."""
        return sum(cover.seen for cover in self.covers)

    @property
    def covers(self) -> list[Cover]:
        """The slices of all parts, by time."""
        return [cover for part in self.parts for cover in part.slices]

    def as_json(self) -> dict[str, Any]:
        """As it stands in the manifest, without its parts."""
        there = self.index_documents
        if any(cover.due for cover in self.covers):
            there = None
        return {
            "documents": self.documents,
            "index_documents": there,
            "agrees": None if there is None else self.documents == there,
            "rows": sum(part.rows for part in self.parts),
        }
