"""Requirements: of what was imported, of what serves it, and of what these need."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_workload_explorer.dashboard.publish.problem import Stopped
from jupyterlab_workload_explorer.dashboard.publish.requirements import (
    Installed,
    ask_installed,
    requirements,
)
from jupyterlab_workload_explorer.dashboard.verify.environment import Environment, find_environment

MARKERS = {"python_version": "3.12", "sys_platform": "linux", "platform_machine": "x86_64"}


def installed(**more: dict[str, Any]) -> Installed:
    plain = {
        "voila": {"requires": ["jupyter_server>=2", 'colorama; sys_platform == "win32"']},
        "ipykernel": {"requires": []},
        "jupyter-server": {"requires": ["tornado"]},
        "tornado": {},
        "colorama": {},
        "pandas": {"requires": ['numpy; python_version >= "3.11"', 'lxml; extra == "xml"']},
        "numpy": {"modules": ["numpy"]},
        "lxml": {},
        "unused": {},
    }
    filled = {
        name: {
            "name": name,
            "version": "1.0",
            "modules": [name],
            "requires": [],
            "origin": None,
            "installer": "pip",
            **one,
        }
        for name, one in {**plain, **more}.items()
    }
    return Installed(filled, MARKERS)


def pins(text: str) -> tuple[list[str], list[str]]:
    head, _, rest = text.partition("# What these need.\n")
    return [
        [line.partition("==")[0] for line in part.splitlines() if "==" in line]
        for part in (head, rest)
    ]  # type: ignore[return-value]


def test_what_is_named() -> None:
    text, notes = requirements(installed(), ["pandas", "sys"], [], "tool")
    assert pins(text) == [["ipykernel", "pandas", "voila"], ["jupyter-server", "numpy", "tornado"]]
    assert text.startswith("# For Python 3.12.")
    assert "pandas==1.0\n" in text
    assert notes == []


def test_extras_are_followed() -> None:
    text, _ = requirements(
        installed(mine={"requires": ["pandas[xml]", "not a requirement !!"]}), ["mine"], [], "tool"
    )
    assert "lxml" in pins(text)[1]


def test_charts_need_what_draws_them() -> None:
    mimes = ["application/vnd.plotly.v1+json", "text/plain"]
    text, _ = requirements(
        installed(plotly={"requires": ["narwhals"]}, narwhals={}), [], mimes, "t"
    )
    assert pins(text)[0] == ["ipykernel", "plotly", "voila"]
    assert "narwhals" in pins(text)[1]
    assert "plotly" not in requirements(installed(plotly={}), [], ["text/plain"], "t")[0]


def test_what_the_kernel_has_not_is_taken_from_here() -> None:
    without = installed()
    kept = {name: one for name, one in without.distributions.items() if name != "voila"}
    text, notes = requirements(Installed(kept, MARKERS), [], [], "tool")
    assert "voila==0." in text
    assert "voila is not installed for the kernel" in notes[0]


def test_what_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(Stopped, match="pip install plotly"):
        requirements(installed(), [], ["application/vnd.plotly.v1+json"], "tool")


def test_packages_of_this_machine_are_not_elsewhere() -> None:
    local = {"origin": json.dumps({"url": "file:///srv/mine", "dir_info": {"editable": True}})}
    with pytest.raises(Stopped) as stopped:
        requirements(installed(mine=local), ["mine"], [], "tool")
    assert [one.place for one in stopped.value.findings] == ["mine"]
    # Not imported, or built by conda, or from an index of its own.
    requirements(installed(mine=local), [], [], "tool")
    requirements(installed(mine={**local, "installer": "conda"}), ["mine"], [], "tool")
    elsewhere = {"origin": json.dumps({"url": "https://example.org/a.whl", "archive_info": {}})}
    text, _ = requirements(installed(mine=elsewhere), ["mine"], [], "tool")
    assert "mine @ https://example.org/a.whl" in text
    git = {"url": "https://example.org/a", "vcs_info": {"vcs": "git", "commit_id": "1a2b"}}
    text, _ = requirements(installed(mine={"origin": json.dumps(git)}), ["mine"], [], "tool")
    assert "mine @ git+https://example.org/a@1a2b" in text


def test_the_kernels_own_python_is_asked() -> None:
    found = ask_installed(find_environment("python3"))
    assert found.python == f"{sys.version_info[0]}.{sys.version_info[1]}"
    modules = {module for one in found.distributions.values() for module in one["modules"]}
    # Declared, and seen by the files.
    assert {"pyarrow", "IPython", "yaml", "zmq", "six"} <= modules
    assert found.distributions["jupyterlab-workload-explorer"]["origin"] is not None


def test_other_languages_and_broken_kernels() -> None:
    def environment(*argv: str, language: str = "python") -> Environment:
        return Environment("k", argv, language, {}, (), Path("/"), ())

    with pytest.raises(Stopped, match="known of Python only"):
        ask_installed(environment("R", language="R"))
    with pytest.raises(Stopped, match="Install the kernel anew"):
        ask_installed(environment("/nowhere/python", "-m", "ipykernel"))
