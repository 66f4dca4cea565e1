"""What a path is to a dashboard: its own folder, the environment, or what it must not read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

#: Kinds of places.
BUNDLE = "bundle"
SCRATCH = "scratch"
ENVIRONMENT = "environment"
SYSTEM = "system"
ALLOWED = "allowed"
RAW = "raw"
HOME = "home"
OTHER = "other"

#: What a dashboard may read.
READABLE = frozenset({BUNDLE, SCRATCH, ENVIRONMENT, SYSTEM, ALLOWED})

#: Where the programs that it may start are.
RUNNABLE = frozenset({SCRATCH, ENVIRONMENT, SYSTEM})

#: Programs, libraries, fonts, certificates: where the dashboard is served it has its own.
SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
#: Only read; the last ones are what /etc/resolv.conf links to, the fonts' cache, users' names.
SYSTEM_FILES = (
    *("/etc", "/proc", "/sys"),
    *("/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager/resolv.conf"),
    *("/var/cache/fontconfig", "/run/nscd", "/var/run/nscd", "/var/db/nscd"),
)
DEVICES = tuple(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom"))
#: Devices that are the run's own: its terminal, its open files.
OWN_DEVICES = ("/dev/tty", "/dev/ptmx", "/dev/pts", "/dev/fd", "/dev/stdin", "/dev/stdout")

#: What a process holds; numbers and states of all processes may be read.
_OF_PROCESS = re.compile(
    r"/proc/(\d+)/(task/\d+/)?(cmdline|cwd|environ|fd|fdinfo|map_files|mem|root)(/|$)"
)


@dataclass(frozen=True)
class Places:
    """Folders and files by kind, and what the longest of them that holds a path says about it.

    Longest first, so that a bundle in a home folder is a bundle, and a raw file in it is raw.
    """

    roots: Mapping[str, str]
    #: Folders that Python looks through for modules, beside the environment.
    import_folders: frozenset[str] = frozenset()

    @staticmethod
    def make(kinds: Mapping[str, Iterable[Path]], import_folders: Iterable[Path] = ()) -> Places:
        """Places from paths by kind; links are followed, and both ends count.

        Where a path has two kinds, the later one of ``kinds`` holds.
        """
        system = (*SYSTEM_FOLDERS, *SYSTEM_FILES, *DEVICES, *OWN_DEVICES)
        resolved = (str(Path(one).resolve()) for one in SYSTEM_FOLDERS + SYSTEM_FILES)
        roots: dict[str, str] = dict.fromkeys(resolved, SYSTEM)
        roots |= dict.fromkeys(system, SYSTEM)
        for kind, paths in kinds.items():
            for path in paths:
                for one in (str(path.absolute()), str(path.resolve())):
                    roots[one] = kind
        # The root folder as a home or prefix would make everything its own.
        roots.pop("/", None)
        return Places(roots, frozenset(str(one.resolve()) for one in import_folders))

    def kind(
        self, path: str, processes: Set[int] = frozenset(), holders: Set[int] = frozenset()
    ) -> str:
        """The kind of an absolute path.

        ``processes`` are those of the run; of ``holders``, which started it and are ``verify``'s
        own, only the command may be read.
        """
        process = _OF_PROCESS.match(path)
        if process:
            # Plotly looks by which program its kernel was started, wherever it shows a figure.
            open_to_it = processes | holders if process[3] == "cmdline" else processes
            if int(process[1]) not in open_to_it:
                return OTHER
        place = path
        while True:
            found = self.roots.get(place)
            if found is not None:
                return found
            above = posixpath.dirname(place)
            if above == place:
                return OTHER
            place = above

    def told(self, path: str) -> str:
        """A path as it is told to others: below the bundle where it is in it, else as it is.

        Of the environment only the last part is told: it is often in somebody's home folder.
        """
        kind = self.kind(path)
        if kind == ENVIRONMENT:
            path = posixpath.basename(path)
        for root, its in self.roots.items():
            if its == BUNDLE == kind and path.startswith(f"{root}/"):
                path = path[len(root) + 1 :]
        return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
