"""A program that runs beside the tests: commands are lines on its standard input, answers JSON.

It ends when its standard input closes, so also when the tests are killed.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


class Program:
    """A running Python program of this folder."""

    def __init__(self, script: Path, *arguments: str):
        self._name = script.name
        self._process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # An interrupt of the tests ends the program by closing its standard input, in order.
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def answer(self) -> dict[str, Any]:
        """The next answer; raises `RuntimeError` where the program has ended instead."""
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if line == "":
            self.stop()
            raise RuntimeError(f"{self._name} has ended; what it printed on stderr says why.")
        return json.loads(line)

    def ask(self, command: str) -> dict[str, Any]:
        """Gives a command and waits for its answer."""
        if self._process.stdin is None or self._process.stdin.closed:
            raise RuntimeError(f"{self._name} was stopped.")
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self.answer()

    def stop(self) -> None:
        """Ends the program; may be called twice."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
