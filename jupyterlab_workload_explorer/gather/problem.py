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
