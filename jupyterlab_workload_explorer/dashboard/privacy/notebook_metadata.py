"""Metadata of notebooks, of their cells and outputs: what somebody put there, or a tool did."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .json_values import JsonSearch
from .search import FileSearch

#: A time, as tools write when a cell ran.
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")


def search_metadata(metadata: Any, place: str, owner: FileSearch) -> None:
    """Search all texts and names in metadata, but for those that say nothing of anybody."""
    telling = _without_times(metadata)
    if isinstance(telling, dict):
        telling = _without_language(telling)
    JsonSearch(owner, place, figure=True, settings=False).search(telling)


def _without_times(value: Any) -> Any:
    """Metadata without times and what they are called, such as ``shell.execute_reply``."""
    if isinstance(value, list):
        return [_without_times(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    left = {name: _without_times(one) for name, one in value.items()}
    return {
        name: one
        for name, one in left.items()
        if not (isinstance(one, str) and _TIME.fullmatch(one)) and (one != {} or value[name] == {})
    }


def _without_language(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata of a notebook without its language, which may be called as somebody is (Julia)."""
    left = {name: one for name, one in metadata.items() if name != "language_info"}
    kernel = left.get("kernelspec")
    language = kernel.get("language") if isinstance(kernel, Mapping) else None
    if isinstance(language, str) and language:
        # What else a kernel is called is often somebody's, such as “Python (zoe)”.
        letter = r"[^\W\d_]"
        named = re.compile(rf"(?<!{letter}){re.escape(language)}(?!{letter})", re.IGNORECASE)
        left["kernelspec"] = {
            name: named.sub("", one) if isinstance(one, str) else one
            for name, one in kernel.items()
        }
    return left
