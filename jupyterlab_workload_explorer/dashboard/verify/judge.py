"""What of a run's doings stands against it."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .finding import Findings
from .hosts import Hosts, address_of
from .look_ups import DNS, is_of_accounts
from .modules import module_of, package_of
from .places import ALLOWED, BUNDLE, HOME, OTHER, RAW, READABLE, RUNNABLE, SCRATCH, SYSTEM, Places
from .system_calls import Access, Contact, Doings

_GPU = re.compile(r"/dev/(nvidia|dri(/|$)|kfd$)")
#: Folders for temporary files, where a run may read what it has written there itself.
_TEMPORARY = re.compile(r"(/var)?/tmp/.|/dev/shm/.")
_LOOPBACK = re.compile(r"127\.|::1$|0\.0\.0\.0$|::$|::ffff:127\.")
_DENIED = ("EACCES", "EPERM")

#: Programs that are run by what a process holds open: a file without a name, perhaps.
_HELD_PROGRAM = re.compile(r"/proc/[^/]+/(fd|exe|map_files)\b|/dev/fd/")

#: What is said of a file that was read, by rule.
_READ = {
    "raw-file": "Reads the raw data {path}, which are not where the dashboard is served. Reduce "
    "them in an upstream cell, and read the reduced file from the dashboard's folder.",
    "gpu": "Opens the GPU {path}; where the dashboard is served there is none. Do what needs it in "
    "an upstream cell.",
    "home-folder": "Reads {path} in a home folder, which is not where the dashboard is served. "
    "Have an upstream cell write what is needed into the dashboard's folder.",
    "file-outside": "Reads {path}, which is outside of the dashboard's folder and its environment. "
    "Put it into the dashboard's folder, or, if it will be there, allow it: --allow-read.",
}


@dataclass
class Seen:
    """What a run did, as it is told in the report; ``None`` where nobody saw it."""

    #: Files that were read by the dashboard's own doing: path as told, with its kind.
    files: dict[str, str] = field(default_factory=dict)
    #: Numbers of files of the environment and the system.
    other_files: Counter[str] = field(default_factory=Counter)
    hosts: dict[str, bool] = field(default_factory=dict)
    programs: Counter[tuple[str, str]] = field(default_factory=Counter)
    processes: int = 0


class Judge:
    """Judges what was seen by system calls."""

    def __init__(
        self,
        findings: Findings,
        places: Places,
        hosts: Hosts,
        heavy: Sequence[str],
        import_folders: Sequence[str],
        folder: str,
    ) -> None:
        self._findings, self._places, self._hosts = findings, places, hosts
        self._heavy, self._import_folders, self._folder = heavy, import_folders, folder
        #: Files that the run made among the temporary ones.
        self._made: set[str] = set()

    def judge(self, doings: Doings) -> Seen:
        """Add findings, and return what to tell."""
        seen = Seen(processes=len(doings.processes))
        counted: set[str] = set()
        for access in doings.accesses:
            kind = self._kind(access, doings)
            self._file(access, kind, doings)
            if access.how == "run" and not access.error:
                seen.programs[self._places.told(access.path), kind] += 1
            elif access.how in ("read", "write", "list") and not access.error:
                if kind in (BUNDLE, ALLOWED, RAW, HOME, OTHER):
                    if access.how == "read":
                        seen.files[self._places.told(access.path)] = kind
                elif access.path not in counted:
                    counted.add(access.path)
                    seen.other_files[kind] += 1
        for contact in doings.contacts:
            self._host(contact, doings, seen)
        return seen

    def _kind(self, access: Access, doings: Doings) -> str:
        path = access.path
        kind = self._places.kind(path, doings.processes, doings.holders)
        if kind != OTHER or not _TEMPORARY.match(path):
            return kind
        if access.made:
            self._made.add(path)
        above = path
        while len(above) > 1:
            if above in self._made:
                return SCRATCH
            above = posixpath.dirname(above)
        return kind

    def _file(self, access: Access, kind: str, doings: Doings) -> None:
        path, error = access.path, access.error
        if kind == RAW:
            # Also where there is no such file here: it is asked for.
            self.read(path, kind, access.seconds)
            return
        if error and error not in _DENIED:
            return
        if _GPU.match(path):
            # Its libraries open it to write.
            self.read(path, kind, access.seconds)
        elif access.how in ("write", "change"):
            self.change(path, kind, access.seconds)
        elif access.how == "run":
            # What runs is what links lead to, and what a descriptor was opened of nobody can tell.
            whole = os.path.realpath(path)
            held = _HELD_PROGRAM.match(path)
            if held or self._places.kind(whole, doings.processes) not in RUNNABLE:
                self.program(path if held else whole, access.seconds)
        elif kind not in READABLE:
            if not self._is_search(access):
                self.read(path, kind, access.seconds)
        elif not error:
            self._heavy_code(access)

    def _is_search(self, access: Access) -> bool:
        """Whether Python looked into a folder for modules, and took none from it."""
        return access.how == "list" and access.path in self._places.import_folders

    def read(self, path: str, kind: str, seconds: float, line: int | None = None) -> None:
        """Judge the reading of a file that is neither the dashboard's nor the environment's."""
        if kind == RAW:
            rule = "raw-file"
        elif _GPU.match(path):
            rule = "gpu"
        else:
            rule = "home-folder" if kind == HOME else "file-outside"
        message = _READ[rule].format(path=path)
        self._findings.add(rule, path, message, seconds=seconds, line=line)

    def change(self, path: str, kind: str, seconds: float, line: int | None = None) -> None:
        """Judge the writing, making, renaming or removal of a file."""
        if kind == SCRATCH or (kind == SYSTEM and re.match("/(dev|proc)/", path)):
            return
        self._findings.add(
            "file-changed",
            path,
            f"Writes {self._places.told(path)}. A dashboard is read by many at a time, and "
            "its folder may be read-only: write below tempfile.gettempdir(), or in an upstream "
            "cell.",
            seconds=seconds,
            line=line,
        )

    def program(self, path: str, seconds: float, line: int | None = None) -> None:
        """Add that a program was run which is not of the environment."""
        self._findings.add(
            "program",
            path,
            f"Starts {path}, which is no program of the environment or the system. Do it in an "
            "upstream cell, or install it into the environment.",
            seconds=seconds,
            line=line,
        )

    def _heavy_code(self, access: Access) -> None:
        if access.how == "read" and (module := module_of(access.path, self._import_folders)):
            self.module(module, access.seconds)

    def module(self, module: str, seconds: float | None = None) -> None:
        """Judge an imported module."""
        if package := package_of(module, self._heavy):
            self._findings.add(
                "heavy-import",
                package,
                f"Imports {package}, which belongs to the upstream half: where the dashboard is "
                "served there is no GPU and no cluster. Import it in upstream cells only.",
                seconds=seconds,
            )

    def _host(self, contact: Contact, doings: Doings, seen: Seen) -> None:
        if contact.path:
            if contact.path not in doings.listening:
                self.socket(contact.path, contact.seconds)
            return
        address = address_of(contact.host, contact.port)
        if contact.port in doings.listening and _LOOPBACK.match(contact.host):
            return
        seen.hosts[address] = self._hosts.may(contact.host, contact.port)
        self.host(contact.host, contact.port, contact.seconds)

    def host(self, host: str, port: int, seconds: float, line: int | None = None) -> None:
        """Judge a connection to a host."""
        if self._hosts.may(host, port):
            return
        address = address_of(host, port)
        if port in self._hosts.elastic:
            message = (
                f"Connects to {address}, the port of Elasticsearch. A dashboard does not ask it: "
                "ask in an upstream cell, and read the reduced file."
            )
        elif port == DNS:
            message = (
                f"Looks up the name of a host, at {address}. A dashboard reads reduced files; "
                "if it may connect to a host, allow it: --allow-host HOST:PORT."
            )
        else:
            message = (
                f"Connects to {address}. A dashboard reads reduced files; if it may connect "
                f"there, allow it: --allow-host {address}."
            )
        self._findings.add("host", address, message, seconds=seconds, line=line)

    def socket(self, path: str, seconds: float, line: int | None = None) -> None:
        """Judge a connection to another program by a socket's path, or name (``@`` and a text)."""
        if not path.startswith("@"):
            path = posixpath.normpath(posixpath.join(self._folder, path))
            kind = self._places.kind(path)
            # The system has files that may be read, and programs that nobody may ask.
            if (kind in READABLE and kind != SYSTEM) or is_of_accounts(path):
                return
        self._findings.add(
            "host",
            path,
            f"Connects to another program by {path}. Where the dashboard is served it does not "
            "run: ask it in an upstream cell.",
            seconds=seconds,
            line=line,
        )
