"""Which proof is taken, and that what Landlock and its companion refuse is refused."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.verify import landlock as interface
from jupyterlab_workload_explorer.dashboard.verify import proof as ways
from jupyterlab_workload_explorer.dashboard.verify.held import Held, NotStarted, run_held
from jupyterlab_workload_explorer.dashboard.verify.proof import choose_proof
from jupyterlab_workload_explorer.dashboard.verify.supervisor import Order


def test_strace_comes_first(strace: str) -> None:
    assert choose_proof().way == strace


def test_landlock_where_there_is_no_strace(
    landlock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    proof = choose_proof()
    assert proof.way == landlock
    assert "apt install strace" in proof.problems[0]
    assert choose_proof("strace").way == "none"


def test_none_where_strace_cannot_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "strace").write_text(
        "#!/bin/sh\necho 'ptrace: Operation not permitted' >&2\nexit 1\n"
    )
    (tmp_path / "strace").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    proof = choose_proof("strace")
    assert proof.way == "none"
    assert "Operation not permitted" in proof.problems[0]


def test_a_strace_that_is_too_old(strace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would not show a call that it does not know; that of a number is a call's of Linux 5.1."""
    monkeypatch.setattr(ways, "_NEWER", {"openat_of_tomorrow": 425})
    proof = choose_proof(strace)
    assert proof.way == "none"
    assert proof.problems == (
        "strace is too old: it does not know openat_of_tomorrow (install a newer one)",
    )
    assert choose_proof().way != strace
    # Where the system does not know it, either, nothing is missed.
    monkeypatch.setattr(ways, "_NEWER", {"openat_of_tomorrow": 99999})
    assert choose_proof().way == strace


def test_calls_of_this_system_are_known() -> None:
    assert ways._system_has(ways._NEWER["clone3"])
    assert not ways._system_has(99999)


def python(code: str, **held: object) -> int:
    """The exit status of Python, which runs some code."""
    order = Order((sys.executable, "-I", "-c", code), "/", {}, os.devnull, **held)
    return run_held(order, 30)


REFUSED = "import errno, socket, sys\ntry:\n    {}\nexcept PermissionError:\n    sys.exit(7)\n"


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket(type=socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_VSOCK)",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socket(socket.AF_UNIX).connect('/none')",
        "socket.socket().sendto(b'x', 0x20000000, ('127.0.0.1', 9))",
        "socket.socket().sendmsg([b'x'], [], 0x20000000, ('127.0.0.1', 9))",
    ],
)
def test_no_connection(landlock: str, code: str) -> None:
    assert python(REFUSED.format(code), network=False) == 7
    assert python(REFUSED.format(code)) != 7


def test_waiting_for_connections_is_left(landlock: str) -> None:
    code = "import socket\nsocket.create_server(('127.0.0.1', 0))\nsocket.socketpair()"
    assert python(code, network=False) == 0


def test_folders_without_what_is_excluded(tmp_path: Path) -> None:
    for name in ("a/raw/1", "a/b/2", "c/3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "a" / "link").symlink_to(tmp_path / "c")
    found = interface.without([str(tmp_path)], [str(tmp_path / "a" / "raw")])
    assert sorted((os.path.relpath(path, tmp_path), wholly) for path, wholly in found) == [
        (".", False),
        ("a", False),
        ("a/b", True),
        ("c", True),
    ]


def test_what_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="No such file"):
        Held(Order((str(tmp_path / "none"),), "/", {}, os.devnull))
