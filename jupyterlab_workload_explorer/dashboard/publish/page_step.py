"""The static page of a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from ..static_page.page import StaticPage, static_page
from ..static_page.problem import PageProblem
from .problem import Finding, Stopped
from .references import Reference
from .source import Source
from .stage import Stage


def page_of(
    executed: Mapping[str, Any],
    source: Source,
    stage: Stage,
    references: Sequence[Reference],
    made: datetime,
) -> StaticPage:
    """The static page of an executed notebook.

    Its controls choose from data of the bundle, copied or by reference.

    Raises ``Stopped`` where a chart asks for what cannot be had.
    """
    try:
        return static_page(
            executed,
            folder=stage.folder,
            tables=dict(_tables(stage, references)),
            title=source.title,
            made=made,
        )
    except PageProblem as problem:
        raise Stopped(
            "It is not published: a static page of it cannot be made.",
            [Finding("static-page", problem.message, problem.place, problem.cell)],
        ) from None


def _tables(stage: Stage, references: Sequence[Reference]) -> Iterator[tuple[str, Path]]:
    """Data by the names that the notebook has for them."""
    for name in stage.copied:
        yield name, stage.folder / name
    for one in references:
        # A notebook may name what is in its folder by the whole path, too.
        tops = [PurePosixPath(top) for top in (one.at, one.path) if top is not None]
        for name, file in one.files():
            for top in tops:
                yield (top / name if one.path.is_dir() else top).as_posix(), file
