"""Runs after the first: what is new, late or expired, against all documents there have been."""

import threading

import pytest

from jupyterlab_workload_explorer.gather.problem import Cancelled

from ..services.documents import load_documents
from .support import (
    BEGIN,
    FIELDS,
    MONTH,
    SMALL,
    check_against,
    delete_documents,
    gather,
    read_dataset,
    read_manifest,
    records,
    rows_of,
)


def test_fetches_only_what_is_new(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(records(2000, 4, end=BEGIN + 2 * MONTH))
    gather(node, index, out, **SMALL)
    assert gather(node, index, out, **SMALL).fetched == 0
    later = records(500, 5, begin=BEGIN + 2 * MONTH, end=BEGIN + 3 * MONTH)
    load_documents(node, index, later)
    assert 400 < gather(node, index, out, **SMALL).fetched < 1300
    check_against(node, index, out)


def test_documents_that_come_late(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(records(2000, 6))
    gather(node, index, out, **SMALL)
    for seed in range(7, 10):
        late = records(3, seed)
        load_documents(node, index, late)
        assert gather(node, index, out, **SMALL).fetched >= 3
        check_against(node, index, out)


def test_documents_that_expire_stay_and_are_reported(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = [{**one, "_id": str(number)} for number, one in enumerate(records(2000, 11))]
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    gone = [one for one in documents if one.get("event_timestamp", BEGIN * 9) < BEGIN + 5 * 10**8]
    delete_documents(node, index, gone)
    result = gather(node, index, out, **SMALL)
    # Only the month that differs, and nothing where nothing is left.
    assert result.fetched < 1000
    assert result.expired == len(gone) == sum(a - b for a, b in result.differing.values())
    assert read_manifest(out)["partitions"]["2021-02"]["agrees"] is False
    names = list(FIELDS)[:-1]
    assert rows_of(read_dataset(out), names) == rows_of(documents, names)
    # Others come late into the same slices: they are added to what stays.
    late = records(40, 12, end=BEGIN + 5 * 10**8)
    load_documents(node, index, late)
    gather(node, index, out, **SMALL)
    assert rows_of(read_dataset(out), names) == rows_of([*documents, *late], names)


def test_one_expires_while_another_comes(node, make_index, tmp_path):
    """Counts agree then; the ids of the overlap tell."""
    out = tmp_path / "out"
    documents = [{**one, "_id": str(number)} for number, one in enumerate(records(500, 13))]
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    last = max(documents, key=lambda one: one.get("event_timestamp", 0))
    delete_documents(node, index, [last])
    late = {**last, "username": "somebody else", "_id": "late"}
    load_documents(node, index, [late])
    gather(node, index, out, **SMALL)
    names = list(FIELDS)[:-1]
    assert rows_of(read_dataset(out), names) == rows_of([*documents, late], names)


def test_an_ingest_time_finds_what_counts_cannot(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = [
        {**one, "_id": str(number), "ingested": BEGIN + 4 * MONTH}
        for number, one in enumerate(records(500, 14))
    ]
    index = make_index(documents)
    options = {**SMALL, "mapping": {"ingest": "ingested"}}
    gather(node, index, out, **options)
    first = min(documents, key=lambda one: one.get("event_timestamp", BEGIN * 9))
    delete_documents(node, index, [first])
    late = {**first, "username": "somebody else", "_id": "late", "ingested": BEGIN + 5 * MONTH}
    load_documents(node, index, [late])
    gather(node, index, out, **options)
    assert rows_of(read_dataset(out), FIELDS) == rows_of([*documents, late], FIELDS)


def test_documents_that_arrive_meanwhile(node, make_index, tmp_path):
    """Those of the point in time and no others; the next run has the rest."""
    out = tmp_path / "out"
    index = make_index(records(3000, 15))
    arrived = threading.Event()

    def arrive(state):
        if state.phase == "gather" and not arrived.is_set():
            arrived.set()
            load_documents(node, index, records(500, 16))

    result = gather(node, index, out, **SMALL, progress=arrive)
    assert arrived.is_set()
    assert result.documents == 3000
    assert rows_of(read_dataset(out), list(FIELDS)[:-1]) == rows_of(
        records(3000, 15), list(FIELDS)[:-1]
    )
    gather(node, index, out, **SMALL)
    check_against(node, index, out)


@pytest.mark.usefixtures("told_at_once")
def test_cancelled_and_resumed(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(records(3000, 17))
    cancelled = threading.Event()

    def stop(state):
        if state.phase == "gather" and state.partition == "2021-03":
            cancelled.set()

    with pytest.raises(Cancelled):
        gather(node, index, out, **SMALL, progress=stop, cancelled=cancelled)
    manifest = read_manifest(out)
    assert not manifest["state"]["complete"]
    assert manifest["state"]["runs"][-1]["state"] == "cancelled"
    assert manifest["partitions"]["2021-02"]["rows"] > 0
    assert gather(node, index, out, **SMALL).fetched < 3000
    check_against(node, index, out)
