"""Plotly's typed arrays: numbers in binary form within JSON."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Mapping
from typing import Any

#: How Plotly names the types of its arrays, as ``struct`` does.
_TYPES = {
    **{"i1": "b", "u1": "B", "u1c": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I"},
    **{"i8": "q", "u8": "Q", "f4": "f", "f8": "d"},
    **{"int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I"},
    **{"float32": "f", "float64": "d"},
}


class Undecodable(Exception):
    """A typed array that cannot be read."""


def typed_array(value: Mapping[str, Any]) -> list[Any]:
    """The numbers of Plotly's ``{"dtype", "bdata", "shape"}``, as lists of lists by its shape."""
    try:
        code = _TYPES[value["dtype"].lstrip("<=|")]
        data = base64.b64decode(value["bdata"], validate=True)
        numbers: list[Any] = [one for (one,) in struct.iter_unpack("<" + code, data)]
        sizes = [int(one) for one in str(value.get("shape", "")).split(",") if one.strip()]
    except (KeyError, AttributeError, TypeError, ValueError, struct.error, binascii.Error) as why:
        raise Undecodable from why
    for size in reversed(sizes[1:]):
        if size < 1 or len(numbers) % size:
            raise Undecodable
        numbers = [numbers[at : at + size] for at in range(0, len(numbers), size)]
    return numbers


def is_typed_array(value: Any) -> bool:
    """Whether a value is an array in Plotly's binary form."""
    return isinstance(value, Mapping) and "bdata" in value and "dtype" in value
