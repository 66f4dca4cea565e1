"""The site file: where it is found, what may stand in it, what happens when it is wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from jupyterlab_workload_explorer import info_handler, site_file
from jupyterlab_workload_explorer.site_file import SiteFile, find_site_file, parse_site

from .conftest import Fetch


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(site_file._validator().schema)


def test_found_by_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKLOAD_SITE", str(tmp_path / "none.json"))
    assert find_site_file() == tmp_path / "none.json"
    assert "cannot be read" in SiteFile().read().errors[0]


def test_found_on_jupyters_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WORKLOAD_SITE", raising=False)
    first, second = tmp_path / "first", tmp_path / "second"
    monkeypatch.setattr(site_file, "jupyter_config_path", lambda: [str(first), str(second)])
    assert find_site_file() is None
    assert SiteFile().read() == site_file.Site()
    for folder in (second, first):
        folder.mkdir()
        (folder / "workload-site.json").write_text('{"version": 1}')
        assert find_site_file() == folder / "workload-site.json"


@pytest.fixture
def nobody() -> Iterator[None]:
    """This process as a user whom file modes hold back, which root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


def test_a_folder_that_cannot_be_looked_into(
    monkeypatch: pytest.MonkeyPatch, closed_folder: Path, nobody: None
) -> None:
    monkeypatch.delenv("WORKLOAD_SITE", raising=False)
    folders = ["/none", str(closed_folder)]
    monkeypatch.setattr(site_file, "jupyter_config_path", lambda: folders)
    path = closed_folder / "workload-site.json"
    assert find_site_file() == path
    assert SiteFile().read() == site_file.Site(path, errors=("cannot be read: Permission denied",))


def test_what_is_no_file_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WORKLOAD_SITE", raising=False)
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "workload-site.json").mkdir(parents=True)
    folders = [str(tmp_path / name) for name in ("file", "folder")]
    monkeypatch.setattr(site_file, "jupyter_config_path", lambda: folders)
    assert find_site_file() is None


def test_a_root_that_cannot_be_looked_into(closed_folder: Path, nobody: None) -> None:
    assert not info_handler.is_there(site_file.DataRoot("a", closed_folder / "b"))


async def test_a_root_that_hangs_does_not_stop_the_server(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def hangs(root: Any) -> bool:
        asked.set()
        return answer.wait(60)

    monkeypatch.setattr(info_handler, "is_there", hangs)
    info = asyncio.ensure_future(fetch("info"))
    await asyncio.to_thread(asked.wait, 60)
    # In the event loop, nothing else would be answered until it is given up.
    assert (await fetch("preview/none")).code == 404
    assert not info.done()
    answer.set()
    assert json.loads((await info).body)["data_roots"][0]["available"] is True


WRONG: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "not JSON"),
    "no object": ([], "$: [] is not of type 'object'"),
    "no version": ({}, "$: 'version' is a required property"),
    "a newer version": ({"version": 2}, "$.version: 1 was expected"),
    "an unknown key": ({"version": 1, "data_rots": []}, "'data_rots' was unexpected"),
    "no path": ({"version": 1, "data_roots": [{"name": "a"}]}, "$.data_roots[0]: 'path'"),
    "a name with a slash": (
        {"version": 1, "data_roots": [{"name": "a/b", "path": "/a"}]},
        "$.data_roots[0].name",
    ),
    "a hidden name": (
        {"version": 1, "data_roots": [{"name": "..", "path": "/a"}]},
        "$.data_roots[0].name",
    ),
    "a relative path": (
        {"version": 1, "data_roots": [{"name": "a", "path": "a/b"}]},
        'the path "a/b" is not absolute',
    ),
    "a role that is none": (
        {"version": 1, "roles": {"tags": {"downsteam": "d"}}},
        "$.roles.tags",
    ),
    "a severity that is none": (
        {"version": 1, "roles": {"severities": {"order": "fatal"}}},
        "$.roles.severities.order",
    ),
    "a guard that is none": (
        {"version": 1, "voila": {"guard": "dropp"}},
        "$.voila.guard: 'dropp' is not one of ['drop', 'refuse', 'off']",
    ),
    "a key of voila that is none": (
        {"version": 1, "voila": {"gard": "drop"}},
        "'gard' was unexpected",
    ),
    "a privacy of nobody": (
        {"version": 1, "privacy": {"public": 0}},
        "$.privacy.public: 0 is less than the minimum of 1",
    ),
    "a privacy that is no whole number": (
        {"version": 1, "privacy": {"center": 2.5}},
        "$.privacy.center",
    ),
    "an audience that is none": (
        {"version": 1, "privacy": {"press": 5}},
        "'press' was unexpected",
    ),
    "a name twice": (
        {"version": 1, "data_roots": [{"name": "a", "path": "/a"}, {"name": "a", "path": "/b"}]},
        'the name "a" stands there more than once',
    ),
}


def test_dashboards() -> None:
    site = parse_site('{"version": 1}')
    assert (site.voila_guard, site.privacy) == ("drop", None)
    site = parse_site('{"version": 1, "voila": {}, "privacy": {"center": 3}}')
    assert (site.voila_guard, site.privacy) == ("drop", {"center": 3})
    assert parse_site('{"version": 1, "voila": {"guard": "off"}}').voila_guard == "off"


@pytest.mark.parametrize(("content", "error"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(content: Any, error: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    site = parse_site(text)
    assert error in "\n".join(site.errors)
    assert site.data_roots == ()


def test_paths_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SCRATCH", "/scratch/me")
    monkeypatch.delenv("NOWHERE", raising=False)
    roots = parse_site(
        json.dumps(
            {
                "version": 1,
                "data_roots": [
                    {"name": "scratch", "path": "$SCRATCH/workload"},
                    {"name": "home", "path": "~/workload"},
                    {"name": "nowhere", "path": "$NOWHERE/workload"},
                ],
            }
        )
    ).data_roots
    assert [root.path for root in roots] == [
        Path("/scratch/me/workload"),
        tmp_path / "workload",
        None,
    ]


async def test_a_change_takes_effect(fetch: Fetch, site_file: Path) -> None:
    assert (await fetch("list/shared")).code == 200
    site_file.write_text(json.dumps({"version": 1, "data_roots": []}))
    assert (await fetch("list/shared")).code == 404


async def test_a_root_without_folder(fetch: Fetch, site_file: Path) -> None:
    root = {"name": "mine", "path": "$NO_SUCH_VARIABLE_1/x"}
    site_file.write_text(json.dumps({"version": 1, "data_roots": [root]}))
    answer = await fetch("data/mine/x")
    assert answer.code == 404
    assert b"has no folder for this user" in answer.body
    info = json.loads((await fetch("info")).body)
    assert info["data_roots"] == [{"name": "mine", "description": "", "available": False}]


async def test_the_server_works_with_a_wrong_site_file(fetch: Fetch, site_file: Path) -> None:
    site_file.write_text('{"version": 1, "data_roots": 5}')
    info = json.loads((await fetch("info")).body)
    assert info["data_roots"] == []
    assert info["site"]["errors"] == ["$.data_roots: 5 is not of type 'array'"]


def test_a_mistake_is_logged_once(site_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    site_file.write_text("[]")
    reader = SiteFile(logging.getLogger("test"))
    for _ in range(3):
        reader.read()
    assert len(caplog.records) == 1
    site_file.unlink()
    for _ in range(3):
        reader.read()
    assert len(caplog.records) == 2
