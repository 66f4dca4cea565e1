"""What ran in pages of Voilà that JupyterLab's preview asked for.

A preview names itself in the page's address (``?workload_preview=ID``). The guard's hook marks
the cells of that page; whatever executes marked cells is listened to, by hooks of nbclient. All
other pages are left alone.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from .guard import Verdict

#: The parameter by which a preview names itself.
PARAMETER = "workload_preview"

#: What a preview may be called.
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

#: Runs that are remembered; the one that began first is forgotten first.
REMEMBERED = 32

#: Characters of a traceback, and of an error's message, that are kept.
TEXT_LIMIT = 20_000

_MARK = "workload_preview"
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
    """One rendering of a page."""

    number: int
    refusal: str | None = None
    ended: bool = False
    failed: bool = False
    watched: bool = False
    cells: dict[int, CellRun] = field(default_factory=dict)

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
            "cells": [cell.to_json() for cell in self.cells.values()],
        }


class PreviewRuns:
    """The last runs, by the name of their preview; a page that is loaded again begins anew."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, PreviewRun] = OrderedDict()
        self._numbers = count(1)

    def get(self, name: str) -> PreviewRun | None:
        """The last run of a preview; ``None`` where nobody knows of it."""
        return self._runs.get(name)

    def begin(self, handler: Any, verdict: Verdict) -> None:
        """Mark the cells of a page that a preview asks for; leave all other pages alone.

        ``handler`` is Voilà's request handler, ``None`` where it renders in advance.
        """
        name = None if handler is None else handler.get_argument(PARAMETER, None)
        if name is None or ID.fullmatch(name) is None:
            return
        run = PreviewRun(next(self._numbers), verdict.refusal)
        self._runs.pop(name, None)
        self._runs[name] = run
        while len(self._runs) > REMEMBERED:
            self._runs.popitem(last=False)
        cells = verdict.notebook["cells"]
        for place, cell in enumerate(cells):
            position = place if verdict.positions is None else verdict.positions[place]
            if verdict.refusal is None:
                cell["metadata"][_MARK] = {"name": name, "run": run.number, "index": position}
        # Where cells run after the page was sent, the end of the page says nothing.
        is_later = handler.voila_configuration.progressive_rendering and len(cells) > 0
        told = handler.on_finish

        def on_finish() -> None:
            failed = handler.get_status() >= 400
            if failed or not is_later:
                run.end(failed)
            told()

        handler.on_finish = on_finish

    def attach(self, executor: Any) -> None:
        """Listen to nbclient's ``NotebookClient`` where its notebook is of a preview."""
        cells = executor.nb["cells"]
        run = next((found[0] for found in map(self._find, cells) if found is not None), None)
        if run is None:
            return

        def lost() -> None:
            """The server has started a dead kernel again, and nbclient may not have noticed."""
            waiting = getattr(executor, "task_poll_for_reply", None)
            if not run.ended and waiting is not None:
                waiting.cancel()

        for name, ours in self._hooks(run).items():
            theirs = getattr(executor, name)
            setattr(executor, name, ours if theirs is None else _both(ours, theirs))
        if hasattr(executor.km, "add_restart_callback"):
            executor.km.add_restart_callback(lost, "restart")

    def _find(self, cell: Mapping[str, Any]) -> tuple[PreviewRun, int] | None:
        """The run that a cell belongs to, and its place; ``None`` for all other cells."""
        mark = cell["metadata"].get(_MARK)
        if not isinstance(mark, Mapping):
            return None
        run = self._runs.get(mark["name"])
        return None if run is None or run.number != mark["run"] else (run, mark["index"])

    def _hooks(self, run: PreviewRun) -> dict[str, Callable[..., None]]:
        """What nbclient calls for the cells of a run."""

        def of(cell: Mapping[str, Any]) -> CellRun | None:
            found = self._find(cell)
            return None if found is None else run.cells.get(found[1])

        def on_cell_start(cell: Mapping[str, Any], **_: Any) -> None:
            found = self._find(cell)
            if found is None:
                return
            if not run.watched:
                _end_with_task(run)
            # Voilà goes on after a cell whose kernel died, and tells nobody.
            run.give_up()
            if cell["cell_type"] == "code" and cell["source"].strip():
                run.cells[found[1]] = CellRun(
                    cell.get("id"),
                    found[1],
                    started=int(time.time() * 1000),
                    clock=time.monotonic(),
                    may_fail="raises-exception" in cell["metadata"].get("tags", []),
                )

        def on_cell_executed(cell: Mapping[str, Any], **_: Any) -> None:
            told = of(cell)
            if told is not None:
                told.stop()
                told.outputs = _mime_types(cell)

        def on_cell_error(
            cell: Mapping[str, Any], execute_reply: Mapping[str, Any], **_: Any
        ) -> None:
            told = of(cell)
            if told is not None:
                told.error = _error(execute_reply["content"])

        return {
            "on_cell_start": on_cell_start,
            "on_cell_executed": on_cell_executed,
            "on_cell_error": on_cell_error,
        }


def watched_class(base: type, runs: PreviewRuns) -> type:
    """What executes notebooks, with ears for previews.

    It has the name of its base, by which sections of configuration files are found.
    """

    class VoilaExecutor(base):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            runs.attach(self)

    return VoilaExecutor


def _both(ours: Callable[..., None], theirs: Callable[..., Any]) -> Callable[..., Any]:
    """A hook that calls ours and theirs; theirs may return something to be awaited."""

    def both(**said: Any) -> Any:
        ours(**said)
        return theirs(**said)

    return both


def _end_with_task(run: PreviewRun) -> None:
    """End the run with the task that executes its cells, however that comes about."""
    run.watched = True
    task = asyncio.current_task()
    if task is not None:
        task.add_done_callback(lambda _: run.end())


def _mime_types(cell: Mapping[str, Any]) -> list[str]:
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


def _error(content: Mapping[str, Any]) -> dict[str, Any]:
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
