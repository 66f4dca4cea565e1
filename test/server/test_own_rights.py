"""Files are opened with the rights of the server's user, and no others."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_workload_explorer import rooted_files

pytestmark = pytest.mark.skipif(os.name == "nt", reason="rights are others on Windows")

NOBODY = 65534


@pytest.fixture
def root() -> Iterator[Path]:
    """A data root with a file and a folder that an ordinary user may not read.

    Root may read everything: there the test goes on as another user.
    """
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    (folder / "open.parquet").write_bytes(b"open")
    (folder / "closed.parquet").write_bytes(b"closed")
    (folder / "closed").mkdir()
    (folder / "closed" / "part.parquet").write_bytes(b"closed")
    (folder / "passage").mkdir()
    (folder / "passage" / "part.parquet").write_bytes(b"passed")
    (folder / "closed.parquet").chmod(0)
    (folder / "closed").chmod(0)
    # May be gone through by who knows the name, as the upper folders of shared file systems.
    (folder / "passage").chmod(0o111)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        for name in ("closed", "passage"):
            (folder / name).chmod(0o700)
        shutil.rmtree(folder)


def read(root: Path, path: str) -> bytes:
    with rooted_files.open_file(root, path) as file:
        return os.read(file, 100)


@pytest.mark.parametrize("path", ["closed.parquet", "closed/part.parquet"])
def test_what_is_closed_stays_closed(root: Path, path: str) -> None:
    assert read(root, "open.parquet") == b"open"
    with pytest.raises(PermissionError):
        read(root, path)


@pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="this system opens only what may be read")
def test_a_folder_that_may_be_passed_but_not_read(root: Path) -> None:
    assert read(root, "passage/part.parquet") == b"passed"


def test_listings_leave_out_what_is_closed(root: Path) -> None:
    listing = rooted_files.list_folder(root, "", recursive=True)
    assert [entry.name for entry in listing.entries] == ["closed.parquet", "open.parquet"]
    assert listing.left_out == 2
    with pytest.raises(PermissionError):
        rooted_files.list_folder(root, "closed")
