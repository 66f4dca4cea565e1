"""Charts of Vega-Lite: what their axes, colours and hover texts call a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .identity import is_users


def is_vega(value: Mapping[str, Any]) -> bool:
    """Whether a value is a chart of Vega or Vega-Lite."""
    return "/vega" in str(value.get("$schema", ""))


def fields_of_users(chart: Any) -> dict[str, str]:
    """Titles by the fields that they call users, such as ``n``, of which the title tells more."""
    return dict(_titles(chart))


def _titles(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for one in value:
            yield from _titles(one)
    elif isinstance(value, Mapping):
        field, inner = value.get("field"), value.get("axis") or value.get("legend")
        for titled in (value, inner):
            title = titled.get("title") if isinstance(titled, Mapping) else None
            if isinstance(field, str) and isinstance(title, str) and is_users(title):
                yield field, title
        for name, one in value.items():
            if name not in ("datasets", "data"):
                yield from _titles(one)
