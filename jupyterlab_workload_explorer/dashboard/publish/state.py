"""The state of a published dashboard: fresh, stale, failing, or gone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..content_hash import content_hash
from .manifest import PAGE, read_manifest, sha256_of
from .problem import PublishUsage
from .references import read_reference
from .shelf import Entry
from .versions import Versions

#: It is what its notebook and data say.
FRESH = "fresh"
#: Its notebook or its data are others now.
STALE = "stale"
#: It could not be published the last time, or it is damaged; readers see what was good before.
FAILING = "failing"
#: Nothing is published there.
GONE = "gone"

#: Reasons that are told of one dashboard.
_MOST = 5


@dataclass(frozen=True)
class State:
    """The state of a bundle, and why, as sentences.

    ``manifest`` is that of the version that is shown, ``versions`` how many good ones there are.
    """

    state: str
    why: tuple[str, ...]
    manifest: Mapping[str, Any] | None
    versions: int


def state_of(entry: Entry) -> State:
    """Look at a bundle, its notebook and its data, as they are on disk now. Never raises."""
    try:
        return _look(entry, Versions(Path(entry.out)))
    except PublishUsage as problem:
        return State(GONE, (str(problem),), None, 0)
    except OSError as error:
        why = f"{entry.out} cannot be looked at: {error.strerror or error}."
        return State(FAILING, (why,), None, 0)


def _look(entry: Entry, versions: Versions) -> State:
    current = versions.current
    manifest = None if current is None else read_manifest(current)
    count = len(versions.good())
    tried = () if entry.published else (entry.message,)
    if current is None or manifest is None:
        gone = f"There is no dashboard at {entry.out}."
        return State(FAILING if tried else GONE, tried or (gone,), None, count)
    try:
        broken = tuple(_damage(current, manifest))
        changed = tuple(_changes(entry, manifest))
    except (KeyError, TypeError, ValueError):
        broken, changed = ("What was published cannot be read. Publish it again.",), ()
    if tried or broken:
        return State(FAILING, (*tried, *broken)[:_MOST], manifest, count)
    return State(STALE if changed else FRESH, changed[:_MOST], manifest, count)


def _damage(current: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Files that are gone or of another size. Their content is looked at when they are needed."""
    for one in manifest["files"]:
        file = current / one["path"]
        if not file.is_file():
            yield f"{one['path']} is missing in what was published. Publish it again."
        elif file.stat().st_size != one["size"]:
            yield f"{one['path']} was changed in what was published. Publish it again."


def _changes(entry: Entry, manifest: Mapping[str, Any]) -> Iterator[str]:
    if entry.source is not None:
        yield from _changes_of(Path(entry.source), manifest["source_hash"])
    published = datetime.strptime(manifest["created"], "%Y-%m-%dT%H:%M:%SZ").replace(
        tzinfo=timezone.utc
    )
    files = {one["path"]: one for one in manifest["files"]}
    for name in manifest["data"]["copied"]:
        if _is_other(Path(entry.folder) / name, files[name], published):
            yield f"{name} was changed since."
    for one in manifest["data"]["referenced"]:
        if not read_reference(one).path.exists():
            yield f"{one['path']}, which it reads, is gone."
        elif PAGE in files and _is_another(one):
            yield f"{one['path']} was changed since: its static page shows what was there then."


def _is_another(described: Mapping[str, Any]) -> bool:
    """Whether data by reference have other files than they were published with, or other sizes."""
    now = {name: file.stat().st_size for name, file in read_reference(described).files()}
    return now != {one["path"]: one["size"] for one in described["files"]}


def _changes_of(source: Path, source_hash: str) -> Iterator[str]:
    try:
        notebook = json.loads(source.read_text(encoding="utf-8"))
        now = content_hash(notebook)
    except FileNotFoundError:
        yield f"The notebook {source.name} is gone, so nobody can tell what has changed."
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        yield f"The notebook {source.name} cannot be read."
        return
    if now != source_hash:
        yield f"{source.name} was changed since."


def _is_other(file: Path, known: Mapping[str, Any], published: datetime) -> bool:
    """Whether a file has other content than it was published with; read only where that may be."""
    try:
        found = file.stat()
    except OSError:
        return False  # what reduced it may write elsewhere by now; the notebook says so
    if found.st_size != known["size"]:
        return True
    return found.st_mtime > published.timestamp() and sha256_of(file) != known["sha256"]
