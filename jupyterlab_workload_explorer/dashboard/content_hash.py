"""A hash of what a notebook says, the same as ``src/dashboard/content-hash.ts`` makes.

``test/fixtures/content-hashes.json`` holds both to it.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Mapping
from typing import Any

#: What is kept in ``metadata.workload`` about a notebook, and is no part of it.
RECORDS = ("check", "dashboard")

#: Lists under these types are lists, not lines of a text.
_JSON_MIME = re.compile(r"application/(.*\+)?json", re.DOTALL)


def content_hash(notebook: Mapping[str, Any]) -> str:
    """``sha256:`` and 64 hexadecimal digits.

    Cells (type, id, source, tags, attachments), kernel, ``metadata.voila`` and
    ``metadata.workload`` count. Running a notebook does not change them, nor does how its file is
    laid out.

    Raises KeyError, TypeError or AttributeError for what is no notebook.
    """
    metadata = _object(notebook.get("metadata"))
    content = {
        "cells": [_cell(cell) for cell in notebook["cells"]],
        "kernel": _object(metadata.get("kernelspec")).get("name"),
        "voila": metadata.get("voila"),
        "workload": {
            key: value
            for key, value in _object(metadata.get("workload")).items()
            if key not in RECORDS
        }
        or None,
    }
    digest = hashlib.sha256()
    _feed(content, digest)
    return f"sha256:{digest.hexdigest()}"


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    cell_id = cell.get("id")
    tags = _object(cell.get("metadata")).get("tags")
    texts = {tag for tag in tags if isinstance(tag, str)} if isinstance(tags, list) else ()
    attachments = cell.get("attachments")
    return {
        "type": cell["cell_type"],
        "id": cell_id if isinstance(cell_id, str) else None,
        "source": _joined(cell["source"]),
        "tags": sorted(texts, key=_utf8),
        "attachments": {name: _bundle(bundle) for name, bundle in attachments.items()}
        if isinstance(attachments, Mapping)
        else None,
    }


def _bundle(bundle: Any) -> Any:
    """An attachment with its texts in one piece, as nbformat reads it."""
    if not isinstance(bundle, Mapping):
        return bundle
    return {
        mime: data if _JSON_MIME.fullmatch(mime) else _joined(data) for mime, data in bundle.items()
    }


def _joined(value: Any) -> Any:
    """A text from its lines; anything else as it is."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _utf8(text: str) -> bytes:
    """UTF-8; surrogates that belong together become their character, all others U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        units = text.encode("utf-16-le", "surrogatepass")
        return units.decode("utf-16-le", "replace").encode()


def _feed(value: Any, digest: Any) -> None:
    """Add the one form of a JSON value, which no other value has."""
    if value is None:
        digest.update(b"n")
    elif isinstance(value, bool):
        digest.update(b"t" if value else b"f")
    elif isinstance(value, (int, float)):
        digest.update(b"d" + _double(value).hex().encode())
    elif isinstance(value, str):
        text = _utf8(value)
        digest.update(b"s%d:" % len(text) + text)
    elif isinstance(value, list):
        digest.update(b"[")
        for each in value:
            _feed(each, digest)
        digest.update(b"]")
    else:
        digest.update(b"{")
        for key, each in sorted(value.items(), key=lambda item: _utf8(item[0])):
            _feed(key, digest)
            _feed(each, digest)
        digest.update(b"}")


def _double(value: float) -> bytes:
    """The bytes of a double, the highest first; 0 and -0 are one.

    JavaScript has no other numbers, so whole numbers beyond its range are infinite here as well.
    """
    try:
        number = float(value)
    except OverflowError:
        number = float("inf") if value > 0 else float("-inf")
    return struct.pack(">d", number + 0.0 if number else 0.0)
