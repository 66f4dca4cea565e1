"""Ranges of time that no part covers, because a file was lost and the index had none of it."""

import pyarrow.parquet as pq

from jupyterlab_workload_explorer.gather.holdings import Cover, Part
from jupyterlab_workload_explorer.gather.reconcile import gaps, stretches
from jupyterlab_workload_explorer.gather.slices import Slice

from ..services.documents import load_documents
from .support import (
    BEGIN,
    MINUTE,
    PARTS,
    delete_documents,
    gather,
    numbered,
    read_dataset,
    read_manifest,
)


def part(name, *covers):
    return Part(name, 10, 1, "", 1, 0, tuple(Cover(*one) for one in covers))


def ranges(found):
    return [[(step.piece.start, step.piece.end) for step in one.steps] for one in found]


def test_no_stretch_goes_on_behind_a_hole():
    parts = [part("a", (0, 10, 10, 10)), part("c", (20, 30, 10, 10))]
    assert gaps(parts, Slice(0, 30, 22)) == [(10, 20)]
    none = stretches(parts, [11, 11], [True, True], [Slice(10, 20, 0)], 5)
    assert ranges(none) == [[(0, 10)], [(20, 30)]]
    some = stretches(parts, [11, 11], [True, True], [Slice(10, 20, 3)], 5)
    assert ranges(some) == [[(0, 10), (10, 20), (20, 30)]]


def test_documents_that_come_into_a_hole(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = numbered(400, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **PARTS)
    lost = read_manifest(out)["partitions"]["2021-02"]["parts"][1]
    begin, end = lost["slices"][0][0], lost["slices"][-1][1]
    (out / lost["file"]).unlink()
    inside = [one for one in documents if begin <= one["event_timestamp"] < end]
    delete_documents(node, index, inside)
    left = {one["process_id"] for one in documents if one not in inside}
    late = iter(range(9000, 9010))

    def come(*instants):
        for instant in instants:
            (one,) = numbered(1, instant, first=next(late))
            load_documents(node, index, [one])
            left.add(one["process_id"])
        # Parts that may reach around the hole.
        gather(node, index, out, **{**PARTS, "part_rows": 1000})
        assert sorted(row["process_id"] for row in read_dataset(out)) == sorted(left)
        for file in out.glob("month=*/*.parquet"):
            times = pq.read_table(file, partitioning=None).column("event_timestamp").to_pylist()
            assert times == sorted(times)

    come(begin - 1, end + 1)
    come(begin + 1)
    come(begin - 2, begin + 2, end + 2)
