"""The content hash: the same as TypeScript makes, and of what counts only."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jupyterlab_workload_explorer.dashboard.content_hash import content_hash

FIXTURES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "content-hashes.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("fixture", FIXTURES, ids=[each["what"] for each in FIXTURES])
def test_as_typescript_makes_it(fixture: dict[str, Any]) -> None:
    assert content_hash(fixture["notebook"]) == fixture["hash"]


def test_the_same_however_the_file_is_read(tmp_path: Path) -> None:
    """Voilà sees notebooks as nbformat reads them."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("a = 1\nb = 2\n", metadata={"tags": ["shared"]}),
            nbformat.v4.new_markdown_cell(
                "![x](attachment:x.png)", attachments={"x.png": {"image/png": "aGFsbG8="}}
            ),
        ],
        metadata={"workload": {"roles": {"tags": {"upstream": "reduce"}}}},
    )
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook, path)
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(raw["cells"][0]["source"], list)
    assert content_hash(raw) == content_hash(nbformat.read(path, as_version=4))


def _notebook() -> dict[str, Any]:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "voila": {"theme": "dark"},
            "workload": {"roles": {}, "check": {"errors": 0}},
        },
        "cells": [
            {
                "cell_type": "code",
                "id": "a",
                "source": "1",
                "metadata": {"tags": ["x", "y"]},
                "outputs": [],
                "execution_count": None,
            }
        ],
    }


def _set(notebook: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    place: Any = notebook
    for key in parents:
        place = place[int(key) if isinstance(place, list) else key]
    place[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("cells.0.outputs", [{"output_type": "stream", "name": "stdout", "text": "1"}]),
        ("cells.0.execution_count", 3),
        ("cells.0.metadata.execution", {"iopub.status.busy": "2021"}),
        ("cells.0.metadata.tags", ["y", "x", "x", 3]),
        ("metadata.kernelspec.display_name", "Another name"),
        ("metadata.workload.check", {"errors": 7}),
        ("metadata.workload.dashboard", {"version": 1}),
        ("metadata.toc", {}),
        ("nbformat_minor", 4),
    ],
)
def test_what_does_not_count(path: str, value: Any) -> None:
    changed = _notebook()
    _set(changed, path, value)
    assert content_hash(changed) == content_hash(_notebook())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("cells.0.source", "2"),
        ("cells.0.id", "b"),
        ("cells.0.cell_type", "raw"),
        ("cells.0.metadata.tags", ["x"]),
        ("cells.0.attachments", {}),
        ("metadata.kernelspec.name", "other"),
        ("metadata.voila.theme", "light"),
        ("metadata.workload.roles", {"tags": {}}),
    ],
)
def test_what_counts(path: str, value: Any) -> None:
    changed = copy.deepcopy(_notebook())
    _set(changed, path, value)
    assert content_hash(changed) != content_hash(_notebook())


def test_texts_and_numbers_of_python_alone() -> None:
    """Halves of a character that JSON's escapes leave apart, and whole numbers beyond a double."""

    def of(source: Any, voila: Any = None) -> str:
        notebook = _notebook()
        notebook["cells"][0]["source"] = source
        notebook["metadata"]["voila"] = voila
        return content_hash(notebook)

    assert of(["\ud83d", "\ude00"]) == of("\U0001f600")
    assert of("\ud83d") == of("\ufffd") == of("\ude00")
    assert of("", 10**400) == of("", float("inf")) != of("", -(10**400))
    assert of("", 1) == of("", 1.0) != of("", True)
    assert of("", 0) == of("", -0.0)
