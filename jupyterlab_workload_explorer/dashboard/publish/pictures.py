"""Pictures that texts of a notebook show: no kernel reads them, so no run tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .paths import in_folder

#: Addresses in Markdown (``![…](address "title")``, ``[name]: address``) and in HTML.
_ADDRESS = re.compile(
    r"""!\[[^\]]*\]\(\s*<?([^)\s>]+)"""
    r"""|^\[[^\]]+\]:\s*<?(\S+?)>?\s*$"""
    r"""|<img\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)""",
    re.IGNORECASE | re.MULTILINE,
)

#: What starts an address of something that is not beside the notebook.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)

#: Endings that Voilà shows; see ``server_files.voila_json``.
PICTURES = (".png", ".jpg", ".gif", ".svg")


def pictures(content: Mapping[str, Any], folder: Path) -> tuple[list[str], list[str]]:
    """Pictures in a notebook's folder that its texts show, as paths in it, and missing ones."""
    there, missing = set(), set()
    for name in _named(content):
        file = folder / name
        inside = in_folder(file, folder)
        if not name.lower().endswith(PICTURES) or inside is None:
            continue
        if file.is_file():
            there.add(inside.as_posix())
        else:
            missing.add(name)
    return sorted(there), sorted(missing)


def _named(content: Mapping[str, Any]) -> Iterator[str]:
    for cell in content["cells"]:
        if cell.get("cell_type") != "markdown":
            continue
        source = cell["source"]
        for found in _ADDRESS.finditer(source if isinstance(source, str) else "".join(source)):
            address = next(one for one in found.groups() if one is not None)
            if not _ELSEWHERE.match(address):
                yield unquote(address.split("#")[0].split("?")[0])
