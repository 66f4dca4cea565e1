"""A notebook of code cells with roles, in memory and as nbformat 4.5."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "notebook.ipynb"
# Folders of a notebook by the variables of the environment that a run has for them.
PLACES = {"SCRATCH": "scratch", "HOME": "home"}
SHARED_TAGS = {"shared", "parameters", "injected-parameters"}


@dataclass
class Cell:
    source: str
    tags: list[str] = field(default_factory=list)
    type: str = "code"

    def runs_in(self, run: str) -> bool:
        """Whether a run has this cell; without a role it is in both, in conflict upstream wins."""
        if self.type != "code":
            return False
        roles = {tag for tag in self.tags if tag in ("upstream", "downstream")}
        if SHARED_TAGS & set(self.tags):
            roles.add("shared")
        if not roles or roles == {"shared"}:
            return True
        return roles == {"downstream"} if run == "downstream" else roles != {"downstream"}


@dataclass
class Notebook:
    cells: list[Cell]
    # What is there before any run: content by name.
    files: dict[str, str] = field(default_factory=dict)
    # What was done to it on purpose, for people who read a failure.
    mistakes: list[str] = field(default_factory=list)
    # Whether it is of random statements, and not as people write them.
    is_random: bool = False

    def dump(self) -> str:
        cells = [_cell(cell, i) for i, cell in enumerate(self.cells)]
        kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
        metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
        content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        path = folder / FILE
        path.write_text(self.dump(), encoding="utf-8")
        return path

    def text(self) -> str:
        """As a person reads it, and as `# %%` editors do."""
        parts = [
            f"# %% cell {i} {cell.type} {cell.tags}\n{cell.source}"
            for i, cell in enumerate(self.cells)
        ]
        return "\n\n".join([*parts, f"# files: {sorted(self.files)}; mistakes: {self.mistakes}"])

    def size(self) -> int:
        return sum(len(cell.source) for cell in self.cells)


def _cell(cell: Cell, index: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": cell.type,
        "id": f"cell-{index}",
        "metadata": {"tags": cell.tags} if cell.tags else {},
        "source": cell.source.splitlines(keepends=True),
    }
    if cell.type == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def load(path: Path) -> Notebook:
    """A notebook of nbformat 4."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Notebook([_loaded(cell) for cell in content["cells"]])


def _loaded(cell: dict[str, Any]) -> Cell:
    source: str | Iterable[str] = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    return Cell(text, list(cell.get("metadata", {}).get("tags", [])), cell["cell_type"])
