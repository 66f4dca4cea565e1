"""Makes notebooks of upstream, downstream and shared cells, as people write them, about half of them with a mistake.

python -m crosscheck.generate --seed 7        # in test/notebooks: prints one
"""

# Templates are read best in one line.
# ruff: noqa: E501

from __future__ import annotations

import argparse
import ast
import contextlib
import random
import sys
import warnings

from . import files, mistakes, random_scopes
from .notebook import Cell, Notebook
from .scene import Filling, Known, NoMatch, Scene, Snippet
from .snippets import CHANCES, GROUPS, TRAPS, TYPES

# Modules that only the upstream machine has, small enough to be made here.
GPU_MODULES = {
    "cudf.py": "from pandas import *\n",
    "cupy.py": "from numpy import *\n",
    "torch.py": "def tensor(rows):\n    return list(rows)\n",
    "rmm.py": "def reinitialize(**options):\n    return None\n",
    "dask_cudf.py": "from pandas import *\n",
    "cuml/__init__.py": "",
    "cuml/cluster.py": "class KMeans:\n    pass\n",
}
GPU_SNIPPETS = [
    "import cudf\nprint(cudf.DataFrame({'a': [1]}))",
    "import cupy as cp\nprint(cp.arange(3))",
    "from cudf import DataFrame\nprint(DataFrame({'a': <ints>}))",
    "import torch\nprint(torch.tensor(<ints>))",
    "def on_gpu(<loc x>):\n    import cupy\n    return cupy.arange(<x>)\nprint(on_gpu(3))",
    "from cuml.cluster import KMeans\nprint(KMeans())",
    "import dask_cudf, json\nprint(json)",
    "import rmm as memory\nmemory.reinitialize(pool=True)",
    "import cuml.cluster\nprint(cuml.cluster.KMeans)",
]
RANDOM_SCOPES = 0.3


def make(seed: int) -> Notebook:
    rng = random.Random(seed)
    notebook = random_scopes.make(rng) if rng.random() < RANDOM_SCOPES else _realistic(rng)
    if rng.random() < 0.5:
        for _ in range(rng.choice([1, 1, 1, 2])):
            mistakes.make_one(rng, notebook)
    return notebook


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.scene = Scene(rng)
        self.groups = [group for _, group in GROUPS]
        self.weights = [weight for weight, _ in GROUPS]
        if sys.version_info >= (3, 12):
            self.groups.append(TYPES)
            self.weights.append(3)
        self.files: list[files.File] = []

    def snippet(self, role: str) -> Snippet:
        while True:
            kept = self._take_promise(role)
            if kept:
                return kept
            group = self.rng.choices(self.groups, self.weights)[0]
            found = self.filled(role, self.rng.choice(group))
            if found:
                return found

    def filled(self, role: str, template: str) -> Snippet | None:
        known = {run: dict(names) for run, names in self.scene.known.items()}
        promised = list(self.scene.promised)
        try:
            found = Filling(self.scene, role).fill(template)
        except NoMatch:
            found = None
        if found is None or not is_python(found.text):
            self.scene.known, self.scene.promised = known, promised
            return None
        return found

    def _take_promise(self, role: str) -> Snippet | None:
        open_here = [p for p in self.scene.promised if p[0] == role or role == "shared"]
        if not open_here or self.rng.random() > 0.4:
            return None
        promise = self.rng.choice(open_here)
        _, name, kind, binds = promise
        text = {"int": f"{name} = <int>", "func": f"def {name}(<loc x>):\n    return <x> + <int>"}[
            kind
        ]
        found = self.filled(role, text)
        if found is None:
            return None
        self.scene.promised.remove(promise)
        found.binds.append(Known(name, kind))
        others = [p for p in self.scene.promised if p[3] is binds]
        if not others:
            found.binds += binds
        return found

    def cell(self, role: str, first: list[Snippet] | None = None) -> Cell:
        """A cell of one to four snippets; a cell magic stands at its head."""
        snippets = first or []
        for snippet in snippets:
            self.settle(role, snippet)
        for _ in range(
            self.rng.choice([0, 1, 1, 2, 3]) if first else self.rng.choice([1, 2, 2, 3, 4])
        ):
            snippet = self.snippet(role)
            is_magic = "%%" in snippet.text and snippet.text.lstrip().startswith("%%")
            is_future = "__future__" in snippet.text
            if (is_magic or is_future) and snippets:
                continue
            self.settle(role, snippet)
            snippets.append(snippet)
            if is_magic and not snippet.text.startswith(("%%time\n", "%%capture")):
                break
        return Cell("\n".join(s.text for s in snippets), [role])

    def settle(self, role: str, snippet: Snippet) -> None:
        for name in snippet.unbinds:
            self.scene.unbind(role, name)
        for known in snippet.binds:
            self.scene.bind(role, known)


def is_python(text: str) -> bool:
    """Whether Python compiles it, IPython's own lines left out."""
    lines = text.split("\n")
    if any(
        line.lstrip().startswith(("%", "!", "?")) or "= !" in line or "= %" in line
        for line in lines
    ):
        # Imports in front of a cell magic would make it none.
        return "%%" not in text or lines[0].startswith("%%")
    if text.rstrip().endswith("?"):
        return True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError:
            return False
    return True


def _realistic(rng: random.Random) -> Notebook:
    maker = _Maker(rng)
    scene = maker.scene
    cells: list[Cell] = []
    parameters = rng.sample(files.PARAMETERS, rng.randint(0, 3))
    raw = {"raw.csv": "a,b\n1,2\n3,4\n"}
    opening = [
        ["import json\nimport numpy as np\nfrom pathlib import Path"],
        ["import os, sys"],
        [],
    ]
    imports = rng.choice(opening)
    if imports:
        cells.append(Cell(imports[0], ["shared"]))
        for name, kind in (("json", "json"), ("np", "numpy"), ("Path", "Path"), ("os", "os")):
            if name in imports[0].replace("import", "").split() or f" {name}," in imports[0]:
                scene.bind("shared", Known(name, f"module {kind}"))
    if parameters:
        text = files.bind_parameters(scene, parameters)
        cells.append(Cell(text, [rng.choice(["parameters", "parameters", "shared"])]))
    for _ in range(rng.randint(0, 2)):
        cells.append(maker.cell("shared"))
    made = [files.new_file(rng, parameters, i) for i in range(rng.randint(0, 3))]
    named = {file: rng.random() < 0.3 for file in made}
    if any(files.SET_PLACE in file.parts for file in made):
        setting = maker.filled("shared", "<mod os>.environ['RESULTS'] = 'results'")
        cells += [Cell(setting.text, ["shared"])] if setting else []
    for file in made:
        if rng.random() < 0.35:
            with contextlib.suppress(NoMatch):
                cells.append(maker.cell("shared", [files.keeping(scene, "shared", file)]))
        if named[file]:
            snippet = files.naming(scene, "shared", file)
            cells.append(maker.cell("shared", [snippet]))
    roles = ["upstream"] * rng.randint(1, 4) + ["downstream"] * rng.randint(1, 4)
    roles += ["shared"] * rng.choice([0, 0, 1, 2])
    if rng.random() < 0.4:
        rng.shuffle(roles)
    if rng.random() < 0.3:
        text = rng.choice(["import cudf", "import cupy as cp", "import torch"])
        cells.append(Cell(text, ["upstream"]))
    # What is to be written in one of the upstream cells, and read in one of the downstream cells.
    writes = {
        file: rng.choice([i for i, r in enumerate(roles) if r == "upstream"]) for file in made
    }
    reads = {
        file: rng.choice([i for i, r in enumerate(roles) if r == "downstream"]) for file in made
    }
    for i, role in enumerate(roles):
        first: list[Snippet] = []
        if role == "upstream" and rng.random() < 0.2:
            found = maker.filled(role, "<new frame d> = <mod pandas>.read_csv('raw.csv')")
            first += [found] if found else []
        for file in made:
            try:
                if writes[file] == i:
                    first.append(files.writing(scene, role, file))
                if reads[file] == i:
                    first.append(files.reading(scene, role, file))
            except NoMatch:
                continue
        cells.append(maker.cell(role, first))
    for role in ("shared", "upstream", "downstream"):
        while any(promise[0] == role for promise in scene.promised) and rng.random() < 0.5:
            promise = next(p for p in scene.promised if p[0] == role)
            scene.promised.remove(promise)
    if rng.random() < 0.3:
        cells.insert(
            rng.randint(0, len(cells)),
            Cell("# Results\n\nof $x$ and `never_there`", [], "markdown"),
        )
    return Notebook([cell for cell in cells if cell.source.strip()], raw)


def trap(rng: random.Random, role: str) -> str | None:
    """Statements that fail, or may, whatever stands before them."""
    template = rng.choice(CHANCES) if rng.random() < 0.02 else rng.choice(TRAPS)
    try:
        return Filling(Scene(rng), role).fill(template).text
    except NoMatch:
        return None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    print(make(parser.parse_args().seed).text())


if __name__ == "__main__":
    main()
