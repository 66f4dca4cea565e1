"""What tags say: one role, none, several; and whose a notebook is."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from jupyterlab_workload_explorer.dashboard.roles import (
    BLANKS,
    DEFAULT_TAGS,
    RoleTags,
    cell_role,
    has_tags,
    may_stand,
    notebook_tags,
    read_role_tags,
    uses_roles,
)


def cell(tags: Any, kind: str = "code") -> dict[str, Any]:
    return {"cell_type": kind, "source": "x", "metadata": {} if tags is None else {"tags": tags}}


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": metadata}


@pytest.mark.parametrize(
    ("tags", "role"),
    [
        (["upstream"], "upstream"),
        (["downstream", "mine"], "downstream"),
        (["shared"], "shared"),
        (["parameters"], "shared"),
        (["injected-parameters", "shared"], "shared"),
        (["parameters", "downstream"], "conflict"),
        (["upstream", "downstream"], "conflict"),
        (["upstream", "upstream"], "upstream"),
        (["Upstream"], "none"),
        (["mine"], "none"),
        ([], "none"),
        (None, "none"),
        ("downstream", "none"),
        ({"downstream": True}, "none"),
        ([["downstream"]], "none"),
    ],
)
def test_the_role_of_a_cell(tags: Any, role: str) -> None:
    assert cell_role(cell(tags), DEFAULT_TAGS) == role
    assert may_stand(cell(tags), DEFAULT_TAGS) == (role in ("downstream", "shared"))


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_texts_stand_unless_they_are_upstream(kind: str) -> None:
    for tags in (None, [], ["mine"], ["downstream"], "upstream"):
        assert may_stand(cell(tags, kind), DEFAULT_TAGS)
    for tags in (["upstream"], ["upstream", "downstream"]):
        assert not may_stand(cell(tags, kind), DEFAULT_TAGS)


def test_a_cell_of_a_kind_that_nobody_knows_needs_a_role() -> None:
    assert not may_stand(cell(None, "heading"), DEFAULT_TAGS)
    assert not may_stand({}, DEFAULT_TAGS)
    assert may_stand(cell(["shared"], "heading"), DEFAULT_TAGS)


@pytest.mark.parametrize(
    ("roles", "tags"),
    [
        (None, DEFAULT_TAGS),
        ({}, DEFAULT_TAGS),
        ({"tags": {"upstream": "reduce"}}, RoleTags(upstream="reduce")),
        ({"tags": {"upstream": "downstream", "downstream": "upstream"}}, None),
        # What is wrong changes nothing.
        ({"tags": {"upstream": "shared"}}, DEFAULT_TAGS),
        ({"tags": {"upstream": " "}}, DEFAULT_TAGS),
        ({"tags": {"upstream": 3, "shared": "both"}}, RoleTags(shared="both")),
        ({"tags": {"middle": "x"}}, DEFAULT_TAGS),
        ({"tags": ["upstream"]}, DEFAULT_TAGS),
        ("upstream", DEFAULT_TAGS),
    ],
)
def test_names_of_the_tags(roles: Any, tags: RoleTags | None) -> None:
    assert read_role_tags(roles) == (tags or RoleTags("downstream", "upstream"))


def test_blank_names_are_those_that_javascript_takes_for_blank() -> None:
    script = "for (let c = 0; c < 0x10000; c++) if (!String.fromCharCode(c).trim()) console.log(c)"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert sorted(map(ord, BLANKS)) == sorted(map(int, done.stdout.split()))
    for blank in ("\ufeff", BLANKS):
        assert read_role_tags({"tags": {"upstream": blank}}) == DEFAULT_TAGS
    for name in ("\x1c", "\x1f", "\x85"):
        assert read_role_tags({"tags": {"upstream": name}}) == RoleTags(upstream=name)
        # A tag with such a sign is a mistake for the tag without it.
        assert uses_roles(notebook(cell([f"upstream{name}"])), DEFAULT_TAGS)


def test_what_the_site_calls_upstream_stays_upstream() -> None:
    own = RoleTags("a", "reduce", "upstream")
    site = RoleTags(upstream="reduce")
    for kind in ("code", "markdown"):
        assert not may_stand(cell(["a"], kind), own, site)
        assert not may_stand(cell(["reduce"], kind), own, site)
        # The default name, too.
        assert not may_stand(cell(["upstream"], kind), own, site)
        assert not may_stand(cell(["upstream"], kind), own)
        assert may_stand(cell(["reduce"], kind), own)
    # A site may use the word for something else.
    swapped = RoleTags("downstream", "upstream")
    assert may_stand(cell(["upstream"]), swapped, swapped)
    assert not may_stand(cell(["downstream"]), swapped, swapped)


def test_a_notebook_changes_the_names_of_its_site() -> None:
    site = RoleTags(upstream="reduce", downstream="dashboard")
    own = notebook(workload={"roles": {"tags": {"downstream": "page"}}})
    assert notebook_tags(own, site) == RoleTags("reduce", "page", "shared")
    assert notebook_tags(notebook(workload=[]), site) == site
    assert notebook_tags(notebook(), site) == site


@pytest.mark.parametrize(
    "ours",
    [
        notebook(cell(["upstream"])),
        notebook(cell(None), cell(["downstream"], "markdown")),
        notebook(cell(["reduce"])),
        notebook(cell(["Upstream "])),
        notebook(cell("upstream")),
        notebook(cell("mine, upstream")),
        notebook(cell({"upstream": True})),
        notebook(cell([["shared"]])),
        notebook(cell(None), workload={}),
        notebook(workload=None),
    ],
)
def test_ours(ours: dict[str, Any]) -> None:
    assert uses_roles(ours, RoleTags(upstream="reduce"))
    assert has_tags(ours)


@pytest.mark.parametrize(
    "theirs",
    [
        notebook(),
        notebook(cell(None), cell([])),
        notebook(cell(["parameters"]), cell(["hide_input"]), cell(["upstream-of-all"])),
    ],
)
def test_somebody_elses(theirs: dict[str, Any]) -> None:
    assert not uses_roles(theirs, DEFAULT_TAGS)


def test_papermills_tags_are_tags() -> None:
    assert has_tags(notebook(cell(["parameters"])))
    assert not has_tags(notebook(cell(None), cell([])))
