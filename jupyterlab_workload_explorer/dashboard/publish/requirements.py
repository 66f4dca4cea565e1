"""``requirements.txt``: the versions that were verified, exactly."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from ..mimes import PLOTLY
from ..verify.environment import Environment
from .problem import INSTALL, Finding, Stopped

#: Seconds for a Python to list what is installed.
_ASK_SECONDS = 120

#: What serves the notebook, and runs it.
_SERVE = ("voila", "ipykernel")

#: Charts that Voilà draws by what a package brings along; nobody imports it.
_DRAWN = {PLOTLY: "plotly"}

#: A hook of setuptools that every Python loads.
_NOT_ASKED_FOR = frozenset({"_distutils_hack"})

_ASK = """
import inspect, json, os, platform, sys
from importlib import metadata
def names(found):
    declared = (found.read_text("top_level.txt") or "").split()
    if declared:
        return declared
    paths = (file.parts for file in found.files or () if ".." not in file.parts)
    return sorted({p[0] if len(p) > 1 else inspect.getmodulename(p[0]) or "" for p in paths} - {""})
told = []
for found in metadata.distributions():
    if found.metadata["Name"]:
        told.append({
            "name": found.metadata["Name"], "version": found.version, "modules": names(found),
            "requires": found.requires or [], "origin": found.read_text("direct_url.json"),
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
    """What is installed for a kernel: distributions by their plain names, and its Python."""

    distributions: Mapping[str, Mapping[str, Any]]
    markers: Mapping[str, str]

    @property
    def python(self) -> str:
        """Major and minor version, such as ``3.12``."""
        return self.markers["python_version"]


def ask_installed(environment: Environment) -> Installed:
    """What is installed for a kernel. Raises ``Stopped`` where that is no Python."""
    if environment.language != "python":
        raise Stopped(
            f"Requirements are known of Python only, and the kernel is of {environment.language}. "
            "Name a Python kernel: --kernel."
        )
    argv = list(environment.argv)
    module = argv.index("-m") if "-m" in argv else 1
    try:
        answer = subprocess.run(
            [*argv[:module], "-I", "-c", _ASK],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ASK_SECONDS,
            env={"PATH": os.defpath, **environment.variables},
            check=True,
        )
        # A script that starts the kernel may have said something before.
        told = json.loads(answer.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        raise Stopped(
            f"The kernel's Python does not tell what is installed: {' '.join(argv[:module])}. "
            "Install the kernel anew."
        ) from None
    distributions = {}
    for one in told["distributions"]:
        # The first one that is found is the one that is imported.
        distributions.setdefault(_plain(one["name"]), one)
    return Installed(distributions, told["markers"])


def requirements(
    installed: Installed, modules: Iterable[str], mimes: Iterable[str], tool: str
) -> tuple[str, list[str]]:
    """The text of ``requirements.txt``, and notes on what could not be said exactly.

    Named are the distributions of imported modules, what serves them, and what all of these need,
    so that an installation later is the one that was verified.

    Raises ``Stopped`` where one of them cannot be installed elsewhere.
    """
    wanted = set(modules) - _NOT_ASKED_FOR
    imported = {
        name
        for name, one in installed.distributions.items()
        if not wanted.isdisjoint(one["modules"])
    }
    served = {*_SERVE, *(_DRAWN[mime] for mime in set(mimes) & set(_DRAWN))}
    notes, own = [], {}
    for name in served - set(installed.distributions):
        try:
            own[name] = metadata.version(name)
            notes.append(
                f"{name} is not installed for the kernel; {own[name]} of this Python is named."
            )
        except metadata.PackageNotFoundError:
            raise Stopped(
                f"The dashboard needs the Python package {name}, which is not installed. Install "
                f"it for the kernel: pip install {name}"
            ) from None
    named = imported | (served & set(installed.distributions))
    needed = _closure(installed, named) - named
    _stop_at_local(installed, named | needed)
    lines = [
        f"# For Python {installed.python}. The versions that were verified, by {tool}.",
        *_pins(installed, named, own),
        "",
        "# What these need.",
        *_pins(installed, needed, {}),
    ]
    return "\n".join(lines) + "\n", sorted(notes)


def _pins(installed: Installed, names: Iterable[str], own: Mapping[str, str]) -> list[str]:
    found = {name: _pin(installed.distributions[name]) for name in names}
    here = {name: f"=={version}" for name, version in own.items()}
    return [f"{name}{pin}" for name, pin in sorted({**found, **here}.items())]


def _pin(one: Mapping[str, Any]) -> str:
    """What says the version of a distribution, or where it was got from."""
    origin = _origin(one)
    url, source = origin.get("url", ""), origin.get("vcs_info")
    if not url:
        return f"=={one['version']}"
    return f" @ {source['vcs']}+{url}@{source['commit_id']}" if source else f" @ {url}"


def _origin(one: Mapping[str, Any]) -> dict[str, Any]:
    """Where it was got from; nothing where that is an index of packages.

    Conda's packages tell the folder in which they were built.
    """
    if one["origin"] is None or one["installer"] == "conda":
        return {}
    return json.loads(one["origin"])


def _closure(installed: Installed, names: Iterable[str]) -> set[str]:
    """Distributions, and all that they need, as far as it is installed."""
    from packaging.requirements import InvalidRequirement, Requirement

    seen: set[tuple[str, str]] = set()
    left = [(name, "") for name in names]
    while left:
        name, extra = left.pop()
        if (name, extra) in seen or name not in installed.distributions:
            continue
        seen.add((name, extra))
        for text in installed.distributions[name]["requires"]:
            try:
                one = Requirement(text)
            except InvalidRequirement:
                continue
            if one.marker is None or one.marker.evaluate({**installed.markers, "extra": extra}):
                left += [(_plain(one.name), part) for part in ("", *one.extras)]
    return {name for name, _ in seen}


def _plain(name: str) -> str:
    """The one form of a distribution's name."""
    try:
        from packaging.utils import canonicalize_name
    except ModuleNotFoundError:
        raise Stopped(f"The Python package packaging is not installed. {INSTALL}") from None
    return canonicalize_name(name)


def _stop_at_local(installed: Installed, names: Iterable[str]) -> None:
    """Raise ``Stopped`` for what was installed from a folder or file, which is not elsewhere."""
    ones = (installed.distributions[name] for name in sorted(names))
    local = [
        Finding(
            "local-package",
            f"{one['name']} {one['version']} was installed from a folder or file of this machine, "
            "so it cannot be installed where the dashboard is served. Install a released version "
            "for the kernel.",
            _plain(one["name"]),
        )
        for one in ones
        if _origin(one).get("url", "").startswith("file:")
    ]
    if local:
        raise Stopped("It is not published: its environment cannot be made elsewhere.", local)
