"""The dashboards that a user has published, and what became of the last time.

A file in Jupyter's data folder, which is the user's own: whoever publishes, by the command or by
the panel, finds the dashboard in the panel's list. It says where bundles are, and nothing that
bundles say of themselves.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_data_dir

from .lock import locked

if TYPE_CHECKING:
    # What they need takes a while to load, and servers list dashboards only.
    from .outcome import Outcome
    from .question import Question

#: Dashboards that are remembered; those that were published longest ago are forgotten first.
KEPT = 200


@dataclass(frozen=True)
class Entry:
    """One bundle.

    Attributes:
        out: where it is.
        folder: that of the compiled notebook, whose data it reads.
        source: the notebook that it was compiled from; ``None`` where that is not known.
        asked: what is asked of publishing, as ``asked_of`` has it.
        when: when it was last tried, UTC.
        published: whether it was.
        message: what publishing said.
    """

    out: str
    folder: str
    source: str | None
    asked: Mapping[str, Any]
    when: str
    published: bool
    message: str


def shelf_file() -> Path:
    """Where this user's dashboards are remembered."""
    return Path(jupyter_data_dir()) / "workload-explorer" / "dashboards.json"


class Shelf:
    """The remembered dashboards in a file."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = shelf_file() if file is None else file

    def folder(self) -> Path:
        """The folder that it is in, which is made."""
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._file.parent

    def list(self) -> list[Entry]:
        """All of them, the last one first. What is no entry is left out."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        entries = found.get("dashboards") if isinstance(found, dict) else None
        return [entry for one in entries or () if (entry := _entry(one))]

    def note(self, question: Question, outcome: Outcome, source: Path | None) -> None:
        """Remember what became of publishing. Raises OSError."""
        entry = Entry(
            str(outcome.out),
            str(question.notebook.resolve().parent),
            None if source is None else str(source),
            asked_of(question),
            datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            outcome.published,
            outcome.message,
        )
        self._change(lambda entries: [entry, *(one for one in entries if one.out != entry.out)])

    def went_back(self, out: Path, message: str) -> None:
        """Another version of a bundle is shown: what became of the last one is past."""
        self._change(
            lambda entries: [
                replace(one, published=True, message=message) if one.out == str(out) else one
                for one in entries
            ]
        )

    def forget(self, out: Path) -> None:
        """Take a bundle out of the list; it stays where it is. Raises OSError."""
        self._change(lambda entries: [one for one in entries if one.out != str(out)])

    def _change(self, change: Callable[[list[Entry]], list[Entry]]) -> None:
        self.folder()
        with locked(self._file.with_suffix(".lock"), wait=True):
            entries = change(self.list())[:KEPT]
            text = json.dumps({"version": 1, "dashboards": [asdict(one) for one in entries]})
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self._file.parent, delete=False
            ) as draft:
                draft.write(text)
            Path(draft.name).replace(self._file)


def asked_of(question: Question) -> dict[str, Any]:
    """What is asked beyond the notebook and where it goes, as JSON; a reason is given each time."""
    parameters = question.compiled_with
    return {
        "audience": question.audience,
        "k": question.k,
        "raw": [str(one.absolute()) for one in question.raw],
        "mapping": dict(question.mapping),
        "by_reference": [str(one.absolute()) for one in question.by_reference],
        "data": [str(one.absolute()) for one in question.data],
        "allowed_hosts": list(question.allowed_hosts),
        "image": question.image,
        "kernel": question.kernel,
        "timeout": question.timeout,
        "page": question.page,
        "compiled_with": None if parameters is None else str(parameters.absolute()),
    }


def _entry(value: Any) -> Entry | None:
    try:
        entry = Entry(**value)
    except TypeError:
        return None
    sound = (
        isinstance(entry.out, str)
        and isinstance(entry.folder, str)
        and isinstance(entry.source, str | None)
        and isinstance(entry.asked, dict)
        and isinstance(entry.when, str)
        and isinstance(entry.published, bool)
        and isinstance(entry.message, str)
    )
    return entry if sound else None
