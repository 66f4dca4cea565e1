"""Typed arrays of Plotly and Bokeh: numbers in binary form within JSON."""

from __future__ import annotations

import base64
import gzip
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

#: How Plotly names the types of its arrays, as ``struct`` does.
_TYPES = {
    **{"i1": "b", "u1": "B", "u1c": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I"},
    **{"i8": "q", "u8": "Q", "f4": "f", "f8": "d"},
    **{"int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I"},
    **{"float32": "f", "float64": "d", "bool": "?"},
}


class Undecodable(Exception):
    """A typed array that cannot be read."""


def typed_array(value: Mapping[str, Any]) -> list[Any]:
    """The numbers of Plotly's ``{"dtype", "bdata", "shape"}``, as lists of lists by its shape."""
    try:
        data = base64.b64decode(value["bdata"], validate=True)
        sizes = [int(one) for one in str(value.get("shape", "")).split(",") if one.strip()]
        return _numbers(value["dtype"].lstrip("<=|"), data, sizes)
    except (KeyError, AttributeError, TypeError, ValueError, struct.error) as why:
        raise Undecodable from why


def _numbers(kind: str, data: bytes, sizes: Sequence[int]) -> list[Any]:
    numbers: list[Any] = [one for (one,) in struct.iter_unpack("<" + _TYPES[kind], data)]
    for size in reversed(sizes[1:]):
        if size < 1 or len(numbers) % size:
            raise Undecodable
        numbers = [numbers[at : at + size] for at in range(0, len(numbers), size)]
    return numbers


def is_of_bokeh(value: Mapping[str, Any]) -> bool:
    """Whether a value is a mapping or an array as Bokeh writes them."""
    if value.get("type") == "map":
        pairs = value.get("entries")
        return isinstance(pairs, list) and all(isinstance(x, list) and len(x) == 2 for x in pairs)
    return value.get("type") == "ndarray" and {"array", "dtype", "shape"} <= set(value)


def of_bokeh(value: Any) -> Any:
    """Bokeh's ``{"type": "map", "entries": [[name, …], …]}`` as a mapping, its arrays as lists.

    Raises Undecodable.
    """
    if not isinstance(value, Mapping) or not is_of_bokeh(value):
        return value
    if value["type"] == "map":
        return {str(name): of_bokeh(one) for name, one in value["entries"]}
    if not isinstance(value["array"], Mapping):
        return value["array"]
    try:
        data = base64.b64decode(value["array"]["data"], validate=True)
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        return _numbers(value["dtype"], data, value["shape"])
    except (KeyError, TypeError, ValueError, OSError, EOFError, zlib.error, struct.error) as why:
        raise Undecodable from why


def is_typed_array(value: Any) -> bool:
    """Whether a value is an array in Plotly's binary form."""
    return isinstance(value, Mapping) and "bdata" in value and "dtype" in value
