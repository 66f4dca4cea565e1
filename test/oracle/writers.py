"""Parquet files of records, by three writers and in every encoding that they offer."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq
from vocabulary import FLAGS

if TYPE_CHECKING:
    from generate import Layout, Record

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
TEXT_KINDS = ("string", "large_string", "dictionary")
CODECS = ["snappy", "zstd", "gzip", "brotli", "lz4", "none"]


def rfc3339(rng: random.Random, ns: int) -> str:
    """A time stamp as text, with some offset, `Z` or none (which is UTC), in a number of digits."""
    offset = rng.choice([None, 0, 0, 120, -480, 330])
    moment = EPOCH + timedelta(microseconds=ns // 1000)
    if offset:
        moment = moment.astimezone(timezone(timedelta(minutes=offset)))
    text = moment.strftime("%Y-%m-%d") + rng.choice("TT ") + moment.strftime("%H:%M:%S")
    if ns % 10**9:
        text += f".{ns % 10**9 // 1000:06d}"
    if offset is None:
        return text
    hours, minutes = divmod(abs(offset), 60)
    sign = "-" if offset < 0 else "+"
    return text + ("Z" if offset == 0 else f"{sign}{hours:02d}:{minutes:02d}")


def text_type(kind: str) -> pa.DataType:
    if kind == "dictionary":
        return pa.dictionary(pa.int32(), pa.string())
    return pa.large_string() if kind == "large_string" else pa.string()


def column(rng: random.Random, name: str, kind: str, values: list[object]) -> pa.Array:
    """A column of a kind; files of one dataset may differ where values allow it."""
    if name in FLAGS and kind != "bool":
        words = {True: 1, False: 0} if kind == "int8" else {True: "true", False: "false"}
        listed = [None if value is None else words[bool(value)] for value in values]
        return pa.array(listed, pa.int8() if kind == "int8" else pa.string())
    if kind == "bool":
        return pa.array(values, pa.bool_())
    if kind in TEXT_KINDS:
        chosen = rng.choice([kind, kind, *TEXT_KINDS])
        return pa.array(values, text_type(chosen))
    if name == "time":
        return times(rng, kind, values)
    if kind == "list":
        return pa.array(values, pa.list_(pa.string()))
    if kind == "large_list":
        return pa.array(values, pa.large_list(pa.large_string()))
    if kind == "list-dictionary":
        return pa.array(values, pa.list_(text_type("dictionary")))
    if kind == "double":
        return pa.array([None if v is None else float(str(v)) for v in values], pa.float64())
    # Whole numbers may be wider in one file than in another, but signs stay.
    wider = {"int16": "int32", "int32": "int64", "uint16": "uint32"}.get(kind, kind)
    return pa.array(values, getattr(pa, rng.choice([kind, kind, wider]))())


def times(rng: random.Random, kind: str, values: list[object]) -> pa.Array:
    unit, _, zone = kind.partition("+")
    if unit == "text":
        texts = [None if v is None else rfc3339(rng, int(str(v))) for v in values]
        return pa.array(texts, pa.string())
    ns = pa.array(values, pa.int64()).cast(pa.timestamp("ns"))
    if unit == "date":
        return ns.cast(pa.timestamp("s")).cast(pa.date32())
    if unit == "int96":
        return ns
    # A finer unit holds the values of a coarser one.
    finer = {"s": "ms", "ms": "us"}.get(unit, unit)
    chosen = rng.choice([unit, unit, finer])
    return ns.cast(pa.timestamp(chosen, tz="UTC" if zone else None))


def table_of(rng: random.Random, part: list[Record], names: list[str], layout: Layout) -> pa.Table:
    flat: dict[str, pa.Array] = {}
    nested: dict[str, pa.Array] = {}
    for name in names:
        values = [record[name] for record in part]
        array = column(rng, name, layout.kinds[name], values)
        path = layout.columns[name][0]
        if layout.dots or not path.startswith("data."):
            flat[path] = array
        else:
            nested[path.removeprefix("data.")] = array
    if nested:
        rows = zip(*(array.is_null().to_pylist() for array in nested.values()), strict=False)
        # Where all of its fields are null the structure may be null itself.
        mask = pa.array([all(row) and rng.random() < 0.5 for row in rows], pa.bool_())
        flat["data"] = pa.StructArray.from_arrays(list(nested.values()), list(nested), mask=mask)
    items = list(flat.items())
    rng.shuffle(items)
    return pa.table(dict(items))


def write_file(
    rng: random.Random, path: Path, part: list[Record], names: list[str], layout: Layout
) -> None:
    table = table_of(rng, part, names, layout)
    int96 = layout.kinds["time"] == "int96" and "time" in names
    writer = rng.choice(["pyarrow", "pyarrow", "pyarrow", "duckdb", "polars"])
    if int96 or writer == "pyarrow":
        by_pyarrow(rng, path, table, int96)
    elif writer == "duckdb":
        by_duckdb(rng, path, table)
    else:
        by_polars(rng, path, table)


def by_duckdb(rng: random.Random, path: Path, table: pa.Table) -> None:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'; SET threads = 1")
    con.register("t", table)
    codec = rng.choice(["snappy", "zstd", "gzip", "brotli", "lz4_raw", "uncompressed"])
    con.execute(
        f"COPY t TO '{path}' (FORMAT parquet, COMPRESSION {codec}, ROW_GROUP_SIZE 2048, "
        f"PARQUET_VERSION {rng.choice(['V1', 'V2'])})"
    )
    con.close()


def by_polars(rng: random.Random, path: Path, table: pa.Table) -> None:
    codec = rng.choice(["snappy", "zstd", "gzip", "brotli", "lz4", "uncompressed"])
    frame = polars.from_arrow(table)
    assert isinstance(frame, polars.DataFrame)
    frame.write_parquet(
        path,
        compression=codec,
        row_group_size=rng.choice([None, 64, 400]),
        data_page_size=rng.choice([None, 256]),
        statistics=rng.choice([True, False, "full"]),
    )


def leaves(name: str, kind: pa.DataType, compliant: bool) -> list[tuple[str, pa.DataType]]:
    """Leaf columns as Parquet paths."""
    if pa.types.is_struct(kind):
        return [
            leaf for field in kind for leaf in leaves(f"{name}.{field.name}", field.type, compliant)
        ]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        element = "element" if compliant else kind.value_field.name
        return leaves(f"{name}.list.{element}", kind.value_type, compliant)
    return [(name, kind)]


def encoding_of(rng: random.Random, kind: pa.DataType) -> str:
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return rng.choice(["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"])
    if pa.types.is_boolean(kind):
        return rng.choice(["PLAIN", "RLE"])
    if pa.types.is_floating(kind):
        return rng.choice(["PLAIN", "BYTE_STREAM_SPLIT"])
    if pa.types.is_integer(kind) or pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return rng.choice(["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"])
    return "PLAIN"


def by_pyarrow(rng: random.Random, path: Path, table: pa.Table, int96: bool) -> None:
    compliant = rng.random() < 0.8
    options: dict[str, object] = {
        "row_group_size": rng.choice([None, 1 + len(table) // 3, 37, 500]),
        "compression": rng.choice(CODECS),
        "data_page_version": rng.choice(["1.0", "2.0"]),
        "write_statistics": rng.random() < 0.85,
        "store_schema": rng.random() < 0.8,
        "use_compliant_nested_type": compliant,
        "write_page_index": rng.random() < 0.2,
        "write_page_checksum": rng.random() < 0.2,
        "use_deprecated_int96_timestamps": int96,
    }
    if rng.random() < 0.5:
        # Many small pages in a chunk.
        options["data_page_size"] = rng.choice([64, 500])
        options["write_batch_size"] = rng.choice([7, 64])
    how = rng.random()
    if how < 0.4:
        options["use_dictionary"] = True
        if rng.random() < 0.5:
            # Dictionaries that outgrow their limit fall back to plain within a chunk.
            options["dictionary_pagesize_limit"] = rng.choice([16, 200])
            options["write_batch_size"] = 16
    elif how < 0.5:
        options["use_dictionary"] = False
    else:
        chosen = {}
        for field in table.schema:
            for name, kind in leaves(field.name, field.type, compliant):
                if not pa.types.is_dictionary(kind):
                    chosen[name] = encoding_of(rng, kind)
        options["use_dictionary"] = False
        if int96:
            # INT96 has no encoding but plain.
            chosen = dict.fromkeys(chosen, "PLAIN")
        options["column_encoding"] = chosen
    pq.write_table(table, path, **options)
