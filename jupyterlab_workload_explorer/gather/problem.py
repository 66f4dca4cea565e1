"""What can go wrong while records are gathered, as sentences with a next step."""

from __future__ import annotations


class GatherProblem(Exception):
    """A gather cannot go on. The message is one sentence for its user, and holds no secret."""


class Cancelled(Exception):
    """The gather was asked to stop. What is complete stays, and the next run goes on from there."""


class LostPointInTime(Exception):
    """The server has dropped the point in time: a new one has to be opened."""


class TooLarge(Exception):
    """An answer is longer than what may be in memory: fewer documents have to be asked for."""


class TooMuchAtOnce(Exception):
    """The server refused an answer as too large or itself as too busy: ask for less, later."""


class TooSlow(TooMuchAtOnce):
    """The server did not answer in time: ask for less, or in another way."""


class OverLimit(Exception):
    """A request goes beyond what a setting of an index allows: it has to be asked for in pieces."""

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting
