"""What ran in pages of Voilà that JupyterLab's preview asked for.

A preview names itself in the page's address (``?workload_preview=ID``). The guard's hook marks the
notebook and the cells of that page; whatever executes marked ones is listened to, by hooks of
nbclient. All other pages are left alone, and no fault of listening ends a page.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

from jupyter_core.utils import ensure_async

from .guard import Verdict
from .preview_run import CellRun, PreviewRun, error_of, mime_types
from .roles import tags_of

#: The parameter by which a preview names itself.
PARAMETER = "workload_preview"

#: What a preview may be called.
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

#: Runs of one user that are remembered; the one that began first is forgotten first.
REMEMBERED = 32

#: Users whose runs are remembered; those who began one longest ago are forgotten first.
USERS = 256

_MARK = "workload_preview"

#: Names that Jupyter makes up for whoever has nothing but the server's token or password.
_MADE_UP = re.compile(r"[0-9a-f]{32}")


def owner_of(handler: Any) -> str:
    """The user who asks for a page.

    All who have nothing but the server's token are one: Jupyter makes up a name for each browser,
    and another one for every request without cookies.
    """
    name = getattr(handler.current_user, "username", "")
    return "" if _MADE_UP.fullmatch(name) else name


class PreviewRuns:
    """The last runs of each user, by the name of their preview.

    A page that is loaded again begins anew.
    """

    def __init__(self, log: logging.Logger | logging.LoggerAdapter | None = None) -> None:
        self._log = log or logging.getLogger(__name__)
        self._users: OrderedDict[str, OrderedDict[str, PreviewRun]] = OrderedDict()
        #: By their marks: also runs that a newer one has replaced, while their page is made.
        self._marked: WeakValueDictionary[str, PreviewRun] = WeakValueDictionary()
        #: Kernels that are being ended: the event loop itself keeps tasks by weak references.
        self._tasks: set[asyncio.Task[None]] = set()

    def get(self, owner: str, name: str) -> PreviewRun | None:
        """The last run of a user's preview; ``None`` where that user has none of the name."""
        return self._users.get(owner, {}).get(name)

    def begin(self, handler: Any, verdict: Verdict) -> None:
        """Mark the cells of a page that a preview asks for; leave all other pages alone.

        ``handler`` is Voilà's request handler, ``None`` where it renders in advance. Raises what
        goes wrong with a preview's page; its run is refused then.
        """
        name = None if handler is None else handler.get_argument(PARAMETER, None)
        if name is None or ID.fullmatch(name) is None:
            return
        run = PreviewRun(verdict.refusal)
        self._remember(owner_of(handler), name, run)
        try:
            self._follow(handler, run, len(verdict.notebook["cells"]) > 0)
            _mark(verdict, run)
        except Exception as error:
            run.refusal = f"It could not be judged ({type(error).__name__})."
            raise

    def attach(self, executor: Any) -> None:
        """Listen to nbclient's ``NotebookClient`` where its notebook is of a preview."""
        try:
            self._attach(executor)
        except Exception as error:
            self._log.warning("Workload Explorer cannot tell what runs in a preview: %r", error)

    def _remember(self, owner: str, name: str, run: PreviewRun) -> None:
        runs = self._users.setdefault(owner, OrderedDict())
        self._users.move_to_end(owner)
        self._marked[run.key] = run
        runs.pop(name, None)
        runs[name] = run
        while len(runs) > REMEMBERED:
            runs.popitem(last=False)
        while len(self._users) > USERS:
            self._users.popitem(last=False)

    def _follow(self, handler: Any, run: PreviewRun, has_cells: bool) -> None:
        """End the run with its page, and its kernel where nobody waits for the page any more."""
        # Where cells run after the page was sent, the end of the page says nothing.
        is_later = handler.voila_configuration.progressive_rendering and has_cells
        told_finish, connection = handler.on_finish, handler.request.connection

        def on_finish() -> None:
            failed = handler.get_status() >= 400
            if failed or run.closed or not is_later:
                run.end(failed)
            if run.closed:
                run.end_kernel()
            told_finish()

        def on_connection_close() -> None:
            run.closed = True
            # Until the first cell, Voilà waits for the kernel, for ever where that is gone.
            if run.watched:
                run.end_kernel()
            handler.on_connection_close()

        run.end_kernel = lambda: self._end_kernel(handler.kernel_manager, run)
        handler.on_finish = on_finish
        # Tornado forgets it with the end of the page.
        connection.set_close_callback(on_connection_close)
        run.closed = connection.stream.closed()

    def _end_kernel(self, manager: Any, run: PreviewRun) -> None:
        kernel, run.kernel = run.kernel, None
        if kernel is None:
            return

        async def shut_down() -> None:
            try:
                await ensure_async(manager.shutdown_kernel(kernel, now=True))
            except Exception as error:
                # Most likely somebody else was first.
                self._log.debug("The kernel of a preview was not ended: %r", error)

        task = asyncio.ensure_future(shut_down())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _attach(self, executor: Any) -> None:
        mark = _mark_of(executor.nb)
        run = None if mark is None else self._marked.get(mark["run"])
        if run is None:
            return
        run.kernel = executor.km.kernel_id
        for name, ours in _hooks(run).items():
            theirs = getattr(executor, name)
            setattr(executor, name, self._both(ours, theirs))

        def lost() -> None:
            """The server has started a dead kernel again, and nbclient may not have noticed."""
            waiting = getattr(executor, "task_poll_for_reply", None)
            if not run.ended and waiting is not None:
                waiting.cancel()

        if hasattr(executor.km, "add_restart_callback"):
            executor.km.add_restart_callback(lost, "restart")

    def _both(self, ours: Callable[..., None], theirs: Callable[..., Any] | None) -> Any:
        """A hook that calls ours and theirs; theirs may return something to be awaited."""

        def both(**said: Any) -> Any:
            try:
                ours(**said)
            except Exception as error:
                self._log.warning("Workload Explorer cannot tell of a preview's cell: %r", error)
            return None if theirs is None else theirs(**said)

        return both


def _mark(verdict: Verdict, run: PreviewRun) -> None:
    """Mark what Voilà is given; what has no place for a mark is not told of."""
    notebook = verdict.notebook
    notebook["metadata"][_MARK] = {"run": run.key}
    if verdict.refusal is not None:
        return
    for place, cell in enumerate(notebook["cells"]):
        position = place if verdict.positions is None else verdict.positions[place]
        if isinstance(cell.get("metadata"), dict):
            cell["metadata"][_MARK] = {"run": run.key, "index": position}


def _mark_of(marked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The mark of a notebook or a cell; ``None`` where there is none, or something else."""
    metadata = marked.get("metadata")
    mark = metadata.get(_MARK) if isinstance(metadata, Mapping) else None
    return mark if isinstance(mark, Mapping) and isinstance(mark.get("run"), str) else None


def _hooks(run: PreviewRun) -> dict[str, Callable[..., None]]:
    """What nbclient calls for the cells of a run."""

    def place_of(cell: Mapping[str, Any]) -> int | None:
        mark = _mark_of(cell)
        return None if mark is None or mark["run"] != run.key else mark["index"]

    def of(cell: Mapping[str, Any]) -> CellRun | None:
        place = place_of(cell)
        return None if place is None else run.cells.get(place)

    def on_cell_start(cell: Mapping[str, Any], **_: Any) -> None:
        if not run.watched:
            _end_with_task(run)
        if run.closed:
            run.end_kernel()
        # Voilà goes on after a cell whose kernel died, and tells nobody.
        run.give_up()
        place = place_of(cell)
        if place is not None and cell["cell_type"] == "code" and cell["source"].strip():
            run.cells[place] = CellRun(
                cell.get("id"),
                place,
                started=int(time.time() * 1000),
                clock=time.monotonic(),
                may_fail="raises-exception" in tags_of(cell),
            )

    def on_cell_executed(cell: Mapping[str, Any], **_: Any) -> None:
        told = of(cell)
        if told is not None:
            told.stop()
            told.outputs = mime_types(cell)

    def on_cell_error(cell: Mapping[str, Any], execute_reply: Mapping[str, Any], **_: Any) -> None:
        told = of(cell)
        if told is not None:
            told.error = error_of(execute_reply["content"])

    return {
        "on_cell_start": on_cell_start,
        "on_cell_executed": on_cell_executed,
        "on_cell_error": on_cell_error,
    }


def _end_with_task(run: PreviewRun) -> None:
    """End the run with the task that executes its cells, however that comes about."""
    run.watched = True
    task = asyncio.current_task()
    if task is not None:
        task.add_done_callback(lambda _: run.end())


def watched_class(base: type, runs: PreviewRuns) -> type:
    """What executes notebooks, with ears for previews.

    It has the name of its base, by which sections of configuration files are found.
    """

    class VoilaExecutor(base):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            runs.attach(self)

    return VoilaExecutor
