"""Writes a part anew without some of its rows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .by_time import instant
from .files import disk_problem
from .forgotten import Forgotten
from .held import read_held, schema_of
from .holdings import Cover, Part
from .manifest import Manifest
from .parts import FOOTER_KEY, PartWriter

_Slices = tuple[Cover, ...]


@dataclass(frozen=True)
class Kept:
    """Which rows stay: those from an instant on (milliseconds), of users who are not forgotten.

    ``time``, ``user``, ``job`` and ``weight`` name columns; ``weight`` is that of the numbers of
    documents that rows stand for, ``None`` where rows do not tell more than that there are some.
    """

    time: str
    user: str | None
    job: str | None
    before: int | None
    forgotten: Forgotten | None
    weight: str | None

    def rows(self, table: pa.Table) -> pa.Table:
        """The rows that stay."""
        if self.before is not None:
            column = table.column(self.time)
            late = pc.greater_equal(column.cast(pa.int64()), instant(column.type, self.before))
            table = table.filter(pc.fill_null(late, True))
        if self.forgotten is not None and self.user is not None:
            table = self.forgotten.rest(table, self.user)
        return table

    def reject(self, line: dict[str, Any]) -> bool:
        """Whether a value that did not fit stays."""
        if self.before is not None and line["at"] is not None and line["at"] < self.before:
            return False
        if self.forgotten is None:
            return True
        value = line["value"] if line["column"] == self.user else None
        named = [line.get("user"), *(value if isinstance(value, list) else [value])]
        return not any(self.forgotten.has(name) for name in named)


def rewrite(
    manifest: Manifest, name: str, part: Part, kept: Kept
) -> list[tuple[Path, Part]] | None:
    """A part of a month without the rows that go, in a temporary file.

    Returns ``None`` where all of them stay, and nothing where the part is of the past as a whole.
    """
    old = bool(part.slices) and all(_is_old(high, kept) for _, high, *_ in part.slices)
    if old:
        return []
    path = manifest.folder / part.file
    cut = any(
        low is not None and kept.before is not None and low < kept.before for low, *_ in part.slices
    )
    rejects = sum(1 for _ in _rejects(manifest, part, kept))
    if not cut and rejects == part.rejects and not _loses(path, kept):
        return None
    return [_written(manifest, name, part, kept)]


def _is_old(high: int | None, kept: Kept) -> bool:
    return high is not None and kept.before is not None and high <= kept.before


def _loses(path: Path, kept: Kept) -> bool:
    """Whether a file has rows of forgotten users. Reads one column."""
    if kept.forgotten is None or kept.user is None:
        return False
    schema = pa.schema([schema_of(path).field(kept.user)])
    return any(
        kept.forgotten.rest(table, kept.user).num_rows < table.num_rows
        for table in read_held(path, schema, [kept.user])
    )


def _written(manifest: Manifest, name: str, part: Part, kept: Kept) -> tuple[Path, Part]:
    source = manifest.folder / part.file
    found = schema_of(source)
    footer = json.loads(found.metadata[FOOTER_KEY.encode()])
    schema = found.remove_metadata()
    # Numbered by the run, so that no two files have ever had the same name.
    begin, _, number = part.stem.rpartition("-")
    stem = f"{begin.rpartition('-')[0]}-{manifest.run:04d}-{number}"
    stem = _free(manifest, name, stem)
    order = [one for one in (kept.time, kept.job) if one is not None and one in schema.names]
    if kept.job in footer.get("pseudonymised", ()) and not footer.get("distilled"):
        order = [kept.time]
    path = manifest.temporary / f"{stem}.tmp"
    writer = PartWriter(path, schema, order, footer)
    left = {low: 0 for low, *_ in part.slices}
    try:
        for table in read_held(source, schema):
            rows = kept.rows(table)
            writer.add(rows)
            if kept.before is not None:
                _count(rows, part.slices, kept, left)
        size, digest = writer.close()
        to = manifest.work / "rejects" / f"{stem}.ndjson"
        rejects = _write_rejects(to, _rejects(manifest, part, kept))
    except BaseException:
        writer.discard()
        raise
    new = Part(
        f"month={name}/{stem}.parquet",
        writer.rows,
        size,
        digest,
        manifest.run,
        rejects,
        _cut(part.slices, kept, left),
        part.split,
    )
    return path, new


def _free(manifest: Manifest, name: str, stem: str) -> str:
    """A stem that no part of the month has."""
    taken = {part.stem for part in manifest.partitions[name].parts}
    found, more = stem, 0
    while found in taken:
        more += 1
        found = f"{stem}-{more}"
    return found


def _cut(slices: _Slices, kept: Kept, left: dict[int | None, int]) -> _Slices:
    """The slices that stay; one that is cut says that the index has to be asked again.

    How many documents the index had in what is left of it, nobody has counted. How many are held,
    ``left`` tells by the begin of the slice, at most as many as before: rows may be more, where
    documents have several packages, or fewer, where documents have counts of their own. The next
    gather, for which the slice is due, counts.
    """
    found = []
    for cover in slices:
        low, high, *_ = cover
        if _is_old(high, kept):
            continue
        if low is not None and kept.before is not None and low < kept.before:
            cover = Cover(kept.before, high, min(cover.documents, left[low]), 0, True)
        found.append(cover)
    return tuple(found)


def _count(table: pa.Table, slices: _Slices, kept: Kept, left: dict[int | None, int]) -> None:
    """Add up the documents of rows that stay in slices that are cut, as far as rows tell."""
    for low, high, *_ in slices:
        if low is None or kept.before is None or high is None or not low < kept.before < high:
            continue
        column = table.column(kept.time)
        inside = table.filter(pc.less(column.cast(pa.int64()), instant(column.type, high)))
        if kept.weight is None:
            left[low] += inside.num_rows
        else:
            left[low] += int(pc.sum(inside.column(kept.weight)).as_py() or 0)


def _rejects(manifest: Manifest, part: Part, kept: Kept) -> Iterator[str]:
    """The lines of values that did not fit that stay, one after the other: there may be many."""
    path = manifest.rejects_of(part)
    if part.rejects == 0 or not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            if kept.reject(json.loads(line)):
                yield line


def _write_rejects(path: Path, lines: Iterator[str]) -> int:
    """Write lines, durably. Returns how many; there is no file of none."""
    number = 0
    try:
        with path.open("w", encoding="utf-8") as file:
            for line in lines:
                file.write(line if line.endswith("\n") else f"{line}\n")
                number += 1
            file.flush()
            os.fsync(file.fileno())
        if number == 0:
            path.unlink()
    except OSError as error:
        raise disk_problem(error, path) from None
    return number
