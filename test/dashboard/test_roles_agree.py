"""The guard reads roles as compiling does, which is written in TypeScript."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_workload_explorer.dashboard.guard import guard
from jupyterlab_workload_explorer.dashboard.roles import tags_of

ROOT = Path(__file__).parents[2]
CLI = os.environ.get(
    "WORKLOAD_CLI", ROOT / "jupyterlab_workload_explorer/cli/workload-explorer.mjs"
)

NAMES: dict[str, Any] = {
    "the default ones": {},
    "others": {"roles": {"tags": {"upstream": "reduce", "shared": "downstream-too"}}},
    "swapped ones": {"roles": {"tags": {"upstream": "downstream", "downstream": "upstream"}}},
    "one twice": {"roles": {"tags": {"upstream": "shared"}}},
    "wrong ones": {"roles": {"tags": {"upstream": 3, "downstream": " ", "shared": "both"}}},
    "none": {"roles": []},
}


@pytest.mark.parametrize("workload", NAMES.values(), ids=NAMES)
def test_what_is_left_is_what_is_compiled(workload: Any, tmp_path: Path) -> None:
    random.seed(11)
    pool = ["upstream", "downstream", "shared", "parameters", "injected-parameters"]
    pool += ["reduce", "both", "downstream-too", "mine", "Upstream"]
    cells = []
    for number in range(200):
        tags = random.sample(pool, k=random.choice([0, 1, 1, 1, 2, 3]))
        kind = random.choice(["code", "code", "code", "markdown", "raw"])
        cell = {"cell_type": kind, "id": f"c{number}", "source": f"print({number})"}
        cell["metadata"] = {"tags": tags} if tags else {}
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        cells.append(cell)
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "workload": workload,
        },
        "cells": cells,
    }
    path, out = tmp_path / "a.ipynb", tmp_path / "a.dashboard.ipynb"
    path.write_text(json.dumps(notebook))
    done = subprocess.run(
        ["node", str(CLI), "compile", str(path), "--force", "--out", str(out)],
        capture_output=True,
        text=True,
        env={**os.environ, "WORKLOAD_SITE": ""},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    compiled = json.loads(out.read_text())
    kept = [cell["id"] for cell in guard(notebook)["cells"]]
    assert 0 < len(kept) < len(cells)
    # Whatever a notebook calls its roles, the guard leaves out what the site calls upstream.
    expected = [cell for cell in compiled["cells"] if "upstream" not in tags_of(cell)]
    assert [cell["id"] for cell in expected] == kept
    assert guard(compiled)["cells"] == expected
    if not workload:
        # Of what was compiled with the default names, nothing is left out.
        assert guard(compiled) == compiled
