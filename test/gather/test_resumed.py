"""Incremental runs that are stopped, and what the next one needs of them."""

import contextlib
import threading

import pytest

from jupyterlab_workload_explorer.gather import cursor as cursors
from jupyterlab_workload_explorer.gather.manifest import Manifest
from jupyterlab_workload_explorer.gather.problem import Cancelled, LostPointInTime
from jupyterlab_workload_explorer.gather.slices import Axis
from jupyterlab_workload_explorer.gather.stretch import StretchWriter

from ..services.documents import load_documents
from ..services.fault_proxy import FaultProxy
from .support import (
    BEGIN,
    FIELDS,
    MINUTE,
    PARTS,
    check_against,
    delete_documents,
    gather,
    numbered,
    read_dataset,
    read_manifest,
    rows_of,
    stop_after,
)

NAMES = list(FIELDS)[:-1]
pytestmark = pytest.mark.usefixtures("told_at_once")


def test_an_incremental_run_goes_on_where_it_was_stopped(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = numbered(1500, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **PARTS)
    # The month has lost some and got others, so it is gathered anew: 1,460 documents.
    delete_documents(node, index, documents[::30])
    late = numbered(10, lambda number: BEGIN + (number - 9000) * 100 * MINUTE, first=9000)
    load_documents(node, index, late)
    fetched = []
    while True:
        stop = stop_after(500)
        try:
            result = gather(node, index, out, **PARTS, **stop)
            break
        except Cancelled:
            due = sum(
                len(cover) == 5
                for one in read_manifest(out)["partitions"].values()
                for part in one["parts"]
                for cover in part["slices"]
            )
            assert due > 0
            fetched.append(due)
    assert len(fetched) >= 2 and fetched == sorted(set(fetched), reverse=True)
    assert result.fetched < 1000
    assert rows_of(read_dataset(out), NAMES) == rows_of([*documents, *late], NAMES)
    assert gather(node, index, out, **PARTS).fetched == 0


def test_what_comes_between_a_stopped_run_and_the_next(node, make_index, tmp_path, monkeypatch):
    """A document replaces another one in a slice that the stopped run had just fetched."""
    out = tmp_path / "out"
    options = {**PARTS, "overlap": 10**6}
    documents = numbered(600, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **options)
    load_documents(node, index, numbered(3, BEGIN + 7, first=9000))
    load_documents(node, index, numbered(3, BEGIN + 400 * MINUTE + 7, first=9100))
    real = StretchWriter.write
    written = []

    def write(self, name, stretch):
        if written:
            raise Cancelled
        real(self, name, stretch)
        written.append(name)

    with monkeypatch.context() as patch:
        patch.setattr(StretchWriter, "write", write)
        with pytest.raises(Cancelled):
            gather(node, index, out, **options)
    assert {9000, 9100} & {row["process_id"] for row in read_dataset(out)} == {9000}
    delete_documents(node, index, documents[1:2])
    load_documents(node, index, numbered(1, BEGIN + 9, first=9200))
    gather(node, index, out, **options)
    held = {row["process_id"] for row in read_dataset(out)}
    assert held == {*range(600), 9000, 9001, 9002, 9100, 9101, 9102, 9200}


def exchange_one(node, make_index, out):
    """Gathers an index, in which then one document takes the place of another one.

    Returns the index, and the rows that the dataset is to have: both documents.
    """
    documents = numbered(300, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **PARTS)
    late = numbered(1, BEGIN + 299 * MINUTE, first=9000)
    delete_documents(node, index, documents[298:299])
    load_documents(node, index, late)
    return index, rows_of([*documents, *late], NAMES)


@pytest.mark.parametrize("before", ["save", "remove_old"])
def test_killed_while_the_cursor_moves(node, make_index, tmp_path, monkeypatch, before):
    """The ids of the overlap and the manifest go together, whichever was written last."""
    out = tmp_path / "out"
    index, wanted = exchange_one(node, make_index, out)

    class Died(BaseException):
        pass

    moved = []
    real = cursors.Cursor.look

    def look(self):
        found = real(self)
        moved.append(found)
        return found

    def die(*_):
        if moved:
            raise Died

    with monkeypatch.context() as patch:
        patch.setattr(cursors.Cursor, "look", look)
        if before == "save":
            patch.setattr(Manifest, "save", die)
        else:
            patch.setattr("jupyterlab_workload_explorer.gather.run.remove_old", die)
        with pytest.raises(Died):
            gather(node, index, out, **PARTS)
    gather(node, index, out, **PARTS)
    assert rows_of(read_dataset(out), NAMES) == wanted
    [file] = out.glob(".gather/ids*")
    assert file.name == read_manifest(out)["state"]["cursor"]["file"]


@pytest.mark.parametrize("problem", [Cancelled, LostPointInTime])
def test_stopped_while_it_plans(node, make_index, tmp_path, monkeypatch, problem):
    """What is new is new to the next look, too."""
    out = tmp_path / "out"
    index, wanted = exchange_one(node, make_index, out)
    real = Axis.counts
    stopped = []

    def counts(self, ranges):
        if not stopped:
            stopped.append(ranges)
            raise problem
        return real(self, ranges)

    monkeypatch.setattr(Axis, "counts", counts)
    with pytest.raises(Cancelled) if problem is Cancelled else contextlib.nullcontext():
        gather(node, index, out, **PARTS)
    gather(node, index, out, **PARTS)
    assert stopped
    assert rows_of(read_dataset(out), NAMES) == wanted


def test_ids_that_are_lost_are_no_ids(node, make_index, tmp_path):
    out = tmp_path / "out"
    index, wanted = exchange_one(node, make_index, out)
    [file] = out.glob(".gather/ids*")
    file.write_bytes(b"PAR1")
    gather(node, index, out, **PARTS)
    assert rows_of(read_dataset(out), NAMES) == wanted


def test_a_lost_point_in_time_overwrites_no_part(node, make_index, tmp_path):
    """The first slice is written again in the second point in time, beside parts of the first."""
    out = tmp_path / "out"
    documents = numbered(900, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    proxy = FaultProxy(node.url)
    lost = threading.Event()

    def lose(state):
        if state.phase == "gather" and state.documents > 450 and not lost.is_set():
            lost.set()
            load_documents(node, index, numbered(1, BEGIN + 5, first=9000))
            missing = {"error": {"type": "search_context_missing_exception", "reason": ""}}
            proxy.answer(404, body=missing, path="/_search", times=1)

    try:
        result = gather(proxy, index, out, **PARTS, progress=lose, workers=1)
    finally:
        proxy.stop()
    assert lost.is_set() and result.documents == 901
    # Those of both points in time.
    assert result.fetched > 901 + 450
    assert read_manifest(out)["state"]["runs"][-1]["fetched"] == result.fetched
    check_against(node, index, out)
    files = [part["file"] for part in read_manifest(out)["partitions"]["2021-02"]["parts"]]
    numbers = [int(file[-12:-8]) for file in files]
    assert len(set(numbers)) == len(numbers)
    # Parts of both points in time.
    assert max(numbers) > len(numbers)
