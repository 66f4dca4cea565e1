"""The wide shape against processes put together by hand."""

import random

import pyarrow as pa
import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather import spill
from jupyterlab_workload_explorer.gather.problem import GatherProblem
from jupyterlab_workload_explorer.gather.rows import Rows
from jupyterlab_workload_explorer.gather.schema import TEXT, Column, Schema
from jupyterlab_workload_explorer.gather.wide import WideRows

from ..services.documents import ask, load_documents
from .support import BEGIN, MONTH, read_dataset, read_index, read_manifest

FIELDS = {
    "event_timestamp": "date",
    "process_id": "long",
    "subservice": "keyword",
    "version": "keyword",
    "username": "keyword",
    "num_nodes": "integer",
}
SMALL = {"part_rows": 200, "slice_documents": 90, "page_size": 40}


def processes(count, seed, first=0, end=BEGIN + 2 * MONTH):
    """Records of processes that end within a minute, which no slice of time keeps together."""
    chance = random.Random(seed)
    found = []
    for number in range(first, first + count):
        instant = chance.randrange(BEGIN, end - 120_000)
        for package in chance.sample(
            ["numpy", "scipy", "dask", "torch", "h5py"], chance.choice([1, 2, 4])
        ):
            found.append(
                {
                    # All in one month: a process has a row in each month.
                    "event_timestamp": instant // 86_400_000 * 86_400_000
                    + (instant + chance.randrange(60_000)) % 86_400_000,
                    "process_id": number,
                    "subservice": package,
                    "version": "1",
                    "username": f"u{number % 7}",
                    "num_nodes": chance.randrange(1, 9),
                }
            )
    found.extend({"event_timestamp": BEGIN + n % 3, "subservice": "numpy"} for n in range(5))
    chance.shuffle(found)
    return found


def expected(documents):
    rows = {}
    loose = []
    for one in documents:
        if "process_id" not in one:
            loose.append((one["event_timestamp"], None, (one["subservice"],), None, None))
            continue
        row = rows.setdefault(one["process_id"], [one["event_timestamp"], set(), set(), 0])
        row[0] = min(row[0], one["event_timestamp"])
        row[1].add(one["subservice"])
        row[2].add(one["username"])
        row[3] = max(row[3], one["num_nodes"])
    return sorted(
        [
            *((t, key, tuple(sorted(p)), *u, n) for key, (t, p, u, n) in rows.items()),
            *loose,
        ],
        key=str,
    )


def found_in(out):
    names = ["event_timestamp", "process_id", "packages", "username", "num_nodes"]
    rows = read_dataset(out)
    assert "version" not in rows[0] and "subservice" not in rows[0]
    return sorted(
        (
            tuple(tuple(v) if isinstance(v, list) else v for v in (r[n] for n in names))
            for r in rows
        ),
        key=str,
    )


def gather(node, index, out, **options):
    return jupyterlab_workload_explorer.gather(
        None, index, out, url=node.url, **{**SMALL, "shape": "wide", **options}
    )


@pytest.mark.parametrize(
    "size, merged", [(800, 3), (10**9, 32)], ids=["files divided and merged", "few files"]
)
def test_a_row_for_each_process(node, make_index, tmp_path, monkeypatch, size, merged):
    monkeypatch.setattr(spill, "BYTES", size)
    monkeypatch.setattr(spill, "MERGED", merged)
    out = tmp_path / "out"
    documents = processes(400, 1)
    index = make_index(documents, FIELDS)
    result = gather(node, index, out)
    assert found_in(out) == expected(documents)
    assert result.documents == len(documents) and not result.differing
    manifest = read_manifest(out)
    assert manifest["dataset"]["shape"] == "wide"
    assert manifest["dataset"]["mapping"]["package"] == "packages"
    for name in manifest["partitions"]:
        last = None
        for file in sorted(out.glob(f"month={name}/*.parquet")):
            times = [row["event_timestamp"] for row in read_dataset_of(file)]
            assert times == sorted(times) and (last is None or last <= times[0])
            last = times[-1]
    assert gather(node, index, out).fetched == 0
    # Packages of known processes come late, and new processes.
    late = [{**one, "subservice": "late"} for one in documents[:20] if "process_id" in one]
    late += processes(30, 2, first=1000)
    load_documents(node, index, late)
    gather(node, index, out)
    assert found_in(out) == expected([*documents, *late])
    assert len(read_index(node, index)) == sum(
        one["documents"] for one in read_manifest(out)["partitions"].values()
    )
    assert not list((out / ".gather" / "tmp").iterdir())


def test_packages_stay_when_their_records_expire(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = [{**one, "_id": str(n)} for n, one in enumerate(processes(100, 3))]
    index = make_index(documents, FIELDS)
    gather(node, index, out)
    for one in documents[:10]:
        ask(node, "DELETE", f"/{index}/_doc/{one['_id']}?refresh=true")
    late = processes(20, 4, first=500, end=BEGIN + MONTH)
    # Records that are the same in everything cannot be told apart.
    late = [one for one in late if "process_id" in one]
    load_documents(node, index, late)
    result = gather(node, index, out)
    assert found_in(out) == expected([*documents, *late])
    assert 0 < result.expired <= 10


def test_needs_to_know_the_process(node, make_index, tmp_path):
    index = make_index([], {"time": "date", "package": "keyword"})
    with pytest.raises(GatherProblem, match="what a process is"):
        gather(node, index, tmp_path / "out")


def read_dataset_of(file):
    import pyarrow.parquet as pq

    return pq.ParquetFile(file).read().to_pylist()


def test_records_without_a_process_and_a_time_can_be_divided():
    """A month of them is put together piece by piece, where it is too large for the memory."""
    columns = (
        Column("time", "time", "date", pa.timestamp("ms", "UTC")),
        Column("process", "process", "whole", pa.int64()),
        Column("package", "package", "text", TEXT),
        Column("user", "user", "text", TEXT),
    )
    rows = WideRows(Rows(Schema(columns, {one.name: one.name for one in columns}, {})))
    nothing = [None] * 1000
    users = [f"u{number % 500}" for number in range(1000)]
    table = pa.table([nothing, nothing, [["numpy"]] * 1000, users], schema=rows.schema)
    numbers = list(rows.meeting(table))
    assert len(set(numbers)) == 500 and numbers[:500] == numbers[500:]
