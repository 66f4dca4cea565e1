"""Pictures that texts of a notebook show: no kernel reads them, so no run tells of them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from .paths import in_folder

#: Addresses in Markdown (``![…](address "title")``, ``[name]: address``) and in HTML.
_ADDRESS = re.compile(
    r"""!\[[^\]]*\]\(\s*<?([^)\s>]+)"""
    r"""|^\[[^\]]+\]:\s*<?(?P<defined>\S+?)>?\s*$"""
    r"""|<img\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)""",
    re.IGNORECASE | re.MULTILINE,
)

#: What starts an address of something that is not beside the notebook.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)

#: Endings of files that Voilà serves; whatever their case.
PICTURES = ("png", "jpg", "jpeg", "gif", "svg", "webp")


def pictures(content: Mapping[str, Any], folder: Path) -> tuple[list[str], list[str]]:
    """Pictures in a notebook's folder that its texts show, as paths in it.

    And sentences on those that readers will miss.
    """
    there, notes = set(), set()
    for name in _named(content):
        file = folder / name
        inside = in_folder(file, folder)
        if inside is None:
            why = "is not in the notebook's folder. Put it there"
        elif PurePosixPath(name).suffix.lower().removeprefix(".") not in PICTURES:
            why = f"is not published. Make it one of {', '.join(PICTURES)}"
        elif not file.is_file():
            why = "is not there"
        else:
            there.add(inside.as_posix())
            continue
        notes.add(f"The picture {name}, which a text shows, {why}.")
    return sorted(there), sorted(notes)


def _named(content: Mapping[str, Any]) -> Iterator[str]:
    """Addresses of pictures; what texts define by a name may be another page, too."""
    for cell in content["cells"]:
        if cell.get("cell_type") != "markdown":
            continue
        source = cell["source"]
        for found in _ADDRESS.finditer(source if isinstance(source, str) else "".join(source)):
            address = next(one for one in found.groups() if one is not None)
            if _ELSEWHERE.match(address):
                continue
            name = unquote(address.split("#")[0].split("?")[0])
            if found["defined"] is None or _is_picture(name):
                yield name


def _is_picture(name: str) -> bool:
    kind, _ = mimetypes.guess_type(name)
    return kind is not None and kind.startswith("image/")
