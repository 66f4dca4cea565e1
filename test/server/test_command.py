"""The console script finds Node.js, or says what to install."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyterlab_workload_explorer import command

pytestmark = pytest.mark.skipif(os.name == "nt", reason="written for POSIX shells")


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "bundle.mjs"
    path.write_text("console.log('ran', ...process.argv.slice(2)); process.exit(3);")
    monkeypatch.setattr(command, "_BUNDLE", path)
    return path


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only program on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(command.VARIABLE, raising=False)
    return folder / "node"


def write_node(path: Path, version: str) -> None:
    path.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo {version}; fi\n')
    path.chmod(0o755)


def test_no_node(bundle: Path, node: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 1
    error = capsys.readouterr().err
    assert "finds no node on PATH" in error
    assert "Install Node.js 20 or newer" in error


@pytest.mark.parametrize("version", ["v18.20.4", "v4.0.0"])
def test_old_node(
    bundle: Path, node: Path, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_node(node, version)
    assert command.main([]) == 1
    major, minor = version[1:].split(".")[:2]
    assert f"{node} is {major}.{minor}." in capsys.readouterr().err


def test_broken_node(bundle: Path, node: Path, capsys: pytest.CaptureFixture[str]) -> None:
    node.write_text("#!/bin/sh\nexit 1\n")
    node.chmod(0o755)
    assert command.main([]) == 1
    assert "does not run" in capsys.readouterr().err


@pytest.mark.parametrize("version", ["v20.0.0", "v26.1.2"])
def test_new_node(bundle: Path, node: Path, version: str) -> None:
    write_node(node, version)
    assert command.find_node() == (str(node), "")


def test_named_node(
    bundle: Path, node: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_node(tmp_path / "other", "v22.1.0")
    monkeypatch.setenv(command.VARIABLE, str(tmp_path / "other"))
    assert command.find_node() == (str(tmp_path / "other"), "")


def test_not_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_BUNDLE", tmp_path / "none.mjs")
    assert command.main([]) == 1
    assert "npm run build" in capsys.readouterr().err


def test_arguments_and_exit_status(bundle: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from jupyterlab_workload_explorer import command;"
        f"command._BUNDLE = Path({str(bundle)!r}); sys.exit(command.main(sys.argv[1:]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, "analyze", "a b", "--where", "x=ä"],
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (3, "ran analyze a b --where x=ä\n")
