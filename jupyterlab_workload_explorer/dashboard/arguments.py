"""Arguments that several commands of dashboards take, as types for ``argparse``."""

from __future__ import annotations

import argparse
import math

from ..gather.roles import NAMES


def seconds(text: str) -> float:
    """A time limit in seconds, positive and finite."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number of seconds")
    return value


def role_and_column(text: str) -> tuple[str, str]:
    """A role and the column that has it, from ``ROLE=COLUMN``."""
    role, equals, column = text.partition("=")
    if not equals or not column:
        raise argparse.ArgumentTypeError(f"{text} is not understood. Write it as user=handle.")
    if role not in NAMES:
        raise argparse.ArgumentTypeError(
            f"There is no role “{role}”. Roles are: {', '.join(NAMES)}."
        )
    return role, column
