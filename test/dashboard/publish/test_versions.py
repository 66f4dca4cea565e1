"""Versions of a bundle: whole, in order, few, and one of them shown."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.publish.manifest import (
    as_json,
    digest_of,
    is_intact,
    list_files,
    read_manifest,
)
from jupyterlab_workload_explorer.dashboard.publish.problem import PublishUsage, Stopped
from jupyterlab_workload_explorer.dashboard.publish.versions import KEPT, Versions

FILES = 6


def put(versions: Versions, number: int, size: int = 1000) -> Path:
    """Show a version of which each file says its number."""
    draft = versions.new()
    (draft / "data").mkdir()
    for at in range(FILES):
        (draft / "data" / f"{at}").write_text(f"{number} " * size)
    manifest = {"version": 1, "number": number, "files": list_files(draft)}
    manifest["digest"] = digest_of(manifest)
    (draft / "manifest.json").write_text(as_json(manifest))
    return versions.put(draft, manifest["digest"])


def shown(out: Path) -> int:
    """The number of what is shown, which has to be whole."""
    version = out.resolve()
    assert is_intact(version)
    manifest = read_manifest(version)
    assert manifest is not None
    said = {(version / "data" / f"{at}").read_text().split()[0] for at in range(FILES)}
    assert said == {str(manifest["number"])}
    return manifest["number"]


def numbers(versions: Versions) -> list[int]:
    return [int(one.name.split("-")[0]) for one in versions.good()]


def test_the_last_ones_are_kept(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "out")
    with versions.hold():
        for number in range(1, KEPT + 4):
            put(versions, number)
            assert shown(versions.out) == number
    assert numbers(versions) == list(range(4, KEPT + 4))
    left = {one.name for one in versions.folder.iterdir()}
    assert left == {"lock", *(one.name for one in versions.good())}
    assert versions.out.readlink().parts[0] == ".out.versions", "it can be moved with its versions"


def test_nobody_changes_a_file(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "out")
    with versions.hold():
        version = put(versions, 1)
    mode = (version / "data" / "0").stat().st_mode
    assert not mode & 0o222
    assert mode & 0o400


def test_back(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "out")
    with versions.hold():
        for number in (1, 2, 3, 4):
            put(versions, number)
        versions.back()
        assert shown(versions.out) == 3
        damaged = versions.good()[1] / "data" / "0"
        damaged.chmod(0o644)
        damaged.write_text("x")
        versions.back()
        assert shown(versions.out) == 1
        with pytest.raises(Stopped, match="no good version before"):
            versions.back()
        # What was taken back is not gone back to.
        put(versions, 5)
        versions.back()
        assert shown(versions.out) == 1


def test_what_was_never_shown_is_not_good(tmp_path: Path) -> None:
    """Killed after it got its name, and before the link."""
    versions = Versions(tmp_path / "out")
    with versions.hold():
        put(versions, 1)
    (versions.folder / "0002-000000000000").mkdir()
    (versions.folder / "tmp-left").mkdir()
    assert numbers(versions) == [1]
    with versions.hold():
        put(versions, 2)
        assert numbers(versions) == [1, 2]
    assert len(list(versions.folder.iterdir())) == 3


@pytest.mark.parametrize("there", ["folder", "file", "link", "dangling"])
def test_what_is_not_ours_stays(tmp_path: Path, there: str) -> None:
    out = tmp_path / "out"
    (tmp_path / "else").mkdir()
    if there == "folder":
        out.mkdir()
    elif there == "file":
        out.touch()
    else:
        out.symlink_to("else" if there == "link" else "nowhere")
    with pytest.raises(PublishUsage, match="was not published by this"):
        Versions(out)


def test_where_nothing_can_be(tmp_path: Path) -> None:
    with pytest.raises(PublishUsage, match="There is no folder"):
        Versions(tmp_path / "none" / "out")
    with pytest.raises(PublishUsage, match="has no name"):
        Versions(Path("/"))


def test_one_at_a_time(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "out")
    with versions.hold(), pytest.raises(Stopped, match="is being published"):  # noqa: SIM117
        with Versions(tmp_path / "out").hold():
            pass
    with Versions(tmp_path / "out").hold():
        put(versions, 1)


def test_a_reader_never_sees_half(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "out")
    seen: set[int] = set()
    with versions.hold():
        put(versions, 0)
        for begin in range(1, 41, KEPT - 1):
            done = threading.Event()
            failed: list[BaseException] = []

            def read(done: threading.Event = done, failed: list[BaseException] = failed) -> None:
                try:
                    while not done.is_set():
                        seen.add(shown(versions.out))
                except BaseException as error:
                    failed.append(error)

            reader = threading.Thread(target=read)
            reader.start()
            # Fewer than are kept: what a reader has opened stays for that long.
            for number in range(begin, begin + KEPT - 1):
                put(versions, number, size=50)
            done.set()
            reader.join()
            assert not failed, failed
    assert len(seen) > 1


_FULL = """
import resource, sys
from pathlib import Path
from jupyterlab_workload_explorer.dashboard.publish.versions import Versions
from jupyterlab_workload_explorer.dashboard.publish.problem import disk_sentence
from test.dashboard.publish.test_versions import put
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
versions = Versions(Path(sys.argv[1]))
try:
    with versions.hold():
        put(versions, 2)
except OSError as error:
    print(disk_sentence(error))
"""


@pytest.mark.parametrize("limit", [100, 1500, 2100])
def test_a_full_disk(tmp_path: Path, limit: int) -> None:
    """2 kB are enough for each file, but not for the manifest in a case."""
    versions = Versions(tmp_path / "out")
    with versions.hold():
        put(versions, 1)
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(versions.out), str(limit)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    if limit < 2000:
        assert "There is no room left" in done.stdout
        assert shown(versions.out) == 1
        assert numbers(versions) == [1]
    else:
        assert shown(versions.out) == 2
    assert not list(versions.folder.glob("tmp-*"))
