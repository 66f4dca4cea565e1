"""The outputs of a notebook, as readers will see them, to search them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import warnings
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..verify.environment import clean_variables, find_environment
from .kernel_client import LookingManager
from .problem import INSTALL, Stopped


@dataclass(frozen=True)
class Executed:
    """A notebook's JSON with outputs and states of widgets.

    Attributes:
        notebook: as it is at the end of the run, which is what a static page shows.
        live: the same, and all that a live page shows: it has each cell as it was when it was
            done, whatever later cells replaced in it.
    """

    notebook: Any
    live: Any


def execute(content: Mapping[str, Any], folder: Path, kernel: str, timeout: float) -> Executed:
    """Run a notebook that was verified.

    The kernel knows as little of its user as in ``verify``. ``folder`` is where it runs; its
    temporary files are made below ``folder.parent``, by whoever made that.

    Raises ``Stopped``.
    """
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellTimeoutError
    except ModuleNotFoundError as missing:
        raise Stopped(f"The Python package {missing.name} is not installed. {INSTALL}") from None
    scratch = folder.with_name(f"{folder.name}-run")
    for name in ("home", "tmp", "runtime"):
        (scratch / name).mkdir(parents=True, mode=0o700)
    environment = find_environment(kernel)
    limit = max(1, int(timeout))
    when_done: dict[int, Any] = {}

    def take_note(cell: Any, cell_index: int, **_: object) -> None:
        when_done[cell_index] = deepcopy(cell.outputs)

    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        with warnings.catch_warnings():
            # Of other libraries: nothing that a user could act upon.
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(json.dumps(content), as_version=4)
            client = NotebookClient(
                notebook,
                kernel_name=kernel,
                kernel_manager_class=LookingManager,
                # Of a cell; all of them have just run in this time.
                timeout=limit,
                # An output that comes late is one that has to be searched.
                iopub_timeout=limit,
                raise_on_iopub_timeout=True,
                on_cell_executed=take_note,
                resources={"metadata": {"path": str(folder)}},
                # What may fail was said by its tags, and all else was found by verify.
                allow_errors=True,
            )
            variables = clean_variables(environment, scratch)
            # A loop of its own, which is closed: threads of a server would leave theirs open.
            asyncio.run(client.async_execute(env=variables, **quiet))
    except (CellTimeoutError, RuntimeError) as problem:
        raise Stopped(
            f"The dashboard ran twice, and a third time it did not ({type(problem).__name__}). "
            "Publish again, or give it more time: --timeout."
        ) from None
    return Executed(notebook, _with_replaced(notebook, when_done))


#: Stands for an output that nobody replaced, so that others keep their numbers.
_AS_BEFORE = {"output_type": "stream", "name": "stdout", "text": ""}


def _with_replaced(notebook: Any, when_done: Mapping[int, Sequence[Any]]) -> dict[str, Any]:
    """A notebook, and a cell more for each in which a later one has replaced outputs."""
    more = []
    for index, outputs in when_done.items():
        cell = notebook["cells"][index]
        if outputs == cell["outputs"]:
            continue
        name = f"{cell.get('id') or index + 1}, before a later cell replaced its output"
        kept = [_AS_BEFORE if one in cell["outputs"] else one for one in outputs]
        more.append({**cell, "id": name, "source": "", "metadata": {}, "outputs": kept})
    return {**notebook, "cells": [*notebook["cells"], *more]}
