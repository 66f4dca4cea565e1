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

from ..elasticsearch.connections import Connection, ConnectionProblem, find_connection
from ..elasticsearch.refusal import Refusal
from ..elasticsearch.resolve import resolve_indices_now
from . import throttle
from .client import connect
from .cursor import Cursor, remove_old
from .dataset import begin_again, describe, footer_of, new_fields, schema_for, with_lists
from .fetch import Fetcher
from .garbage import seldom_collected
from .holdings import Lost
from .manifest import Manifest
from .options import PAGE_SIZE, Options, slice_limit
from .pages import Pages
from .plan import make_plan
from .problem import Cancelled, GatherProblem, LostPointInTime
from .progress import Progress
from .rows import Rows
from .schema import Schema
from .server import WAITS, Server, now
from .shaping import rows_maker
from .slices import Axis
from .stretch import StretchWriter
from .tuples import Tuples
from .upkeep import finish, not_expired
from .wide import WideRows, WideWriter

#: How often a gather opens a new point in time, after the server has lost one.
POINTS_IN_TIME = 5


@dataclass(frozen=True)
class Result:
    """What came of a gather.

    ``documents`` are those of the index that the dataset stands for, whatever counts they have,
    ``rows`` its rows, ``fetched`` the documents of this run, ``rejects`` the values that did not
    fit. ``differing`` has the partitions whose count differs from the index, with both numbers
    (held, in the index); ``left_out`` the fields that cannot be gathered, with reasons. ``lost``
    are files that were missing or damaged when the run began: of their documents, those that the
    index still has were gathered anew. ``exchanged`` rows (counts, in distilled data) only are in
    the dataset, while as many others came, in slices of time that they were most of: as it is where
    documents were indexed anew with other values. The dataset has both.
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
    lost: Sequence[Lost] = ()
    exchanged: int = 0

    @property
    def expired(self) -> int:
        """Documents that are held and that the index no longer has.

        At least so many: documents with counts of their own, or of several packages, cannot always
        be told from others.
        """
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
        self._exchanged = 0

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
                    with seldom_collected():
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
        if options.verify:
            manifest.verify()
        begin_again(manifest)
        schema = schema_for(caps, manifest, options)
        page = options.page_size or (connection.page_size if connection else PAGE_SIZE)
        limit = options.slice_documents or slice_limit(page, options.workers, len(schema.columns))
        manifest.state["runs"] = [
            *manifest.state["runs"],
            {"number": manifest.run + 1, "started": now(), "state": "running"},
        ][-100:]
        make = options.rows or rows_maker(options, manifest)
        for attempt in range(POINTS_IN_TIME):
            try:
                server.open()
                opened = now()
                if not manifest.about:
                    schema = with_lists(server, schema)
                rows = make(schema)
                if options.shape == "wide":
                    rows = WideRows(rows)
                source = {
                    "kind": "elasticsearch",
                    "connection": None if connection is None else connection.name,
                    "indices": options.indices,
                }
                describe(manifest, rows, schema, caps, options, source)
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
        new, moved = cursor.look()
        plan = make_plan(axis, months, manifest, new, self._options.part_rows // 2, rows.whole)
        # All in one: the manifest knows what is due, and the next run needs no more than that.
        plan.note(manifest)
        manifest.state["cursor"] = moved
        manifest.save()
        remove_old(manifest)
        ignored = axis.any_ignored()
        brake = self._brake(page)
        pages = Pages(server, schema, axis, page, brake)
        tuples = Tuples(server, schema, axis, brake, axis.times_are_single())
        fetcher = Fetcher(axis, pages, tuples, self._progress, ignored)
        # Of the whole run, whatever points in time it has.
        self._progress.phase("gather", self._progress.state.documents + plan.documents)
        workers = max(1, self._options.workers)
        with ThreadPoolExecutor(workers, thread_name_prefix="gather") as executor:
            footer = footer_of(manifest)
            writer = (WideWriter if rows.whole else StretchWriter)(
                manifest, fetcher, rows, executor, workers, footer, self._options.part_rows
            )
            try:
                for name, found in plan.partitions:
                    self._progress.partition(name)
                    for stretch in found:
                        writer.write(name, stretch)
            finally:
                self._exchanged += writer.exchanged
        there = {month.name: month.whole.documents for month in months}
        for name in list(manifest.partitions):
            manifest.partitions[name].index_documents = manifest.partitions[name].seen
            if name not in there and not manifest.partitions[name].parts:
                del manifest.partitions[name]
        self._progress.phase("check")

    def _brake(self, page: int) -> throttle.Throttle:
        waits = throttle.WAITS if self._options.waits is None else self._options.waits
        return throttle.Throttle(self._options.workers, page, self._cancelled, waits)

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
        lost = manifest.lost
        # What runs before this one have lost that were stopped is told, too.
        noted = {"lost": manifest.state.pop("lost")} if lost else {}
        done = {"ended": now(), "state": "complete", "fetched": fetched}
        manifest.state["runs"][-1] |= done | noted
        manifest.save()
        self._progress.phase("done")
        return Result(
            self._options.out,
            sum(one.documents for one in partitions.values()),
            sum(part.rows for one in partitions.values() for part in one.parts),
            fetched,
            rejects["values"],
            time.monotonic() - self._began,
            differing,
            schema.left_out,
            new_fields(caps, manifest),
            lost,
            self._exchanged,
        )


def _allowed(client: Any, connection: Connection | None, indices: str) -> str:
    """The index expression, if the connection allows all that it stands for."""
    if connection is None:
        return indices
    try:
        return resolve_indices_now(client, connection, indices).expression
    except Refusal as refusal:
        raise GatherProblem(refusal.message) from None
    except Exception as error:
        # Its text may hold what was to be sent, and so the login.
        raise GatherProblem(
            f'The names of "{indices}" cannot be asked for ({type(error).__name__}). Check what '
            "the connection logs in with."
        ) from None
