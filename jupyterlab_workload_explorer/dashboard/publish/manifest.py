"""``manifest.json``: what a bundle is, and what was checked of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..live_page.voila_template import SETTINGS

MANIFEST = "manifest.json"
MANIFEST_VERSION = 1

#: Names in a bundle.
NOTEBOOK = "dashboard.ipynb"
PAGE = "dashboard.html"
VERIFY = "verify.json"
PRIVACY = "privacy.json"

_PIECE = 1 << 20


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def list_files(folder: Path) -> list[dict[str, Any]]:
    """All files of a bundle but its manifest, with sizes in bytes and hashes."""
    found = (one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    return [
        {"path": name, "size": file.stat().st_size, "sha256": sha256_of(file)}
        for name, file in sorted((one.relative_to(folder).as_posix(), one) for one in found)
        if name != MANIFEST
    ]


def digest_of(manifest: Mapping[str, Any]) -> str:
    """What a bundle is told by: the same for the same content, whenever it was published.

    The report of verify has times, so of it only the verdict counts, which the manifest has. Pages
    have times, too: of the static one the hash without its time counts, which the manifest has as
    ``page_hash``, and of the live one, which is made when it is read, that there is such.
    """
    counts = {key: value for key, value in manifest.items() if key not in ("digest", "created")}
    counts["files"] = [
        {"path": one["path"]} if one["path"] in (PAGE, SETTINGS) else one
        for one in manifest["files"]
        if one["path"] != VERIFY
    ]
    text = json.dumps(counts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a bundle; ``None`` where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(found, dict) and found.get("version") == MANIFEST_VERSION
    files = found.get("files") if known else None
    named = isinstance(files, list) and all(
        isinstance(one, dict) and {"path", "size", "sha256"} <= one.keys() for one in files
    )
    return found if named and "digest" in found else None


def is_intact(folder: Path) -> bool:
    """Whether the files of a bundle are those of its manifest."""
    manifest = read_manifest(folder)
    try:
        return manifest is not None and list_files(folder) == manifest["files"]
    except OSError:
        return False


def as_json(value: Any) -> str:
    """JSON as the files of a bundle have it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
