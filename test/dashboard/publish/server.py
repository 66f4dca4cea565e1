"""A bundle, served by its own start script."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def served(bundle: Path, cwd: Path) -> Iterator[str]:
    """The address of a bundle that is served by ``start.sh``, started in another folder."""
    port = free_port()
    programs = Path(sys.executable).parent
    kept = ("LANG", "TMPDIR", "LD_LIBRARY_PATH")
    process = subprocess.Popen(
        [bundle / "start.sh"],
        cwd=cwd,
        env={name: os.environ[name] for name in kept if name in os.environ}
        | {
            "PATH": f"{programs}{os.pathsep}{os.defpath}",
            "PORT": str(port),
            "BASE_URL": "/dash/",
            "HOME": str(cwd),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        log = ""
        for line in process.stdout:
            log += line
            if "running at" in line:
                break
        else:
            raise AssertionError(log)
        yield f"http://127.0.0.1:{port}/dash/"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.wait()


def fetch(address: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""
