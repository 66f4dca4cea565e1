"""Ids of documents as keyed hashes: the side file of a cursor, and what is new against it.

Ids may be made of what documents hold, a user and a job, so that hashes without a key could be
tried out. Hashes are spread evenly: documents are laid into temporary files by ranges of them, and
compared range by range with the side file, which is in order. So memory does not grow with their
number.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .files import Sink, checksum, disk_problem, sync_folder
from .keys import make_key, read_key
from .problem import GatherProblem
from .rows_file import RowsFile

#: How names of side files begin. They are Parquet, and must not be taken for parts of the dataset.
NAME = "ids"

#: The key of the hashes.
KEY_NAME = "cursor.key"

#: Documents that are compared in memory, about, and that wait to be laid into files.
TOGETHER = 200_000

#: Most temporary files: each is open all the time.
MOST_FILES = 256

_SCHEMA = pa.schema([("hash", pa.uint64())])
_SEEN = pa.schema(
    [("hash", pa.uint64()), ("event", pa.int64()), ("late", pa.bool_()), ("kept", pa.bool_())]
)
_HASHES = 2**64


class Key:
    """The key of the hashes of a dataset; made where there is none yet. Raises GatherProblem."""

    def __init__(self, work: Path) -> None:
        path = work / KEY_NAME
        try:
            self._key = read_key(path)
        except (FileNotFoundError, ValueError):
            # What was hashed with another one tells nothing then, and is looked at again.
            make_key(path)
            self._key = read_key(path)
        except OSError as error:
            raise GatherProblem(
                f"{path} cannot be read ({error.strerror}). Run gather as the user whose dataset "
                "this is, or gather into another folder."
            ) from None

    @property
    def fingerprint(self) -> str:
        """What tells keys apart."""
        return hashlib.blake2b(b"fingerprint", digest_size=8, key=self._key).hexdigest()

    def hash(self, index: str, one: str) -> int:
        """A document's id as eight bytes: a day may have millions."""
        text = f"{index}\0{one}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=self._key).digest(), "big")


class Document(NamedTuple):
    """A document: the hash of its id, and its event time, in milliseconds.

    ``late`` says that it is as the side file tells if that has its id, and else new; ``kept`` that
    its id belongs in the next one.
    """

    hash: int
    event: int | None
    late: bool
    kept: bool


class Seen:
    """Documents that were looked at, about ``number`` of them, in temporary files of a folder."""

    def __init__(self, folder: Path, number: int) -> None:
        files = min(MOST_FILES, number // TOGETHER + 1)
        self._paths = [folder / f"seen-{one}.tmp" for one in range(files)]
        #: Where the range of hashes of each file ends.
        self._ends = [(one + 1) * _HASHES // files for one in range(files)]
        self._files: list[RowsFile] = []
        self._waiting: list[pa.Table] = []

    def __enter__(self) -> Seen:
        self._files = [RowsFile(path, _SEEN) for path in self._paths]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files:
            file.close(quietly=True)
        for path in self._paths:
            path.unlink(missing_ok=True)

    def add(self, documents: list[Document]) -> None:
        """Add documents, in any order."""
        if not documents:
            return
        columns = zip(*documents, strict=True)
        arrays = [pa.array(values, kind) for values, kind in zip(columns, _SEEN.types, strict=True)]
        self._waiting.append(pa.Table.from_arrays(arrays, schema=_SEEN))
        if sum(table.num_rows for table in self._waiting) >= TOGETHER:
            self._flush()

    def against(self, known: Iterator[pa.Array]) -> Iterator[tuple[pa.Array, list[int | None]]]:
        """Hashes for the next side file, in order, and the event times of new documents.

        ``known`` has the hashes of the side file, in order.
        """
        self._flush()
        below = _Below(known)
        for file, end in zip(self._files, self._ends, strict=True):
            file.close()
            tables = list(file.read())
            file.path.unlink()
            have = below.take(end)
            if not tables:
                continue
            table = pa.concat_tables(tables).sort_by("hash")
            there = pc.is_in(table.column("hash"), value_set=have)
            new = table.filter(pc.and_(table.column("late"), pc.invert(there)))
            kept = table.filter(table.column("kept")).column("hash").combine_chunks()
            yield kept, new.column("event").to_pylist()

    def _flush(self) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting).sort_by("hash")
        self._waiting = []
        begin = 0
        for file, end in zip(self._files, self._ends, strict=True):
            place = _place(table.column("hash"), end)
            if place > begin:
                file.add(table.slice(begin, place - begin))
            begin = place


class _Below:
    """Hashes in order, read once, range by range."""

    def __init__(self, arrays: Iterator[pa.Array]) -> None:
        self._arrays = arrays
        self._rest: pa.Array | None = None

    def take(self, end: int) -> pa.Array:
        """Those below a number, but for those taken before."""
        found: list[pa.Array] = [pa.array([], pa.uint64())]
        while True:
            array, self._rest = self._rest, None
            if array is None:
                array = next(self._arrays, None)
            if array is None:
                break
            place = _place(array, end)
            found.append(array.slice(0, place))
            if place < len(array):
                self._rest = array.slice(place)
                break
        return pa.concat_arrays(found)


def _place(ordered: Any, end: int) -> int:
    return bisect_left(range(len(ordered)), end, key=lambda place: ordered[place].as_py())


def read_known(work: Path, cursor: dict[str, Any]) -> Iterator[pa.Array]:
    """The hashes of the side file of a cursor, in order.

    There are none where it is damaged or was made with another key: then nothing is known.
    """
    path = work / cursor.get("file", NAME)
    if not path.exists() or checksum(path) != cursor["sha256"]:
        return
    with pq.ParquetFile(path, pre_buffer=False) as file:
        if file.schema_arrow.names == _SCHEMA.names:
            for batch in file.iter_batches(32_000, use_threads=False):
                yield batch.column(0)


def write_known(work: Path, temporary: Path, pages: Iterable[pa.Array]) -> tuple[str, str]:
    """Write a side file, named by what is in it. Returns its name and its SHA-256."""
    path = temporary / f"{NAME}.tmp"
    try:
        sink = Sink(path)
        try:
            with pq.ParquetWriter(sink, _SCHEMA, compression="zstd") as writer:
                for page in pages:
                    writer.write_table(pa.Table.from_arrays([page], schema=_SCHEMA))
            sink.close()
        except BaseException:
            sink.give_up()
            path.unlink(missing_ok=True)
            raise
        name = f"{NAME}-{sink.sha256[:16]}"
        path.replace(work / name)
        sync_folder(work)
    except OSError as error:
        raise disk_problem(error, path) from None
    return name, sink.sha256
