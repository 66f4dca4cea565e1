"""Dashboards to verify, in folders of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.verify.proof import choose_proof

COMPILED = {"workload": {"dashboard": {"version": 1}}}

#: A cell, or a cell with more tags.
Cell = str | tuple[str, Sequence[str]]


@dataclass(frozen=True)
class Dashboard:
    """A published folder with a compiled notebook, and raw data beside it."""

    folder: Path
    raw: Path

    @property
    def notebook(self) -> Path:
        return self.folder / "dashboard.ipynb"

    def write(self, *cells: Cell, kernel: str = "python3", **metadata: object) -> Path:
        """Write the notebook; its cells have the ids cell-0, cell-1 …"""
        written = [one if isinstance(one, tuple) else (one, ()) for one in cells]
        content = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(
                    source, id=f"cell-{index}", metadata={"tags": ["downstream", *tags]}
                )
                for index, (source, tags) in enumerate(written)
            ],
            metadata={"kernelspec": {"name": kernel, "display_name": kernel}, **COMPILED}
            | metadata,
        )
        nbformat.write(content, self.notebook)
        return self.notebook


def make_dashboard(at: Path) -> Dashboard:
    """A folder with a reduced file, and the raw file elsewhere."""
    folder, raw = at / "published", at / "raw"
    (folder / "data").mkdir(parents=True)
    raw.mkdir()
    reduced = pa.table({"package": ["amber", "gromacs"], "users": [12, 31]})
    pq.write_table(reduced, folder / "data" / "reduced.parquet")
    return Dashboard(folder, raw)


@pytest.fixture
def dashboard(tmp_path: Path) -> Dashboard:
    return make_dashboard(tmp_path)


def need(way: str) -> str:
    """A way of proof that works here; what it lacks is said by the failure of the test."""
    proof = choose_proof(way)
    if proof.way != way:
        pytest.fail(f"No proof by {way} on this machine: {'; '.join(proof.problems)}.")
    return way


@pytest.fixture(params=["strace", "landlock"])
def way(request: pytest.FixtureRequest) -> str:
    """Each way of proof."""
    return need(request.param)


@pytest.fixture
def strace() -> str:
    return need("strace")


@pytest.fixture
def landlock() -> str:
    return need("landlock")


@pytest.fixture(scope="session")
def running() -> Callable[[str], list[str]]:
    """Command lines of running processes that hold a text."""

    def running(text: str) -> list[str]:
        found = []
        for folder in Path("/proc").iterdir():
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, UnicodeDecodeError):
                continue
            if folder.name.isdecimal() and text in line:
                found.append(line)
        return found

    return running
