"""The guard: what is left of a notebook, and which are refused."""

from __future__ import annotations

import copy
import random
from typing import Any

import nbformat
import pytest

from jupyterlab_workload_explorer.dashboard.content_hash import content_hash
from jupyterlab_workload_explorer.dashboard.guard import (
    check_problem,
    guard,
    judge,
    judge_blindly,
)
from jupyterlab_workload_explorer.dashboard.roles import PAPERMILL_TAGS, RoleTags

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def code(source: str, *tags: str) -> Any:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def text(source: str, *tags: str) -> Any:
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)} if tags else {})


def notebook(*cells: Any, **metadata: Any) -> Any:
    return nbformat.v4.new_notebook(
        cells=list(cells), metadata={"kernelspec": KERNEL, **copy.deepcopy(metadata)}
    )


def checked(given: Any, **changes: Any) -> Any:
    """The notebook with the record of a check that found nothing."""
    given.metadata.setdefault("workload", {})["check"] = {
        "version": 1,
        "tool": "workload-explorer 0.1.0",
        "hash": content_hash(given),
        "errors": 0,
        **changes,
    }
    return given


def sources(given: Any) -> list[str]:
    return [cell.source for cell in given.cells]


def is_refusal(given: Any) -> bool:
    return [cell.cell_type for cell in given.cells] == ["markdown"] and sources(given)[
        0
    ].startswith("## This dashboard is not shown")


def test_only_what_may_run_is_left() -> None:
    given = notebook(
        code("u", "upstream"),
        text("title"),
        text("about u", "upstream"),
        code("d", "downstream"),
        code("both", "downstream", "upstream"),
        code("none"),
        code("unknown", "mine"),
        code("%%time\nu", "upstream"),
        code("s", "shared"),
        code("p", "parameters"),
        code("u", "upstream"),
    )
    before = copy.deepcopy(given)
    verdict = judge(given)
    assert sources(verdict.notebook) == ["title", "d", "s", "p"]
    assert verdict.positions == (1, 3, 8, 9)
    assert verdict.refusal is None
    # Voilà reads members as attributes.
    assert verdict.notebook.metadata.kernelspec.name == "python3"
    assert given == before
    assert guard(verdict.notebook) == verdict.notebook


def test_states_of_widgets_go() -> None:
    given = notebook(code("d", "downstream"), widgets={"state": {"x": "of an upstream cell"}})
    assert "widgets" not in guard(given).metadata
    assert "widgets" in given.metadata


def test_somebody_elses_notebook_is_the_same_object() -> None:
    for mode in ("drop", "refuse", "off"):
        given = notebook(code("a"), code("b", "parameters"), text("c", "hide_input"))
        assert guard(given, mode=mode) is given


def test_off_leaves_everything() -> None:
    given = notebook(code("u", "upstream"))
    assert guard(given, mode="off") is given


def test_ours_by_its_metadata_alone() -> None:
    assert sources(guard(notebook(code("a"), text("b"), workload={}))) == ["b"]


def test_the_sites_names() -> None:
    site = RoleTags(upstream="reduce", downstream="dashboard")
    given = notebook(code("u", "reduce"), code("d", "dashboard"), code("old", "downstream"))
    assert sources(guard(given, site)) == ["d"]
    # With names of its own for everything, it is still one of the site's.
    own = {"roles": {"tags": {"upstream": "a", "downstream": "b", "shared": "c"}}}
    renamed = notebook(code("u", "reduce"), code("b", "b"), workload=own)
    assert sources(guard(renamed, site)) == ["b"]


def test_compiled_where_tags_had_other_names() -> None:
    """The notebook says what its tags are called; no site file has to."""
    tags = {"upstream": "reduce", "downstream": "dashboard", "shared": "shared"}
    compiled = {"roles": {"tags": tags}, "dashboard": {}}
    given = notebook(code("d", "dashboard"), code("u", "reduce"), workload=compiled)
    assert sources(guard(given)) == ["d"]
    # It cannot lift what is upstream where it is shown.
    there = RoleTags(upstream="dashboard", downstream="page")
    assert sources(guard(given, there)) == []
    renamed = {"roles": {"tags": {**tags, "downstream": "upstream"}}}
    assert sources(guard(notebook(code("u", "upstream"), workload=renamed))) == []


SCRIPTS = [
    '# %% tags=["upstream"]\nx = 1\n# %%\nx',
    '# %% A title [markdown] tags=["mine", "Downstream"]\n# text',
    "  #%% tags=['shared']",
    '# %% {"tags": ["upstream"]}',
    '# + tags=["upstream"]\nx = 1\n# -',
    '# + {"tags": ["upstream"]}',
    '// %% tags=["upstream"]',
    '-- + tags=["upstream"]',
    '%% tags=["upstream"]',
    'text\n```python tags=["upstream"]\nx\n```',
    '```{r, tags=c("upstream")}',
    "#| tags: [upstream]",
    '# %% tags=["reduce"]',
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_whose_cells_have_roles_are_refused(script: str) -> None:
    given = notebook(code(script))
    for site in (RoleTags(upstream="reduce"), RoleTags("a", "reduce", "c")):
        verdict = judge(given, site)
        assert is_refusal(verdict.notebook)
        assert "jupytext" in (verdict.refusal or "")
    assert guard(given, mode="off") is given
    assert is_refusal(judge_blindly(given).notebook)


@pytest.mark.parametrize(
    "source",
    [
        '# %%\nprint("upstream")',
        '# %% tags=["parameters", "upstream-of-all"]',
        '# tags: ["upstream"]',
        'total = (\n    one\n    + tags["upstream"]\n)',
        "%%time\ntags = 'upstream'",
    ],
)
def test_other_scripts_are_somebody_elses(source: str) -> None:
    given = notebook(code(source))
    assert guard(given) is given
    # Of several cells, none is a script.
    several = notebook(code(SCRIPTS[0]), code("x"))
    assert guard(several) is several


def test_refuse_wants_a_fresh_check_without_errors() -> None:
    def given() -> Any:
        return notebook(code("u", "upstream"), code("d", "downstream"), workload={"roles": {}})

    fresh = checked(given())
    assert check_problem(fresh) is None
    assert sources(guard(fresh, mode="refuse")) == ["d"]
    stale = checked(given())
    stale.cells[1].source = "e"
    for refused, why in [
        (given(), "never checked"),
        (checked(given(), errors=2), "found 2 errors"),
        (checked(given(), errors=1, allowed="it is urgent"), "found 1 error."),
        (checked(given(), errors=True), "cannot be read"),
        (checked(given(), errors=-1), "cannot be read"),
        (checked(given(), errors=None), "cannot be read"),
        (checked(given(), version=2), "another version"),
        (checked(given(), hash=None), "changed after"),
        (stale, "changed after"),
        (notebook(code("d", "downstream"), workload=3), "never checked"),
        (notebook(code("d", "downstream"), workload={"check": 0}), "never checked"),
    ]:
        verdict = judge(refused, mode="refuse")
        assert is_refusal(verdict.notebook), why
        assert why in (verdict.refusal or "")
        assert (verdict.refusal or "") in verdict.notebook.cells[0].source
        assert dict(verdict.notebook.metadata) == {"kernelspec": KERNEL}
        # Without the mode, the check does not matter.
        assert not is_refusal(guard(refused))


def test_running_a_notebook_does_not_make_its_check_stale() -> None:
    given = checked(notebook(code("d", "downstream")))
    given.cells[0].outputs = [nbformat.v4.new_output("stream", text="1")]
    given.cells[0].execution_count = 4
    assert check_problem(given) is None


def test_a_kernel_that_voila_adds_does_not_make_the_check_stale() -> None:
    given = notebook(code("d", "downstream"))
    del given.metadata["kernelspec"]
    checked(given)
    given.metadata.kernelspec = nbformat.NotebookNode(KERNEL)
    assert check_problem(given) is None
    changed = checked(notebook(code("d", "downstream")))
    changed.metadata.kernelspec.name = "other"
    assert "kernel" in (check_problem(changed) or "")


class Broken(dict):
    """A notebook whose cells cannot be looked at."""

    def __getitem__(self, key: str) -> Any:
        if key == "cells":
            raise RuntimeError("private text")
        return super().__getitem__(key)


def _nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("mode", ["drop", "refuse"])
@pytest.mark.parametrize(
    "given",
    [
        Broken(metadata={"kernelspec": KERNEL}),
        {"metadata": {"kernelspec": KERNEL}},
        {"metadata": {"kernelspec": KERNEL}, "cells": 3},
        {"metadata": {"workload": {}}, "cells": [None]},
        {
            "metadata": {"workload": {"roles": _nested(100_000)}},
            "cells": [{"metadata": {"tags": _nested(100_000)}, "cell_type": "code"}],
        },
    ],
)
def test_what_cannot_be_judged_is_refused(given: dict[str, Any], mode: Any) -> None:
    verdict = judge(given, mode=mode)
    if given["metadata"].get("workload", {}).get("roles") and mode == "drop":
        assert verdict.notebook["cells"] == []
        return
    assert [cell["cell_type"] for cell in verdict.notebook.get("cells")] == ["markdown"]
    assert verdict.refusal is not None
    assert "private text" not in str(verdict.notebook)


def test_what_is_no_notebook_at_all_is_an_error() -> None:
    """Voilà answers with an error, and has run nothing."""
    with pytest.raises(KeyError):
        guard({"cells": 3})


def test_without_the_names_of_the_tags_all_that_have_some_are_refused() -> None:
    untagged = notebook(code("a"), text("b"))
    assert judge_blindly(untagged).notebook is untagged
    for given in (
        notebook(code("a", "whatever")),
        notebook(code("a"), workload={}),
        Broken(metadata={"kernelspec": KERNEL}),
    ):
        verdict = judge_blindly(given)
        assert "site file" in (verdict.refusal or "")
        assert all(cell["cell_type"] == "markdown" for cell in verdict.notebook.get("cells"))


def test_random_notebooks() -> None:
    """Nothing that may not run is left, all that may is, in its order; said once more, naively."""
    random.seed(6)
    pool = ["upstream", "downstream", "shared", "parameters", "injected-parameters", "mine"]
    for _ in range(300):
        cells = []
        for number in range(random.randrange(6)):
            tags = random.sample(pool, k=random.randrange(4))
            new = random.choice([code, code, text])
            cells.append(new(f"{number}", *tags))
        given = notebook(*cells)
        every = {tag for cell in cells for tag in cell.metadata.get("tags", [])}
        kept = []
        for cell in cells:
            tags = set(cell.metadata.get("tags", []))
            if cell.cell_type == "markdown":
                allowed = "upstream" not in tags
            else:
                is_shared = bool(tags & {"shared", *PAPERMILL_TAGS})
                is_downstream = "downstream" in tags
                allowed = is_shared != is_downstream and "upstream" not in tags
            if allowed:
                kept.append(cell.source)
        if not every & {"upstream", "downstream", "shared"}:
            assert guard(given) is given
        else:
            assert sources(guard(given)) == kept
