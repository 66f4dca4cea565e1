"""A kernel's processes, as who verifies holds them: started, looked at, ended."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from .processes import descendants, is_running, peak_bytes
from .supervisor import Order

_PACKAGES = Path(__file__).resolve().parents[3]
_START = f"""
import sys
sys.path.insert(0, {str(_PACKAGES)!r})
from jupyterlab_workload_explorer.dashboard.verify.supervisor import main
main()
"""

#: Seconds for the supervisor to end everything.
_END_SECONDS = 30.0


class NotStarted(Exception):
    """The command could not be started, or not be held; the text says why."""


class Held:
    """Processes below a supervisor. A context manager: at its end none is left."""

    def __init__(self, order: Order) -> None:
        """Start them. Raises ``NotStarted``."""
        self._traced = order.traced
        self._supervisor = subprocess.Popen(
            [sys.executable, "-I", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        self.status: int | None = None
        #: Set once the kernel has answered: from then on a tracer's first child is the kernel.
        self.ready = False
        #: The most memory, in bytes, that was seen.
        self.peak_bytes = 0
        try:
            assert self._supervisor.stdin
            self._supervisor.stdin.write(order.line().encode())
            self._supervisor.stdin.flush()
            answer = self._read()
        except OSError as error:
            answer = {"problem": str(error)}
        if "started" not in answer:
            self._close()
            raise NotStarted(answer.get("problem", "the supervisor ended"))
        self._process: int = answer["started"]
        self._kernel: int | None = None if order.traced else self._process

    def _read(self) -> dict[str, Any]:
        assert self._supervisor.stdout
        line = self._supervisor.stdout.readline()
        return json.loads(line) if line else {}

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def holders(self) -> tuple[int, ...]:
        """Processes above the kernel: the supervisor, and the tracer where there is one."""
        above = (self._supervisor.pid,)
        return (*above, self._process) if self._traced else above

    def fileno(self) -> int:
        """A file that is ready for reading once all has ended."""
        assert self._supervisor.stdout
        return self._supervisor.stdout.fileno()

    def look(self) -> bool:
        """Whether the kernel runs; takes note of the memory in use."""
        if self.status is not None or self._supervisor.poll() is not None:
            return False
        below = descendants(self._process)
        if self._kernel is None and self.ready and below:
            self._kernel = below[0]
        running = below if self._traced else [self._process, *below]
        self.peak_bytes = max(self.peak_bytes, sum(peak_bytes(one) for one in running))
        return self._kernel is None or is_running(self._kernel) or sys.platform != "linux"

    def end(self) -> None:
        """Kill what still runs."""
        if self.status is not None:
            return
        self.look()
        assert self._supervisor.stdin
        with suppress(BrokenPipeError):
            self._supervisor.stdin.close()
        answer = self._read()
        self.status = answer.get("status", -9)
        self.peak_bytes = max(self.peak_bytes, answer.get("peak_bytes", 0))
        self._close()

    def wait(self, seconds: float) -> bool:
        """Wait for all to end by itself; returns whether it has."""
        return bool(select.select([self], [], [], seconds)[0])

    def _close(self) -> None:
        for pipe in (self._supervisor.stdin, self._supervisor.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        try:
            self._supervisor.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            self._supervisor.wait()


def run_held(order: Order, seconds: float) -> int:
    """Run a command to its end, and return its exit status; -9 where it took longer.

    Raises ``NotStarted``.
    """
    with Held(order) as held:
        held.wait(seconds)
    assert held.status is not None
    return held.status
