"""The outputs of a notebook, as readers will see them, to search them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..verify.environment import clean_variables, find_environment
from .kernel_client import LookingManager
from .problem import INSTALL, Stopped


def execute(content: Mapping[str, Any], folder: Path, kernel: str, timeout: float) -> Any:
    """Run a notebook that was verified; returns its JSON with outputs and states of widgets.

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
                timeout=max(1, int(timeout)),
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
    return notebook
