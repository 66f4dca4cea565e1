"""Runs notebooks for real: each run in a fork of a process that has IPython and nothing defined.

First the upstream run, so that files are written, then the downstream run in the same folder.
Like papermill and Voilà, a run stops at the first cell that fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUNS = ("upstream", "downstream")


@dataclass(frozen=True)
class Failure:
    # The cell that ran, and all that took part: a function's body may stand in an earlier one.
    cell: int
    cells: tuple[int, ...]
    line: int | None
    # `name`, `module`, `file`, or `other`, which is no concern of the check.
    kind: str
    # The name, module or path that is missing.
    what: str
    message: str


@dataclass(frozen=True)
class Run:
    # The cells that ran to their ends.
    passed: tuple[int, ...]
    failure: Failure | None
    seconds: float
    # The global names that each passed cell bound, where they were asked for.
    names: tuple[tuple[str, ...], ...] = ()
    # Whether it had to be ended from without.
    is_killed: bool = False


def execute(
    folders: Sequence[Path],
    *,
    gpu: Path | None = None,
    seconds: int = 20,
    preload: Sequence[str] = ("numpy", "pandas", "pyarrow"),
    jobs: int | None = None,
    python: str = sys.executable,
    runs: Sequence[str] = RUNS,
    names: bool = False,
    offline: bool = False,
    cell_seconds: int | None = None,
    go_on: bool = False,
    places: bool = False,
) -> list[dict[str, Run]]:
    """The runs of the notebook in each folder.

    :param gpu: A folder of modules that only the upstream machine has.
    :param seconds: After so long a run is ended; that counts as a failure of kind `other`.
    :param cell_seconds: The same for a cell.
    :param go_on: Whether to run the cells after one that fails, too; the first failure is told.
    :param places: Whether the user's home and $SCRATCH are folders of each notebook.
    :param names: Whether to note which names each cell binds.
    :param offline: Whether to refuse connections, so that no run depends on what is out there.
    """
    if not folders:
        return []
    order = {
        "folders": [str(folder) for folder in folders],
        "gpu": str(gpu) if gpu else None,
        "seconds": seconds,
        "preload": list(preload),
        "jobs": jobs or os.cpu_count() or 1,
        "runs": list(runs),
        "names": names,
        "offline": offline,
        "cell_seconds": cell_seconds or seconds,
        "go_on": go_on,
        "places": places,
    }
    # Not what a person's own settings say: fewer threads than forks want, and nothing that draws.
    settings = {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    settings |= {"PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore", "IPYTHONDIR": os.devnull}
    server = Path(__file__).with_name("fork_server.py")
    done = subprocess.run(
        [python, str(server)],
        input=json.dumps(order).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, **settings},
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode()[-2000:])
    return [{run: _run(Path(folder), run) for run in runs} for folder in order["folders"]]


def _run(folder: Path, run: str) -> Run:
    path = folder / f".{run}.json"
    if not path.exists():
        ended = Failure(-1, (), None, "other", "", "ended without a word")
        return Run((), ended, 0.0, is_killed=True)
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    failure = told["failure"]
    return Run(
        tuple(told["passed"]),
        Failure(**{**failure, "cells": tuple(failure["cells"])}) if failure else None,
        told["seconds"],
        tuple(tuple(each) for each in told["names"]),
        is_killed=told["seconds"] == 0,
    )
