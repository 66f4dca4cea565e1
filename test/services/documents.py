"""Puts documents into an index of a real server, quickly, with the mapping that is asked for.

    python -m test.services.documents URL INDEX FILE.parquet [--envelope data] [--login …]

Plain HTTP, because Elastic's client refuses OpenSearch.
"""

import argparse
import itertools
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import urllib3

#: Documents of a request: some megabytes.
BATCH = 10_000


class Address(Protocol):
    """Where a server answers, as `Node` says it."""

    @property
    def url(self) -> str: ...
    @property
    def auth(self) -> tuple[str, str] | None: ...


@dataclass(frozen=True)
class Server:
    """A server that was not started by these tests."""

    url: str
    auth: tuple[str, str] | None = None


def ask(server: Address, method: str, path: str, body: Any = None) -> Any:
    """Asks a server; `body` as JSON, bytes as lines of JSON. Raises `RuntimeError` unless 2xx."""
    headers = urllib3.make_headers(basic_auth=":".join(server.auth)) if server.auth else {}
    if body is not None:
        is_lines = isinstance(body, bytes)
        headers["Content-Type"] = "application/x-ndjson" if is_lines else "application/json"
        body = body if is_lines else json.dumps(body).encode()
    with urllib3.PoolManager() as pool:
        answer = pool.request(
            method, server.url + path, body=body, headers=headers, timeout=120, retries=False
        )
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path} answers {answer.status}: {answer.data.decode()}")
    return json.loads(answer.data) if answer.data else None


def create_index(
    server: Address,
    index: str,
    fields: Mapping[str, str],
    *,
    envelope: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Makes an index of one shard whose fields are explicit; another field is an error.

    `fields` has Elasticsearch's type of each: keyword, date, boolean, integer, long, … `envelope`,
    such as `data`, is the object that all fields are within.
    """
    properties: dict[str, Any] = {name: {"type": kind} for name, kind in fields.items()}
    if envelope is not None:
        properties = {envelope: {"properties": properties}}
    body = {
        "settings": {"number_of_shards": 1, "number_of_replicas": 0, **(settings or {})},
        "mappings": {"dynamic": "strict", "properties": properties},
    }
    ask(server, "PUT", f"/{index}", body)


def load_documents(
    server: Address,
    index: str,
    documents: Iterable[Mapping[str, Any]],
    *,
    envelope: str | None = None,
) -> int:
    """Puts documents into an index, which may exist, and gives their number; all can be found then.

    A document's `_id`, where it has one, is its id.
    """

    def lines() -> Iterator[bytes]:
        for document in documents:
            fields = {name: value for name, value in document.items() if name != "_id"}
            action = {"_id": document["_id"]} if "_id" in document else {}
            source = fields if envelope is None else {envelope: fields}
            yield f"{json.dumps({'index': action})}\n{json.dumps(source)}\n".encode()

    return _load(server, index, _batches(lines()))


def load_parquet(
    server: Address,
    index: str,
    path: Path,
    *,
    fields: Mapping[str, str] | None = None,
    envelope: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> int:
    """Makes an index of a Parquet file's rows, and gives their number; all can be found then.

    A column's mapping is that of `fields`, by default what its type suggests; lists are fields with
    several values. Times keep their microseconds in the source, in UTC.
    """
    file = pq.ParquetFile(path)
    kinds = {field.name: _kind(field.type) for field in file.schema_arrow}
    create_index(server, index, {**kinds, **(fields or {})}, envelope=envelope, settings=settings)

    def batches() -> Iterator[tuple[int, bytes]]:
        with duckdb.connect() as connection:
            for batch in file.iter_batches(BATCH):
                table = _plain(pa.Table.from_batches([batch]))
                connection.register("batch", table)
                sources = connection.sql(_sources(table.schema, envelope)).fetchall()
                text = "".join(f'{{"index":{{}}}}\n{source}\n' for (source,) in sources)
                yield len(sources), text.encode()

    return _load(server, index, batches())


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind) or pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _kind(kind.value_type)
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "long" if kind.bit_width == 64 else "integer"
    if pa.types.is_floating(kind):
        return "double"
    if pa.types.is_temporal(kind):
        return "date"
    return "keyword"


def _plain(table: pa.Table) -> pa.Table:
    """Times without a zone, of the same moment in UTC: DuckDB writes others as local ones."""
    plain = [
        pa.field(field.name, pa.timestamp("us")) if pa.types.is_timestamp(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(plain), safe=False)


def _sources(schema: pa.Schema, envelope: str | None) -> str:
    """The question for documents as JSON; DuckDB writes them many times quicker than Python."""

    def text(name: str) -> str:
        return "'" + name.replace("'", "''") + "'"

    def value(field: pa.Field) -> str:
        name = '"' + field.name.replace('"', '""') + '"'
        is_time = pa.types.is_timestamp(field.type)
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')" if is_time else name

    source = ", ".join(f"{text(field.name)}, {value(field)}" for field in schema)
    json_object = f"json_object({source})"
    if envelope is not None:
        json_object = f"json_object({text(envelope)}, {json_object})"
    return f"SELECT {json_object}::VARCHAR FROM batch"


def _batches(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    while batch := list(itertools.islice(lines, BATCH)):
        yield len(batch), b"".join(batch)


def _load(server: Address, index: str, batches: Iterator[tuple[int, bytes]]) -> int:
    """Sends batches: two are under way while the next is made, and no more in memory."""
    total = 0
    with ThreadPoolExecutor(2) as pool:
        sent: deque[Future[int]] = deque()
        for batch in batches:
            sent.append(pool.submit(_send, server, index, *batch))
            if len(sent) > 2:
                total += sent.popleft().result()
        total += sum(future.result() for future in sent)
    ask(server, "POST", f"/{index}/_refresh")
    return total


def _send(server: Address, index: str, number: int, lines: bytes) -> int:
    answer = ask(server, "POST", f"/{index}/_bulk", lines)
    if answer["errors"]:
        failed = [item["index"] for item in answer["items"] if item["index"]["status"] >= 300]
        raise RuntimeError(f"{len(failed)} documents were refused, the first: {failed[0]}")
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("index")
    parser.add_argument("file", type=Path)
    parser.add_argument("--envelope")
    parser.add_argument("--login", metavar="USER:PASSWORD")
    parser.add_argument("--fields", type=json.loads, help="types, as JSON", default={})
    options = parser.parse_args()
    user, _, password = (options.login or "").partition(":")
    server = Server(options.url, (user, password) if options.login else None)
    number = load_parquet(
        server, options.index, options.file, fields=options.fields, envelope=options.envelope
    )
    print(json.dumps({"documents": number}))


if __name__ == "__main__":
    main()
