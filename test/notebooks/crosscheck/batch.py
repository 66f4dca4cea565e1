"""Many notebooks at once: made, checked as they are in a fresh clone, then run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .execute import Run, execute
from .generate import GPU_MODULES
from .judge import Finding, Verdict, check, judge, story
from .notebook import Cell, Notebook


@dataclass
class Case:
    notebook: Notebook
    runs: dict[str, Run]
    findings: list[Finding]

    @property
    def verdict(self) -> Verdict:
        return judge(self.runs, self.findings)

    def story(self) -> str:
        return story(self.notebook, self.runs, self.findings)


def cases(notebooks: Sequence[Notebook], folder: Path) -> list[Case]:
    gpu = folder / "gpu"
    for name, text in GPU_MODULES.items():
        path = gpu / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    folders = [folder / f"{i:05d}" for i in range(len(notebooks))]
    for notebook, place in zip(notebooks, folders, strict=True):
        notebook.write(place)
    found = check(folders)
    ran = execute(folders, gpu=gpu, places=True)
    return [Case(*each) for each in zip(notebooks, ran, found, strict=True)]


def shrink(case: Case, is_wrong: Callable[[Case], bool], folder: Path, rounds: int = 12) -> Case:
    """A smaller notebook that is wrong in the same way: cells and lines left out while it is."""
    for count in range(rounds):
        smaller = [*_without_cells(case.notebook), *_without_lines(case.notebook)]
        tried = [c for c in cases(smaller, folder / str(count)) if is_wrong(c)]
        if not tried:
            break
        case = min(tried, key=lambda c: c.notebook.size())
    return case


def _without_cells(notebook: Notebook) -> list[Notebook]:
    cells = notebook.cells
    return [_with(notebook, [*cells[:i], *cells[i + 1 :]]) for i in range(len(cells))]


def _without_lines(notebook: Notebook) -> list[Notebook]:
    """Each line left out, alone and with the lines that are indented below it."""
    made = []
    for i, cell in enumerate(notebook.cells):
        lines = cell.source.split("\n")
        for j, line in enumerate(lines):
            depth = len(line) - len(line.lstrip())
            end = j + 1
            while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > depth:
                end += 1
            rest = "\n".join([*lines[:j], *lines[end:]])
            cells = list(notebook.cells)
            cells[i] = Cell(rest, cell.tags, cell.type)
            made.append(_with(notebook, cells))
    return made


def _with(notebook: Notebook, cells: list[Cell]) -> Notebook:
    return Notebook(cells, notebook.files, notebook.mistakes, notebook.is_random)
