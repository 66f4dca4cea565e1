"""Whether an answer is the expected one: every row, in order, to the last digit

but for correlations, which are rounded.
"""

from __future__ import annotations

import itertools
from math import isclose

from vocabulary import Query, columns

Row = dict[str, object]
# Products and roots of whole numbers may be taken in another order.
TOLERANCE = 1e-12


def same_value(name: str, found: object, expected: object) -> bool:
    if name == "r" and isinstance(found, float | int) and isinstance(expected, float):
        return isclose(found, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return (type(found) is type(expected) and found == expected) or (
        # JSON has one kind of number.
        isinstance(found, float | int)
        and isinstance(expected, float | int)
        and not isinstance(found, bool)
        and not isinstance(expected, bool)
        and found == expected
    )


def same_row(found: Row, expected: Row) -> bool:
    # `other` marks the row; it is not one of the columns.
    names = [name for name in found if name != "other"]
    return (
        names == [name for name in expected if name != "other"]
        and found.get("other") == expected.get("other")
        and all(
            same_value(name, found[name], value)
            for name, value in expected.items()
            if name != "other"
        )
    )


def difference(found: list[Row], expected: list[Row], query: Query) -> str | None:
    """What is wrong with the rows found, or None.

    `expected` has all rows of a correlation, of which `top` keeps the first.
    """
    wanted = set(columns(query)) | {"other"}
    for row in found:
        if strange := set(row) - wanted:
            return f"columns {sorted(strange)} in {row}"
    if query.analysis in ("package-correlation", "package-affinity"):
        kept = len(expected) if query.top is None else min(query.top, len(expected))
        return ranked_difference(found, expected, kept)
    if len(found) != len(expected):
        return f"{len(found)} rows for {len(expected)}{first(found, expected)}"
    return first(found, expected) or None


def first(found: list[Row], expected: list[Row]) -> str:
    for k, (a, b) in enumerate(zip(found, expected, strict=False)):
        if not same_row(a, b):
            return f"\n  row {k} is       {a}\n  row {k} ought to {b}"
    longer = found if len(found) > len(expected) else expected
    at = min(len(found), len(expected))
    return f"\n  row {at}: {longer[at]}" if len(longer) > at else ""


def ranked_difference(found: list[Row], expected: list[Row], kept: int) -> str | None:
    """Correlations equal but for rounding may stand in either order, those of equal counts not."""
    if len(found) != kept:
        return f"{len(found)} rows for {kept}"
    keys = [name for name in (expected[0] if expected else {}) if name.startswith("package")]

    def key(row: Row) -> tuple[object, ...]:
        return tuple(row.get(name) for name in keys)

    rows = {key(row): row for row in expected}
    if len({key(row) for row in found}) != len(found):
        return "a pair comes twice"
    for k, row in enumerate(found):
        if key(row) not in rows:
            return f"row {k}: {row} is not expected at all"
        if not same_row(row, rows[key(row)]):
            return first([row], [rows[key(row)]])
        if not same_value("r", row["r"], expected[k]["r"]):
            return f"\n  row {k} is       {row}\n  row {k} ought to {expected[k]}"
    counts = [name for name in (expected[0] if expected else {}) if name.startswith("jobs")]
    for a, b in itertools.pairwise(found):
        alike = a["r"] is None and b["r"] is None
        alike = alike or all(a[name] == b[name] for name in counts)
        if alike and [str(x) for x in key(a)] > [str(x) for x in key(b)]:
            return f"\n  {a} stands before\n  {b}"
    return None
