"""Searches files of tables: Parquet, Arrow (Feather), CSV. By pieces, so in bounded memory."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from .json_values import JsonSearch
from .search import FileSearch
from .separated_values import search_rows

#: Rows of a piece.
_ROWS = 65_536


def search_parquet(path: Path, owner: FileSearch) -> None:
    """Search a Parquet file: its rows, its dictionaries, the texts of its footer."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as plain:
        schema, metadata = plain.schema_arrow, plain.metadata
        texts = [one.path for one in map(plain.schema.column, range(len(plain.schema)))]
    for key, value in (metadata.metadata or {}).items():
        if key != b"ARROW:schema":
            owner.text(f"footer, {_text(key)}", _text(value))
    for field in schema:
        _search_metadata(field, "footer", owner)
    # As dictionaries, so that values are seen that no row has any more, such as categories.
    with parquet.ParquetFile(path, read_dictionary=texts) as file:
        pieces = file.iter_batches(batch_size=_ROWS)
        _search_batches(schema.names, pieces, owner)


def search_arrow(path: Path, owner: FileSearch) -> None:
    """Search a file of Arrow IPC: the file or the stream format."""
    import pyarrow

    with pyarrow.memory_map(str(path)) as source:
        try:
            reader = pyarrow.ipc.open_file(source)
            pieces = (reader.get_batch(at) for at in range(reader.num_record_batches))
        except pyarrow.ArrowInvalid:
            source.seek(0)
            reader = pyarrow.ipc.open_stream(source)
            pieces = iter(reader)
        _search_metadata(reader.schema, "metadata", owner)
        _search_batches(reader.schema.names, pieces, owner)


def _search_metadata(described: Any, place: str, owner: FileSearch) -> None:
    """Search what a schema or a field says besides names and types, and the fields within."""
    for key, value in (described.metadata or {}).items():
        if not key.startswith(b"PARQUET:"):
            owner.text(f"{place}, {_text(key)}", _text(value))
    inner = described if not hasattr(described, "type") else described.type
    for at in range(getattr(inner, "num_fields", 0) if inner is not described else len(inner)):
        _search_metadata(inner.field(at), place, owner)


def _search_batches(names: list[str], pieces: Iterator[Any], owner: FileSearch) -> None:
    flat: dict[str, None] = {}
    table = None
    for batch in pieces:
        columns = dict(_columns(names, batch))
        for name in [name for name, values in columns.items() if _is_nested(values.type)]:
            # Tables within a column, and mappings, of which names may be somebody's.
            below = JsonSearch(owner, f"column {owner.safe(name, '')}")
            below.search([_as_json(one) for one in columns.pop(name).to_pylist()])
        if table is None:
            flat = dict.fromkeys(columns)
            table = owner.table(list(flat))
        table.feed({name: values.to_pylist() for name, values in columns.items()})
        for name, values in columns.items():
            table.also(name, _dictionary(values))
    if table is None:
        table = owner.table(names)
    table.close()


def _columns(names: list[str], batch: Any) -> Iterator[tuple[str, Any]]:
    """The columns of a batch; what stands within a column has a name with dots."""
    import pyarrow

    for name, values in zip(names, batch.columns, strict=True):
        if pyarrow.types.is_struct(values.type):
            inner = [field.name for field in values.type]
            parts = values.flatten()
            for part, column in zip(inner, parts, strict=True):
                for below, deeper in _columns([part], _Batch([column])):
                    yield f"{name}.{below}", deeper
        else:
            yield name, values


def _is_nested(kind: Any) -> bool:
    """Whether values are mappings, or lists of structures."""
    from pyarrow import types

    while types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        kind = kind.value_type
        if types.is_struct(kind):
            return True
    return types.is_map(kind)


def _as_json(value: Any) -> Any:
    """A nested value as JSON has it; a mapping comes as a list of pairs."""
    if isinstance(value, list):
        if value and all(isinstance(one, tuple) and len(one) == 2 for one in value):
            return {str(name): _as_json(one) for name, one in value}
        return [_as_json(one) for one in value]
    if isinstance(value, dict):
        return {name: _as_json(one) for name, one in value.items()}
    return value


class _Batch:
    def __init__(self, columns: list[Any]) -> None:
        self.columns = columns


def _dictionary(values: Any) -> list[Any]:
    """All values of a column's dictionary."""
    import pyarrow

    while pyarrow.types.is_list(values.type) or pyarrow.types.is_large_list(values.type):
        values = values.flatten()
    return values.dictionary.to_pylist() if pyarrow.types.is_dictionary(values.type) else []


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def search_csv(path: Path, owner: FileSearch) -> None:
    """Search a file of separated values, also compressed by gzip."""
    with _open(path) as file:
        search_rows(file, "", owner)


@contextmanager
def _open(path: Path) -> Iterator[IO[str]]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield file
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
