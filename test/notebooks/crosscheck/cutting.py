"""Cuts a notebook of somebody else into roles, so that both runs can be run.

First all of it runs; cells that fail here are left out, until the rest runs clean. Then a cut at random: what stands before it is
upstream, what stands after it downstream, cells of imports are shared. Where the downstream run misses a name, the cell that
bound it becomes shared, and so on, until the run is clean: each miss on the way is one that the check had to tell.
"""

# ruff: noqa: E501

from __future__ import annotations

import ast
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .execute import RUNS, Failure, Run, execute
from .notebook import Cell, Notebook, load

LIBRARIES = (
    "crosscheck.old_styles",
    "numpy",
    "pandas",
    "scipy.stats",
    "matplotlib.pyplot",
    "seaborn",
    "sklearn.linear_model",
    "dask.array",
)
# Most notebooks take a second.
PATIENCE_S = 5
CELL_PATIENCE_S = 2
TRIES = 3
ROUNDS = 12
# Files up to here are copied, so that what a run writes stays with it; larger ones are links.
COPIED_BYTES = 1 << 18


@dataclass
class Trial:
    """A notebook, cut, and what its downstream run met."""

    source: str
    path: str
    # Where the check reads it, and where it ran.
    pristine: Path
    folder: Path
    notebook: Notebook
    # Where each of its cells stands in the notebook as it was written.
    numbers: list[int]
    # The names that each cell bound when all cells ran.
    bound: dict[int, tuple[str, ...]] = field(default_factory=dict)
    # Each cut that was run, and how it failed; the last one not at all, upstream nor downstream, if it is clean.
    rounds: list[tuple[list[list[str]], Failure | None]] = field(default_factory=list)

    def keep(self, cells: Sequence[int]) -> None:
        self.notebook = Notebook([self.notebook.cells[i] for i in cells])
        self.numbers = [self.numbers[i] for i in cells]

    @property
    def is_clean(self) -> bool:
        return bool(self.rounds) and self.rounds[-1][1] is None


def collect(tree: Path, name: str, scratch: Path) -> list[Trial]:
    """The notebooks below a folder that have three cells of code or more, each in a folder of its own.

    Of those that are mostly the same code, as exercises and their solutions can be, the first.
    """
    trials: list[Trial] = []
    seen: set[str] = set()
    for number, path in enumerate(sorted(tree.rglob("*.ipynb"))):
        if any(part.startswith(".") for part in path.relative_to(tree).parts):
            continue
        try:
            notebook = load(path)
        except (KeyError, ValueError):
            continue
        code = {c.source.strip() for c in notebook.cells if c.type == "code"} - {""}
        if len(code) < 3 or len(code & seen) > len(code) / 2:
            continue
        seen |= code
        place = scratch / name / f"{number:04d}"
        for folder in (place / "pristine", place / "run"):
            _link(path.parent, folder)
        trials.append(
            Trial(
                name,
                path.relative_to(tree).as_posix(),
                place / "pristine",
                place / "run",
                notebook,
                list(range(len(notebook.cells))),
            )
        )
    return trials


def _link(origin: Path, folder: Path) -> None:
    """A copy of a notebook's folder but for other notebooks."""

    def ignored(at: str, names: list[str]) -> list[str]:
        return [n for n in names if n.endswith(".ipynb") or n == ".git"]

    shutil.copytree(origin, folder, ignore=ignored, copy_function=_copy)


def _copy(origin: str, target: str) -> None:
    if Path(origin).stat().st_size <= COPIED_BYTES:
        shutil.copyfile(origin, target)
    else:
        Path(target).hardlink_to(origin)


def run_whole(trials: Sequence[Trial], python: str) -> list[Trial]:
    """Leaves the cells that run here, one after the other; trials with less than three are left out, and slow ones."""
    for trial in trials:
        for cell in trial.notebook.cells:
            cell.tags = ["shared"] if cell.type == "code" else []
    waiting, kept = list(trials), []
    for number in range(TRIES):
        for trial in waiting:
            trial.notebook.write(trial.folder)
        # In the end, what comes after a failure is left out.
        is_last = number == TRIES - 1
        results = _execute(waiting, python, names=True, go_on=not is_last)
        going = []
        for trial, run in zip(waiting, results, strict=True):
            if run.is_killed:
                continue
            cells = trial.notebook.cells
            passed = set(run.passed)
            left = [i for i, cell in enumerate(cells) if cell.type != "code" or i in passed]
            if sum(bool(cells[i].source.strip()) for i in passed) < 3:
                continue
            if run.failure is None or is_last:
                end = run.failure.cell if run.failure else len(cells)
                trial.keep(range(end))
                trial.bound = dict(zip(run.passed, run.names, strict=True))
                kept.append(trial)
            else:
                trial.keep(left)
                going.append(trial)
        waiting = going
    return kept


def cut(trial: Trial, rng: random.Random) -> None:
    cells = [cell for cell in trial.notebook.cells if cell.type == "code"]
    at = rng.randint(1, len(cells) - 1)
    for i, cell in enumerate(cells):
        side = "upstream" if i < at else "downstream"
        cell.tags = ["shared"] if imports_only(cell.source) else [side]


def imports_only(source: str) -> bool:
    lines = [line for line in source.split("\n") if not line.lstrip().startswith(("%", "!"))]
    try:
        body = ast.parse("\n".join(lines)).body
    except SyntaxError:
        return False
    return bool(body) and all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in body)


def run_rounds(trials: Sequence[Trial], python: str) -> None:
    """Downstream runs, mended until they are clean; then the upstream run, and downstream once more."""
    waiting = list(trials)
    for number in range(ROUNDS):
        for trial in waiting:
            trial.notebook.write(trial.folder)
        results = _execute(waiting, python)
        # A file may have been moved by the run before; what upstream writes should be there.
        again = [i for i, run in enumerate(results) if run.failure and run.failure.kind == "file"]
        folders = [waiting[i].folder for i in again]
        for i, both in zip(again, execute(folders, runs=RUNS, **_options(python)), strict=True):
            results[i] = both["downstream"]
        going = []
        for trial, run in zip(waiting, results, strict=True):
            tags = [list(cell.tags) for cell in trial.notebook.cells]
            trial.rounds.append((tags, run.failure))
            if run.failure and number < ROUNDS - 1 and _mend(trial, run.failure):
                going.append(trial)
        waiting = going
    clean = [trial for trial in trials if trial.is_clean]
    results = execute([t.folder for t in clean], runs=RUNS, **_options(python))
    for trial, both in zip(clean, results, strict=True):
        tags, _ = trial.rounds[-1]
        trial.rounds[-1] = (tags, both["upstream"].failure or both["downstream"].failure)


def _mend(trial: Trial, failure: Failure) -> bool:
    """Shares the cell that bound what was missing; at times all of the cells that did."""
    cells = trial.notebook.cells
    if failure.kind != "name":
        return False
    binding = [
        i
        for i, names in trial.bound.items()
        if failure.what in names and i <= max(failure.cells) and cells[i].tags == ["upstream"]
    ]
    for i in binding:
        cells[i].tags = ["shared"]
    return bool(binding)


def _execute(
    trials: Sequence[Trial], python: str, names: bool = False, go_on: bool = False
) -> list[Run]:
    folders = [trial.folder for trial in trials]
    options = _options(python) | {"names": names, "go_on": go_on}
    return [run["downstream"] for run in execute(folders, runs=["downstream"], **options)]


def _options(python: str) -> dict[str, Any]:
    # One at a time: what it takes must not hang on what else runs.
    return {
        "seconds": PATIENCE_S,
        "preload": LIBRARIES,
        "python": python,
        "jobs": 1,
        "offline": True,
        "cell_seconds": CELL_PATIENCE_S,
    }


def as_cut(trial: Trial, tags: Sequence[Sequence[str]]) -> Notebook:
    cells = [
        Cell(cell.source, list(own), cell.type)
        for cell, own in zip(trial.notebook.cells, tags, strict=True)
    ]
    return Notebook(cells)
