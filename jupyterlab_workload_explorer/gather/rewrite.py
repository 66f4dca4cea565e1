"""Writes a part anew without some of its rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

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

    ``time``, ``user``, ``job`` and ``weight`` name columns.
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
            per_milli = 1_000_000 if column.type.unit == "ns" else 1
            late = pc.greater_equal(column.cast(pa.int64()), self.before * per_milli)
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
    rejects = _rejects(manifest, part, kept)
    if not cut and len(rejects) == part.rejects and not _loses(path, kept):
        return None
    return [_written(manifest, name, part, kept, rejects)]


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


def _written(
    manifest: Manifest, name: str, part: Part, kept: Kept, rejects: list[str]
) -> tuple[Path, Part]:
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
        _write_rejects(manifest.work / "rejects" / f"{stem}.ndjson", rejects)
    except BaseException:
        writer.discard()
        raise
    new = Part(
        f"month={name}/{stem}.parquet",
        writer.rows,
        size,
        digest,
        manifest.run,
        len(rejects),
        _cut(part.slices, kept, left),
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

    How many documents the index had in what is left of it, nobody has counted.
    """
    found = []
    for cover in slices:
        low, high, *_ = cover
        if _is_old(high, kept):
            continue
        if low is not None and kept.before is not None and low < kept.before:
            cover = Cover(kept.before, high, left[low], 0, True)
        found.append(cover)
    return tuple(found)


def _count(table: pa.Table, slices: _Slices, kept: Kept, left: dict[int | None, int]) -> None:
    """Add up the records of rows that stay in slices that are cut."""
    for low, high, *_ in slices:
        if low is None or kept.before is None or high is None or not low < kept.before < high:
            continue
        column = table.column(kept.time)
        per_milli = 1_000_000 if column.type.unit == "ns" else 1
        inside = table.filter(pc.less(column.cast(pa.int64()), high * per_milli))
        if kept.weight is None:
            left[low] += inside.num_rows
        else:
            left[low] += int(pc.sum(inside.column(kept.weight)).as_py() or 0)


def _rejects(manifest: Manifest, part: Part, kept: Kept) -> list[str]:
    path = manifest.rejects_of(part)
    if part.rejects == 0 or not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if kept.reject(json.loads(line))]


def _write_rejects(path: Path, lines: list[str]) -> None:
    if not lines:
        return
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise disk_problem(error, path) from None
