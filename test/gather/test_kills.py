"""The gatherer killed at random moments: the next run has exactly the documents."""

import json
import os
import random
import signal
import subprocess
import time

import pyarrow.parquet as pq
import pytest

from ..oracle.sizes import size
from ..services.documents import load_documents
from .support import (
    BEGIN,
    FIELDS,
    MONTH,
    check_against,
    delete_documents,
    read_dataset,
    read_index,
    read_manifest,
    records,
    rows_of,
    run_gather,
)

SEED = int(os.environ.get("WORKLOAD_SEED", "5"))
NAMES = list(FIELDS)[:-1]


def test_killed_at_random_moments(node, make_index, tmp_path):
    chance = random.Random(SEED)
    out = tmp_path / "out"
    index = make_index(records(8000, SEED))
    options = {
        "indices": index,
        "url": node.url,
        "part_rows": 600,
        "slice_documents": 120,
        "page_size": 50,
    }
    began = time.monotonic()
    whole = run_gather({**options, "out": tmp_path / "whole"})
    assert whole.stdout.readline() == "ready\n"
    ready = time.monotonic()
    assert whole.communicate()[1] == ""
    span = time.monotonic() - ready
    assert ready > began
    killed = 0
    for number in range(size("gather_kills")):
        process = run_gather({**options, "out": out})
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(chance.uniform(0, span))
        except Exception:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        _is_sound(node, index, out)
        if chance.random() < 0.5:
            # Documents of all times arrive between the runs, most of them late.
            load_documents(node, index, records(60, SEED * 1000 + number, BEGIN, BEGIN + 4 * MONTH))
    last = run_gather({**options, "out": out})
    output, errors = last.communicate()
    assert last.returncode == 0, errors
    assert killed > 0
    check_against(node, index, out, NAMES)
    assert json.loads(output.splitlines()[-1])["documents"] == len(read_index(node, index))
    assert not list((out / ".gather" / "tmp").iterdir())


@pytest.mark.parametrize("cursor", ["ingest", "event"])
def test_incremental_runs_killed_while_documents_come_and_expire(
    node, make_index, tmp_path, cursor
):
    """What a run had to its end is held for good; at last, all there is, and nothing twice.

    By ids, whatever comes is found. By counts, what comes is found in months that lose nothing
    between two runs that reach their end.
    """
    chance = random.Random(f"{cursor} {SEED}")
    out = tmp_path / "out"
    there = dict(_different(chance, 3000, 0, range(3)))
    index = make_index(list(there.values()))
    ever = dict(there)
    options = {
        "indices": index,
        "url": node.url,
        "out": out,
        "part_rows": 400,
        "slice_documents": 120,
        "page_size": 50,
        "mapping": {"ingest": "ingested"} if cursor == "ingest" else {},
    }
    began = time.monotonic()
    _to_its_end(options)
    span = time.monotonic() - began
    kept = dict(there)
    killed = 0
    losing = 0
    for number in range(1, size("gather_kills") + 1):
        months = range(4) if cursor == "ingest" else [one for one in range(4) if one % 2 != losing]
        come = dict(_different(chance, 40, number, months))
        go = [
            one
            for key, one in there.items()
            if cursor == "ingest" or key[0] % 2 == losing
            if chance.random() < 0.01
        ]
        load_documents(node, index, list(come.values()))
        delete_documents(node, index, go)
        there |= come
        ever |= come
        there = {key: one for key, one in there.items() if one not in go}
        if chance.random() < 0.25:
            _to_its_end(options)
            kept |= there
            losing = 1 - losing
        else:
            process = run_gather(options)
            assert process.stdout.readline() == "ready\n"
            try:
                process.wait(chance.uniform(0, span / 2))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.communicate()
        _holds(out, kept, ever)
    _to_its_end(options)
    assert killed > 0
    _holds(out, kept | there, ever)
    manifest = read_manifest(out)
    assert manifest["replacing"] is None and manifest["state"]["complete"]
    rows = sum(one["documents"] for one in manifest["partitions"].values())
    assert rows == len(read_dataset(out))
    assert not list((out / ".gather" / "tmp").iterdir())


def _different(chance, count, number, months):
    """Documents that all differ, by month and process; those of a later number came in later."""
    for one in range(count):
        month = chance.choice(list(months))
        process = number * 10**6 + one
        yield (
            (month, process),
            {
                "_id": str(process),
                # Nowhere near the ends of months.
                "event_timestamp": BEGIN + month * MONTH + chance.randrange(4, 24) * 10**8,
                "process_id": process,
                "username": f"user{process % 40}",
                "job_id": str(chance.randrange(10**6)),
                "ingested": BEGIN + 6 * MONTH + number * 600_000,
            },
        )


def _to_its_end(options):
    process = run_gather(options)
    _, errors = process.communicate()
    assert process.returncode == 0, errors


def _holds(out, least, most):
    """That a dataset has all of some documents, none of others, and none twice."""
    if read_manifest(out)["replacing"] is not None:
        return
    names = ["process_id", "event_timestamp", "username", "job_id", "ingested"]
    rows = rows_of(read_dataset(out), names)
    assert not rows_of(least.values(), names) - rows
    assert not rows - rows_of(most.values(), names)


def _is_sound(node, index, out):
    """Whatever happened: files that are there can be read, and none holds a document twice."""
    if not (out / "_manifest.json").exists():
        return
    manifest = read_manifest(out)
    for file in out.glob("month=*/*.parquet"):
        assert pq.ParquetFile(file).metadata.num_rows > 0
    replacing = manifest["replacing"]
    if replacing is None:
        listed = {part["file"] for one in manifest["partitions"].values() for part in one["parts"]}
        assert listed == {file.relative_to(out).as_posix() for file in out.glob("month=*/*")}
        extra = rows_of(read_dataset(out), NAMES) - rows_of(read_index(node, index), NAMES)
        assert not extra
