"""What of a folder comes into a bundle, and how often it is on disk."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from jupyterlab_workload_explorer.dashboard.publish.manifest import sha256_of
from jupyterlab_workload_explorer.dashboard.publish.problem import Stopped
from jupyterlab_workload_explorer.dashboard.publish.stage import Stage, files_read
from jupyterlab_workload_explorer.dashboard.verify.proven import Proven
from jupyterlab_workload_explorer.dashboard.verify.report import Report


def report(*files: str, kind: str = "bundle", seen: bool = True) -> Report:
    found: dict[str, Any] = {
        **dict.fromkeys(("cells", "findings"), ()),
        **dict.fromkeys(("seconds_to_kernel", "seconds_to_first_output", "other_files"), None),
        **dict.fromkeys(("modules", "hosts", "programs", "processes"), None),
        "files": tuple({"path": one, "kind": kind} for one in files) if seen else None,
    }
    return Report(
        tool="", notebook="", hash=None, kernel="", proven=Proven("strace"), seconds=0.0,
        peak_memory_bytes=0, **found,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A notebook's folder with some files."""
    found = tmp_path / "work"
    (found / "data" / "2021").mkdir(parents=True)
    (found / "notebook.ipynb").touch()
    for name in ("data/a", "data/same", "data/2021/b", "helpers.py", "never read"):
        (found / name).write_text("same" if name == "data/same" else name)
    (found / "data" / "again").write_text("same")
    return found


def read(folder: Path, *files: str, data: tuple[str, ...] = (), **options: Any) -> list[str]:
    named = [folder / one for one in data]
    return files_read(report(*files, **options), folder / "notebook.ipynb", named)


def test_what_was_read_and_nothing_else(folder: Path) -> None:
    assert read(folder, "notebook.ipynb", "data/a") == ["data/a"]
    assert read(folder, "data/a", kind="allowed") == []


def test_bytecode_stands_for_its_source(folder: Path) -> None:
    assert read(folder, "__pycache__/helpers.cpython-311.pyc") == ["helpers.py"]


def test_links_are_names_that_the_notebook_may_use(folder: Path) -> None:
    (folder / "data" / "latest").symlink_to("2021")
    (folder / "data" / "one").symlink_to("a")
    (folder / "data" / "not read").symlink_to("same")
    (folder / "elsewhere").symlink_to(folder.parent)
    (folder / "here").symlink_to(".")
    assert read(folder, "data/a", "data/2021/b") == [
        "data/2021/b",
        "data/a",
        "data/latest/b",
        "data/one",
    ]


def test_what_somebody_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ["data/2021/b", "data/a", "data/again", "data/same"]
    assert read(folder, data=("data",), seen=False) == found
    monkeypatch.chdir(folder)
    notebook = Path("notebook.ipynb")
    assert files_read(report(seen=False), notebook, [Path("data")]) == found
    (folder / "one").symlink_to("data/a")
    assert files_read(report(seen=False), notebook, [Path("one")]) == ["one"]


def test_where_nobody_saw_it(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="--data PATH"):
        read(folder, seen=False)
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "notebook.ipynb").touch()
    assert read(alone, seen=False) == []


def test_what_is_gone(folder: Path) -> None:
    with pytest.raises(Stopped, match="no longer there"):
        read(folder, "data/none")


def test_the_same_is_there_once(folder: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.write_text("same")
    changed = tmp_path / "changed"
    changed.write_text("changed by somebody")
    draft = tmp_path / "draft"
    draft.mkdir()
    known = {sha256_of(before): before, sha256_of(folder / "data" / "a"): changed}
    stage = Stage(draft, known)
    stage.copy(folder, ["data/a", "data/again", "data/same", "data/2021/b"])
    assert stage.copied == ["data/a", "data/again", "data/same", "data/2021/b"]
    assert (draft / "data" / "a").read_text() == "data/a"
    inodes = {(draft / "data" / name).stat().st_ino for name in ("again", "same")}
    assert inodes == {before.stat().st_ino}
    assert (draft / "data" / "2021" / "b").stat().st_nlink == 1


def test_where_files_have_one_name_only(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems have no hard links."""

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    stage = Stage(tmp_path, {})
    stage.copy(folder, ["data/again", "data/same"])
    assert (tmp_path / "data" / "same").read_text() == "same"


@pytest.mark.parametrize("name", ["dashboard.ipynb", "voila.json"])
def test_names_that_the_bundle_has_itself(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).touch()
    (tmp_path / "draft").mkdir()
    stage = Stage(tmp_path / "draft", {})
    with pytest.raises(Stopped, match="another name"):
        stage.copy(folder, [name])
        stage.write(name, "")


def test_a_link_to_what_stays(tmp_path: Path) -> None:
    target = tmp_path / "srv"
    target.mkdir()
    (target / "a").write_text("a")
    draft = tmp_path / "draft"
    draft.mkdir()
    Stage(draft, {}).link(PurePosixPath("data/months"), target)
    assert (draft / "data" / "months" / "a").read_text() == "a"
