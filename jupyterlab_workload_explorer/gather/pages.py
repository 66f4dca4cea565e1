"""Documents of a slice, page by page, as Arrow tables."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from .answers import received
from .hits import Hits
from .problem import TooLarge
from .schema import Column, Schema
from .server import Server
from .slices import HAS_IGNORED, Axis, Slice
from .throttle import FIRST, Throttle
from .values import Reject, column_of, single, sorted_rows

#: Documents of a page where they come with all they hold.
IGNORED_PAGE = 1000

IGNORED = "Elasticsearch ignored it: it is malformed, or longer than the mapping allows"

_NONE: dict[str, Any] = {}


@dataclass
class Fetched:
    """Documents that have arrived: rows, the number of documents, and values that did not fit.

    ``bytes`` is the length of the answers; ``split`` says that a document has become several rows.
    """

    table: pa.Table
    documents: int
    rejects: list[dict[str, Any]] = field(default_factory=list)
    bytes: int = 0
    split: bool = False


class Pages:
    """Fetches slices. Safe to call from several threads."""

    def __init__(
        self,
        server: Server,
        schema: Schema,
        axis: Axis,
        page_size: int,
        throttle: Throttle,
    ) -> None:
        self._hits = Hits(server)
        self._schema = schema
        self._axis = axis
        self._size = page_size
        self._throttle = throttle
        self._docvalues = [
            {"field": column.field, "format": "epoch_millis"} if column.dated else column.field
            for column in schema.columns
            if not (column.absent or column.loose)
        ]
        self._loose = [column.field for column in schema.columns if column.loose]

    def fetch(self, piece: Slice, most: int) -> Fetched:
        """All documents of a slice that fits in memory, by time and job.

        Raises TooLarge where they take more bytes than ``most``.
        """
        pages = []
        length = 0
        for page in self.pages(piece, ordered=False):
            pages.append(page)
            length += page.bytes
            if length > most:
                raise TooLarge
        table = pa.concat_tables([page.table for page in pages]).unify_dictionaries()
        return Fetched(
            self.in_order(table),
            sum(page.documents for page in pages),
            [reject for page in pages for reject in page.rejects],
            length,
            any(page.split for page in pages),
        )

    def look(self) -> float:
        """Ask for a few documents, so that their bytes are known. Returns those of one."""
        body = {
            "query": self._axis.chosen(),
            "_source": False,
            "docvalue_fields": self._docvalues,
            "sort": ["_shard_doc"],
        }
        if self._loose:
            body["fields"] = self._loose
        self._page(body, FIRST)
        return self._throttle.document_bytes

    def in_order(self, table: pa.Table) -> pa.Table:
        """Rows by time and job."""
        return sorted_rows(table, order_of(self._schema, table.schema.names))

    def pages(self, piece: Slice, ordered: bool = True) -> Iterator[Fetched]:
        """The documents of a slice, a page at a time; one empty page at least.

        ``ordered`` ones come by time and job, others in any order, which is quicker.
        """
        body: dict[str, Any] = {
            "query": self._axis.chosen(piece.query(self._schema.time.field)),
            "_source": False,
            "docvalue_fields": self._docvalues,
            "sort": self._sort(piece) if ordered else ["_shard_doc"],
        }
        if self._loose:
            body["fields"] = self._loose
        else:
            body["stored_fields"] = "_none_"
        after: list[Any] | None = None
        while True:
            asked = {**body, **({"search_after": after} if after else {})}
            hits, last = self._page(asked, self._size)
            length = received()
            page = self._table(hits, piece)
            page.bytes = length
            yield page
            if last:
                return
            after = hits[-1]["sort"]

    def ignored(self, piece: Slice) -> Iterator[tuple[list[dict[str, Any]], int]]:
        """Values of a slice that Elasticsearch itself has ignored, with their documents' ids.

        They come in pages, with the bytes of each.
        """
        time_field = self._schema.time.field
        body: dict[str, Any] = {
            "query": self._axis.chosen(piece.query(time_field), HAS_IGNORED),
            "_source": [column.source for column in self._schema.columns],
            "docvalue_fields": [{"field": time_field, "format": "epoch_millis"}],
            # Read in whatever way an index has it.
            "fields": _user(self._schema),
            "sort": ["_shard_doc"],
        }
        by_field = {column.field: column for column in self._schema.columns}
        by_field |= {column.source: column for column in self._schema.columns}
        after: list[Any] | None = None
        while True:
            found: list[dict[str, Any]] = []
            asked = {**body, **({"search_after": after} if after else {})}
            hits, last = self._page(asked, IGNORED_PAGE)
            length = received()
            for hit in hits:
                times = hit.get("fields", _NONE).get(time_field)
                for name in hit.get("_ignored", ()):
                    if name in by_field:
                        found.append(
                            {
                                "time": int(times[0].partition(".")[0]) if times else None,
                                "index": hit.get("_index"),
                                "id": hit.get("_id"),
                                "user": _user_of(hit.get("fields", _NONE), self._schema),
                                "column": by_field[name].name,
                                "value": _raw(hit.get("_source"), by_field[name].source),
                                "reason": IGNORED,
                            }
                        )
            yield found, length
            if last:
                return
            after = hits[-1]["sort"]

    def _sort(self, piece: Slice) -> list[Any]:
        """The order on the server: by time and job."""
        sort: list[Any] = []
        when = self._schema.time
        if not piece.missing:
            # Numbers of nanoseconds are not read back as they are written.
            fine = {} if when.composite else {"format": "strict_date_optional_time_nanos"}
            if when.resolutions:
                fine["numeric_type"] = "date_nanos"
            sort.append({when.field: {"order": "asc", **fine}})
        job = self._schema.column("job")
        if job is not None and job.composite:
            unmapped = "keyword" if job.kind == "text" else "long"
            sort.append({job.field: {"order": "asc", "unmapped_type": unmapped}})
        return [*sort, "_shard_doc"]

    def _page(self, body: Mapping[str, Any], most: int) -> tuple[list[dict[str, Any]], bool]:
        """A page of at most so many documents, and whether it is the last one."""

        def ask(size: int) -> tuple[list[dict[str, Any]], bool]:
            return self._hits.page(body, min(size, most), patient=False)

        return self._throttle.ask(ask, lambda found: len(found[0]))

    def _table(self, hits: list[dict[str, Any]], piece: Slice) -> Fetched:
        documents = len(hits)
        fields = [hit.get("fields", _NONE) for hit in hits]
        rejects: list[Reject] = []
        further: set[int] = set()
        when = self._schema.time
        times = [one.get(when.field) for one in fields]
        if any(value is not None and len(value) > 1 for value in times):
            # A record of several times is in several slices; it belongs to that of its first one.
            kept = [row for row, value in enumerate(times) if _begins_in(value, piece)]
            hits, fields = [hits[row] for row in kept], [fields[row] for row in kept]
            fields = [_first_time(one, when.field, row, rejects) for row, one in enumerate(fields)]
        package = self._schema.column("package")
        if package is not None and package.kind == "text":
            name = package.field
            if any(len(one.get(name) or ()) > 1 for one in fields):
                rows, fields, further = _split(fields, name)
                hits = [hits[row] for row in rows]
        arrays = []
        for column in self._schema.columns:
            if column.kind == "list":
                values = [one.get(column.field) for one in fields]
            else:
                values = single(column, fields, rejects)
            arrays.append(column_of(column, values, rejects))
        table = pa.table(arrays, names=[column.name for column in self._schema.columns])
        told = [
            _told(reject, fields, hits, self._schema)
            for reject in rejects
            if reject[0] not in further
        ]
        return Fetched(table, documents, told, split=bool(further))


def order_of(schema: Schema, names: Sequence[str]) -> list[str]:
    """The columns that rows are ordered by: time, then job, as far as they are there."""
    wanted = (schema.mapping.get(role) for role in ("time", "job"))
    return [name for name in wanted if name is not None and name in names]


def _begins_in(times: list[str] | None, piece: Slice) -> bool:
    if times is None or piece.start is None or piece.end is None:
        return True
    return piece.start <= int(times[0].partition(".")[0]) < piece.end


def _first_time(
    fields: Mapping[str, Any], name: str, row: int, rejects: list[Reject]
) -> Mapping[str, Any]:
    values = fields.get(name)
    if values is None or len(values) == 1:
        return fields
    rejects.append((row, name, values, "it has several values, and the first one is kept"))
    return {**fields, name: values[:1]}


def _split(
    fields: list[Mapping[str, Any]], name: str
) -> tuple[list[int], list[Mapping[str, Any]], set[int]]:
    """Documents of several packages as several records, one a package: the long shape.

    Returns the document of each record, its values, and the records that repeat a document.
    """
    rows: list[int] = []
    records: list[Mapping[str, Any]] = []
    further: set[int] = set()
    for row, one in enumerate(fields):
        values = one.get(name) or [None]
        for number, value in enumerate(values):
            if number > 0:
                further.add(len(rows))
            rows.append(row)
            records.append(one if len(values) == 1 else {**one, name: [value]})
    return rows, records, further


def _told(
    reject: Reject, fields: list[Any], hits: list[dict[str, Any]], schema: Schema
) -> dict[str, Any]:
    row, column, value, reason = reject
    times = fields[row].get(schema.time.field)
    job: Column | None = schema.column("job")
    return {
        "time": int(times[0].partition(".")[0]) if times else None,
        "index": hits[row].get("_index"),
        "job": None if job is None else (fields[row].get(job.field) or [None])[0],
        "user": _user_of(fields[row], schema),
        "column": column,
        "value": value,
        "reason": reason,
    }


def _user(schema: Schema) -> list[str]:
    column = schema.column("user")
    return [] if column is None else [column.field]


def _user_of(fields: Mapping[str, Any], schema: Schema) -> Any:
    """Whose document it is: values that did not fit are forgotten with all else of a user."""
    return next(((fields.get(field) or [None])[0] for field in _user(schema)), None)


def _raw(source: Any, path: str) -> Any:
    """The value of a path in a document, whether its objects are nested or written with dots."""
    if not isinstance(source, Mapping):
        return None
    if path in source:
        return source[path]
    parts = path.split(".")
    for count in range(1, len(parts)):
        inner = source.get(".".join(parts[:count]))
        if isinstance(inner, Mapping):
            found = _raw(inner, ".".join(parts[count:]))
            if found is not None:
                return found
    return None


def time_text(instant: int | None) -> str | None:
    """An instant in milliseconds as people write it."""
    if instant is None:
        return None
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(instant // 1000)) + (
            f".{instant % 1000:03d}Z"
        )
    except (ValueError, OverflowError, OSError):
        return str(instant)
