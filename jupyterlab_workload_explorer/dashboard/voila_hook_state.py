"""Whether a Voilà that is started here is guarded: asked of Voilà's own configuration.

What stands in files does not tell: our lines may stand in somebody's own ``voila.py``, other files
may come later, and the site file may turn the guard off.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..site_file import SiteFile
from .guard import Mode
from .voila_guard import is_ours, mode_of

_DOES: dict[Mode, str] = {
    "drop": "what may not run of a notebook with roles is left out",
    "refuse": "only notebooks whose check is recorded and found no error are shown",
}


@dataclass(frozen=True)
class State:
    """Whether Voilà is guarded, and a text that says how, or why not."""

    guarded: bool
    text: str


def look() -> State:
    """Configure a Voilà as one that is started here is, and see what became of its hook.

    Runs configuration files. Changes this process (signals, Voilà's classes): for commands only.
    """
    with _without_start_folder():
        if find_spec("voila") is None:
            return State(False, "Voilà is not installed in this environment.")
        from voila.app import Voila

        app = Voila()
        try:
            app.initialize([])
        except Exception as error:
            return State(False, f"Voilà does not start here: {error}")
    configuration = app.voila_configuration
    hook = configuration.prelaunch_hook
    closed = getattr(hook, "workload_explorer_problem", None)
    if closed is not None:
        return State(False, f"A Voilà that is started here shows no notebook with tags. {closed}")
    if not is_ours(hook):
        return State(False, "A Voilà that is started here is not guarded.")
    if configuration.preheat_kernel:
        return State(False, "Voilà does not start here: it is set to preheat kernels.")
    said = SiteFile().read()
    if said.errors:
        return State(
            True,
            f"A Voilà that is started here is guarded. As long as the site file {said.path} is "
            f"wrong ({said.errors[0]}), it shows no notebook with tags.",
        )
    mode = mode_of(hook, said)
    if mode == "off":
        return State(
            False, f"The guard is there, but the site file {said.path} turns it off (voila.guard)."
        )
    return State(True, f"A Voilà that is started here is guarded ({mode}): {_DOES[mode]}.")


@contextmanager
def _without_start_folder() -> Iterator[None]:
    """Import as the command ``voila`` does.

    ``python -m`` looks for modules in the folder where it is started, and would take a ``voila.py``
    there for Voilà.
    """
    before, here = sys.path[:], Path.cwd()
    sys.path[:] = [path for path in before if path and Path(path).resolve() != here]
    try:
        yield
    finally:
        sys.path[:] = before
