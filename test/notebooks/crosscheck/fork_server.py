"""The program that `execute.py` starts: loads IPython once, then forks for each run.

Standard input has the order as JSON; each run leaves `.RUN.json` in its notebook's folder.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import re
import signal
import socket
import sys
import time
import types
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from crosscheck.notebook import FILE, PLACES, Cell, load

INPUT = re.compile(r"<ipython-input-(\d+)-")


def main() -> None:
    order = json.load(sys.stdin)
    config = Config()
    config.HistoryManager.enabled = False
    # In the kernel of a notebook, `display` and the like are there from the beginning.
    shell = InteractiveShell.instance(config=config)
    # The one with a terminal waits a tenth of a second for it.
    shell.system = shell.system_raw
    # What a kernel does for `%matplotlib`, there is nothing to do here.
    shell.enable_gui = lambda gui=None: None
    for name in order["preload"]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    running: set[int] = set()
    for folder in order["folders"]:
        if len(running) >= order["jobs"]:
            running.discard(os.wait()[0])
        pid = os.fork()
        if pid == 0:
            _both(shell, Path(folder), order)
            os._exit(0)
        running.add(pid)
    while running:
        running.discard(os.wait()[0])


def _both(shell: InteractiveShell, folder: Path, order: dict[str, Any]) -> None:
    cells = load(folder / FILE).cells
    for run in order["runs"]:
        pid = os.fork()
        if pid == 0:
            # A group of its own, so that what a cell starts ends with it.
            os.setpgrp()
            _run(shell, folder, run, cells, order)
            os._exit(0)
        _wait(pid, order["seconds"] + 2)


def _wait(pid: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    pause = 0.001
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return
        time.sleep(pause)
        pause = min(pause * 2, 0.05)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


class OutOfTime(BaseException):
    pass


def _run(
    shell: InteractiveShell, folder: Path, run: str, cells: list[Cell], order: dict[str, Any]
) -> None:
    began = time.monotonic()
    sink = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(sink, descriptor)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout, sys.stderr = (os.fdopen(n, "w", closefd=False) for n in (1, 2))
    os.chdir(folder)
    sys.path[0] = ""
    if order["places"]:
        os.environ.update({name: str(folder / place) for name, place in PLACES.items()})
    if run == "upstream" and order["gpu"]:
        sys.path.append(order["gpu"])

    def ring(*_: object) -> None:
        raise OutOfTime

    signal.signal(signal.SIGALRM, ring)
    shown: list[BaseException] = []
    shell.showtraceback = lambda *_, **__: shown.append(sys.exc_info()[1])
    shell.showsyntaxerror = lambda *_, **__: shown.append(sys.exc_info()[1])
    _note_writing(folder)
    if order["offline"]:
        _cut_off()
    passed: list[int] = []
    names: list[list[str]] = []
    failure = None
    indexes: dict[int, int] = {}
    ended = {"cell": -1, "cells": [], "line": None, "kind": "other", "what": ""}
    for index, cell in enumerate(cells):
        if not cell.runs_in(run):
            continue
        # Should it have to be killed, this is what is known.
        ended |= {"cell": index, "message": "ended without a word"}
        _tell(folder, run, {"passed": passed, "failure": ended, "seconds": 0, "names": names})
        indexes[shell.execution_count] = index
        shown.clear()
        before = dict(shell.user_ns) if order["names"] else {}
        signal.alarm(order["cell_seconds"])
        try:
            result = shell.run_cell(cell.source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:
            error = raised
        signal.alarm(0)
        # `%%capture` and others show an error and go on; it has happened all the same.
        error = error or next((each for each in shown if each), None)
        if error:
            failure = failure or _failure(error, index, indexes, folder)
            if order["go_on"]:
                continue
            break
        passed.append(index)
        if order["names"]:
            bound = shell.user_ns.items()
            names.append(sorted(n for n, value in bound if before.get(n, before) is not value))
    seconds = time.monotonic() - began
    _tell(folder, run, {"passed": passed, "failure": failure, "seconds": seconds, "names": names})


def _tell(folder: Path, run: str, told: dict[str, Any]) -> None:
    (folder / f".{run}.json").write_text(json.dumps(told), encoding="utf-8")


def _cut_off() -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError("offline")

    socket.getaddrinfo = refuse
    socket.socket.connect = refuse
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        os.environ[name] = "http://127.0.0.1:9"


def _failure(
    error: BaseException, index: int, indexes: dict[int, int], folder: Path
) -> dict[str, Any]:
    kind, what = _kind(error, folder)
    cells, line = [index], None
    for frame, number in _frames(error.__traceback__):
        match = INPUT.match(frame)
        if match:
            at = indexes.get(int(match[1]), index)
            line = number if line is None and at == index else line
            cells.append(at)
    return {
        "cell": index,
        "cells": sorted(set(cells)),
        "line": line,
        "kind": kind,
        "what": what,
        "message": f"{type(error).__name__}: {error}"[:300],
    }


def _frames(traceback: types.TracebackType | None) -> list[tuple[str, int]]:
    frames = []
    while traceback:
        frames.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    return frames


def _kind(error: BaseException, folder: Path) -> tuple[str, str]:
    # A local name that is not bound yet is a matter of its function, not of cells.
    if type(error) is NameError and re.match(r"name '", str(error)):
        return "name", error.name or str(error).split("'")[1]
    if isinstance(error, ModuleNotFoundError):
        return "module", error.name or ""
    if isinstance(error, FileNotFoundError):
        path = _relative(error, folder)
        # A folder that is not there to write in is no missing file.
        return ("other", "") if path in _written else ("file", path)
    return "other", ""


def _relative(error: FileNotFoundError, folder: Path) -> str:
    name = error.filename
    if name is None:
        match = re.search(r"'([^']+)'|(\S+) not found", str(error))
        name = match[1] or match[2] if match else str(error)
    return _below(name, folder)


# Paths that were opened for writing, or were to be.
_written: set[str] = set()


def _note_writing(folder: Path) -> None:
    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], (str, bytes)) and args[2] & _WRITING:
            _written.add(_below(args[0], folder))

    sys.addaudithook(hook)


_WRITING = os.O_WRONLY | os.O_RDWR


def _below(name: str | bytes, folder: Path) -> str:
    path = Path(os.fsdecode(name))
    if path.is_absolute() and path.is_relative_to(folder):
        path = path.relative_to(folder)
    return path.as_posix()


main()
