"""Checks of JSON values, from which the closed schema of bodies is put together."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from .refusal import refused

#: Characters of a text; Elasticsearch's longest term has as many bytes.
MAX_TEXT = 32_766

#: Checks a value at a place; raises Refusal.
Check = Callable[[Any, str], None]


def not_passed_on(place: str, what: str) -> Exception:
    return refused(
        f"{place} {what}. The gateway passes on only what the panel asks; "
        "change the question, or report a mistake of Workload Explorer."
    )


def text(value: Any, place: str) -> None:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise not_passed_on(place, "is no text, or too long a one")


def scalar(value: Any, place: str) -> None:
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, float):
        if math.isfinite(value):
            return
        raise not_passed_on(place, "is no finite number")
    text(value, place)


def number(value: Any, place: str) -> None:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (isinstance(value, float) and not math.isfinite(value))
    ):
        raise not_passed_on(place, "is no number")


def boolean(value: Any, place: str) -> None:
    if not isinstance(value, bool):
        raise not_passed_on(place, "is neither true nor false")


def integer(low: int, high: int) -> Check:
    def check(value: Any, place: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise not_passed_on(place, f"is no whole number from {low} to {high}")

    return check


def one_of(*values: str) -> Check:
    def check(value: Any, place: str) -> None:
        if value not in values or not isinstance(value, str):
            raise not_passed_on(place, f"is none of {', '.join(values)}")

    return check


def like(pattern: str, what: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: Any, place: str) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise not_passed_on(place, f"is no {what}")

    return check


def list_of(check: Check, high: int, low: int = 0) -> Check:
    def check_list(value: Any, place: str) -> None:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise not_passed_on(place, f"is no list of {low} to {high} entries")
        for index, entry in enumerate(value):
            check(entry, f"{place}[{index}]")

    return check_list


def scalars(high: int, low: int = 0) -> Check:
    """A list of scalars, which may be a long one: its places are named only where they matter."""

    def check_scalars(value: Any, place: str) -> None:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise not_passed_on(place, f"is no list of {low} to {high} entries")
        for index, entry in enumerate(value):
            if (type(entry) is str and len(entry) <= MAX_TEXT) or type(entry) is int:
                continue
            scalar(entry, f"{place}[{index}]")

    return check_scalars


def object_of(keys: Mapping[str, Check], *required: str) -> Check:
    def check(value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise not_passed_on(place, "is no object")
        for key, entry in value.items():
            if key not in keys:
                raise not_passed_on(place, f'holds "{key[:60]}", which is not passed on')
            keys[key](entry, f"{place}.{key}")
        for key in required:
            if key not in value:
                raise not_passed_on(place, f'lacks "{key}"')

    return check


def check_field(value: Any, place: str) -> None:
    """The name of one field: no pattern, no control characters. Raises Refusal."""
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= 512
        or "*" in value
        or not value.isprintable()
    ):
        raise not_passed_on(place, "is no name of a field")


def by_name(check: Check, high: int = 512) -> Check:
    """An object with names that the planner chose."""

    def check_named(value: Any, place: str) -> None:
        if not isinstance(value, dict) or not 0 < len(value) <= high:
            raise not_passed_on(place, f"is no object of 1 to {high} entries")
        for name, entry in value.items():
            if not 0 < len(name) <= 512 or not name.isprintable() or re.search(r"[\[\]>]", name):
                raise not_passed_on(place, "has an entry with a name that is not possible")
            check(entry, f"{place}.{name[:60]}")

    return check_named


def of_field(check: Check) -> Check:
    """``{field: …}`` with one field."""

    def check_one(value: Any, place: str) -> None:
        if not isinstance(value, dict) or len(value) != 1:
            raise not_passed_on(place, "does not name one field")
        name, entry = next(iter(value.items()))
        check_field(name, place)
        check(entry, place)

    return check_one


def scalar_or(check: Check) -> Check:
    def check_either(value: Any, place: str) -> None:
        (check if isinstance(value, dict) else scalar)(value, place)

    return check_either


def one_or_more(check: Check) -> Check:
    many = list_of(check, 1024)

    def check_either(value: Any, place: str) -> None:
        (many if isinstance(value, list) else check)(value, place)

    return check_either


def only_one(kinds: Mapping[str, Check]) -> Check:
    """``{kind: …}`` with one of the kinds."""

    def check(value: Any, place: str) -> None:
        if not isinstance(value, dict) or len(value) != 1:
            raise not_passed_on(place, "does not have one kind")
        kind, entry = next(iter(value.items()))
        if kind not in kinds:
            raise not_passed_on(place, f'is "{kind[:60]}", which is not passed on')
        kinds[kind](entry, f"{place}.{kind}")

    return check
