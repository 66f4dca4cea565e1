"""What Python itself opens, starts and connects to: told with the line of the cell.

C and C++ code, and other processes, are not seen by it, so it proves nothing. Where Landlock
refuses something and the notebook passes over the error, it still tells what was tried.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

_HOOK = """
def _audit(file):
    import json, os, sys, time
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    seen = set()

    def line():
        frame = sys._getframe(2)
        own = frame.f_code.co_filename
        while frame is not None:
            name = frame.f_code.co_filename
            if name == own:
                pass
            elif "ipykernel_" in name or name.startswith("<ipython-input"):
                return frame.f_lineno
            frame = frame.f_back

    def text(value):
        return os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else ""

    def note(kind, value):
        if value and (kind, value) not in seen:
            seen.add((kind, value))
            told = {"kind": kind, "value": value, "seconds": time.time(), "line": line()}
            os.write(descriptor, (json.dumps(told) + "\\n").encode())

    def hook(event, arguments):
        try:
            if event in ("open", "os.listdir", "os.scandir"):
                path = text(arguments[0])
                writing = event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
                note("write" if writing else "open", os.path.abspath(path) if path else "")
            elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn"):
                for one in arguments[1] or ():
                    path = text(one)
                    note("argument", path if os.path.isabs(path) else "")
                note("run", text(arguments[0]))
            elif event == "socket.getaddrinfo":
                host, port = arguments[:2]
                note("connect", "{}:{}".format(text(host), port) if host and port else "")
            elif event in ("socket.connect", "socket.sendto"):
                address = arguments[1]
                if isinstance(address, tuple):
                    note("connect", "{}:{}".format(*address[:2]))
                else:
                    note("connect", text(address))
        except Exception:
            pass

    sys.addaudithook(hook)
"""


def audit_code(file: Path) -> str:
    """Code that makes a kernel write what its Python does into a file."""
    return f"{_HOOK}\n_audit({str(file)!r})\ndel _audit\n"


@dataclass(frozen=True)
class Tried:
    """``kind`` is ``open``, ``write``, ``run``, ``argument`` (of a program) or ``connect``."""

    kind: str
    value: str
    seconds: float
    line: int | None


def read_audit(file: Path) -> list[Tried]:
    """What was written, as far as it is whole."""
    found = []
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    for line in lines:
        try:
            told = json.loads(line)
            found.append(Tried(told["kind"], told["value"], told["seconds"], told["line"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found
