"""The notebook that is verified, as far as it matters for running it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..roles import DEFAULT_TAGS, RoleTags, may_stand, notebook_tags, tags_of
from .problem import VerifyProblem


@dataclass(frozen=True)
class CodeCell:
    """A code cell: its id, or ``None``, its place in the notebook from 0, and its text."""

    id: str | None
    index: int
    source: str
    tags: frozenset[str]

    @property
    def may_fail(self) -> bool:
        """Whether its error does not stop what follows, as Voilà has it."""
        return "raises-exception" in self.tags


@dataclass(frozen=True)
class Notebook:
    """A compiled notebook. ``content`` is its JSON."""

    path: Path
    content: Mapping[str, Any]
    cells: tuple[CodeCell, ...]
    kernel: str


_COMPILE = "Compile its source, and verify what comes out: npx workload-explorer compile NOTEBOOK"


def read_notebook(path: Path, tags: RoleTags = DEFAULT_TAGS) -> Notebook:
    """Read a compiled notebook. ``tags`` are those of the site.

    Raises ``VerifyProblem`` where it cannot be read, or is not compiled, or has a cell that may
    not be there: upstream cells must not run here, either.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VerifyProblem(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise VerifyProblem(f"{path} is not a notebook: it is not JSON.") from None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise VerifyProblem(f"{path} is not a notebook of format 4: it has no cells.")
    metadata = _object(content.get("metadata"))
    if not _object(_object(metadata.get("workload")).get("dashboard")):
        raise VerifyProblem(
            f"{path} is not a compiled dashboard, so it may hold upstream cells. {_COMPILE}"
        )
    found = (
        CodeCell(_id(cell), index, _source(cell, path), frozenset(tags_of(cell)))
        for index, cell in enumerate(content["cells"])
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    )
    # As where it is served, cells without a text are not run.
    cells = tuple(cell for cell in found if cell.source.strip())
    names = notebook_tags(content, tags)
    for cell in cells:
        if not may_stand(content["cells"][cell.index], names, tags):
            raise VerifyProblem(
                f"{path} has been changed since it was compiled: the tags of cell {cell.index + 1} "
                f"do not allow it on a dashboard. {_COMPILE}"
            )
    kernel = _object(metadata.get("kernelspec")).get("name")
    return Notebook(path, content, cells, kernel if isinstance(kernel, str) else "python3")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _id(cell: dict[str, Any]) -> str | None:
    return cell["id"] if isinstance(cell.get("id"), str) else None


def _source(cell: dict[str, Any], path: Path) -> str:
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    if not isinstance(source, str):
        raise VerifyProblem(f"{path} is broken: a code cell has no text. Compile it again.")
    return source
