"""ES|QL, put together from typed parts: nobody's text becomes a part of the language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .checks import check_field
from .refusal import refused
from .resolve import parse_expression

#: Rows that Elasticsearch gives at most, unless its administrators have raised it.
MAX_ROWS = 10_000
MAX_FIELDS = 32

#: The column of document counts.
COUNT = "count"


def quote_field(name: str) -> str:
    """A field as ES|QL's quoted identifier; a backtick in it is doubled."""
    check_field(name, "by")
    return "`" + name.replace("`", "``") + "`"


def quote_indices(expression: str) -> str:
    """Checked names of indices as ES|QL's texts; none of them has a quote or a backslash."""
    return ",".join(f'"{name}"' for name in parse_expression(expression))


def count_by(expression: str, by: Any, limit: Any) -> str:
    """How many documents have each combination of values of some fields.

    ``expression`` is a resolved one. Raises Refusal.
    """
    if not isinstance(by, Sequence) or isinstance(by, str) or not 0 < len(by) <= MAX_FIELDS:
        raise refused(f"Name 1 to {MAX_FIELDS} fields to count by.")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 0 < limit <= MAX_ROWS:
        raise refused(f"Name a limit from 1 to {MAX_ROWS} rows.")
    fields = [quote_field(name) for name in by]
    if len(set(fields)) != len(fields):
        raise refused("A field stands twice. Name it once.")
    if COUNT in by:
        raise refused(
            f'A field that is called "{COUNT}" cannot be counted by in ES|QL. '
            "Use a composite aggregation."
        )
    return (
        f"FROM {quote_indices(expression)} "
        f"| STATS {COUNT} = COUNT(*) BY {', '.join(fields)} "
        f"| LIMIT {limit}"
    )
