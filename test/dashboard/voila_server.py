"""Notebooks for a real Voilà, and its pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat


def code(source: str, *tags: str) -> Any:
    """A code cell with tags."""
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def says(text: str, marker: Path) -> str:
    """Source that leaves a file, and prints a text that does not stand in the source."""
    return f"open({str(marker)!r}, 'w').close()\nprint({text[::-1]!r}[::-1])"


def write(path: Path, *cells: Any, **metadata: Any) -> Any:
    """Write a notebook for the kernel of this environment; gives it."""
    notebook = nbformat.v4.new_notebook(
        cells=list(cells),
        metadata={
            "kernelspec": {
                "name": "python3",
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
            },
            **metadata,
        },
    )
    nbformat.write(notebook, path)
    return notebook


def texts(page: bytes | str) -> list[str]:
    """All words of the form ``text-…`` of a page, in their order."""
    page = page.decode() if isinstance(page, bytes) else page
    return re.findall(r"\btext-[a-z0-9-]+", page)
