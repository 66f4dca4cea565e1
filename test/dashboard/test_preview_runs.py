"""What is remembered of runs in previews: whose they are, how many, and what odd pages say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from jupyterlab_workload_explorer.dashboard.guard import Verdict
from jupyterlab_workload_explorer.dashboard.preview_run import TEXT_LIMIT
from jupyterlab_workload_explorer.dashboard.preview_runs import (
    REMEMBERED,
    USERS,
    PreviewRuns,
    owner_of,
)
from jupyterlab_workload_explorer.dashboard.voila_guard import make_hook
from jupyterlab_workload_explorer.site_file import SiteFile


def handler(name: str | None, user: str = "ada") -> Any:
    return SimpleNamespace(
        current_user=SimpleNamespace(username=user),
        get_argument=lambda *_: name,
        get_status=lambda: 200,
        kernel_manager=None,
        on_finish=lambda: None,
        request=SimpleNamespace(
            connection=SimpleNamespace(
                set_close_callback=lambda _: None, stream=SimpleNamespace(closed=lambda: False)
            )
        ),
        voila_configuration=SimpleNamespace(progressive_rendering=False),
    )


def page(cells: int = 1) -> Any:
    return {
        "cells": [{"cell_type": "code", "source": "1", "metadata": {}} for _ in range(cells)],
        "metadata": {},
    }


def test_a_bounded_number_of_runs_is_remembered_of_each_user() -> None:
    runs = PreviewRuns()
    runs.begin(handler("p0", "bob"), Verdict(page()))
    for number in range(REMEMBERED + 1):
        runs.begin(handler(f"p{number}"), Verdict(page()))
    assert runs.get("ada", "p0") is None
    assert runs.get("ada", "p1") is not None
    assert runs.get("ada", f"p{REMEMBERED}") is not None
    assert runs.get("bob", "p0") is not None
    for number in range(USERS - 1):
        runs.begin(handler("p", f"u{number}"), Verdict(page()))
    assert runs.get("bob", "p0") is None
    assert runs.get("ada", "p1") is not None


def test_all_who_have_nothing_but_the_token_are_one() -> None:
    runs = PreviewRuns()
    runs.begin(handler("p", "0123456789abcdef" * 2), Verdict(page()))
    assert runs.get("", "p") is not None
    assert owner_of(handler("p", "fedcba9876543210" * 2)) == ""
    assert owner_of(handler("p", "ada")) == "ada"
    assert owner_of(SimpleNamespace(current_user=None)) == ""


def test_a_page_in_advance_has_no_name() -> None:
    shown = page()
    PreviewRuns().begin(None, Verdict(shown))
    assert shown == page()


class Executor:
    """What nbclient's client is, as far as it matters here."""

    def __init__(self, notebook: Any, theirs: Any = None) -> None:
        self.nb = notebook
        self.km = SimpleNamespace(kernel_id="k")
        self.on_cell_start = self.on_cell_executed = self.on_cell_error = theirs


def begun(name: str = "p", cells: int = 1) -> tuple[PreviewRuns, Any, Any]:
    """Runs with one run, the run, and its page."""
    runs, shown = PreviewRuns(), page(cells)
    runs.begin(handler(name), Verdict(shown))
    return runs, runs.get("ada", name), shown


async def test_cells_of_an_older_page_say_nothing_of_a_newer_one() -> None:
    runs, older, old = begun()
    new = page()
    runs.begin(handler("p"), Verdict(new))
    newer: Any = runs.get("ada", "p")
    for notebook in (old, page(), new):
        executor = Executor(notebook)
        runs.attach(executor)
        if executor.on_cell_start is not None:
            executor.on_cell_start(cell=notebook["cells"][0], cell_index=0)
            # A cell that came into the page from elsewhere.
            executor.on_cell_start(cell=page()["cells"][0], cell_index=1)
        assert list(newer.cells) == ([0] if notebook is new else [])
    # The kernel of the older page can still be ended with its connection.
    assert (older.kernel, newer.kernel) == ("k", "k")


@pytest.mark.parametrize(
    "mark",
    [
        "p",
        3,
        None,
        [],
        {},
        {"run": []},
        {"run": {}},
        {"run": None, "index": 0},
        {"name": "p", "run": 1, "index": 0},
    ],
)
async def test_odd_marks_are_nobodys(mark: Any, caplog: pytest.LogCaptureFixture) -> None:
    runs, run, shown = begun()
    # Somebody else's page.
    odd = page(2)
    odd["metadata"]["workload_preview"] = odd["cells"][0]["metadata"]["workload_preview"] = mark
    del odd["cells"][1]["metadata"]
    executor = Executor(odd)
    runs.attach(executor)
    assert executor.on_cell_start is None
    # The same cells within a page of ours.
    executor = Executor({**shown, "cells": odd["cells"]})
    runs.attach(executor)
    for place, cell in enumerate(odd["cells"]):
        executor.on_cell_start(cell=cell, cell_index=place)
        executor.on_cell_error(cell=cell, cell_index=place, execute_reply={})
        executor.on_cell_executed(cell=cell, cell_index=place)
    assert run.cells == {}
    assert caplog.messages == []


@pytest.mark.parametrize("notebook", [None, 3, {}, {"metadata": None}, {"cells": [{}]}])
def test_what_is_no_notebook_is_nobodys_and_ends_no_page(notebook: Any) -> None:
    begun()[0].attach(Executor(notebook))


async def test_a_fault_of_ours_ends_no_page(caplog: pytest.LogCaptureFixture) -> None:
    runs, _, shown = begun()
    executor = Executor(shown)
    del executor.km
    runs.attach(executor)
    assert "cannot tell what runs in a preview" in caplog.messages[-1]
    told: list[Any] = []
    executor = Executor(shown, lambda **said: told.append(said))
    runs.attach(executor)
    [cell] = shown["cells"]
    executor.on_cell_start(cell=cell)
    # Neither outputs nor a reply.
    executor.on_cell_executed(cell=cell)
    executor.on_cell_error(cell=cell, execute_reply={})
    assert len(told) == 3
    assert "cannot tell of a preview's cell" in caplog.messages[-1]


def test_cells_without_metadata_are_shown() -> None:
    runs = PreviewRuns()
    shown = page(2)
    del shown["cells"][0]["metadata"]
    runs.begin(handler("p"), Verdict(shown))
    assert "metadata" not in shown["cells"][0]
    assert shown["cells"][1]["metadata"]["workload_preview"]["index"] == 1


def test_a_run_that_cannot_begin_is_refused(change_site: Any) -> None:
    runs = PreviewRuns()
    broken = handler("p")
    del broken.on_finish
    shown = make_hook(SiteFile(), runs=runs)(broken, notebook=page(), cwd="")
    assert "could not be judged (AttributeError)" in shown["cells"][0]["source"]
    run: Any = runs.get("ada", "p")
    assert (run.state, run.refusal) == ("refused", "It could not be judged (AttributeError).")


async def test_hooks_of_others_are_called_too() -> None:
    runs, run, shown = begun()
    told: list[Any] = []

    async def theirs(**said: Any) -> None:
        told.append(said)

    executor = Executor(shown, theirs)
    runs.attach(executor)
    await executor.on_cell_start(cell=shown["cells"][0], cell_index=0)
    assert told == [{"cell": shown["cells"][0], "cell_index": 0}]
    assert list(run.cells) == [0]


async def test_a_long_traceback_is_cut_at_its_beginning() -> None:
    runs, run, shown = begun()
    executor = Executor(shown)
    runs.attach(executor)
    cell = shown["cells"][0]
    executor.on_cell_start(cell=cell, cell_index=0)
    frames = ["first" * TEXT_LIMIT, *["\x1b[31mframe\x1b[0m"] * 3]
    reply = {"content": {"ename": "E", "evalue": "v" * (TEXT_LIMIT + 1), "traceback": frames}}
    executor.on_cell_error(cell=cell, cell_index=0, execute_reply=reply)
    told = run.cells[0].error or {}
    assert told["traceback"][-3:] == ["frame"] * 3
    assert sum(map(len, told["traceback"])) == TEXT_LIMIT
    assert len(told["value"]) == TEXT_LIMIT
