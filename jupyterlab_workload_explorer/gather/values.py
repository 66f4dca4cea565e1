"""Values as Elasticsearch gives them, as Arrow columns; what does not fit, with the reason."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .schema import Column

#: A value that does not fit: row, column, the value, the reason.
Reject = tuple[int, str, Any, str]

_NARROW = pa.int16()
_NOTHING = (None,)

#: Rows of a table up to which its codes take two bytes.
NARROW_ROWS = 32_767


def column_of(column: Column, values: list[Any], rejects: list[Reject]) -> pa.Array:
    """A column of values in their canonical form, ``None`` where there is none.

    Texts are dictionary-coded; numbers and truth values are as in JSON; a date is a text or a
    number of milliseconds. Lists are given for columns of lists only. Values that do not fit become
    null and are added to ``rejects``.
    """
    try:
        return _WAYS[column.kind](column, values)
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        # Rare: one by one, to know which.
        kept: list[Any] = []
        for row, value in enumerate(values):
            try:
                _WAYS[column.kind](column, [value])
                kept.append(value)
            except (pa.ArrowException, ValueError, TypeError, OverflowError):
                kept.append(None)
                rejects.append((row, column.name, value, f"it is no {_named(column)}"))
        return _WAYS[column.kind](column, kept)


def single(column: Column, fields: Sequence[Mapping[str, Any]], rejects: list[Reject]) -> list[Any]:
    """The only value of a column in each row, ``None`` where there is none.

    Several are no value, and rejected. ``fields`` has the lists of values of each row, by field.
    """
    name = column.field
    # One pass where that is enough: these are all values of all documents.
    with contextlib.suppress(KeyError, ValueError):
        return [value for (value,) in map(itemgetter(name), fields)]
    with contextlib.suppress(ValueError):
        return [value for (value,) in [one.get(name, _NOTHING) for one in fields]]
    kept: list[Any] = []
    for row, one in enumerate(fields):
        value = one.get(name, _NOTHING)
        if len(value) == 1:
            kept.append(value[0])
        else:
            kept.append(None)
            if value:
                rejects.append((row, column.name, value, "it has several values"))
    return kept


def _named(column: Column) -> str:
    return {
        "text": "text in UTF-8",
        "list": "list of texts in UTF-8",
        "boolean": "truth value",
        "date": "date that Parquet can hold",
        "broken": "number that fits a double",
    }.get(column.kind, f"number that fits {column.type}")


def _text(column: Column, values: list[Any]) -> pa.Array:
    try:
        texts = pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        texts = pa.array([_spelled(value) for value in values], pa.string())
    coded = texts.dictionary_encode()
    if len(values) <= NARROW_ROWS:
        # Codes wait in memory until a row group is full.
        return pa.DictionaryArray.from_arrays(coded.indices.cast(_NARROW), coded.dictionary)
    return coded


def _spelled(value: Any) -> Any:
    """A number as text: where one index has numbers and another one texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _list(column: Column, values: list[Any]) -> pa.Array:
    with contextlib.suppress(pa.ArrowException):
        return pa.array(values, column.type)
    return pa.array(
        [None if value is None else [_spelled(one) for one in value] for value in values],
        column.type,
    )


def _plain(column: Column, values: list[Any]) -> pa.Array:
    if column.kind == "whole":
        with contextlib.suppress(pa.ArrowException):
            # Arrow alone sees quickly that all are whole numbers, as they nearly always are.
            found = pa.array(values)
            if pa.types.is_int64(found.type) or pa.types.is_null(found.type):
                return found.cast(column.type)
    if any(isinstance(value, str) for value in values):
        # A dataset of numbers, whose field has become a keyword.
        texts = pa.array([value if value is None else str(value) for value in values], pa.string())
        return texts.cast(column.type)
    if column.kind == "whole" and any(
        isinstance(value, float) and not value.is_integer() for value in values
    ):
        # Arrow would cut them.
        raise ValueError(column.name)
    return pa.array(values, column.type)


def _boolean(column: Column, values: list[Any]) -> pa.Array:
    return pa.array(values, pa.bool_())


def _date(column: Column, values: list[Any]) -> pa.Array:
    if column.type.unit == "ns":
        return pa.array([_nanoseconds(value) for value in values], pa.int64()).cast(column.type)
    with contextlib.suppress(pa.ArrowException):
        return pa.array(values, pa.string()).cast(pa.int64()).cast(column.type)
    if any(isinstance(value, str) for value in values):
        if any("." in value for value in values if isinstance(value, str)):
            # The dataset's times are of milliseconds, whatever the index has now.
            whole = [None if one is None else _nanoseconds(one) // 1_000_000 for one in values]
            return pa.array(whole, pa.int64()).cast(column.type)
        return pa.array(values, pa.string()).cast(pa.int64()).cast(column.type)
    return pa.array(values, pa.int64()).cast(column.type)


def _nanoseconds(value: Any) -> int | None:
    """Nanoseconds since 1970 of milliseconds with a fraction, as ``epoch_millis`` writes them."""
    if value is None:
        return None
    whole, _, fraction = str(value).partition(".")
    if fraction.strip("0123456789") or len(fraction) > 6:
        raise ValueError(value)
    part = int(fraction.ljust(6, "0"))
    return int(whole) * 1_000_000 + (-part if whole.startswith("-") else part)


_WAYS: dict[str, Callable[[Column, list[Any]], pa.Array]] = {
    "text": _text,
    "list": _list,
    "whole": _plain,
    "broken": _plain,
    "boolean": _boolean,
    "date": _date,
}


def widened(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table with the column types of a schema: codes of texts as wide as there."""
    return table if table.schema.equals(schema) else table.cast(schema)


def sorted_rows(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """The rows ordered by columns, missing values last; texts by code point."""
    plain = []
    for name in names:
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        plain.append(column)
    keys = pa.table(plain, names=[str(index) for index in range(len(names))])
    order = pc.sort_indices(
        keys, sort_keys=[(str(index), "ascending") for index in range(len(names))]
    )
    return table.take(order)
