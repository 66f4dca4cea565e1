"""Data that stay where they are: what they looked like when the dashboard was published."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from .manifest import sha256_of
from .paths import in_folder, whole_path
from .problem import Finding

#: Name and type of each column; the type is ``None`` where the format has none.
Schema = list[dict[str, str | None]]

_PARQUET = (".parquet", ".pq")
_ARROW = (".arrow", ".feather", ".ipc", ".arrows")
_TEXT = (".csv", ".tsv", ".csv.gz", ".tsv.gz")

#: Links that are followed from a name, as many as the system follows.
_LINKS = 40


@dataclass(frozen=True)
class Reference:
    """A file or folder that is read where it is.

    Attributes:
        path: where it is, absolute.
        at: where the notebook reads it in its own folder; ``None`` where it names ``path``.
        coming: files that are yet to be put there, by their places: paths of which the folder is
            resolved. They count as if they were there.
    """

    path: Path
    at: PurePosixPath | None
    coming: Mapping[Path, Path] = field(default_factory=dict, compare=False)

    @staticmethod
    def of(path: Path, notebook: Path) -> Reference:
        """The reference for a path of a question."""
        folder = notebook.resolve().parent
        at = in_folder(path, folder)
        if at is None:
            return Reference(whole_path(path), None)
        # Out of the folder, and no further: a link there may lead elsewhere next month.
        out = folder / at
        while out.is_symlink() and in_folder(out, folder) is not None:
            out = whole_path(out.parent / out.readlink())
        return Reference(out if in_folder(out, folder) is None else path.resolve(), at)

    def files(self) -> list[tuple[str, Path]]:
        """Its files with their names in it; a file has its own name.

        Linked folders are entered, each once; hidden files are left out, as by ``glob``.
        """
        if not self.path.is_dir():
            file = self._to_come(self.path)
            return [(self.path.name, file)] if file.exists() else []
        found = []
        seen: set[Path] = set()
        for above, folders, names in os.walk(self.path, followlinks=True):
            whole = Path(above).resolve()
            if whole in seen:
                folders.clear()
                continue
            seen.add(whole)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            coming = [place.name for place in self.coming if place.parent == whole]
            for name in sorted({*names, *coming}):
                if not name.startswith("."):
                    file = Path(above) / name
                    found.append((file.relative_to(self.path).as_posix(), self._to_come(file)))
        return found

    def _to_come(self, file: Path) -> Path:
        """The file that is to come where a name leads, by links, too; else the file itself."""
        place = file
        for _ in range(_LINKS if self.coming else 0):
            place = place.parent.resolve() / place.name
            if place in self.coming:
                return self.coming[place]
            if not place.is_symlink():
                break
            place = place.parent / place.readlink()
        return file

    def shown(self, name: str) -> str:
        """How one of its files is named in reports."""
        top = PurePosixPath(self.at or self.path.as_posix().lstrip("/"))
        return (top / name if self.path.is_dir() else top).as_posix()

    def describe(self) -> dict[str, Any]:
        """What the manifest has of it. Raises OSError."""
        schemas: list[Schema] = []
        files = []
        for name, file in self.files():
            schema = _known_schema(file)
            if schema is not None and schema not in schemas:
                schemas.append(schema)
            files.append(
                {
                    "path": name,
                    "size": file.stat().st_size,
                    "sha256": sha256_of(file),
                    "schema": None if schema is None else schemas.index(schema),
                }
            )
        return {
            "path": self.path.as_posix(),
            "at": None if self.at is None else self.at.as_posix(),
            "kind": "folder" if self.path.is_dir() else "file",
            "schemas": schemas,
            "files": files,
        }


def read_reference(
    described: Mapping[str, Any], coming: Mapping[Path, Path] | None = None
) -> Reference:
    """The reference that a manifest describes, with files that are yet to be put there."""
    at = described["at"]
    path = Path(described["path"])
    return Reference(path, None if at is None else PurePosixPath(at), coming or {})


def schema_of(path: Path, name: str | None = None) -> Schema | None:
    """The columns of a table file; ``None`` for files of other kinds.

    ``name`` tells its kind, where its own does not.
    """
    name = (name or path.name).lower()
    if name.endswith(_PARQUET):
        import pyarrow.parquet as parquet

        return _columns(parquet.read_schema(path))
    if name.endswith(_ARROW):
        import pyarrow

        with pyarrow.memory_map(str(path)) as source:
            try:
                return _columns(pyarrow.ipc.open_file(source).schema)
            except pyarrow.ArrowInvalid:
                source.seek(0)
                return _columns(pyarrow.ipc.open_stream(source).schema)
    if name.endswith(_TEXT):
        opened = gzip.open if name.endswith(".gz") else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            separator = "\t" if ".tsv" in name else ","
            header = next(csv.reader(file, delimiter=separator), [])
        return [{"name": column, "type": None} for column in header]
    return None


def _known_schema(path: Path) -> Schema | None:
    """The columns of a file; ``None`` also for damaged ones, which were found, and accepted."""
    try:
        return schema_of(path)
    except OSError:
        raise
    except Exception:  # A reader of damaged files may raise whatever it likes.
        return None


def _columns(schema: Any) -> Schema:
    return [{"name": column.name, "type": str(column.type)} for column in schema]


def check_schemas(
    reference: Reference, described: Mapping[str, Any]
) -> tuple[list[Finding], list[str]]:
    """Hold the data of a reference, as they are now, to what the manifest says of them.

    New files have to be as one of those that were there. Files without columns may come as well,
    but nobody puts one of a new kind there. Returns findings, and notes on what has come and gone.
    """
    known = {one["path"]: one for one in described["files"]}
    there = dict(reference.files())
    plain = {_ending(name) for name, one in known.items() if one["schema"] is None}
    coming = set(reference.coming.values())
    findings, notes, seen = [], [], set()
    for name, file in there.items():
        place = reference.shown(name)
        before = known.get(name)
        try:
            schema = schema_of(file, PurePosixPath(name).name)
        except Exception as problem:  # A reader of damaged files may raise whatever it likes.
            message = f"It cannot be read ({type(problem).__name__}). Write it anew."
            findings.append(Finding("unreadable", message, place))
            continue
        if before is None:
            if file not in coming:
                notes.append(f"{place} is new.")
            if schema is None:
                fits = file not in coming or _ending(name) in plain
            else:
                fits = schema in described["schemas"]
        else:
            number = before["schema"]
            fits = number is None or schema == described["schemas"][number]
        if fits:
            if schema in described["schemas"]:
                seen.add(described["schemas"].index(schema))
        else:
            if _ending(name) in map(_ending, known):
                what = _difference(schema, described, before)
            else:
                what = "No file of its kind was published"
            advice = "Write it as it was, or change the dashboard and publish again."
            findings.append(Finding("schema", f"{what}. {advice}", place))
    gone = [name for name in known if name not in there]
    lost = {known[name]["schema"] for name in gone if known[name]["schema"] is not None} - seen
    for name in gone:
        if known[name]["schema"] in lost or not there:
            message = "It is gone, and nothing like it is there. Write it anew, or publish again."
            findings.append(Finding("missing", message, reference.shown(name)))
        else:
            notes.append(f"{reference.shown(name)} is gone.")
    return findings, notes


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _difference(
    schema: Schema | None, described: Mapping[str, Any], before: Mapping[str, Any] | None
) -> str:
    schemas = described["schemas"]
    expected = schemas[before["schema"]] if before else schemas[0] if len(schemas) == 1 else None
    what = "Its columns are not those of any file that was published"
    if expected is not None:
        now = {one["name"]: one["type"] for one in schema or ()}
        was = {one["name"]: one["type"] for one in expected}
        parts = [
            *(f"“{name}” is missing" for name in was if name not in now),
            *(f"“{name}” is new" for name in now if name not in was),
            *(
                f"“{name}” is {now[name]} instead of {kind}"
                for name, kind in was.items()
                if name in now and now[name] != kind
            ),
        ]
        what = f"Its columns have changed: {', '.join(parts) or 'their order'}"
    return what
