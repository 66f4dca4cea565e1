"""Scripts that Voilà shows as notebooks (``extension_language_mapping``).

Voilà makes one cell of the whole text, whatever cells its author has marked in it, and so there are
no tags for the guard to look at. Nobody here takes such a text apart: that would be a second reader
of somebody else's format, and what it reads wrongly would run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .roles import RoleTags, known_tags

#: What begins a cell, before the first word of a line and behind its comment signs: ``# %%``
#: (percent), ``# +`` (light), fences and chunks of texts, ``#|`` (Quarto).
_MARKERS = ("%%", "+", "```", "~~~", "|")


def has_script_roles(notebook: Mapping[str, Any], names: RoleTags) -> bool:
    """Whether a notebook is a script in one cell, in which cells are marked with a role's tag."""
    known = "|".join(re.escape(tag) for tag in known_tags(names))
    role = re.compile(rf"(?<![\w-])(?:{known})(?![\w-])")
    return any(role.search(tags.casefold()) for tags in _marked(notebook))


def has_script_tags(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook is a script in one cell, in which cells are marked with any tag."""
    return next(_marked(notebook), None) is not None


def _marked(notebook: Mapping[str, Any]) -> Iterator[str]:
    """What stands behind ``tags`` in each line that begins a cell."""
    cells = notebook["cells"]
    if len(cells) != 1 or cells[0]["cell_type"] != "code":
        return
    for line in cells[0]["source"].splitlines():
        # Up to its first word; "+" alone goes on with an expression.
        signs = re.match(r"\W*", line)[0].strip()
        tags = re.search(r"\btags\b(.*)", line)
        if tags and not signs.startswith("+") and any(sign in signs for sign in _MARKERS):
            yield tags[1]
