"""Requirements: of what was imported, of what serves it, and of what these need."""

from __future__ import annotations

import json
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_workload_explorer.dashboard.publish.installed import Installed
from jupyterlab_workload_explorer.dashboard.publish.problem import Stopped
from jupyterlab_workload_explorer.dashboard.publish.requirements import (
    ask_installed,
    requirements,
)
from jupyterlab_workload_explorer.dashboard.verify.environment import Environment, find_environment

MARKERS = {
    "python_version": "3.12",
    "python_full_version": "3.12.3",
    "sys_platform": "linux",
    "platform_machine": "x86_64",
}


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
            "templates": [],
            "python": None,
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


def test_a_template_is_named_by_who_brings_it() -> None:
    there = installed(**{"voila-material": {"templates": ["material"]}})
    text, _ = requirements(there, [], [], "tool", template="material")
    assert pins(text)[0] == ["ipykernel", "voila", "voila-material"]
    with pytest.raises(Stopped, match=r"template “grid” .* which no package of the kernel brings"):
        requirements(there, [], [], "tool", template="grid")


def test_templates_of_the_real_thing() -> None:
    here = ask_installed(find_environment("python3"))
    assert {"lab", "reveal"} <= set(here.distributions["voila"]["templates"])
    assert "lab" in here.distributions["nbconvert"]["templates"]
    assert here.distributions["numpy"]["templates"] == []


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


def without(whole: Installed, *names: str) -> Installed:
    kept = {name: one for name, one in whole.distributions.items() if name not in names}
    return Installed(kept, whole.markers)


def test_what_the_kernel_has_not_is_taken_from_here_with_what_it_needs() -> None:
    kernel = without(installed(tornado={"version": "6.1"}), "voila", "jupyter-server")
    here = installed(
        voila={
            "version": "0.5",
            "requires": ["jupyter_server[fast]>=2", 'tomli; python_version < "3.11"'],
            "python": ">=3.8",
        },
        **{
            "jupyter-server": {
                "version": "2.1",
                "requires": ["tornado>=6", 'uvloop; extra == "fast"', "only-here"],
            },
            "only-here": {"version": "3.0"},
        },
        uvloop={"version": "0.2"},
        tornado={"version": "6.5"},
    )
    text, notes = requirements(kernel, ["pandas"], [], "tool", lambda: here)
    assert pins(text) == [
        ["ipykernel", "pandas", "voila"],
        ["jupyter-server", "numpy", "only-here", "tornado", "uvloop"],
    ]
    assert {"voila==0.5", "jupyter-server==2.1", "uvloop==0.2"} <= set(text.splitlines())
    # What the kernel has was verified.
    assert "tornado==6.1" in text.splitlines()
    assert len(notes) == 1 and notes[0].startswith("voila is not installed for the kernel; 0.5 of")


def test_here_is_asked_only_for_what_the_kernel_has_not() -> None:
    def never() -> Installed:
        raise AssertionError

    assert requirements(installed(), ["pandas"], [], "tool", never)[1] == []


@pytest.mark.parametrize(
    ("of_voila", "told", "place"),
    [
        (
            {"requires": ["tornado>=6.4"]},
            "voila 1.0 needs tornado>=6.4, and installed is 1.0.",
            "tornado",
        ),
        (
            {"requires": ["Nowhere.At_all<2"]},
            "voila 1.0 needs Nowhere.At_all<2, and it is not installed.",
            "nowhere-at-all",
        ),
        (
            {"python": ">=3.13"},
            "voila 1.0 is for Python >=3.13, and the kernel has 3.12.3.",
            "voila",
        ),
        # A version that nobody can compare.
        ({"requires": ["odd>1"]}, "voila 1.0 needs odd>1, and installed is 2004d.", "odd"),
    ],
)
def test_what_does_not_go_together(of_voila: dict[str, Any], told: str, place: str) -> None:
    kernel = without(installed(odd={"version": "2004d"}), "voila")
    here = installed(voila=of_voila, tornado={"version": "6.5"})
    with pytest.raises(Stopped, match="for the kernel: pip install voila") as stopped:
        requirements(kernel, [], [], "tool", lambda: here)
    assert [(one.message, one.place) for one in stopped.value.findings] == [(told, place)]


def test_an_extra_of_the_kernels_own_has_to_go_with_what_is_added() -> None:
    server = {"requires": ['uvloop>=9; extra == "fast"'], "version": "2.0"}
    kernel = without(installed(**{"jupyter-server": server}), "voila")
    here = installed(voila={"requires": ["jupyter_server[fast]"]}, uvloop={})
    with pytest.raises(Stopped) as stopped:
        requirements(kernel, [], [], "tool", lambda: here)
    [found] = stopped.value.findings
    assert found.message == "jupyter-server 2.0 needs uvloop>=9, and installed is 1.0."


def test_what_is_nowhere() -> None:
    with pytest.raises(Stopped, match="pip install plotly"):
        requirements(
            installed(), [], ["application/vnd.plotly.v1+json"], "tool", lambda: installed()
        )


def test_a_kernel_without_what_serves_it(tmp_path: Path) -> None:
    """All of it comes from this Python, as if it had been installed there."""
    venv.create(tmp_path, with_pip=False)
    python = str(tmp_path / "bin" / "python")
    environment = Environment("k", (python, "-m", "x"), "python", {}, (), tmp_path, ())
    empty = ask_installed(environment)
    assert empty.distributions == {}
    mimes = ["application/vnd.plotly.v1+json"]
    text, notes = requirements(empty, [], mimes, "tool")
    full = ask_installed(find_environment("python3"))
    assert text == requirements(full, [], mimes, "tool")[0]
    assert {"jupyter-server", "nbconvert", "tornado"} <= set(pins(text)[1])
    assert [note.split()[0] for note in notes] == ["ipykernel", "plotly", "voila"]
    # An older server than Voilà asks for.
    old = Installed(
        {"jupyter-server": {**full.distributions["jupyter-server"], "version": "1.0"}},
        full.markers,
    )
    with pytest.raises(Stopped) as stopped:
        requirements(old, [], mimes, "tool")
    assert "jupyter-server" in [one.place for one in stopped.value.findings]


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
