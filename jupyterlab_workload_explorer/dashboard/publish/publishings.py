"""Publishing that a Jupyter server does for the panel: processes of their own, one a bundle."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .outcome import STEPS

#: What publishes.
COMMAND = (sys.executable, "-m", "jupyterlab_workload_explorer", "publish")

#: Publishings that are remembered; the first of those that have ended is forgotten first.
KEPT = 50

RUNNING = "running"
PUBLISHED = "published"
STOPPED = "stopped"
CANCELLED = "cancelled"
#: It could not begin, or ended without a word.
FAILED = "failed"

#: Seconds that a publishing that is cancelled has to tidy up.
_PATIENCE = 20

#: Characters kept of what it says before it ends in an error.
_TAIL = 4000


@dataclass
class Publishing:
    """One publishing: which bundle, how far it is, and what became of it."""

    out: str
    state: str = RUNNING
    step: str | None = None
    #: What ``Outcome.to_json`` says; of one that failed, there is a ``message`` only.
    outcome: Mapping[str, Any] | None = None
    message: str | None = None
    is_cancelled: bool = False
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """As the panel reads it."""
        return {
            "state": self.state,
            "step": self.step,
            "outcome": self.outcome,
            "message": self.message,
        }


class IsPublished(Exception):
    """A bundle that is being published already."""


class Publishings:
    """All publishings of a server, by their ids. Only for the thread of its event loop."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._all: dict[str, Publishing] = {}

    def get(self, name: str) -> Publishing | None:
        """A publishing; ``None`` where it is not known any more."""
        return self._all.get(name)

    def running(self) -> dict[str, str]:
        """Ids of those that are under way, by their bundles."""
        return {one.out: name for name, one in self._all.items() if one.state == RUNNING}

    async def start(self, out: Path, arguments: Sequence[str], cwd: Path) -> str:
        """Publish; returns an id. ``arguments`` follow ``publish`` in a command line.

        Raises ``IsPublished``, OSError.
        """
        if str(out) in self.running():
            raise IsPublished
        name = secrets.token_hex(8)
        one = Publishing(str(out))
        self._all[name] = one
        try:
            one.process = await asyncio.create_subprocess_exec(
                *self._command,
                "--format=json",
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                # Python looks for modules in its folder first: not in one that others may write to.
                cwd=cwd,
                # Who ends the server with a key ends it by its own signal, not this one.
                start_new_session=True,
                # An outcome has all findings.
                limit=1 << 26,
            )
        except BaseException:
            del self._all[name]
            raise
        one.task = asyncio.create_task(self._follow(one, one.process))
        ended = [key for key, each in self._all.items() if each.state != RUNNING]
        for key in ended[: max(0, len(self._all) - KEPT)]:
            del self._all[key]
        return name

    async def _follow(self, one: Publishing, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        told, said, status = await asyncio.gather(
            process.stdout.read(), self._steps(one, process), process.wait()
        )
        try:
            outcome = json.loads(told)
        except ValueError:
            outcome = None
        if isinstance(outcome, dict):
            one.outcome = outcome
            one.state = PUBLISHED if outcome["published"] else STOPPED
        elif one.state == RUNNING:
            one.state = CANCELLED if one.is_cancelled else FAILED
            one.message = said.strip() or f"Publishing ended with status {status}. Try again."

    async def _steps(self, one: Publishing, process: asyncio.subprocess.Process) -> str:
        """Note each step as it begins; returns what else it says."""
        assert process.stderr is not None
        said = ""
        async for line in process.stderr:
            text = line.decode("utf-8", "replace")
            step = text.strip().removesuffix(" …")
            if step in STEPS:
                one.step = step
            else:
                said = (said + text)[-_TAIL:]
        return said

    async def cancel(self, name: str) -> None:
        """End a publishing; what was published before stays."""
        one = self._all.get(name)
        if one is None or one.process is None or one.state != RUNNING:
            return
        one.is_cancelled = True
        _signal(one.process, signal.SIGTERM)
        assert one.task is not None
        try:
            await asyncio.wait_for(asyncio.shield(one.task), _PATIENCE)
        except asyncio.TimeoutError:
            _signal(one.process, signal.SIGKILL)
            await one.task

    async def close(self) -> None:
        """End all of them."""
        await asyncio.gather(*(self.cancel(name) for name in list(self._all)))


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
