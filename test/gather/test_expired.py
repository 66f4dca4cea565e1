"""What the index has lost stays, whatever comes meanwhile."""

import json

import pyarrow.parquet as pq
import pytest

from ..services.documents import load_documents
from .support import (
    BEGIN,
    FIELDS,
    MINUTE,
    SMALL,
    delete_documents,
    gather,
    numbered,
    read_dataset,
    records,
    rows_of,
)

NAMES = list(FIELDS)[:-1]


@pytest.mark.parametrize("gone, come", [(3, 1), (1, 3), (2, 2)])
def test_some_expire_and_others_come_into_the_same_slice(node, make_index, tmp_path, gone, come):
    """A slice may lose as many as it gets; the month is told by its number, or by another slice."""
    out = tmp_path / "out"
    documents = numbered(600, lambda number: BEGIN + number * MINUTE)
    # Far later ones, so that the overlap does not reach back.
    documents += numbered(20, lambda number: BEGIN + (number + 5000) * MINUTE, first=600)
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    # One more, so that the month differs even where the slice does not.
    delete_documents(node, index, [*documents[10 : 10 + gone], documents[400]])
    late = numbered(come, BEGIN + 12 * MINUTE + 5, first=9000)
    load_documents(node, index, late)
    result = gather(node, index, out, **SMALL)
    assert rows_of(read_dataset(out), NAMES) == rows_of([*documents, *late], NAMES)
    assert result.expired == gone + 1
    assert gather(node, index, out, **SMALL).fetched == 0


@pytest.mark.parametrize("instant", [BEGIN, None], ids=["one moment", "no time"])
def test_more_than_the_memory_holds_at_once(node, make_index, tmp_path, instant, monkeypatch):
    """A moment, or records without a time, of more documents than a slice may have."""
    monkeypatch.setattr("jupyterlab_workload_explorer.gather.spill.ROWS", 200)
    out = tmp_path / "out"
    documents = numbered(1000, instant)
    for one in documents:
        if instant is None:
            del one["event_timestamp"]
    # Some are the same as others, in all columns.
    documents += [{**one, "_id": f"again-{one['_id']}"} for one in documents[:50]]
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    assert rows_of(read_dataset(out), NAMES) == rows_of(documents, NAMES)
    delete_documents(node, index, documents[100:300])
    late = numbered(30, instant, first=5000)
    for one in late:
        if instant is None:
            del one["event_timestamp"]
    load_documents(node, index, late)
    result = gather(node, index, out, **SMALL)
    assert rows_of(read_dataset(out), NAMES) == rows_of([*documents, *late], NAMES)
    assert result.expired == 200 and result.documents == 1080
    for file in out.glob("month=*/*.parquet"):
        jobs = pq.ParquetFile(file).read(["job_id"]).column(0).to_pylist()
        assert jobs == sorted(jobs)


@pytest.mark.parametrize("shape", ["long", "wide", "distilled"])
def test_values_that_did_not_fit_stay_with_their_documents(node, make_index, tmp_path, shape):
    out = tmp_path / "out"
    documents = numbered(400, lambda number: BEGIN + number * MINUTE, subservice="numpy")
    for one in documents[::20]:
        one["username"] = [one["username"], "another"]
    index = make_index(documents)
    options = {**SMALL, "distill": shape == "distilled"}
    if shape == "wide":
        options["shape"] = "wide"
    assert gather(node, index, out, **options).rejects == 20
    delete_documents(node, index, documents[35:65])
    late = numbered(1, BEGIN + 50 * MINUTE, first=900, username=["x", "y"], subservice="numpy")
    load_documents(node, index, late)
    result = gather(node, index, out, **options)
    lines = [json.loads(line) for line in (out / "_rejects.ndjson").read_text().splitlines()]
    jobs = [one["job"] for one in lines]
    assert sorted(jobs) == sorted(one["job_id"] for one in [*documents[::20], *late])
    assert result.rejects == 21


def test_all_of_a_month_expires(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = [{**one, "_id": str(number)} for number, one in enumerate(records(500, 81))]
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    delete_documents(node, index, documents)
    result = gather(node, index, out, **SMALL)
    assert result.fetched == 0 and result.expired == 500
    late = [{**one, "_id": f"late-{number}"} for number, one in enumerate(records(40, 82))]
    load_documents(node, index, late)
    gather(node, index, out, **SMALL)
    assert rows_of(read_dataset(out), NAMES) == rows_of([*documents, *late], NAMES)
