"""Keeps our labextension off Voilà's pages.

Voilà's pages load every labextension of the environment. Ours is a panel of JupyterLab: it needs
modules that such pages do not share, and would be fetched only to fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from traitlets import List

from .. import _jupyter_labextension_paths

#: What pages know our labextension by.
LABEXTENSION = _jupyter_labextension_paths()[0]["dest"]


def denied(theirs: Sequence[str] | None) -> list[str]:
    """A denylist with ours on it, whatever else is on it."""
    others = [name for name in theirs or [] if name != LABEXTENSION]
    return [*others, LABEXTENSION]


def allowed(theirs: Sequence[str] | None) -> list[str]:
    """An allowlist, which outweighs a denylist, without ours."""
    # A list that became empty would allow everything, so the place stays; no name is empty.
    return ["" if name == LABEXTENSION else name for name in theirs or []]


class DenyList(List):
    """Voilà's ``extension_denylist``, with ours on it whenever it is read."""

    def get(self, obj: Any, cls: Any = None) -> list[str]:
        return denied(super().get(obj, cls))


class AllowList(List):
    """Voilà's ``extension_allowlist``, without ours whenever it is read."""

    def get(self, obj: Any, cls: Any = None) -> list[str]:
        return allowed(super().get(obj, cls))
