"""Archives: the same bundle gives the same bytes, and what was there stays where it fails."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.publish.archive import archive


def bundle(at: Path, age: int) -> Path:
    """A bundle, written at some time, by names in some order."""
    names = ["a", "start.sh", "data/b", "data/c"]
    for name in names if age else reversed(names):
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name == "data/c":
            path.symlink_to("/srv/c")
        else:
            path.write_text(name)
            path.chmod(0o700 if name == "start.sh" else 0o640)
            os.utime(path, (age, age))
    os.link(at / "data" / "b", at / "data" / "again")
    return at


def test_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for age in (0, 1_600_000_000):
        target = tmp_path / f"{age}.tar.gz"
        with archive(bundle(tmp_path / str(age), age), "report", target):
            assert not target.exists()
        written.append(target.read_bytes())
    assert written[0] == written[1]
    with tarfile.open(tmp_path / "0.tar.gz") as members:
        found = {one.name: one for one in members}
        assert list(found) == sorted(found)
        assert found["report/data/b"].linkname == "report/data/again", "once"
        assert found["report/data/c"].issym()
        assert found["report/start.sh"].mode == 0o755
        assert found["report/a"].mode == 0o644


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    target = tmp_path / "to" / "report.tar.gz"
    target.write_text("before")
    with (
        pytest.raises(RuntimeError),
        archive(bundle(tmp_path / "bundle", 1), "report", target),
    ):
        raise RuntimeError
    assert target.read_text() == "before"
    assert list(target.parent.iterdir()) == [target]
