"""The guard inside a Jupyter server with the real Voilà, and whoever else sets a hook."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from traitlets import Callable as CallableTrait
from traitlets.config import Config, Configurable

from jupyterlab_workload_explorer.dashboard import voila_guard
from jupyterlab_workload_explorer.dashboard.voila_guard import (
    VoilaGuard,
    guarded_class,
    is_ours,
    make_hook,
    protect,
)
from jupyterlab_workload_explorer.site_file import SiteFile

from .conftest import Fetch
from .voila_server import code, says, texts, write

# --- the hook by itself -----------------------------------------------------------------------


def plain(*tags: str, **metadata: Any) -> dict[str, Any]:
    cells = [{"cell_type": "code", "source": tag, "metadata": {"tags": [tag]}} for tag in tags]
    return {"cells": cells, "metadata": metadata}


def kept(notebook: dict[str, Any]) -> list[str]:
    return [cell["source"] for cell in notebook["cells"]]


def test_theirs_first_then_ours_on_what_they_return(change_site: Any) -> None:
    seen: list[Any] = []

    def theirs(handler: Any, notebook: Any, cwd: Any) -> Any:
        seen.append((handler, kept(notebook), cwd))
        return plain("upstream", "shared")

    hook = make_hook(SiteFile(), theirs)
    assert kept(hook("handler", notebook=plain("upstream", "downstream"), cwd="a")) == ["shared"]
    assert seen == [("handler", ["upstream", "downstream"], "a")]


def test_theirs_that_returns_nothing_changed_the_notebook_in_place(change_site: Any) -> None:
    def theirs(handler: Any, notebook: Any, cwd: Any) -> None:
        notebook["cells"].extend(plain("upstream", "shared")["cells"])

    hook = make_hook(SiteFile(), theirs)
    assert kept(hook(None, notebook=plain("downstream"), cwd="")) == ["downstream", "shared"]


def test_theirs_that_forbids_goes_through(change_site: Any) -> None:
    def theirs(handler: Any, notebook: Any, cwd: Any) -> None:
        raise PermissionError("no")

    with pytest.raises(PermissionError, match="no"):
        make_hook(SiteFile(), theirs)(None, notebook=plain(), cwd="")


def test_what_is_no_notebook_is_never_rendered(change_site: Any) -> None:
    """Such as the coroutine of a hook that would have to be awaited."""
    hook = make_hook(SiteFile(), lambda *_, **__: object())
    with pytest.raises(TypeError):
        hook(None, notebook=plain("upstream"), cwd="")


def test_ours_within_ours_is_called_once(change_site: Any) -> None:
    calls: list[int] = []

    def theirs(handler: Any, notebook: Any, cwd: Any) -> None:
        calls.append(1)

    once = make_hook(SiteFile(), theirs, "refuse")
    hook = make_hook(SiteFile(), make_hook(SiteFile(), once), "drop")
    shown = hook(None, notebook=plain("upstream", "downstream"), cwd="")
    assert calls == [1]
    # What the inner one asked for holds.
    assert "never checked" in shown["cells"][0]["source"]


def test_the_site_is_read_when_a_page_is_asked_for(change_site: Any) -> None:
    hook = make_hook(SiteFile())

    def shown() -> list[str]:
        return kept(hook(None, notebook=plain("upstream", "downstream", "reduce"), cwd=""))

    assert shown() == ["downstream"]
    change_site({"roles": {"tags": {"downstream": "reduce"}}})
    assert shown() == ["reduce"]
    change_site({"voila": {"guard": "off"}})
    assert shown() == ["upstream", "downstream", "reduce"]
    change_site({"voila": {"guard": "refuse"}})
    assert "never checked" in shown()[0]
    change_site({"voila": {"guard": "of"}})
    assert "site file" in shown()[0]
    # The least that was asked for holds whatever the site says.
    change_site({"voila": {"guard": "off"}})
    assert kept(make_hook(SiteFile(), least="drop")(None, notebook=plain("upstream"), cwd="")) == []


def test_a_fault_of_ours_refuses(change_site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Any) -> Any:
        raise RuntimeError("private")

    hook = make_hook(SiteFile())
    monkeypatch.setattr(SiteFile, "read", fail)
    shown = hook(None, notebook=plain("upstream"), cwd="")
    assert [cell["cell_type"] for cell in shown["cells"]] == ["markdown"]
    assert "private" not in str(shown)


class VoilaConfiguration(Configurable):
    """As Voilà's, as far as it matters here."""

    prelaunch_hook = CallableTrait(default_value=None, allow_none=True, config=True)


def test_whatever_is_set_is_wrapped(change_site: Any) -> None:
    def theirs(handler: Any, notebook: Any, cwd: Any) -> Any:
        return plain("upstream", "shared")

    def wrap(hook: Any) -> Any:
        return make_hook(SiteFile(), hook)

    made = guarded_class(VoilaConfiguration, wrap)
    file = Config({"VoilaConfiguration": {"prelaunch_hook": theirs}})
    by_nobody, at_once, later = made(), made(config=file), made()
    later.update_config(file)
    for configuration in (by_nobody, at_once, later):
        assert is_ours(configuration.prelaunch_hook)
    by_nobody.prelaunch_hook = None
    assert kept(by_nobody.prelaunch_hook(None, notebook=plain("upstream"), cwd="")) == []
    for configuration in (at_once, later):
        shown = configuration.prelaunch_hook(None, notebook=plain("downstream"), cwd="")
        assert kept(shown) == ["shared"]


def test_standalone(change_site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    app = SimpleNamespace(VoilaConfiguration=VoilaConfiguration)
    monkeypatch.setitem(sys.modules, "voila.app", app)
    config = Config()
    protect(config, "refuse")
    # Another file comes later, and replaces what ours has set.
    config.merge(Config({"VoilaConfiguration": {"prelaunch_hook": lambda *_, **__: None}}))
    hook = app.VoilaConfiguration(config=config).prelaunch_hook
    assert "never checked" in kept(hook(None, notebook=plain("upstream"), cwd=""))[0]


def test_standalone_where_nothing_can_be_replaced(
    change_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "voila.app", SimpleNamespace())
    config = Config()
    with pytest.raises(RuntimeError, match="install voila>="):
        protect(config)
    assert config == {}


async def test_in_a_server_the_class_is_another_ones_matter(
    jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "voila.app", raising=False)
    config = Config()
    protect(config, "refuse")
    assert is_ours(config.VoilaConfiguration.prelaunch_hook)


def test_nothing_of_voila_is_imported_and_nothing_fails_without_it(
    change_site: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(voila_guard, "find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "voila.server_extension", raising=False)
    guard = VoilaGuard(SiteFile(), logging.getLogger())
    guard.link()
    guard.watch(SimpleNamespace(default_router=SimpleNamespace(rules=[])))
    guard.secure()
    assert caplog.messages == []
    status = guard.status()
    assert (status["installed"], status["guarded"]) == (False, False)
    assert "pip install" in status["why"]


def test_a_voila_that_takes_no_hook_is_told(
    change_site: Any, caplog: pytest.LogCaptureFixture
) -> None:
    class Other:
        __slots__ = ()

    target = SimpleNamespace(
        target=None, target_kwargs={"voila_configuration": Other()}, matcher=None
    )
    guard = VoilaGuard(SiteFile(), logging.getLogger())
    guard.watch(SimpleNamespace(default_router=SimpleNamespace(rules=[target])))
    guard.secure()
    assert "takes no hook" in guard.status()["why"]
    assert any("is not guarded" in message for message in caplog.messages)


# --- in a Jupyter server ----------------------------------------------------------------------


async def info(fetch: Fetch) -> Any:
    return json.loads((await fetch("workload-explorer/info")).body)["voila"]


async def test_the_server_says_that_it_guards(fetch: Fetch, change_site: Any) -> None:
    assert await info(fetch) == {
        "installed": True,
        "guarded": True,
        "mode": "drop",
        "why": None,
        "template": "workload-explorer",
    }
    change_site({"voila": {"guard": "refuse"}})
    assert (await info(fetch))["mode"] == "refuse"
    change_site({"voila": {"guard": "off"}})
    said = await info(fetch)
    assert (said["guarded"], said["mode"]) == (False, "off")
    assert "voila.guard" in said["why"]


async def test_no_upstream_cell_runs(fetch: Fetch, jp_root_dir: Path, tmp_path: Path) -> None:
    marker, ran = tmp_path / "marker", tmp_path / "ran"
    write(
        jp_root_dir / "a.ipynb",
        code(says("text-up", marker), "upstream"),
        code(says("text-down", ran), "downstream"),
    )
    page = await fetch("voila/render/a.ipynb")
    assert page.code == 200
    assert texts(page.body) == ["text-down"]
    assert ran.exists()
    assert not marker.exists()


async def test_somebody_elses_dashboard(fetch: Fetch, jp_root_dir: Path, tmp_path: Path) -> None:
    write(jp_root_dir / "a.ipynb", code(says("text-theirs", tmp_path / "m"), "hide_input"))
    assert texts((await fetch("voila/render/a.ipynb")).body) == ["text-theirs"]


async def test_a_refused_notebook_says_why(
    fetch: Fetch, jp_root_dir: Path, tmp_path: Path, change_site: Any
) -> None:
    change_site({"voila": {"guard": "refuse"}})
    marker = tmp_path / "marker"
    write(jp_root_dir / "a.ipynb", code(says("text-down", marker), "downstream"))
    page = (await fetch("voila/render/a.ipynb")).body.decode()
    assert "This dashboard is not shown" in page
    assert "never checked" in page
    assert texts(page) == []
    assert not marker.exists()


async def test_a_hook_that_is_set_later_is_wrapped(fetch: Fetch, jp_serverapp: Any) -> None:
    configurations = list(voila_guard._configurations(jp_serverapp.web_app))
    assert len(configurations) == 1
    configurations[0].prelaunch_hook = lambda *_, **__: None
    assert (await info(fetch))["guarded"]


class TestScripts:
    """Voilà shows a script as a notebook of one cell."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        mapping = {"VoilaConfiguration": {"extension_language_mapping": {".py": "python"}}}
        jp_server_config.merge(Config(mapping))
        return jp_server_config

    async def test_one_whose_cells_have_roles_is_refused(
        self, fetch: Fetch, jp_root_dir: Path, tmp_path: Path
    ) -> None:
        marker, ran = tmp_path / "marker", tmp_path / "ran"
        tagged = f'# %% tags=["upstream"]\n{says("text-up", marker)}\n# %%\n'
        (jp_root_dir / "a.py").write_text(tagged)
        (jp_root_dir / "b.py").write_text(f"# %%\n{says('text-b', ran)}\n")
        page = await fetch("voila/render/a.py")
        assert "It is a script whose cells have roles" in page.body.decode()
        assert not marker.exists()
        assert texts((await fetch("voila/render/b.py")).body) == ["text-b"]
        assert ran.exists()
