"""What the calls of a trace did: files, programs, hosts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .look_ups import DNS, asks_for_host, is_nscd, is_resolver
from .trace import Call, Trace, has_descriptor, path_of_descriptor, text_of, unescape


@dataclass(frozen=True)
class Access:
    """A file or folder that was opened, run or changed, or was tried to.

    ``how`` is ``read``, ``write``, ``list``, ``run`` or ``change``; ``made`` holds where the call
    made the file, or emptied it; ``error`` is the name of the error, empty where there was none.
    """

    path: str
    how: str
    seconds: float
    process: int
    made: bool = False
    error: str = ""


@dataclass(frozen=True)
class Contact:
    """An address that was spoken to, or tried to: a host with its port, or a socket's path.

    A program of this machine that looks up names is a host, too: its path, at the port of name
    servers.
    """

    seconds: float
    host: str
    port: int = 0
    path: str = ""


@dataclass
class Doings:
    """Everything that a run did outside of its own memory."""

    accesses: list[Access] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    #: Processes (not threads), the first one among them.
    processes: set[int] = field(default_factory=set)
    #: Processes above the first one, which are none of the run: its supervisor and tracer.
    holders: frozenset[int] = frozenset()
    #: Ports, and paths of sockets, that the run itself listened on.
    listening: set[int | str] = field(default_factory=set)


#: Where a call's path stands, with the folder that it starts from where one is given.
_OPENED: dict[str, tuple[int | None, int, int]] = {
    "open": (None, 0, 1),
    "openat": (0, 1, 2),
    "openat2": (0, 1, 2),
    "creat": (None, 0, 0),
}
_FIRST, _SECOND = ((None, 0),), ((0, 1),)
_CHANGED: dict[str, tuple[tuple[int | None, int], ...]] = {
    **dict.fromkeys(("unlink", "rmdir", "mkdir", "mknod", "truncate", "utime", "utimes"), _FIRST),
    **dict.fromkeys(("chmod", "chown", "lchown", "setxattr", "lsetxattr"), _FIRST),
    **dict.fromkeys(("removexattr", "lremovexattr"), _FIRST),
    **dict.fromkeys(("unlinkat", "mkdirat", "mknodat", "utimensat", "futimesat"), _SECOND),
    **dict.fromkeys(("fchmodat", "fchmodat2", "fchownat"), _SECOND),
    **dict.fromkeys(("setxattrat", "removexattrat", "file_setattr"), _SECOND),
    "rename": ((None, 0), (None, 1)),
    "link": ((None, 0), (None, 1)),
    "symlink": ((None, 1),),
    "symlinkat": ((1, 2),),
    "renameat": ((0, 1), (2, 3)),
    "renameat2": ((0, 1), (2, 3)),
    "linkat": ((0, 1), (2, 3)),
}
#: Calls whose last path is there because of them.
_MAKING = ("mkdir", "mknod", "rename", "link", "symlink")
_FORKS = ("fork", "vfork", "clone", "clone3")
_WRITING = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)")
#: An open with these tells nothing about the file's content: there is no such file.
_ABSENT = ("ENOENT", "ENOTDIR", "ENXIO", "EEXIST", "EISDIR", "EINTR", "ELOOP", "ENAMETOOLONG")


class _Reader:
    def __init__(self, folder: str) -> None:
        self.doings = Doings()
        self.threads: set[int] = set()
        self._start = folder
        #: Working directories by process; strace tells them only in some calls.
        self._folders: dict[int, str] = {}
        #: Connections to nscd by their sockets, and those by which nothing was asked that is known.
        self._nscd: dict[str, Contact] = {}
        self._silent: dict[str, Contact] = {}

    def end(self) -> Doings:
        """What all calls did."""
        self.doings.processes -= self.threads
        # What was asked by another kind of call was not seen.
        self.doings.contacts += self._silent.values()
        return self.doings

    def read(self, call: Call) -> None:
        name = call.name
        self.doings.processes.add(call.process)
        if call.arguments and call.arguments[0].startswith("AT_FDCWD<"):
            folder = path_of_descriptor(call.arguments[0])
            if folder:
                self._folders[call.process] = folder
        if name in _OPENED:
            self._opened(call)
        elif name == "open_by_handle_at":
            self._opened_at(call, path_of_descriptor(call.result), call.arguments[-1])
        elif name in ("execve", "execveat"):
            self._run(call)
        elif name in _CHANGED and not call.error:
            for place in _CHANGED[name]:
                if (path := self._path(call, *place)) is not None:
                    made = name.startswith(_MAKING) and place == _CHANGED[name][-1]
                    self._access(call, path, "change", made=made)
        elif name in ("chdir", "fchdir") and not call.failed:
            self._moved(call)
        elif name in _FORKS and call.result.isdecimal():
            self._forked(call)
        elif name == "connect":
            self._connected(call)
        elif name in ("sendto", "sendmsg", "sendmmsg"):
            self._sent(call)
        elif name in ("bind", "getsockname") and not call.failed:
            self._bound(call)

    def _access(
        self, call: Call, path: str, how: str, *, made: bool = False, error: str = ""
    ) -> None:
        self.doings.accesses.append(
            Access(posixpath.normpath(path), how, call.seconds, call.process, made, error)
        )

    def _path(self, call: Call, folder: int | None, index: int) -> str | None:
        """The path that an argument names; ``None`` where there is none."""
        path = text_of(call.arguments[index]) if index < len(call.arguments) else None
        if path is None:
            return None
        if folder is None:
            base = self._folders.get(call.process, self._start)
        else:
            base = path_of_descriptor(call.arguments[folder]) or self._folders.get(
                call.process, self._start
            )
        return posixpath.join(base, path) if path else base

    def _opened(self, call: Call) -> None:
        folder, index, flags = _OPENED[call.name]
        if has_descriptor(call.result):
            path = path_of_descriptor(call.result)
        else:
            path = self._path(call, folder, index)
        options = "O_CREAT|O_TRUNC" if call.name == "creat" else call.arguments[flags]
        self._opened_at(call, path, options)

    def _opened_at(self, call: Call, path: str | None, options: str) -> None:
        if path is None or call.error in _ABSENT:
            if path is not None:
                self._access(call, path, "read", error=call.error)
            return
        if "O_PATH" in options:
            # Such a file cannot be read, only be named.
            return
        unnamed = "O_TMPFILE" in options
        if "O_DIRECTORY" in options and not unnamed:
            how = "list"
        else:
            how = "write" if _WRITING.search(options) or unnamed else "read"
        anew = "O_EXCL" in options or "O_TRUNC" in options
        made = unnamed or ("O_CREAT" in options and anew)
        self._access(call, path, how, made=made and not call.error, error=call.error)

    def _run(self, call: Call) -> None:
        path = self._path(call, *((0, 1) if call.name == "execveat" else (None, 0)))
        if path is not None and call.error not in _ABSENT:
            self._access(call, path, "run", error=call.error)

    def _moved(self, call: Call) -> None:
        if call.name == "fchdir":
            path = path_of_descriptor(call.arguments[0])
        else:
            path = self._path(call, None, 0)
        if path:
            self._folders[call.process] = posixpath.normpath(path)

    def _forked(self, call: Call) -> None:
        child = int(call.result)
        if any("CLONE_THREAD" in each for each in call.arguments):
            self.threads.add(child)
        self._folders.setdefault(child, self._folders.get(call.process, self._start))

    def _connected(self, call: Call) -> None:
        contact = _contact(call.seconds, call.arguments[1])
        if contact is None or call.error == "ENOENT":
            # No such socket. The C library looks for nscd's wherever it looks up a user.
            return
        if not is_nscd(contact.path):
            self.doings.contacts.append(contact)
        elif not call.error:
            socket = _socket_of(call)
            self._nscd[socket] = self._silent[socket] = contact

    def _sent(self, call: Call) -> None:
        contacts = [_contact(call.seconds, address) for address in _addresses(call)]
        self.doings.contacts += [one for one in contacts if one and call.error != "ENOENT"]
        socket = _socket_of(call)
        if socket in self._nscd and (for_host := asks_for_host(call.arguments[1])) is not None:
            self._silent.pop(socket, None)
            if for_host:
                contact = Contact(call.seconds, self._nscd[socket].path, DNS)
                self.doings.contacts.append(contact)

    def _bound(self, call: Call) -> None:
        contact = _contact(call.seconds, call.arguments[1])
        if contact and (contact.port or contact.path):
            self.doings.listening.add(contact.port or contact.path)


def _socket_of(call: Call) -> str:
    """What strace tells a call's socket by, whatever number it has: ``socket:[7]``."""
    descriptor = call.arguments[0]
    return descriptor[descriptor.find("<") + 1 :]


_TEXT = r'"(?:[^"\\]|\\.)*"'
_NAME = re.compile(rf'{_TEXT}|msg_name=(\{{(?:[^{{}}"]|{_TEXT})*\}})')


def _addresses(call: Call) -> list[str]:
    """The addresses that something is sent to; of ``sendmmsg``, those of all messages."""
    if call.name == "sendto":
        return list(call.arguments[4:5])
    # The data, which may hold anything, stand between the addresses.
    return [found[1] for found in _NAME.finditer(call.arguments[1]) if found[1]]


_INTERNET = re.compile(
    r"sin6?_port=htons\((?P<port>\d+)\).*?"
    r'(?:inet_addr\(|inet_pton\(AF_INET6, )"(?P<host>[^"]+)"'
)
_LOCAL = re.compile(r'sun_path=(?P<abstract>@?)"(?P<path>(?:[^"\\]|\\.)*)"')
_FAMILY = re.compile(r"sa_family=(?P<family>\w+)")


def _contact(seconds: float, address: str) -> Contact | None:
    family = _FAMILY.search(address)
    if not family or family["family"] in ("AF_UNSPEC", "AF_NETLINK"):
        # Netlink is how a process asks its own kernel about its network.
        return None
    if found := _INTERNET.search(address):
        return Contact(seconds, found["host"], int(found["port"]))
    if found := _LOCAL.search(address):
        path = found["abstract"] + unescape(found["path"])
        return Contact(seconds, path, DNS) if is_resolver(path) else Contact(seconds, "", path=path)
    if family["family"] == "AF_UNIX":
        return None
    return Contact(seconds, family["family"])


def _since_start(calls: Sequence[Call]) -> Sequence[Call]:
    """The calls from the kernel's own start on: the second program of the first process."""
    starts = [
        index
        for index, call in enumerate(calls)
        if call.name == "execve" and not call.failed and call.process == calls[0].process
    ]
    return calls[starts[1] :] if len(starts) > 1 else calls


def doings_of(trace: Trace, folder: str, holders: Iterable[int] = ()) -> Doings:
    """What a trace tells that was done; ``folder`` is the working directory it began in.

    The trace is that of a kernel which another program (``OWN_GROUP``) has started. It does not
    tell the processes above that: these are ``holders``.
    """
    reader = _Reader(folder)
    for call in _since_start(trace.calls):
        reader.read(call)
    doings = reader.end()
    doings.holders = frozenset(holders)
    return doings
