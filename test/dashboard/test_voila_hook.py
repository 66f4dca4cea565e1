"""``voila-hook``: installs, never overwrites, and what it writes guards the real Voilà.

Pages of such a Voilà are in ``test/browser/voila-modes.spec.ts``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

#: Starts Voilà as far as it has read its configuration, and says what became of its hook.
VOILA = """
import sys
from voila.app import Voila

app = Voila(log_level=50)
app.initialize([sys.argv[1]])
notebook = {
    "metadata": {},
    "cells": [
        {"cell_type": "code", "source": "u", "metadata": {"tags": ["upstream"]}},
        {"cell_type": "code", "source": "d", "metadata": {"tags": ["downstream"]}},
    ],
}
hook = app.voila_configuration.prelaunch_hook
shown = (hook and hook(None, notebook=notebook, cwd="")) or notebook
print([cell["source"][:25] for cell in shown["cells"]])
"""

#: A hook of somebody else, which adds a cell.
OTHERS = """
def hook(handler, notebook, cwd):
    cell = {"cell_type": "code", "source": "added", "metadata": {"tags": ["shared"]}}
    notebook["cells"].append(cell)

c.VoilaConfiguration.prelaunch_hook = hook
"""


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / name for name in ("config", "root", "elsewhere")}
    for folder in made.values():
        folder.mkdir()
    return made


def run(folders: dict[str, Path], *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with a configuration folder of its own."""
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folders["config"]),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "WORKLOAD_SITE": "",
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=folders["root"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def voila_hook(folders: dict[str, Path], *arguments: str) -> tuple[int, str]:
    done = run(folders, "-m", "jupyterlab_workload_explorer", "voila-hook", *arguments)
    return done.returncode, done.stdout + done.stderr


def shown(folders: dict[str, Path]) -> str:
    # A script: its folder is looked through for modules, and not the one where Voilà starts.
    script = folders["elsewhere"] / "start.py"
    script.write_text(VOILA)
    done = run(folders, str(script), ".")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_install_status_uninstall(folders: dict[str, Path]) -> None:
    assert shown(folders) == "['u', 'd']"
    status, said = voila_hook(folders, "status")
    assert (status, "is not guarded" in said) == (1, True)
    status, said = voila_hook(folders, "install", "--user")
    path = folders["config"] / "voila.py"
    assert (status, path.is_file()) == (0, True)
    assert f"Wrote {path}." in said
    assert "Preheating and hooks exclude each other" in said
    assert "a voila.py which Voilà reads later" in said
    assert "taken for Voilà itself" in said
    assert "not on Jupyter's configuration path" not in said
    assert shown(folders) == "['d']"
    status, said = voila_hook(folders, "status")
    assert status == 0
    assert f"{path}: written by voila-hook install\n" in said
    assert "is guarded (drop)" in said
    assert "exclude each other" in said
    # Written again, with another mode.
    assert voila_hook(folders, "install", "--user", "--mode", "refuse")[0] == 0
    assert "This dashboard" in shown(folders)
    assert voila_hook(folders, "uninstall", "--user") == (0, f"Removed {path}.\n")
    assert not path.exists()
    assert shown(folders) == "['u', 'd']"
    status, said = voila_hook(folders, "uninstall", "--user")
    assert (status, "There is no" in said) == (1, True)


def test_a_file_of_somebody_else_is_not_touched(folders: dict[str, Path]) -> None:
    path = folders["config"] / "voila.py"
    path.write_text(OTHERS)
    status, said = voila_hook(folders, "install", "--user", "--mode", "drop")
    assert status == 1
    assert path.read_text() == OTHERS
    lines = said.split("Add these lines at its end:\n\n")[1]
    status, said = voila_hook(folders, "uninstall", "--user")
    assert (status, path.read_text()) == (1, OTHERS)
    status, said = voila_hook(folders, "status")
    assert status == 1
    assert f"{path}: written by somebody else\n" in said
    assert "is not guarded" in said
    assert shown(folders) == "['u', 'd', 'added']"
    # The lines that it tells do what it does, and theirs is still called.
    path.write_text(OTHERS + lines)
    assert shown(folders) == "['d', 'added']"
    status, said = voila_hook(folders, "status")
    assert (status, "is guarded (drop)" in said) == (0, True)
    # Their file lies where Voilà is started, too: it is no module called voila.
    (folders["root"] / "voila.py").write_text(OTHERS)
    status, said = voila_hook(folders, "status")
    assert (status, "is guarded (drop)" in said) == (0, True)


@pytest.mark.parametrize(
    ("site", "guarded", "text"),
    [
        ({"version": 1}, True, "is guarded (drop)"),
        ({"version": 1, "voila": {"guard": "refuse"}}, True, "is guarded (refuse)"),
        ({"version": 1, "voila": {"guard": "off"}}, False, "turns it off (voila.guard)"),
        ({"version": 1, "voila": {"guard": "of"}}, True, "it shows no notebook with tags"),
    ],
)
def test_status_with_a_site_file(
    folders: dict[str, Path], site: Any, guarded: bool, text: str
) -> None:
    assert voila_hook(folders, "install", "--user")[0] == 0
    (folders["config"] / "workload-site.json").write_text(json.dumps(site))
    status, said = voila_hook(folders, "status")
    assert text in said
    assert status == (0 if guarded else 1)


def test_a_least_mode_holds_where_the_site_turns_it_off(folders: dict[str, Path]) -> None:
    assert voila_hook(folders, "install", "--user", "--mode", "drop")[0] == 0
    site = {"version": 1, "voila": {"guard": "off"}}
    (folders["config"] / "workload-site.json").write_text(json.dumps(site))
    status, said = voila_hook(folders, "status")
    assert (status, "is guarded (drop)" in said) == (0, True)


def test_status_of_what_does_not_start(folders: dict[str, Path]) -> None:
    assert voila_hook(folders, "install", "--user")[0] == 0
    (folders["root"] / "voila.json").write_text('{"VoilaConfiguration": {"preheat_kernel": true}}')
    status, said = voila_hook(folders, "status")
    assert (status, "set to preheat" in said) == (1, True)


def test_where_our_package_fails(folders: dict[str, Path]) -> None:
    assert voila_hook(folders, "install", "--user")[0] == 0
    script = folders["elsewhere"] / "start.py"
    script.write_text(
        "from jupyterlab_workload_explorer.dashboard import voila_guard\n"
        "from jupyterlab_workload_explorer.dashboard.voila_hook import status\n"
        "del voila_guard.protect\n"
        "raise SystemExit(status())\n"
    )
    done = run(folders, str(script))
    assert done.returncode == 1
    assert "shows no notebook with tags" in done.stdout, done.stderr
    assert "does not work in this environment: ImportError" in done.stdout


def test_binary_files_are_somebody_elses(folders: dict[str, Path]) -> None:
    path = folders["config"] / "voila.py"
    path.write_bytes(b"\xff\xfe\x00")
    assert voila_hook(folders, "install", "--user")[0] == 1
    assert path.read_bytes() == b"\xff\xfe\x00"


def test_a_file_that_comes_later_does_not_replace_it(folders: dict[str, Path]) -> None:
    assert voila_hook(folders, "install", "--user")[0] == 0
    later = folders["root"] / "voila.py"
    later.write_text(OTHERS)
    assert shown(folders) == "['d', 'added']"
    later.write_text("c.VoilaConfiguration.prelaunch_hook = None\n")
    assert shown(folders) == "['d']"


def test_another_folder_is_named(folders: dict[str, Path]) -> None:
    status, said = voila_hook(folders, "install", "--path", str(folders["elsewhere"] / "new"))
    assert status == 0
    assert "not on Jupyter's configuration path" in said
    assert (folders["elsewhere"] / "new" / "voila.py").is_file()
    assert shown(folders) == "['u', 'd']"


def test_where_nothing_can_be_written(folders: dict[str, Path]) -> None:
    (folders["elsewhere"] / "file").write_text("")
    status, said = voila_hook(folders, "install", "--path", str(folders["elsewhere"] / "file"))
    assert (status, "cannot be written" in said) == (1, True)
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "arguments",
    [[], ["instal"], ["install", "--mode", "off"], ["install", "--user", "--path", "a"]],
)
def test_usage(folders: dict[str, Path], arguments: list[str]) -> None:
    status, said = voila_hook(folders, *arguments)
    assert status == 2
    assert "usage:" in said


def test_the_command_is_listed(folders: dict[str, Path]) -> None:
    assert "voila-hook" in run(folders, "-m", "jupyterlab_workload_explorer", "--help").stdout
