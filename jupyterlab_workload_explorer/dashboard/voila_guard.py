"""Holds Voilà to the guard, by the hook that it calls before it runs a notebook.

Voilà's ``VoilaConfiguration.prelaunch_hook`` may be set by a server's configuration, and by a
``voila.py`` that Voilà reads later, which replaces what was there. So the class that Voilà makes
its configuration of is replaced by one that wraps whatever hook is set, whenever it is set: theirs
is called first, ours on what it returns.

Inside a Jupyter server that is done while extensions are linked: Voilà is imported by then where
the server loads it, and has not loaded. It is never imported from here. Preheating, which excludes
hooks, is a matter of standalone Voilà; inside a Jupyter server it does nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from traitlets import Callable as CallableTrait

from ..site_file import Site, SiteFile
from .guard import MODES, Mode, Verdict, judge, judge_blindly, refuse
from .live_page.voila_template import TEMPLATE, is_installed
from .preview_runs import PreviewRuns, watched_class
from .roles import read_role_tags
from .voila_extensions import AllowList, DenyList, allowed, denied

#: As Voilà calls it: ``hook(handler, notebook=…, cwd=…)``.
Hook = Callable[..., Any]

#: Where Voilà makes its configuration: in a Jupyter server, and by itself.
_SERVER_MODULE = "voila.server_extension"
_APP_MODULE = "voila.app"

#: Where Voilà executes cells: while it renders a page, and after it was sent.
_EXECUTING_MODULES = ("voila.notebook_renderer", "voila.tornado.execution_request_handler")

_OURS = "workload_explorer_hook"


def make_hook(
    site: SiteFile, theirs: Hook | None = None, least: Mode = "off", runs: PreviewRuns | None = None
) -> Hook:
    """A prelaunch hook that returns what Voilà may render.

    ``theirs`` is called first, and its exceptions, by which hooks forbid a page, go through. The
    mode is the site file's when the page is asked for, or ``least`` where that is stricter. A hook
    that is one of ours is not called within another one, but what it asks for holds.
    """
    if is_ours(theirs):
        theirs, asked = getattr(theirs, _OURS)
        least = _stricter(least, asked)

    # A function and no object: configuration is copied deeply.
    def hook(handler: Any, notebook: Any, cwd: Any) -> Any:
        if theirs is not None:
            notebook = theirs(handler, notebook=notebook, cwd=cwd) or notebook
        verdict = _decide(site, notebook, least)
        if runs is not None:
            try:
                runs.begin(handler, verdict)
            except Exception as error:
                verdict = _unjudged(notebook, error)
        return verdict.notebook

    setattr(hook, _OURS, (theirs, least))
    return hook


def _decide(site: SiteFile, notebook: Any, least: Mode) -> Verdict:
    try:
        said = site.read()
        if said.errors:
            return judge_blindly(notebook)
        return judge(notebook, read_role_tags(said.roles), _stricter(least, said.voila_guard))
    except Exception as error:
        return _unjudged(notebook, error)


def _unjudged(notebook: Any, error: Exception) -> Verdict:
    """Raises itself where nothing can be read: Voilà then answers with an error."""
    return refuse(notebook, f"It could not be judged ({type(error).__name__}).")


def is_ours(hook: Any) -> bool:
    """Whether a hook was made by ``make_hook``."""
    return hasattr(hook, _OURS)


def mode_of(hook: Any, said: Site) -> Mode:
    """What one of our hooks does, by what the site file says; ``off`` for any other hook."""
    return _stricter(getattr(hook, _OURS)[1], said.voila_guard) if is_ours(hook) else "off"


def _stricter(least: Mode, mode: Mode) -> Mode:
    return max(least, mode, key=MODES.index)


def guarded_class(base: type, wrap: Callable[[Hook | None], Hook]) -> type:
    """Voilà's configuration, whose hook is wrapped whenever it is read.

    Its pages do not load our labextension. It has the name of its base, by which sections of
    configuration files are found.
    """

    # A validator would not do: traitlets asks none about None, which means no hook.
    class GuardedHook(CallableTrait):
        def get(self, obj: Any, cls: Any = None) -> Hook:
            return wrap(super().get(obj, cls))

    class VoilaConfiguration(base):  # type: ignore[misc, valid-type]
        prelaunch_hook = GuardedHook(default_value=None, allow_none=True, config=True)
        extension_denylist = DenyList(allow_none=True, config=True)
        extension_allowlist = AllowList(allow_none=True, config=True)

    return VoilaConfiguration


def protect(config: Any, mode: Mode | None = None) -> None:
    """Guard a standalone Voilà; a ``voila.py`` on its configuration path calls this.

    ``mode`` is the least that holds whatever the site file says; without it the site file decides.
    Raises RuntimeError where another ``voila.py`` could undo it. Inside a Jupyter server, which
    reads the file as well, guarding is a matter of ``VoilaGuard``.
    """
    site = SiteFile()

    def wrap(theirs: Hook | None) -> Hook:
        return make_hook(site, theirs, mode or "off")

    is_replaced = _replace_class(
        _APP_MODULE, "VoilaConfiguration", lambda base: guarded_class(base, wrap)
    )
    if not is_replaced and not _is_in_jupyter_server():
        raise RuntimeError(
            "this version of Voilà makes its configuration elsewhere; install voila>=0.5.6,<0.6"
        )
    section = config.VoilaConfiguration
    section.prelaunch_hook = wrap(section.get("prelaunch_hook"))


class VoilaGuard:
    """The guard of the Voilà in a Jupyter server."""

    def __init__(self, site: SiteFile, log: logging.Logger | logging.LoggerAdapter) -> None:
        self.runs = PreviewRuns(log)
        self._site = site
        self._log = log
        self._web_app: Any = None

    def link(self) -> None:
        """Prepare, before Voilà loads."""
        try:
            _replace_class(
                _SERVER_MODULE, "VoilaConfiguration", lambda base: guarded_class(base, self._wrap)
            )
            for module in _EXECUTING_MODULES:
                _replace_class(module, "VoilaExecutor", lambda base: watched_class(base, self.runs))
        except Exception as error:
            # The server starts all the same; `secure` looks at what became of it.
            self._log.warning("Workload Explorer cannot prepare Voilà: %r", error)

    def watch(self, web_app: Any) -> None:
        """Take the application whose handlers are looked at."""
        self._web_app = web_app

    def secure(self) -> None:
        """Set the hook where Voilà has loaded without it, and say so where that cannot be.

        Our labextension is kept off its pages, too.
        """
        for configuration in self._configurations():
            try:
                if not is_ours(configuration.prelaunch_hook):
                    configuration.prelaunch_hook = self._wrap(configuration.prelaunch_hook)
                configuration.extension_denylist = denied(configuration.extension_denylist)
                configuration.extension_allowlist = allowed(configuration.extension_allowlist)
            except Exception as error:
                self._log.warning("Workload Explorer cannot configure Voilà: %r", error)
        status = self.status()
        if status["installed"] and not status["guarded"]:
            self._log.warning("Voilà is not guarded by Workload Explorer. %s", status["why"])

    def status(self) -> dict[str, Any]:
        """What ``GET workload-explorer/info`` says under ``voila``."""
        mode = self._site.read().voila_guard
        why = self._why_not(mode)
        return {
            "installed": find_spec("voila") is not None,
            "guarded": why is None,
            "mode": mode,
            "why": why,
            # What published pages are made by, so that previews are as well.
            "template": TEMPLATE if is_installed() else None,
        }

    def _wrap(self, theirs: Hook | None) -> Hook:
        return make_hook(self._site, theirs, runs=self.runs)

    def _configurations(self) -> list[Any]:
        return [] if self._web_app is None else list(_configurations(self._web_app))

    def _why_not(self, mode: Mode) -> str | None:
        """Why upstream cells can run in this server's Voilà; ``None`` where they cannot."""
        if find_spec("voila") is None:
            return (
                "Voilà is not installed. Install it where JupyterLab runs: "
                'pip install "jupyterlab-workload-explorer[dashboard]"'
            )
        if mode == "off":
            return "The site file turns it off (voila.guard)."
        configurations = self._configurations()
        if not configurations:
            return (
                "This server does not load Voilà's extension, or one of another make. See "
                "“jupyter server extension list”."
            )
        if not all(is_ours(getattr(each, "prelaunch_hook", None)) for each in configurations):
            return (
                "This version of Voilà takes no hook that Workload Explorer knows. Install "
                "voila>=0.5.6,<0.6, and preview compiled notebooks only until then."
            )
        return None


def _replace_class(module: str, name: str, make: Callable[[type], type]) -> bool:
    """Put another class where a module of Voilà, if it is imported, has one; whether it has."""
    names = vars(sys.modules[module]) if module in sys.modules else {}
    if name in names:
        names[name] = make(names[name])
    return name in names


def _is_in_jupyter_server() -> bool:
    """Whether a Jupyter server runs in this process. Voilà imports its module in any case."""
    server = getattr(sys.modules.get("jupyter_server.serverapp"), "ServerApp", None)
    # Of other applications, the class has their instance.
    return server is not None and isinstance(getattr(server, "_instance", None), server)


def _configurations(web_app: Any) -> Iterator[Any]:
    """The configurations that Voilà's handlers in a server were given, each once."""
    seen: set[int] = set()
    routers = [web_app.default_router]
    while routers:
        for rule in routers.pop().rules:
            if hasattr(rule.target, "rules"):
                routers.append(rule.target)
            configuration = (rule.target_kwargs or {}).get("voila_configuration")
            if configuration is not None and id(configuration) not in seen:
                seen.add(id(configuration))
                yield configuration
