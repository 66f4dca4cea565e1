"""What Voilà is given of a notebook: nothing that may not run on a dashboard.

A notebook is ours when its metadata have ``workload`` or a cell has a role's tag. Of ours, only
cells that may stand on a dashboard are left, and a script whose cells have such tags is refused,
because Voilà takes it for one cell. Anything else is somebody else's dashboard, which this
server may serve as well, and is left as it is, to the byte.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from .content_hash import content_hash
from .roles import DEFAULT_TAGS, RoleTags, has_tags, may_stand, notebook_tags, uses_roles
from .scripts import has_script_roles, has_script_tags

#: ``drop`` leaves out what may not run. ``refuse`` shows only notebooks whose recorded check found
#: no error and is not stale, and drops from those all the same. ``off`` does nothing.
Mode = Literal["drop", "refuse", "off"]

#: From the weakest to the strictest.
MODES: tuple[Mode, ...] = ("off", "drop", "refuse")

#: Version of ``metadata.workload.check`` that is understood.
CHECK_VERSION = 1

NotebookT = TypeVar("NotebookT", bound=dict[str, Any])

_CHECK = (
    "Compile it in JupyterLab or by “workload-explorer compile”, which checks it and records that, "
    "and show the compiled notebook."
)

_SCRIPT = (
    "It is a script whose cells have roles, and Voilà runs a script in one piece, whatever its "
    "tags say. Make a notebook of it (jupytext --to ipynb), compile that, and show the compiled "
    "notebook."
)


@dataclass(frozen=True)
class Verdict:
    """What may be shown of a notebook.

    ``positions`` has, for each cell that is left, its place in the notebook that was judged; it is
    ``None`` where nothing was left out. With ``refusal``, a sentence, another notebook stands in
    its place, which says it.
    """

    notebook: Any
    positions: tuple[int, ...] | None = None
    refusal: str | None = None


def guard(notebook: NotebookT, tags: RoleTags = DEFAULT_TAGS, mode: Mode = "drop") -> NotebookT:
    """The notebook that Voilà may render: a new one, or the same where it is not ours.

    ``tags`` are the site's; the notebook's own metadata may change them. Nothing is changed in
    place. Never fails with what it was given: what cannot be judged is refused.
    """
    return judge(notebook, tags, mode).notebook


def judge(notebook: NotebookT, tags: RoleTags = DEFAULT_TAGS, mode: Mode = "drop") -> Verdict:
    """As ``guard``, with what was decided."""
    if mode == "off":
        return Verdict(notebook)
    try:
        return _judge(notebook, tags, mode)
    except Exception as error:
        return refuse(
            notebook,
            f"It could not be judged ({type(error).__name__}). Look whether the notebook's file is "
            "whole: open it in JupyterLab, save it, and try again.",
        )


def _judge(notebook: NotebookT, site: RoleTags, mode: Mode) -> Verdict:
    tags = notebook_tags(notebook, site)
    cells = notebook["cells"]
    # A notebook may give other names; it cannot get out of those of the site.
    if not (uses_roles(notebook, tags) or uses_roles(notebook, site)):
        if has_script_roles(notebook, site):
            return refuse(notebook, _SCRIPT)
        return Verdict(notebook)
    problem = check_problem(notebook) if mode == "refuse" else None
    if problem is not None:
        return refuse(notebook, problem)
    positions = tuple(index for index, cell in enumerate(cells) if may_stand(cell, tags, site))
    shown = copy.copy(notebook)
    shown["cells"] = [cells[index] for index in positions]
    # States of widgets are outputs, also of cells that are gone.
    shown["metadata"] = copy.copy(notebook["metadata"])
    shown["metadata"].pop("widgets", None)
    return Verdict(shown, positions)


def judge_blindly(notebook: NotebookT) -> Verdict:
    """A verdict where nobody knows what the roles' tags are called.

    Without tags a notebook cannot be one whose tags have other names; all others are refused.
    """
    try:
        if not has_tags(notebook) and not has_script_tags(notebook):
            return Verdict(notebook)
    except Exception:
        pass  # What cannot be looked at is refused, too.
    return refuse(
        notebook,
        "The site file of Workload Explorer is wrong or cannot be read, so nobody knows what its "
        "cells' tags mean. Ask whoever keeps the site file; the server's log says what is wrong.",
    )


def check_problem(notebook: Mapping[str, Any]) -> str | None:
    """Why a notebook's recorded check does not do, with what to do; ``None`` where it does."""
    workload = notebook["metadata"].get("workload")
    check = workload.get("check") if isinstance(workload, Mapping) else None
    if not isinstance(check, Mapping):
        return f"Its roles were never checked, or nobody recorded it. {_CHECK}"
    if check.get("version") != CHECK_VERSION:
        return f"Its check was recorded by another version of Workload Explorer. {_CHECK}"
    errors = check.get("errors")
    if isinstance(errors, bool) or not isinstance(errors, int) or errors < 0:
        return f"What was recorded of its check cannot be read. {_CHECK}"
    if errors > 0:
        found = "1 error" if errors == 1 else f"{errors} errors"
        return f"The check of its roles found {found}. {_CHECK}"
    if check.get("hash") not in _hashes(notebook):
        return (
            "It was changed after its roles were checked, or the kernel that it names is not "
            f"installed here. {_CHECK}"
        )
    return None


def _hashes(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """The notebook's hash, and that without its kernel.

    Voilà names a kernel where the file names none before anybody sees the notebook.
    """
    metadata = {key: value for key, value in notebook["metadata"].items() if key != "kernelspec"}
    return content_hash(notebook), content_hash({**notebook, "metadata": metadata})


def refuse(notebook: NotebookT, reason: str) -> Verdict:
    """A notebook without any code that says why another one is not shown.

    Of that one only the kernel is kept, which Voilà starts whatever it shows. Raises where not even
    that can be read; Voilà then answers with an error.
    """
    metadata = {
        key: notebook["metadata"][key]
        for key in ("kernelspec", "language_info")
        if key in notebook["metadata"]
    }
    # The notebook's own class: Voilà reads members as attributes.
    kind = type(notebook)
    cell = kind(
        {
            "id": "workload-refusal",
            "cell_type": "markdown",
            "metadata": kind(),
            "source": f"## This dashboard is not shown\n\n{reason}\n\nNothing of it has run.",
        }
    )
    refused = kind({"nbformat": 4, "nbformat_minor": 5, "metadata": kind(metadata)})
    refused["cells"] = [cell]
    return Verdict(refused, (), reason)
