"""The gatherer killed at random moments: the next run has exactly the documents."""

import json
import os
import random
import signal
import time

import pyarrow.parquet as pq

from ..oracle.sizes import size
from ..services.documents import load_documents
from .support import (
    BEGIN,
    FIELDS,
    MONTH,
    check_against,
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
