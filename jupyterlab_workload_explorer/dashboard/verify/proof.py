"""Which proof there is on this machine of what a run does: strace, Landlock, or none."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import landlock, seccomp
from .held import NotStarted, run_held
from .places import DEVICES, SYSTEM_FILES, SYSTEM_FOLDERS
from .supervisor import Order

STRACE = "strace"
LANDLOCK = "landlock"
NONE = "none"
AUTO = "auto"

#: Starts a kernel in a group of processes of its own, which it may kill at its end: the tracer is
#: not in it. What it does until then is not the kernel's doing.
OWN_GROUP = (
    *(sys.executable, "-I", "-S", "-c"),
    "import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])",
)

#: Seconds for a try that should take a hundredth of one.
_TRY_SECONDS = 20

#: Calls with a file's name, of the network, of processes.
_TRACED = "trace=%file,%network,%process,fchdir,open_by_handle_at"
#: Newer calls by which a run could do any of that, and their numbers, the same on all machines.
_NEWER = {"io_uring_setup": 425, "clone3": 435, "openat2": 437}
#: Messages that are sent at once are told to the last one, as each has an address of its own.
_FORM = ("-f", "-y", "-ttt", "-q", "-e", "abbrev=!sendmmsg")

_UNKNOWN = re.compile(r"invalid system call '([^']*)'")


@dataclass(frozen=True)
class Proof:
    """How a run is watched or held, and what is left open by it.

    Attributes:
        way: ``strace``, ``landlock`` or ``none``.
        options: those of strace.
        problems: why a better way does not work here.
        no_network: whether every connection can be refused.
    """

    way: str
    options: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    no_network: bool = False


def choose_proof(wanted: str = AUTO) -> Proof:
    """The wanted way where it works, of ``auto`` the first that does; else ``none``."""
    problems: list[str] = []
    if wanted in (AUTO, STRACE):
        options, problem = _try_strace()
        if not problem:
            return Proof(STRACE, options)
        problems.append(problem)
    if wanted in (AUTO, LANDLOCK):
        problem = _try_landlock()
        if not problem:
            return Proof(LANDLOCK, (), tuple(problems), seccomp.supported())
        problems.append(problem)
    return Proof(NONE, (), tuple(problems) or ("no proof was asked for",))


def _try_strace() -> tuple[tuple[str, ...], str]:
    """Options that work, and why strace does not; empty where it does."""
    program = shutil.which("strace")
    if program is None:
        return (), "strace is not installed (on Debian and Ubuntu: apt install strace)"
    newer = (f"{'' if _system_has(number) else '?'}{name}" for name, number in _NEWER.items())
    form = (*_FORM, "-e", ",".join([_TRACED, *newer]))
    reason = ""
    # With a filter, calls that nobody asks about cost nothing; older ones do not have it.
    for options in ((*form, "--seccomp-bpf"), form):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "trace"
            try:
                answer = subprocess.run(
                    [program, *options, "-o", file, "--", sys.executable, "-I", "-S", "-c", ""],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=_TRY_SECONDS,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                reason = str(error)
                continue
            if answer.returncode == 0 and file.exists() and b"execve(" in file.read_bytes():
                return (program, *options), ""
            told = answer.stderr.decode("utf-8", "replace")
            if unknown := _UNKNOWN.search(told):
                # What it does not know it does not show, either.
                return (), f"strace is too old: it does not know {unknown[1]} (install a newer one)"
            said = told.strip().splitlines()
            reason = said[0] if said else f"it ended with status {answer.returncode}"
    return (), f"strace cannot trace here ({reason})"


def _system_has(number: int) -> bool:
    """Whether programs may make a system call. It is tried with arguments that are wrong."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall(*map(ctypes.c_long, (number, 0, 0, 0, 0)))
    return ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM)


def _try_landlock() -> str:
    """Why Landlock does not work; empty where it does."""
    if landlock.version() == 0:
        return "this system has no Landlock (Linux 5.13 or newer, not switched off)"
    program = shutil.which("true") or "/bin/true"
    order = Order(
        *((program,), "/", {}, os.devnull),
        rules=tuple(system_rules()),
        network=not seccomp.supported(),
    )
    try:
        status = run_held(order, _TRY_SECONDS)
    except NotStarted as problem:
        return f"Landlock cannot be used here ({problem})"
    return "" if status == 0 else f"Landlock cannot be used here (a program ended with {status})"


def system_rules() -> list[tuple[str, int | None]]:
    """Landlock's rules for what every program needs."""
    rules: list[tuple[str, int | None]] = [(one, landlock.RUN) for one in SYSTEM_FOLDERS]
    rules += [(one, landlock.READ) for one in SYSTEM_FILES]
    rules += [(one, landlock.READ | landlock.WRITE) for one in DEVICES]
    return rules


def run_rules(
    read: Iterable[Path], environment: Iterable[Path], scratch: Path, raw: Sequence[Path]
) -> tuple[tuple[str, int | None], ...]:
    """Landlock's rules for a run: what it may read, what it may also run, what is all its own."""
    excluded = [os.path.realpath(one) for one in raw]
    rules: list[tuple[str, int | None]] = []
    for one, held in system_rules():
        # Raw data may lie below one of these, such as /usr/common.
        whole = os.path.realpath(one)
        if held is not None and any(each.startswith(f"{whole}/") for each in excluded):
            found = landlock.without([whole], excluded)
            rules += [(folder, held if wholly else landlock.LIST) for folder, wholly in found]
        else:
            rules.append((one, held))
    for paths, rights in ((read, landlock.READ), (environment, landlock.RUN)):
        folders = dict.fromkeys(os.path.realpath(one) for one in paths)
        for folder, wholly in landlock.without(folders, excluded):
            rules.append((folder, rights if wholly else landlock.LIST))
    rules.append((str(scratch), None))
    shared = Path("/dev/shm")
    # Processes share memory and locks there. What others left there must not be read, and rules
    # cannot tell it apart, so it is allowed only where there is nothing.
    if shared.is_dir() and not any(shared.iterdir()):
        rules.append((str(shared), None))
    return tuple(rules)
