"""What is installed for a Python, as it tells itself, and what of it needs what."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .problem import INSTALL, Stopped

if TYPE_CHECKING:
    from packaging.requirements import Requirement

#: Seconds for a Python to list what is installed.
_ASK_SECONDS = 120

_ASK = """
import inspect, json, os, platform, sys
from importlib import metadata
def names(found):
    declared = (found.read_text("top_level.txt") or "").split()
    if declared:
        return declared
    paths = (file.parts for file in found.files or () if ".." not in file.parts)
    return sorted({p[0] if len(p) > 1 else inspect.getmodulename(p[0]) or "" for p in paths} - {""})
def templates(found):
    # Below share/jupyter, wherever that is.
    parts = (file.parts for file in found.files or ())
    places = (p[p.index("jupyter") + 1 :] for p in parts if "jupyter" in p)
    return sorted({p[2] for p in places if len(p) > 3 and p[0] in KINDS and p[1] == "templates"})
KINDS = ("voila", "nbconvert")
told = []
for found in metadata.distributions():
    if found.metadata["Name"]:
        told.append({
            "name": found.metadata["Name"], "version": found.version, "modules": names(found),
            "templates": templates(found),
            "requires": found.requires or [], "python": found.metadata.get("Requires-Python"),
            "origin": found.read_text("direct_url.json"),
            "installer": (found.read_text("INSTALLER") or "").strip(),
        })
version = "{0.major}.{0.minor}.{0.micro}".format(sys.implementation.version)
print(json.dumps({"distributions": told, "markers": {
    "implementation_name": sys.implementation.name, "implementation_version": version,
    "os_name": os.name, "platform_machine": platform.machine(),
    "platform_python_implementation": platform.python_implementation(),
    "platform_release": platform.release(), "platform_system": platform.system(),
    "platform_version": platform.version(), "python_full_version": platform.python_version(),
    "python_version": ".".join(platform.python_version_tuple()[:2]), "sys_platform": sys.platform,
}}))
"""


@dataclass(frozen=True)
class Installed:
    """What is installed for a Python: distributions by their plain names, and which it is."""

    distributions: Mapping[str, Mapping[str, Any]]
    markers: Mapping[str, str]

    @property
    def python(self) -> str:
        """Major and minor version, such as ``3.12``."""
        return self.markers["python_version"]

    def needs(self, name: str, extra: str = "") -> Iterator[Requirement]:
        """What a distribution asks for, on this Python, by itself or with one of its extras."""
        from packaging.requirements import InvalidRequirement, Requirement

        for text in self.distributions[name]["requires"]:
            try:
                one = Requirement(text)
            except InvalidRequirement:
                continue
            if one.marker is None or one.marker.evaluate({**self.markers, "extra": extra}):
                yield one

    def closure(self, names: Iterable[str]) -> set[tuple[str, str]]:
        """Distributions, and all that they need, as far as it is installed.

        Each comes with an empty text, and once more with each extra that is asked for.
        """
        seen: set[tuple[str, str]] = set()
        left = [(name, "") for name in names]
        while left:
            name, extra = left.pop()
            if (name, extra) in seen or name not in self.distributions:
                continue
            seen.add((name, extra))
            for one in self.needs(name, extra):
                left += [(plain(one.name), part) for part in ("", *one.extras)]
        return seen


def ask(python: Sequence[str], variables: Mapping[str, str], otherwise: str) -> Installed:
    """What a Python tells. Raises ``Stopped`` where it does not, with what to do then."""
    try:
        answer = subprocess.run(
            [*python, "-c", _ASK],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ASK_SECONDS,
            cwd="/",
            env=variables,
            check=True,
        )
        # A script that starts the kernel may have said something before.
        told = json.loads(answer.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        raise Stopped(
            f"A Python does not tell what is installed: {' '.join(python)}. {otherwise}"
        ) from None
    distributions = {}
    for one in told["distributions"]:
        # The first one that is found is the one that is imported.
        distributions.setdefault(plain(one["name"]), one)
    return Installed(distributions, told["markers"])


def plain(name: str) -> str:
    """The one form of a distribution's name."""
    try:
        from packaging.utils import canonicalize_name
    except ModuleNotFoundError:
        raise Stopped(f"The Python package packaging is not installed. {INSTALL}") from None
    return canonicalize_name(name)
