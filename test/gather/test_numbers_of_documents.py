"""What a dataset is said to stand for are documents of the index, whatever rows tell of them."""

import pytest

from jupyterlab_workload_explorer.gather.upkeep import expire, forget

from ..services.documents import load_documents
from .support import (
    BEGIN,
    FIELDS,
    MINUTE,
    PARTS,
    delete_documents,
    gather,
    numbered,
    read_dataset,
    read_manifest,
)

DAY = 86_400_000
#: The day that is the first to stay: many slices are before it, and one is cut.
BEFORE = "2021-02-03"


def hours(number):
    """Twenty-four records a day."""
    return BEGIN + number * 60 * MINUTE


def held(out):
    return sum(one["documents"] for one in read_manifest(out)["partitions"].values())


def test_what_expires_after_a_user_was_forgotten(node, make_index, tmp_path):
    """Rows are fewer than documents then, and tell all the same which of these have gone."""
    out = tmp_path / "out"
    documents = numbered(600, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **PARTS)
    assert forget(out, ["u1"]).rows == 120
    # Of one slice, three that are held and one of the forgotten user; two others come.
    delete_documents(node, index, [documents[number] for number in (10, 11, 12, 13)])
    load_documents(node, index, numbered(2, BEGIN + 12 * MINUTE + 5, first=9000))
    result = gather(node, index, out, **PARTS)
    assert (result.documents, result.expired) == (601, 3)
    # u0 and u1 have come.
    assert len(read_dataset(out)) == result.rows == 480 + 1
    assert gather(node, index, out, **PARTS).fetched == 0


@pytest.mark.parametrize(
    "rows, told", [("counts", 2), ("days", 3), ("packages", 2), ("forgotten", 2)]
)
def test_a_slice_that_is_cut_has_documents(node, make_index, tmp_path, rows, told):
    """What is left of it after a day is expired is no sum of counts, and nothing goes with it."""
    out = tmp_path / "out"
    more = {"counts": {"count": 7}, "packages": {"subservice": ["numpy", "scipy", "dask"]}}
    documents = numbered(140, hours)
    fields = {**FIELDS, "count": "long"} if rows == "counts" else FIELDS
    index = make_index(documents[:1], fields)
    options = {**PARTS, "distill": rows in ("counts", "days"), "slice_documents": 110}
    # Begun without lists, so that they become rows.
    gather(node, index, out, **options)
    load_documents(node, index, [{**one, **more.get(rows, {})} for one in documents[1:]])
    assert gather(node, index, out, **options).documents == 140
    if rows == "forgotten":
        forget(out, ["u1"])
    expire(out, BEFORE)
    assert 0 < held(out) <= (140 if rows == "packages" else 92)
    result = gather(node, index, out, **options)
    assert (result.documents, result.expired) == (92, 0) and not result.differing
    # What then expires in the index is told, as far as can be: three, one of whom is forgotten.
    delete_documents(node, index, documents[100:103])
    load_documents(node, index, [{**numbered(1, hours(101), first=9000)[0], **more.get(rows, {})}])
    result = gather(node, index, out, **options)
    assert (result.documents, result.expired) == (90 + told, told)


@pytest.mark.parametrize("several", [True, False])
def test_processes_of_which_packages_expire(node, make_index, tmp_path, several):
    """In the wide shape a document with a list of packages is one, too."""
    out = tmp_path / "out"
    documents = numbered(60, hours, subservice=["numpy", "scipy", "dask"] if several else "numpy")
    index = make_index(documents)
    gather(node, index, out, shape="wide")
    delete_documents(node, index, documents[7:9])
    result = gather(node, index, out, shape="wide")
    assert (result.documents, result.expired, result.rows) == (60, 2, 60)


def test_rows_of_a_package_that_stay_are_no_documents(node, make_index, tmp_path):
    """A document that has expired had two rows. That is known when others expire later, too."""
    out = tmp_path / "out"
    documents = numbered(40, hours)
    index = make_index(documents[:1], FIELDS)
    # Begun without lists, so that they become rows.
    gather(node, index, out)
    several = {**documents[1], "subservice": ["numpy", "scipy"]}
    load_documents(node, index, [several, *documents[2:]])
    assert gather(node, index, out).rows == 41
    # The only one with a list goes, and an answer has none any more.
    for number in (1, 2, 3):
        delete_documents(node, index, documents[number : number + 1])
        result = gather(node, index, out)
        assert (result.documents, result.rows, result.expired) == (40, 41, number)
