"""``requirements.txt``: the versions that were verified, exactly."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from ..mimes import PLOTLY
from ..verify.environment import Environment
from .installed import Installed, ask, plain
from .problem import Finding, Stopped

#: What serves the notebook, and runs it.
_SERVE = ("voila", "ipykernel")

#: Charts that Voilà draws by what a package brings along; nobody imports it.
_DRAWN = {PLOTLY: "plotly"}

#: A hook of setuptools that every Python loads.
_NOT_ASKED_FOR = frozenset({"_distutils_hack"})


def ask_installed(environment: Environment) -> Installed:
    """What is installed for a kernel. Raises ``Stopped`` where that is no Python."""
    if environment.language != "python":
        raise Stopped(
            f"Requirements are known of Python only, and the kernel is of {environment.language}. "
            "Name a Python kernel: --kernel."
        )
    argv = list(environment.argv)
    module = argv.index("-m") if "-m" in argv else 1
    variables = {"PATH": os.defpath, **environment.variables}
    return ask([*argv[:module], "-I"], variables, "Install the kernel anew.")


def ask_here() -> Installed:
    """What is installed for the Python that publishes. Raises ``Stopped``."""
    serve = " ".join(_SERVE)
    otherwise = f"Install for the kernel what serves the dashboard: pip install {serve}"
    return ask([sys.executable], os.environ, otherwise)


def requirements(
    installed: Installed,
    modules: Iterable[str],
    mimes: Iterable[str],
    tool: str,
    here: Callable[[], Installed] = ask_here,
    *,
    template: str | None = None,
) -> tuple[str, list[str]]:
    """The text of ``requirements.txt``, and notes on what is not as it was verified.

    Named are the distributions of imported modules, what serves them, and what all of these need,
    so that an installation later is the one that was verified. What serves them and is not
    installed for the kernel is named as the Python has it that publishes, which ``here`` tells.
    ``template`` is one of Voilà's that the notebook names, which a distribution has to bring.

    Raises ``Stopped`` where one of them cannot be installed elsewhere, or not with the others.
    """
    wanted = set(modules) - _NOT_ASKED_FOR
    imported = {
        name
        for name, one in installed.distributions.items()
        if not wanted.isdisjoint(one["modules"])
    }
    served = {*_SERVE, *(_DRAWN[mime] for mime in set(mimes) & set(_DRAWN))}
    absent = sorted(served - installed.distributions.keys())
    added = _lacking(installed, here(), absent) if absent else {}
    notes = [
        f"{name} is not installed for the kernel; {added[name]['version']} of this Python is "
        "named, with what it needs and the kernel does not have."
        for name in absent
    ]
    whole = Installed({**installed.distributions, **added}, installed.markers)
    named = imported | served | _owners(whole, template)
    needed = {name for name, _ in whole.closure(named)} - named
    _stop_at_local(whole, named | needed)
    lines = [
        f"# For Python {installed.python}. The versions that were verified, by {tool}.",
        *_pins(whole, named),
        "",
        "# What these need.",
        *_pins(whole, needed),
    ]
    return "\n".join(lines) + "\n", notes


def _owners(installed: Installed, template: str | None) -> set[str]:
    """The distributions that bring a template. Raises ``Stopped`` where none does."""
    if template is None:
        return set()
    found = {name for name, one in installed.distributions.items() if template in one["templates"]}
    if not found:
        raise Stopped(
            f"The notebook names the template “{template}” for Voilà (metadata.voila), which no "
            "package of the kernel brings, so that there would be no page. Install the package "
            "that has it for the kernel, or take its name out of the notebook."
        )
    return found


def _pins(installed: Installed, names: Iterable[str]) -> list[str]:
    return [f"{name}{_pin(installed.distributions[name])}" for name in sorted(names)]


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


def _lacking(
    installed: Installed, here: Installed, absent: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """What a kernel lacks of distributions and of all that they need, as another Python has it.

    Raises ``Stopped`` where that Python has it not, either, or it does not go with what the kernel
    has: then nobody has seen an installation that works.
    """
    both = Installed({**here.distributions, **installed.distributions}, installed.markers)
    for name in absent:
        if name not in both.distributions:
            raise Stopped(
                f"The dashboard needs the Python package {name}, which is not installed. Install "
                f"it for the kernel: pip install {name}"
            )
    reached = both.closure(absent)
    added = {name for name, _ in reached} - installed.distributions.keys()
    # Each once, though extras ask for the same.
    against = dict.fromkeys(
        one for name, extra in sorted(reached) for one in _against(both, added, name, extra)
    )
    if against:
        names = " ".join(absent)
        raise Stopped(
            f"It is not published: not installed for the kernel is {names}, and what this Python "
            f"has does not go with the kernel. Install it for the kernel: pip install {names}",
            list(against),
        )
    return {name: here.distributions[name] for name in added}


def _against(both: Installed, added: Set[str], name: str, extra: str) -> Iterator[Finding]:
    """What does not go together of a distribution and what it needs, where one of them is added."""
    one = both.distributions[name]
    told = f"{name} {one['version']}"
    # Python itself ends what was built from sources with a plus.
    python = both.markers["python_full_version"].removesuffix("+")
    if name in added and one["python"] and not _fits(python, one["python"]):
        message = f"{told} is for Python {one['python']}, and the kernel has {python}."
        yield Finding("other-version", message, name)
    for need in both.needs(name, extra):
        other = plain(need.name)
        if not added.isdisjoint((name, other)):
            version = both.distributions.get(other, {}).get("version")
            if version is None or not _fits(version, str(need.specifier)):
                there = "it is not installed" if version is None else f"installed is {version}"
                message = f"{told} needs {need.name}{need.specifier}, and {there}."
                yield Finding("other-version", message, other)


def _fits(version: str, specifier: str) -> bool:
    """Whether a version is one that is asked for; not where one of both cannot be read."""
    from packaging.specifiers import SpecifierSet

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except ValueError:
        return False


def _stop_at_local(installed: Installed, names: Iterable[str]) -> None:
    """Raise ``Stopped`` for what was installed from a folder or file, which is not elsewhere."""
    ones = (installed.distributions[name] for name in sorted(names))
    local = [
        Finding(
            "local-package",
            f"{one['name']} {one['version']} was installed from a folder or file of this machine, "
            "so it cannot be installed where the dashboard is served. Install a released version "
            "for the kernel.",
            plain(one["name"]),
        )
        for one in ones
        if _origin(one).get("url", "").startswith("file:")
    ]
    if local:
        raise Stopped("It is not published: its environment cannot be made elsewhere.", local)
