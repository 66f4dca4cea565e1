"""Rows read piece by piece in order of time, with times that no type of the dataset can have."""

import pyarrow as pa
import pytest

from jupyterlab_workload_explorer.gather.by_time import ByTime
from jupyterlab_workload_explorer.gather.rewrite import Kept

#: The year 9999, which nanoseconds of 64 bits do not reach.
FAR = 253_370_764_800_000


def table(unit, *times):
    return pa.table({"time": pa.array(times, pa.int64()).cast(pa.timestamp(unit, "UTC"))})


def pieces(tables, ends):
    rows = ByTime(iter(tables), "time")
    return [
        [time for one in rows.take(end) for time in one.column("time").cast(pa.int64()).to_pylist()]
        for end in ends
    ]


@pytest.mark.parametrize("unit, per_milli", [("ms", 1), ("ns", 1_000_000)])
def test_rows_without_a_time_are_of_the_slice_before(unit, per_milli):
    first = table(unit, 1 * per_milli, None, 12 * per_milli)
    second = table(unit, None, None, 21 * per_milli, None)
    found = pieces([first, second], [10, 20, 30])
    assert found == [[per_milli, None], [12 * per_milli, None, None], [21 * per_milli, None]]


def test_ends_that_nanoseconds_do_not_reach():
    assert pieces([table("ns", 5, None)], [1, FAR]) == [[5, None], []]
    assert pieces([table("ns", 5_000_000, None)], [1, FAR]) == [[], [5_000_000, None]]
    kept = Kept("time", None, None, FAR, None, None)
    assert kept.rows(table("ns", 5, None)).num_rows == 1
