"""What keeps a dashboard from being a static page."""

from __future__ import annotations


class PageProblem(Exception):
    """A sentence with what to do; ``cell`` is the id of the cell that it is about."""

    def __init__(self, message: str, cell: str | None = None, place: str | None = None) -> None:
        super().__init__(message)
        self.message, self.cell, self.place = message, cell, place
