"""The compiled notebook that is published, and whether it may be."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ...site_file import SiteFile
from ..content_hash import content_hash
from ..guard import check_problem
from ..live_page.voila_template import TEMPLATE
from ..roles import DEFAULT_TAGS, read_role_tags
from ..verify.notebook import read_notebook
from ..verify.problem import VerifyProblem
from .paths import whole_path
from .problem import Finding, Stopped

#: What compiling keeps of cells' metadata (``src/dashboard/compile.ts``).
_CELL_METADATA = {
    "collapsed",
    "deletable",
    "editable",
    "extensions",
    "format",
    "jupyter",
    "name",
    "raw_mimetype",
    "scrolled",
    "slideshow",
    "tags",
}


@dataclass(frozen=True)
class Source:
    """A compiled notebook: its JSON without outputs, and the hash of what it says.

    ``errors`` is the number of those that it was compiled in spite of.
    """

    content: dict[str, Any]
    hash: str
    kernel: str
    errors: int

    @property
    def title(self) -> str:
        """What its pages are called."""
        named = self.content["metadata"].get("title")
        if isinstance(named, str) and named:
            return named
        notebook = self.record.get("source")
        return PurePosixPath(notebook).stem if isinstance(notebook, str) else "Dashboard"

    @property
    def template(self) -> str | None:
        """The template of Voilà's that it names, if that is another one than ours."""
        voila = self.content["metadata"].get("voila")
        named = voila.get("template") if isinstance(voila, dict) else None
        return named if isinstance(named, str) and named not in ("", TEMPLATE) else None

    @property
    def record(self) -> dict[str, Any]:
        """What it says of itself as a dashboard."""
        return self.content["metadata"]["workload"]["dashboard"]

    def text(self) -> str:
        """It as nbformat writes it, so that the bytes of an untouched notebook stay."""
        return (
            json.dumps(
                self.content,
                ensure_ascii=False,
                indent=1,
                sort_keys=True,
                separators=(",", ": "),
            )
            + "\n"
        )


def read_source(path: Path, accepted: bool) -> Source:
    """Read and check a compiled notebook; ``accepted``: errors of its roles do not stop it.

    Raises ``Stopped`` where it is not compiled, was changed since, or was compiled by force.
    """
    tags = read_role_tags(SiteFile().read().roles, DEFAULT_TAGS)
    try:
        notebook = read_notebook(path, tags)
        problem = _problem(notebook.content, accepted)
    except VerifyProblem as refused:
        raise _stopped(str(refused)) from None
    except (KeyError, TypeError, AttributeError):
        raise _stopped(f"{path} is broken. Compile its source again.") from None
    if problem is not None:
        raise _stopped(f"{path}: {problem}")
    content = _without_outputs(notebook.content)
    workload = content["metadata"]["workload"]
    errors = workload["check"]["errors"]
    return Source(content, content_hash(content), notebook.kernel, errors)


def source_of(notebook: Path) -> Path | None:
    """The notebook that a compiled one says it was made from; ``None`` where it does not say so."""
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        named = content["metadata"]["workload"]["dashboard"]["source"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    folder = notebook.resolve().parent
    return whole_path(folder / named) if isinstance(named, str) and named else None


def _problem(content: Any, accepted: bool) -> str | None:
    """What stands against the recorded check; errors may be accepted, but it has to be of this."""
    if accepted:
        content = copy.deepcopy(content)
        check = content["metadata"]["workload"].get("check")
        if isinstance(check, dict) and isinstance(check.get("errors"), int):
            check["errors"] = 0
    return check_problem(content)


def _without_outputs(content: Any) -> dict[str, Any]:
    """A copy without what running leaves behind, which no hash holds to anything."""
    found = copy.deepcopy(dict(content))
    found["metadata"].pop("widgets", None)
    for cell in found["cells"]:
        # As it is compiled: other tools leave names of people there, and no hash has them.
        cell["metadata"] = {
            key: value for key, value in cell["metadata"].items() if key in _CELL_METADATA
        }
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return found


def _stopped(message: str) -> Stopped:
    return Stopped(
        "It is not published: only a compiled notebook is, as it was compiled.",
        [Finding("not-compiled", message)],
    )
