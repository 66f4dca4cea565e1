"""A small process between who verifies and the kernel: it holds the kernel, and ends all of it.

Whatever the kernel starts stays below this process, also what turns itself into a daemon, and is
killed with the kernel. It also dies with who started it, because its standard input ends then.

It reads one line of JSON (``Order``), and writes two: ``{"started": process}`` or
``{"problem": text}``, and at the end ``{"status": …, "peak_bytes": …}``, where a negative status is
a signal's number.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from .landlock import restrict
from .processes import descendants
from .seccomp import no_network

_PR_SET_CHILD_SUBREAPER = 36

#: Seconds that strace has to write its last lines, once nothing is left that it traces.
_TRACER_SECONDS = 5.0
#: Seconds until what cannot be killed is left.
_KILL_SECONDS = 20.0


@dataclass(frozen=True)
class Order:
    """What to start, and how it is held.

    ``rules`` and ``ports`` are those of Landlock, ``None`` where it is not asked for them; without
    ``network``, every connection is refused; with ``traced``, the command is strace's, and ends by
    itself.
    """

    command: tuple[str, ...]
    folder: str
    variables: Mapping[str, str]
    log: str
    rules: tuple[tuple[str, int | None], ...] | None = None
    ports: tuple[int, ...] | None = None
    network: bool = True
    traced: bool = False

    def line(self) -> str:
        """The order as a line of JSON."""
        return json.dumps(asdict(self)) + "\n"


def _become(order: dict[str, Any]) -> None:
    """Turn this process, which has been forked, into the command. Raises what goes wrong."""
    os.setsid()
    os.chdir(order["folder"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for one in (signal.SIGINT, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(one, signal.SIG_DFL)
    if order["rules"] is not None:
        restrict(order["rules"], order["ports"])
    if not order["network"]:
        no_network()
    os.execvpe(order["command"][0], order["command"], order["variables"])


def _start(order: dict[str, Any]) -> tuple[int, str]:
    """Number of the process, and why it did not start; empty where it did."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            _become(order)
        except BaseException as error:
            os.write(writing, str(error).encode("utf-8", "replace")[:1000] or b"it failed")
        finally:
            os._exit(127)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        # Closed without a word by what has been started.
        return process, pipe.read().decode("utf-8", "replace")


def _tell(what: dict[str, Any]) -> None:
    with suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


class _Family:
    """The command and everything below it."""

    def __init__(self, process: int) -> None:
        self.process = process
        self.status: int | None = None
        self.peak_bytes = 0

    def reap(self) -> None:
        """Take note of those that have ended."""
        while True:
            try:
                process, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            if process == self.process:
                self.status = os.waitstatus_to_exitcode(status)
                unit = 1 if sys.platform == "darwin" else 1024
                self.peak_bytes = usage.ru_maxrss * unit

    def end(self, tracer: bool) -> None:
        """Kill all of it. A tracer is left until it has written what it saw."""
        began = time.monotonic()
        while True:
            self.reap()
            found = descendants(os.getpid())
            waited = time.monotonic() - began
            # What waits for a disk that does not answer cannot be killed.
            if not found or waited > _KILL_SECONDS:
                break
            for process in found:
                if not (tracer and process == self.process and waited < _TRACER_SECONDS):
                    _kill(process)
            time.sleep(0.01)
        if self.status is None:
            # Where the system does not tell of processes below others, this is all that can be.
            _kill(-self.process)
            self.status = -signal.SIGKILL


def _kill(process: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process, signal.SIGKILL)


def main() -> None:
    """Carry out the order on standard input."""
    order = json.loads(sys.stdin.readline())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    process, problem = _start(order)
    family = _Family(process)
    if problem:
        os.waitpid(process, 0)
        _tell({"problem": problem})
        return
    _tell({"started": process})
    while family.status is None:
        ready, _, _ = select.select([sys.stdin, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
        if sys.stdin in ready:
            break
        family.reap()
    family.end(order["traced"])
    _tell({"status": family.status, "peak_bytes": family.peak_bytes})


if __name__ == "__main__":
    main()
