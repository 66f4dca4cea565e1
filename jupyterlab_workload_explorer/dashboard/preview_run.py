"""What ran in one rendering of a page: its cells, and how far it is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

#: Characters of a traceback, and of an error's message, that are kept.
TEXT_LIMIT = 20_000

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")

#: Mime types of outputs that have none, as JupyterLab names them.
_STREAMS = {"stdout": "application/vnd.jupyter.stdout", "stderr": "application/vnd.jupyter.stderr"}
_ERROR = "application/vnd.jupyter.error"


@dataclass
class CellRun:
    """A code cell that was started; times in seconds, but ``started`` in milliseconds."""

    cell: str | None
    index: int
    started: int
    clock: float
    may_fail: bool
    seconds: float | None = None
    error: dict[str, Any] | None = None
    outputs: list[str] = field(default_factory=list)

    def stop(self) -> None:
        """Note how long it took, once."""
        if self.seconds is None:
            self.seconds = round(time.monotonic() - self.clock, 6)

    def to_json(self) -> dict[str, Any]:
        """As ``GET workload-explorer/preview/ID`` answers."""
        return {
            "cell": self.cell,
            "index": self.index,
            "started": self.started,
            "seconds": self.seconds,
            "error": self.error,
            "outputs": self.outputs,
        }


@dataclass
class PreviewRun:
    """One rendering of a page.

    ``kernel`` is the id of the kernel that Voilà started for it, until that is ended from here.
    """

    refusal: str | None = None
    kernel: str | None = None
    ended: bool = False
    failed: bool = False
    #: Its first cell has begun.
    watched: bool = False
    #: The page's connection closed before the end of the page.
    closed: bool = False
    #: Ends the kernel.
    end_kernel: Callable[[], None] = lambda: None
    cells: dict[int, CellRun] = field(default_factory=dict)
    #: Marks its cells. Nobody can guess it, so no notebook can claim to be of a run.
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def state(self) -> str:
        """``running``, ``done``, ``refused`` or ``failed``."""
        if self.refusal is not None:
            return "refused"
        if not self.ended:
            return "running"
        unexpected = any(cell.error and not cell.may_fail for cell in self.cells.values())
        return "failed" if self.failed or unexpected else "done"

    def give_up(self) -> None:
        """Nothing more comes of cells that still run."""
        for cell in self.cells.values():
            if cell.seconds is None:
                cell.stop()
                cell.may_fail = False
                cell.error = {
                    "name": "NoAnswer",
                    "value": "The cell gave no answer: its kernel died, it took too long, or its "
                    "outputs cannot be read. The server's log says more.",
                    "traceback": [],
                }

    def end(self, failed: bool = False) -> None:
        """Nothing more comes at all."""
        self.give_up()
        self.failed = self.failed or failed
        self.ended = True

    def to_json(self) -> dict[str, Any]:
        """As ``GET workload-explorer/preview/ID`` answers."""
        return {
            "state": self.state,
            "refusal": self.refusal,
            "kernel": self.kernel,
            "cells": [cell.to_json() for cell in self.cells.values()],
        }


def mime_types(cell: Mapping[str, Any]) -> list[str]:
    """The mime types of a cell's outputs, each once, in their order."""
    types: dict[str, None] = {}
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            types[_STREAMS.get(output["name"], _STREAMS["stdout"])] = None
        elif output["output_type"] == "error":
            types[_ERROR] = None
        else:
            types.update(dict.fromkeys(output["data"]))
    return list(types)


def error_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The error of a kernel's reply, cut to what is kept, without colors."""
    kept, left = [], TEXT_LIMIT
    # The last frames say most.
    for frame in reversed(content.get("traceback") or []):
        text = _ANSI.sub("", str(frame))[-left:] if left > 0 else ""
        if not text:
            break
        kept.append(text)
        left -= len(text)
    return {
        "name": str(content.get("ename", "")),
        "value": _ANSI.sub("", str(content.get("evalue", "")))[:TEXT_LIMIT],
        "traceback": kept[::-1],
    }
