"""Pseudonyms: keyed hashes in place of values, the same for the same key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..elasticsearch.credentials import ConnectionProblem, Secret
from .problem import GatherProblem
from .schema import TEXT, Schema

#: Bytes of a hash that a pseudonym shows: 80 bits, 16 letters and digits. A million values share
#: one with a probability below 10^-12.
BYTES = 10

#: A shorter key could be tried out.
SHORTEST_KEY = 16

#: What ``paths`` stands for.
PATHS = ("executable", "main")

#: Roles whose values answers depend on.
_REFUSED = ("time", "package", "nodes", "count", "is_staff", "is_compute", "is_container", "ingest")


class Pseudonyms:
    """Makes pseudonyms with the key of a file.

    The file has to be closed to others, as those of other secrets. Raises GatherProblem.
    """

    def __init__(self, key_file: str | Path) -> None:
        path = Path(key_file).expanduser().absolute()
        try:
            self._key = Secret(file=str(path)).read().encode()
        except ConnectionProblem as problem:
            raise GatherProblem(str(problem)) from None
        if len(self._key) < SHORTEST_KEY:
            raise GatherProblem(
                f'The key in "{path}" is too short. Write {SHORTEST_KEY} letters or more there, '
                "such as the output of: openssl rand -hex 32"
            )
        self.of = lru_cache(1 << 16)(self._pseudonym)

    @property
    def fingerprint(self) -> str:
        """Tells keys apart, and does not tell the key."""
        return self._digest(b"key of Workload Explorer")[:8].hex()

    def column(self, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """A column with pseudonyms; missing and empty values stay."""
        return pa.chunked_array(
            [self._array(chunk) for chunk in values.chunks], new_type(values.type)
        )

    def _array(self, values: pa.Array) -> pa.Array:
        kind = values.type
        if pa.types.is_list(kind):
            lists = [
                None if one is None else [None if text is None else self.of(text) for text in one]
                for one in values.to_pylist()
            ]
            return pa.array(lists, kind)
        if not pa.types.is_dictionary(kind):
            values = values.cast(pa.string()).dictionary_encode()
        names = pa.array(
            [None if text is None else self.of(text) for text in values.dictionary.to_pylist()],
            pa.string(),
        )
        return pa.DictionaryArray.from_arrays(values.indices, names).cast(TEXT)

    def _pseudonym(self, text: str) -> str:
        if text == "":
            return ""
        digest = self._digest(text.encode("utf-8", "surrogatepass"))[:BYTES]
        return base64.b32encode(digest).decode().lower()

    def _digest(self, data: bytes) -> bytes:
        return hmac.new(self._key, data, hashlib.sha256).digest()


def new_type(kind: pa.DataType) -> pa.DataType:
    """The type of a column of pseudonyms: numbers become texts."""
    return kind if pa.types.is_list(kind) else TEXT


def pseudonymised_columns(schema: Schema, names: Sequence[str]) -> list[str]:
    """The columns that roles, columns, fields or ``paths`` name. Raises GatherProblem."""
    wanted: list[Any] = []
    for name in names:
        wanted.extend(PATHS if name == "paths" else [name])
    by_name = {column.name: column for column in schema.columns}
    role_of = {name: role for role, name in schema.mapping.items()}
    found: list[str] = []
    for name in wanted:
        column = schema.mapping.get(name, name.removeprefix("data."))
        if column not in by_name:
            if name in PATHS and "paths" in names:
                continue
            raise GatherProblem(
                f'There is no field "{name}" to pseudonymise. Fields are: {", ".join(by_name)}.'
            )
        if role_of.get(column) in _REFUSED or by_name[column].kind not in ("text", "list", "whole"):
            raise GatherProblem(
                f'"{column}" cannot be pseudonymised: answers depend on what it says. '
                "Drop it with --distill --drop, or leave it out with --columns."
            )
        if column not in found:
            found.append(column)
    return found
