"""The list of what a user has published, and the states of what is in it."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.content_hash import content_hash
from jupyterlab_workload_explorer.dashboard.publish import shelf as module
from jupyterlab_workload_explorer.dashboard.publish.command import main
from jupyterlab_workload_explorer.dashboard.publish.outcome import Outcome
from jupyterlab_workload_explorer.dashboard.publish.question import Question
from jupyterlab_workload_explorer.dashboard.publish.shelf import Entry, Shelf
from jupyterlab_workload_explorer.dashboard.publish.source import source_of
from jupyterlab_workload_explorer.dashboard.publish.state import (
    FAILING,
    FRESH,
    GONE,
    STALE,
    State,
    state_of,
)
from jupyterlab_workload_explorer.dashboard.publish.versions import Versions

from .conftest import Sample, make_sample


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data" / "dashboards.json")


def note(shelf: Shelf, out: Path, *, compiled_with: Path | None = None, **outcome: object) -> None:
    source = out.with_name("report.ipynb")
    question = Question(out / "a.ipynb", out, compiled_with=compiled_with)
    shelf.note(question, Outcome(out, **outcome), source)  # type: ignore[arg-type]


def test_the_last_one_is_the_first(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.list() == []
    for name in ("a", "b", "a"):
        note(shelf, tmp_path / name, version=tmp_path, message=f"published {name}")
    found = shelf.list()
    assert [Path(one.out).name for one in found] == ["a", "b"]
    assert found[0].published
    assert found[0].message == "published a"
    assert found[0].source == str(tmp_path / "report.ipynb")
    assert found[0].asked["audience"] == "public"
    shelf.forget(tmp_path / "a")
    assert [Path(one.out).name for one in shelf.list()] == ["b"]


def test_the_file_of_parameters_is_remembered(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(shelf, tmp_path / "a", version=tmp_path)
    assert shelf.list()[0].asked["compiled_with"] is None
    monkeypatch.chdir(tmp_path)
    note(shelf, tmp_path / "a", compiled_with=Path("2021.yaml"), version=tmp_path)
    assert shelf.list()[0].asked["compiled_with"] == str(tmp_path / "2021.yaml")


def test_a_failure_is_past_when_another_version_is_shown(shelf: Shelf, tmp_path: Path) -> None:
    note(shelf, tmp_path / "a", stopped="verify", message="It is not published.")
    assert not shelf.list()[0].published
    shelf.went_back(tmp_path / "a", "version 1 is shown again")
    assert shelf.list()[0].published


def test_what_is_broken_in_the_file_is_left_out(shelf: Shelf, tmp_path: Path) -> None:
    note(shelf, tmp_path / "a", version=tmp_path)
    file = shelf.folder() / "dashboards.json"
    content = json.loads(file.read_text())
    content["dashboards"] += [7, {"out": 7}, {**content["dashboards"][0], "out": 7}]
    file.write_text(json.dumps(content))
    assert len(shelf.list()) == 1
    file.write_text("{")
    assert shelf.list() == []
    note(shelf, tmp_path / "b", version=tmp_path)
    assert len(shelf.list()) == 1


def test_the_oldest_are_forgotten(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    for number in range(5):
        note(shelf, tmp_path / str(number), version=tmp_path)
    assert [Path(one.out).name for one in shelf.list()] == ["4", "3", "2"]


def test_nothing_is_lost_when_many_publish(shelf: Shelf, tmp_path: Path) -> None:
    threads = [
        threading.Thread(
            target=note, args=(shelf, tmp_path / str(number)), kwargs={"version": None}
        )
        for number in range(16)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(shelf.list()) == 16


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A dashboard that was published by the command, with its notebook; not to be changed."""
    sample = make_sample(tmp_path_factory.mktemp("first"))
    source = sample.folder / "report.ipynb"
    source.write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    content = json.loads(sample.notebook.read_text())
    record = content["metadata"]["workload"]["dashboard"]
    record["source_hash"] = content_hash(json.loads(source.read_text()))
    sample.save(content)
    patch = pytest.MonkeyPatch()
    patch.setenv("JUPYTER_DATA_DIR", str(sample.folder / "jupyter"))
    try:
        parameters = f"--compiled-with={sample.folder / '2021.yaml'}"
        assert main([str(sample.notebook), "--out", str(sample.out), parameters]) == 0
    finally:
        patch.undo()
    return sample


@pytest.fixture
def copy(first: Sample, tmp_path: Path) -> tuple[Sample, Entry]:
    """A copy of it, and its entry."""
    top = tmp_path / "copy"
    shutil.copytree(first.folder.parent, top, symlinks=True)
    sample = Sample(top / "work", top / "raw", top / "public" / "report")
    (entry,) = Shelf(sample.folder / "jupyter/workload-explorer/dashboards.json").list()
    changes = {
        "out": str(sample.out),
        "folder": str(sample.folder),
        "source": str(sample.folder / "report.ipynb"),
    }
    return sample, Entry(**{**vars(entry), **changes})


def look(entry: Entry) -> State:
    return state_of(entry)


def test_the_command_puts_it_on_the_shelf(first: Sample) -> None:
    (entry,) = Shelf(first.folder / "jupyter/workload-explorer/dashboards.json").list()
    assert entry.out == str(first.out)
    assert entry.source == str(source_of(first.notebook))
    assert entry.folder == str(first.folder)
    assert entry.asked["compiled_with"] == str(first.folder / "2021.yaml")
    assert entry.published
    found = look(entry)
    assert (found.state, found.why, found.versions) == (FRESH, (), 1)


def test_it_is_stale_when_its_notebook_changes(copy: tuple[Sample, Entry]) -> None:
    sample, entry = copy
    source = sample.folder / "report.ipynb"
    content = json.loads(source.read_text())
    source.write_text(json.dumps({**content, "metadata": {"title": "another"}}))
    assert look(entry).state == FRESH
    cell = {"cell_type": "markdown", "source": "new", "metadata": {}, "id": "a"}
    source.write_text(json.dumps({**content, "cells": [cell]}))
    found = look(entry)
    assert (found.state, found.why) == (STALE, ("report.ipynb was changed since.",))
    source.write_text("{")
    assert look(entry).why == ("The notebook report.ipynb cannot be read.",)
    source.unlink()
    assert "is gone" in look(entry).why[0]


def test_it_is_stale_when_its_data_change(copy: tuple[Sample, Entry]) -> None:
    sample, entry = copy
    later = time.time() + 60
    os.utime(sample.reduced, (later, later))
    assert look(entry).state == FRESH
    size = sample.reduced.stat().st_size
    data = bytearray(sample.reduced.read_bytes())
    data[10] ^= 1
    sample.reduced.write_bytes(data)
    os.utime(sample.reduced, (later, later))
    assert sample.reduced.stat().st_size == size
    assert look(entry).why == ("data/reduced.parquet was changed since.",)
    sample.reduce({"package": ["amber"], "users": [9], "jobs": [10]})
    assert look(entry).state == STALE


def test_it_is_failing_when_it_is_damaged(copy: tuple[Sample, Entry]) -> None:
    sample, entry = copy
    current = Versions(sample.out).current
    assert current is not None
    (current / "start.sh").unlink()
    found = look(entry)
    assert found.state == FAILING
    assert found.why == ("start.sh is missing in what was published. Publish it again.",)
    (current / "manifest.json").chmod(0o644)
    (current / "manifest.json").write_text("{}")
    assert look(entry).state == GONE


def test_it_is_failing_when_it_could_not_be_published(copy: tuple[Sample, Entry]) -> None:
    _, entry = copy
    failed = Entry(**{**vars(entry), "published": False, "message": "It is not published."})
    found = look(failed)
    assert (found.state, found.why) == (FAILING, ("It is not published.",))
    assert found.manifest is not None


def test_it_is_gone_when_nothing_is_there(copy: tuple[Sample, Entry]) -> None:
    sample, entry = copy
    sample.out.unlink()
    assert look(entry).state == GONE
    sample.out.write_text("another")
    assert look(entry).state == GONE


def test_what_never_was_published_is_failing(tmp_path: Path) -> None:
    entry = Entry(str(tmp_path / "out"), "", None, {}, "2021-06-01T00:00:00Z", False, "No.")
    assert (look(entry).state, look(entry).why) == (FAILING, ("No.",))


def test_a_failed_publishing_is_remembered(
    copy: tuple[Sample, Entry], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sample, _ = copy
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    content = json.loads(sample.notebook.read_text())
    content["cells"][0]["source"] = "# by hand"
    sample.notebook.write_text(json.dumps(content))
    assert main([str(sample.notebook), "--out", str(sample.out)]) == 1
    (entry,) = Shelf().list()
    assert not entry.published
    assert look(entry).state == FAILING
    # Readers still see what was good.
    assert look(entry).versions == 1


def test_what_cannot_be_looked_at_is_failing(
    copy: tuple[Sample, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, entry = copy

    def refuse(self: Versions) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Versions, "good", refuse)
    found = look(entry)
    assert found.state == FAILING
    assert found.why == (f"{entry.out} cannot be looked at: Permission denied.",)
