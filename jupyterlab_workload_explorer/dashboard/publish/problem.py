"""What keeps a dashboard from being published."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

#: What the libraries are in that publishing needs.
INSTALL = 'pip install "jupyterlab-workload-explorer[dashboard]"'


class PublishUsage(Exception):
    """A sentence for who asked: what is wrong with the question, and what to do about it."""


@dataclass(frozen=True)
class Finding:
    """One thing that stands against publishing, in a sentence or two with what to do.

    Attributes:
        rule: a short name that stays the same.
        place: where, in words, such as “cell 3, line 2” or “data/users.parquet: user”.
        cell: id of the cell, where it is one.
    """

    rule: str
    message: str
    place: str | None = None
    cell: str | None = None


def name_of(findings: Sequence[Finding]) -> str:
    """What findings are told by, so that a reason holds for those that somebody has seen."""
    told = sorted((one.rule, one.place or "", one.message) for one in findings)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


class Stopped(Exception):
    """A step that does not let the dashboard through: a sentence with what to do, and findings.

    ``acceptable`` names just these findings, where a reason would let them through.
    """

    def __init__(
        self, message: str, findings: Sequence[Finding] = (), *, acceptable: str | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.findings, self.acceptable = message, tuple(findings), acceptable


def disk_sentence(error: OSError, again: str = "publish again") -> str:
    """What an error of the disk means for who publishes; ``again`` is what to do with more room."""
    named = str(error.filename) if error.filename else "The folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        what = f"There is no room left for it ({error.strerror}). Make room, and {again}."
    else:
        what = f"{named} cannot be read or written ({error.strerror or error}). Ask for access."
    return f"{what} What was published before is as it was."
