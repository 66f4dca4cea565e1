"""The command line, asking a server."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from test.services.fault_proxy import FaultProxy

ROOT = Path(__file__).parents[2]
CLI = Path(
    os.environ.get("WORKLOAD_CLI", ROOT / "jupyterlab_workload_explorer/cli/workload-explorer.mjs")
)
# What hangs is a defect to be told.
PATIENCE_S = 120


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        assert self.status == 0, f"exit status {self.status}: {self.err}"
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(self.answer["rows"])

    @property
    def provenance(self) -> dict[str, Any]:
        return dict(self.answer["provenance"])


class Running:
    """A call under way; `end_all` ends those whose outcome nobody has waited for."""

    _all: ClassVar[list[Running]] = []

    def __init__(self, *args: str, environment: Mapping[str, str] | None = None) -> None:
        assert CLI.exists(), f"{CLI} is not built: npm run build"
        self._process = subprocess.Popen(
            ["node", str(CLI), *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        Running._all.append(self)

    @staticmethod
    def end_all() -> None:
        for one in Running._all:
            if one._process.poll() is None:
                one._process.kill()
            one._process.communicate()
        Running._all.clear()

    def until_asked(self, proxy: FaultProxy, number: int, path: str = "_search") -> None:
        """Wait until so many requests of a path have come to the proxy."""
        end = time.monotonic() + PATIENCE_S
        while sum(path in one["path"] for one in proxy.requests()) < number:
            assert self._process.poll() is None, self.outcome().err or "it has ended"
            assert time.monotonic() < end, "it has not asked so often"
            time.sleep(0.02)

    def pause(self) -> None:
        """Let no time pass for it."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def outcome(self) -> Outcome:
        """Wait for its end."""
        try:
            out, err = self._process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            out, err = self._process.communicate()
        if self in Running._all:
            Running._all.remove(self)
        return Outcome(self._process.returncode, out, err)


def run(*args: str, environment: Mapping[str, str] | None = None) -> Outcome:
    return Running(*args, environment=environment).outcome()


def assert_is_sentence(outcome: Outcome, *parts: str) -> None:
    """One line that says what is wrong and what to do, and nothing of the program's inside."""
    assert outcome.status == 1, (outcome.status, outcome.err)
    assert outcome.out == ""
    text = outcome.err.strip()
    assert re.fullmatch(r"[A-Z“][^\n]*\. [^\n]*[.]", text), text
    assert not re.search(r"exception|\bat .*:\d+|\[object|undefined|null", text), text
    for part in parts:
        assert part in text, text
