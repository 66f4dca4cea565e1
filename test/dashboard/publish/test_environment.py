"""A clean environment made from ``requirements.txt`` serves the bundle, wherever it was put."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.publish.outcome import Outcome

from .conftest import Sample
from .server import fetch, served

pytestmark = pytest.mark.slow


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_a_clean_environment(published: tuple[Sample, Outcome], tmp_path: Path) -> None:
    sample, _ = published
    with tarfile.open(sample.out.with_name("report.tar.gz")) as members:
        members.extractall(tmp_path / "unpacked", filter="data")
    bundle = tmp_path / "unpacked" / "report"
    environment = tmp_path / "clean"
    run(sys.executable, "-m", "venv", environment)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "-r", bundle / "requirements.txt")
    run(python, "-m", "pip", "check")
    # As in a container that is only read.
    home = tmp_path / "home"
    home.mkdir()
    for path in [bundle, *bundle.rglob("*")]:
        path.chmod(0o555 if path.is_dir() or path.name == "start.sh" else 0o444)
    try:
        with served(bundle, home, environment / "bin") as address:
            status, page = fetch(address)
            assert status == 200
            assert "text-amber-gromacs" in page
    finally:
        for path in [bundle, *bundle.rglob("*")]:
            path.chmod(0o755)
