"""A whole gather: plan, fetch, write, and say what came of it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from .. import __version__
from ..elasticsearch.connections import Connection, ConnectionProblem, find_connection
from ..elasticsearch.refusal import Refusal
from ..elasticsearch.resolve import resolve_indices_now
from . import throttle
from .cursor import Cursor, Touched
from .fetch import Fetcher
from .manifest import Manifest, Partition
from .options import PAGE_SIZE, Options, slice_limit
from .pages import Pages
from .problem import Cancelled, GatherProblem, LostPointInTime
from .progress import Progress
from .reconcile import Step, Stretch, gaps, stretches
from .rows import Rows
from .schema import Schema, columns_of, further_columns, read_schema
from .server import WAITS, Server, connect, now
from .shaping import rows_of
from .slices import MISSING, Axis, Month, Slice
from .stretch import StretchWriter
from .tuples import Tuples
from .upkeep import finish, not_expired
from .wide import WideRows, WideWriter

#: How often a gather opens a new point in time, after the server has lost one.
POINTS_IN_TIME = 5


@dataclass(frozen=True)
class Result:
    """What came of a gather.

    ``documents`` are those that the dataset stands for, ``rows`` its rows, ``fetched`` the
    documents of this run, ``rejects`` the values that did not fit. ``differing`` has the partitions
    whose count differs from the index, with both numbers (held, in the index); ``left_out`` the
    fields that cannot be gathered, with reasons.
    """

    out: Path
    documents: int
    rows: int
    fetched: int
    rejects: int
    seconds: float
    differing: Mapping[str, tuple[int, int]]
    left_out: Mapping[str, str]
    new_fields: Sequence[str]

    @property
    def expired(self) -> int:
        """Documents that are held and that the index no longer has."""
        return sum(max(0, held - there) for held, there in self.differing.values())


def gather(
    connection: str | None = None,
    indices: str = "",
    out: str | Path = "",
    *,
    cancelled: threading.Event | None = None,
    **options: Any,
) -> Result:
    """Gather the records of an index expression into the dataset in the folder ``out``.

    ``connection`` is the name of a connection, or ``None`` with ``url=``; the other options are
    those of :class:`Options`. Setting ``cancelled`` from another thread stops it. Raises
    GatherProblem with a sentence, and Cancelled; in both cases the next call goes on from what is
    complete.
    """
    if not indices or not str(out):
        raise GatherProblem("Say what to gather, and into which folder: indices and out.")
    asked = Options(indices=indices, out=Path(out), connection=connection, **options)
    return Gather(asked, cancelled or threading.Event()).run()


class Gather:
    """One run of a gather."""

    def __init__(self, options: Options, cancelled: threading.Event) -> None:
        self._options = options
        self._cancelled = cancelled
        self._progress = Progress(options.progress)
        self._began = time.monotonic()
        self._waits = WAITS if options.waits is None else options.waits

    def run(self) -> Result:
        """Do it. Raises GatherProblem and Cancelled."""
        if pa.default_memory_pool().backend_name != "system":
            # The others keep what is free, and so hold more than they need.
            with contextlib.suppress(NotImplementedError):
                pa.set_memory_pool(pa.system_memory_pool())
        options = self._options
        connection = self._connection()
        client = connect(options.url, connection, options.time_limit)
        try:
            with Manifest.open(options.out.absolute()) as manifest:
                finish(manifest)
                indices = _allowed(client, connection, options.indices)
                server = Server(client, indices, self._cancelled, self._waits)
                try:
                    return self._run(server, manifest, connection)
                except Cancelled:
                    self._ended(manifest, "cancelled")
                    raise
                except BaseException:
                    self._ended(manifest, "failed")
                    raise
                finally:
                    server.close()
        finally:
            self._progress.close()
            client.close()

    def _connection(self) -> Connection | None:
        options = self._options
        if (options.connection is None) == (options.url is None):
            raise GatherProblem("Give either the name of a connection or a URL.")
        if options.connection is None:
            return None
        try:
            return find_connection(options.connection)
        except ConnectionProblem as problem:
            raise GatherProblem(str(problem)) from None

    def _run(self, server: Server, manifest: Manifest, connection: Connection | None) -> Result:
        options = self._options
        self._progress.phase("plan")
        caps = server.fields()
        about = manifest.about
        schema = read_schema(
            caps,
            {**about.get("given", {}), **options.mapping},
            options.columns if options.columns is not None else columns_of(about),
        )
        if options.verify:
            manifest.forget(manifest.damaged())
        page = options.page_size or (connection.page_size if connection else PAGE_SIZE)
        limit = options.slice_documents or slice_limit(page, options.workers, len(schema.columns))
        manifest.state["runs"] = [
            *manifest.state["runs"],
            {"number": manifest.run + 1, "started": now(), "state": "running"},
        ][-100:]
        make = options.rows or rows_of(options, manifest)
        for attempt in range(POINTS_IN_TIME):
            try:
                server.open()
                opened = now()
                if attempt == 0:
                    schema = self._settle(server, schema, manifest)
                rows = make(schema)
                if options.shape == "wide":
                    rows = WideRows(rows)
                self._describe(manifest, rows, schema, caps, connection)
                manifest.state["point_in_time"] = opened
                manifest.state["complete"] = False
                kept = not_expired(manifest, schema.time.field)
                axis = Axis(server, schema.time.field, limit, rows.zone, rows.days, kept)
                self._pass(server, axis, schema, rows, manifest, page)
                break
            except LostPointInTime:
                if attempt == POINTS_IN_TIME - 1:
                    raise GatherProblem(
                        "Elasticsearch lost the point in time again and again. See to the cluster, "
                        "and run gather again: it goes on where it stopped."
                    ) from None
        return self._result(manifest, schema, caps)

    def _pass(
        self,
        server: Server,
        axis: Axis,
        schema: Schema,
        rows: Rows,
        manifest: Manifest,
        page: int,
    ) -> None:
        """Bring the dataset to the point in time that is open."""
        months = axis.months()
        cursor = Cursor(server, schema, axis, manifest, self._options.overlap, page, zone=rows.zone)
        plans = self._plan(axis, months, manifest, rows, cursor.touched())
        total = sum(stretch.documents for _, found in plans for stretch in found)
        ignored = axis.any_ignored()
        brake = self._brake(page)
        pages = Pages(server, schema, axis, page, brake)
        tuples = Tuples(server, schema, axis, brake, axis.times_are_single())
        fetcher = Fetcher(axis, pages, tuples, self._progress, ignored)
        self._progress.state.documents = 0
        self._progress.phase("gather", total)
        workers = max(1, self._options.workers)
        with ThreadPoolExecutor(workers, thread_name_prefix="gather") as executor:
            footer = {key: value for key, value in manifest.about.items() if key != "given"}
            footer["point_in_time"] = manifest.state["point_in_time"]
            writer = (WideWriter if rows.whole else StretchWriter)(
                manifest, fetcher, rows, executor, workers, footer, self._options.part_rows
            )
            for name, found in plans:
                self._progress.partition(name)
                for stretch in found:
                    writer.write(name, stretch)
        there = {month.name: month.whole.documents for month in months}
        for name in list(manifest.partitions):
            manifest.partitions[name].index_documents = sum(
                seen for part in manifest.partitions[name].parts for *_, seen in part.slices
            )
            if name not in there and not manifest.partitions[name].parts:
                del manifest.partitions[name]
        self._progress.phase("check")
        cursor.move()

    def _brake(self, page: int) -> throttle.Throttle:
        waits = throttle.WAITS if self._options.waits is None else self._options.waits
        return throttle.Throttle(self._options.workers, page, self._cancelled, waits)

    def _plan(
        self,
        axis: Axis,
        months: list[Month],
        manifest: Manifest,
        rows: Rows,
        touched: Touched,
    ) -> list[tuple[str, list[Stretch]]]:
        """What to write in each partition; notes what the index has now in each slice held."""
        plans = []
        small = self._options.part_rows // 2
        there = {month.name: month for month in months}
        for name in manifest.partitions:
            if name not in there:
                held = manifest.partitions[name].parts
                manifest.see(name, [0 for part in held for _ in part.slices])
        for month in months:
            partition = manifest.partitions.get(month.name, Partition())
            parts = partition.parts
            seen = sum(one for part in parts for *_, one in part.slices)
            late = touched.get(month.name, set())
            if parts and seen == month.whole.documents and not late:
                continue
            if month.name == MISSING:
                counts = [month.whole.documents for _ in parts]
                new = [] if parts else [month.whole]
            else:
                counts = axis.counts(
                    [(low, high) for part in parts for low, high, *_ in part.slices]
                )
                ranges = gaps(parts, month.whole)
                sizes = [month.whole.documents] if not parts else axis.counts(ranges)
                new = [
                    Slice(low, high, size) for (low, high), size in zip(ranges, sizes, strict=True)
                ]
            found = stretches(parts, counts, new, small, late)
            noted = _unfetched(parts, counts, found)
            if rows.whole and found:
                found = [Stretch(list(parts), [Step(month.whole, 0, None, True)])]
            plans.append((month.name, found))
            if parts:
                manifest.see(month.name, noted)
        return plans

    def _settle(self, server: Server, schema: Schema, manifest: Manifest) -> Schema:
        """Columns of lists, as the dataset has them or as its first documents show."""
        package = schema.column("package")
        if manifest.about:
            lists = [
                one["name"]
                for one in manifest.about["source_columns"]
                if one["type"].startswith("list")
            ]
        elif package is None or package.kind != "text":
            return schema
        else:
            answer = server.search(
                {
                    "size": 0,
                    "aggs": {
                        "values": {"value_count": {"field": package.field}},
                        "documents": {"filter": {"exists": {"field": package.field}}},
                    },
                }
            )["aggregations"]
            several = answer["values"]["value"] != answer["documents"]["doc_count"]
            lists = [package.name] if several else []
        return schema.with_lists(lists)

    def _describe(
        self,
        manifest: Manifest,
        rows: Rows,
        schema: Schema,
        caps: Mapping[str, Any],
        connection: Connection | None,
    ) -> None:
        """Say in the manifest what the dataset is; hold it to what it was."""
        about = {
            "tool": f"jupyterlab-workload-explorer {__version__}",
            "source": {
                "kind": "elasticsearch",
                "connection": None if connection is None else connection.name,
                "indices": self._options.indices,
            },
            **rows.about(),
            "mapping": dict(rows.mapping),
            "columns": [{"name": one.name, "type": str(one.type)} for one in rows.schema],
            "source_columns": [column.as_json() for column in schema.columns],
            "given": dict(self._options.mapping) or manifest.about.get("given", {}),
            "chosen": list(self._options.columns or ()) or manifest.about.get("chosen"),
        }
        for key, what in _FIXED.items():
            if manifest.about and manifest.about.get(key) != about[key]:
                raise GatherProblem(
                    f"{manifest.folder} was gathered with {what}. "
                    "Gather with the same ones, or into another folder."
                )
        manifest.about = about

    def _ended(self, manifest: Manifest, state: str) -> None:
        """Note how a run has ended that did not reach its end."""
        self._progress.phase(state)
        runs = manifest.state["runs"]
        if runs and runs[-1]["state"] == "running" and manifest.about:
            runs[-1] |= {"ended": now(), "state": state}
            with contextlib.suppress(GatherProblem, OSError):
                manifest.save()

    def _result(self, manifest: Manifest, schema: Schema, caps: Mapping[str, Any]) -> Result:
        partitions = manifest.partitions
        rejects = manifest.gather_rejects()
        differing = {
            name: (one.documents, one.index_documents or 0)
            for name, one in sorted(partitions.items())
            if one.documents != one.index_documents
        }
        fetched = self._progress.state.documents
        manifest.state |= {"complete": True, "rejects": rejects, "left_out": dict(schema.left_out)}
        manifest.state["runs"][-1] |= {"ended": now(), "state": "complete", "fetched": fetched}
        manifest.save()
        self._progress.phase("done")
        known = [column.name for column in schema.columns]
        return Result(
            self._options.out,
            sum(one.documents for one in partitions.values()),
            sum(part.rows for one in partitions.values() for part in one.parts),
            fetched,
            rejects["values"],
            time.monotonic() - self._began,
            differing,
            schema.left_out,
            []
            if manifest.about["chosen"]
            else further_columns(caps, manifest.about["given"], known),
        )


#: What a dataset keeps from its first run to its last, and how to say it.
_FIXED = {
    "shape": "another shape",
    "distilled": "other options of distilling",
    "pseudonymised": "other pseudonyms",
    "source_columns": "other columns",
    "mapping": "another mapping",
}


def _allowed(client: Any, connection: Connection | None, indices: str) -> str:
    """The index expression, if the connection allows all that it stands for."""
    if connection is None:
        return indices
    try:
        return resolve_indices_now(client, connection, indices).expression
    except Refusal as refusal:
        raise GatherProblem(refusal.message) from None


def _unfetched(parts: Sequence[Any], counts: Sequence[int], found: list[Stretch]) -> list[int]:
    """What to note as seen: the counts of now, but for slices that still have to be fetched.

    A run that ends before it has fetched them must leave the next one to see that they differ.
    """
    fetched = {step.piece.start for stretch in found for step in stretch.steps if step.fetch}
    left = iter(counts)
    noted = []
    for part in parts:
        for low, _, _, seen in part.slices:
            count = next(left)
            noted.append(seen if low in fetched else count)
    return noted
