"""Landlock: a process gives up every file that it is not allowed, for itself and its children.

Linux 5.13 and newer, by its system calls: there is no function of the C library for them.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_RULE_PATH_BENEATH, _RULE_PORT = 1, 2
_CONNECT = 1 << 1
#: The version from which on connections by TCP can be held.
NETWORK_VERSION = 4
#: The version from which on files cannot be emptied by their names.
TRUNCATE_VERSION = 3
_PR_SET_NO_NEW_PRIVS = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE = 1 << 14
#: Of a folder's rights, those that also a single file can have.
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE

READ = _READ_FILE | _READ_DIR
RUN = READ | _EXECUTE
WRITE = _WRITE_FILE
LIST = _READ_DIR


def _rights(known: int) -> int:
    """All rights over files that a version of Landlock holds; each brought some."""
    rights = (1 << 13) - 1
    if known >= 2:
        rights |= 1 << 13
    if known >= TRUNCATE_VERSION:
        rights |= _TRUNCATE
    return rights


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _Port(ctypes.Structure):
    _fields_ = (("allowed_access", ctypes.c_uint64), ("port", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def _call(*arguments: object) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    result = library.syscall(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def version() -> int:
    """The version of Landlock's interface that the system has; 0 where it has none."""
    try:
        return _call(ctypes.c_long(_CREATE_RULESET), None, ctypes.c_size_t(0), _VERSION_FLAG)
    except (OSError, AttributeError):
        return 0


def without(folders: Iterable[str], excluded: Sequence[str]) -> list[tuple[str, bool]]:
    """Folders with everything but what is excluded; ``False`` marks those that are only listed.

    Rules only ever add, so a folder that holds something excluded is listed and its other entries
    are allowed one by one.
    """
    found: list[tuple[str, bool]] = []
    for folder in folders:
        if folder in excluded:
            continue
        if not any(one.startswith(f"{folder}/") for one in excluded):
            found.append((folder, True))
            continue
        found.append((folder, False))
        try:
            entries = [entry.path for entry in os.scandir(folder) if not entry.is_symlink()]
        except OSError:
            continue  # nobody may look into it, so nothing more of it is allowed
        found += without(entries, excluded)
    return found


def restrict(rules: Iterable[tuple[str, int | None]], ports: Iterable[int] | None = None) -> None:
    """Hold this process and its children to some files, and to some ports of TCP.

    Args:
        rules: paths with rights; ``None`` is every right. Paths that do not exist are left out.
        ports: those that may be connected to; ``None`` leaves connections alone, and so does a
            system whose Landlock does not know them.

    Raises:
        OSError: Landlock is not there, or refused; nothing is held then.
    """
    known = version()
    every = _rights(known)
    if known < NETWORK_VERSION:
        ports = None
    attributes = _Ruleset(every, 0 if ports is None else _CONNECT)
    # Older systems refuse what they do not know, unless it is zero.
    ruleset = _call(
        ctypes.c_long(_CREATE_RULESET),
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
        0,
    )
    try:
        for path, rights in rules:
            _allow(ruleset, path, every if rights is None else rights & every)
        for port in ports or ():
            rule = _Port(_CONNECT, port)
            _call(ctypes.c_long(_ADD_RULE), ruleset, _RULE_PORT, ctypes.byref(rule), 0)
        no_new_privileges()
        _call(ctypes.c_long(_RESTRICT_SELF), ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not Path(path).is_dir():
            rights &= _OF_FILES
        rule = _PathBeneath(rights, place)
        _call(ctypes.c_long(_ADD_RULE), ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(place)


def no_new_privileges() -> None:
    """Give up what set-user-ID programs bring; what the kernel asks for before it restricts."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
