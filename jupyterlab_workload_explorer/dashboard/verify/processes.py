"""Processes below another one, from what Linux tells in ``/proc``."""

from __future__ import annotations

from pathlib import Path

_PROC = Path("/proc")


def _stat(process: int) -> tuple[str, int] | None:
    """State and parent of a process; ``None`` where there is none such."""
    try:
        text = (_PROC / str(process) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name, in brackets, may hold anything.
    state, parent = text.rpartition(")")[2].split()[:2]
    return state, int(parent)


def is_running(process: int) -> bool:
    """Whether a process is there, and has not ended."""
    found = _stat(process)
    return found is not None and found[0] not in "ZX"


def descendants(process: int) -> list[int]:
    """Running processes below one, nearest first; none where the system does not tell."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.iterdir() if _PROC.is_dir() else ():
        name = folder.name
        if name.isdecimal() and (found := _stat(int(name))) and found[0] not in "ZX":
            children.setdefault(found[1], []).append(int(name))
    found_below: list[int] = []
    level = [process]
    while level:
        level = [child for one in level for child in children.get(one, [])]
        found_below += level
    return found_below


def peak_bytes(process: int) -> int:
    """The most memory that a process has held until now, in bytes; 0 where nobody knows."""
    try:
        text = (_PROC / str(process) / "status").read_text(errors="replace")
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
