"""No connection to anything, by a filter of system calls (seccomp).

Landlock knows TCP alone, and that only since Linux 6.7; what is not asked for, such as UDP and the
sockets of other programs, it lets pass.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

from .landlock import no_new_privileges

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000

_LOAD, _EQUAL, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x45, 0x54, 0x06

#: Offsets in what a filter is given: the call, the machine, and the lower half of each argument.
_NUMBER, _ARCHITECTURE = 0, 4
_ARGUMENT = tuple(16 + 8 * index for index in range(6))

_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
#: The kernel's own table of networks, which libraries look into before they listen.
_NETLINK_ROUTE = 0
_SOCK_STREAM, _SOCK_SEQPACKET, _TYPE_MASK = 1, 5, 0xF
_IPPROTO_TCP = 6
#: Connects by sending.
_MSG_FASTOPEN = 0x20000000
#: Calls of another kind than the machine's own, on x86-64.
_X32 = 0x40000000
_IO_URING_SETUP = 425


@dataclass(frozen=True)
class _Machine:
    """The kernel's number of a kind of machine, and of its calls."""

    architecture: int
    socket: int
    connect: int
    sendto: int
    sendmsg: int
    sendmmsg: int
    foreign: int


_MACHINES = {
    "x86_64": _Machine(0xC000003E, 41, 42, 44, 46, 307, _X32),
    "aarch64": _Machine(0xC00000B7, 198, 203, 206, 211, 269, 0),
}


def supported() -> bool:
    """Whether the filter knows this machine."""
    return platform.machine() in _MACHINES


#: Operation, its value, and where to go on where it holds, and where it does not; empty is below.
_Step = tuple[int, int, str, str]


def _steps(machine: _Machine) -> dict[str, list[_Step]]:
    """The filter in named parts, each of which goes on to the next."""
    family, kind, protocol, flags_of_sendmsg, flags_of_sendto = (
        _ARGUMENT[index] for index in (0, 1, 2, 2, 3)
    )
    return {
        "begin": [
            (_LOAD, _ARCHITECTURE, "", ""),
            (_EQUAL, machine.architecture, "", "kill"),
            (_LOAD, _NUMBER, "", ""),
            (_ANY_BIT, machine.foreign, "refuse", ""),
            (_EQUAL, _IO_URING_SETUP, "refuse", ""),
            (_EQUAL, machine.connect, "refuse", ""),
            (_EQUAL, machine.sendto, "four", ""),
            (_EQUAL, machine.sendmmsg, "four", ""),
            (_EQUAL, machine.sendmsg, "three", ""),
            (_EQUAL, machine.socket, "", "allow"),
            (_LOAD, family, "", ""),
            (_EQUAL, _AF_UNIX, "local", ""),
            (_EQUAL, _AF_INET, "internet", ""),
            (_EQUAL, _AF_NETLINK, "table", ""),
            (_EQUAL, _AF_INET6, "internet", "refuse"),
        ],
        "local": [
            (_LOAD, kind, "", ""),
            (_AND, _TYPE_MASK, "", ""),
            (_EQUAL, _SOCK_STREAM, "allow", ""),
            (_EQUAL, _SOCK_SEQPACKET, "allow", "refuse"),
        ],
        "internet": [
            (_LOAD, kind, "", ""),
            (_AND, _TYPE_MASK, "", ""),
            (_EQUAL, _SOCK_STREAM, "", "refuse"),
            (_LOAD, protocol, "", ""),
            (_EQUAL, 0, "allow", ""),
            (_EQUAL, _IPPROTO_TCP, "allow", "refuse"),
        ],
        "table": [(_LOAD, protocol, "", ""), (_EQUAL, _NETLINK_ROUTE, "allow", "refuse")],
        "three": [
            (_LOAD, flags_of_sendmsg, "", ""),
            (_ANY_BIT, _MSG_FASTOPEN, "refuse", "allow"),
        ],
        "four": [
            (_LOAD, flags_of_sendto, "", ""),
            (_ANY_BIT, _MSG_FASTOPEN, "refuse", "allow"),
        ],
        "refuse": [(_RETURN, _ERRNO | errno.EACCES, "", "")],
        "kill": [(_RETURN, _KILL_PROCESS, "", "")],
        "allow": [(_RETURN, _ALLOW, "", "")],
    }


def _assemble(parts: dict[str, list[_Step]]) -> bytes:
    places: dict[str, int] = {}
    for name in parts:
        places[name] = sum(len(parts[one]) for one in places)
    lines = [step for steps in parts.values() for step in steps]
    return b"".join(
        struct.pack(
            "HBBI",
            operation,
            places[holds] - index - 1 if holds else 0,
            places[fails] - index - 1 if fails else 0,
            value,
        )
        for index, (operation, value, holds, fails) in enumerate(lines)
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def no_network() -> None:
    """Refuse this process and its children every connection.

    Sockets that are made in pairs are left, and so is waiting for connections: the kernel of a
    notebook is spoken to by such, and does not start where it cannot make any.

    Raises:
        OSError: the system has no such filter, or refused it.
    """
    lines = _assemble(_steps(_MACHINES[platform.machine()]))
    buffer = ctypes.create_string_buffer(lines, len(lines))
    program = _Program(len(lines) // 8, ctypes.addressof(buffer))
    no_new_privileges()
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
