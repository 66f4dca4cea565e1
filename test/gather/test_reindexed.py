"""Documents that were indexed anew are those that are held, also where some values differ now."""

import pytest

from jupyterlab_workload_explorer.gather import stretch
from jupyterlab_workload_explorer.gather.command import summary
from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import ask, create_index, load_documents
from .support import (
    BEGIN,
    FIELDS,
    MINUTE,
    SMALL,
    delete_documents,
    gather,
    numbered,
    read_dataset,
    rows_of,
)

NAMES = list(FIELDS)[:-1]
HOUR = 60 * MINUTE


def hours(number):
    return BEGIN + number * HOUR


@pytest.fixture
def reindex(node):
    """Puts documents in the place of all that an index has."""

    def run(index, documents, fields=FIELDS):
        ask(node, "DELETE", f"/{index}")
        create_index(node, index, fields)
        load_documents(node, index, documents)

    return run


def shaped(shape):
    return {"long": {}, "on disk": {}, "distilled": {"distill": True}, "wide": {"shape": "wide"}}[
        shape
    ]


@pytest.mark.parametrize("shape", ["long", "distilled", "wide"])
def test_a_field_that_is_gone_keeps_its_values(node, make_index, reindex, tmp_path, shape):
    out = tmp_path / "out"
    documents = numbered(300, hours, version="1.2", subservice="numpy")
    documents[7]["version"] = "1.3"
    index = make_index(documents)
    gather(node, index, out, **SMALL, **shaped(shape))
    late = numbered(1, hours(8) + 5, first=900, subservice="numpy")
    fields = {name: kind for name, kind in FIELDS.items() if name != "version"}
    gone = [{k: v for k, v in one.items() if k != "version"} for one in documents]
    reindex(index, [*gone, *late], fields)
    result = gather(node, index, out, **SMALL, **shaped(shape))
    assert (result.documents, result.expired, result.exchanged) == (301, 0, 0)
    rows = read_dataset(out)
    if shape == "long":
        assert rows_of(rows, NAMES) == rows_of([*documents, *late], NAMES)
    if shape == "distilled":
        assert sum(row["count"] for row in rows) == 301
        assert sum(row["count"] for row in rows if row["version"] == "1.3") == 1
        assert sum(row["count"] for row in rows if row["version"] is None) == 1
    if shape == "wide":
        assert len(rows) == 301
    assert gather(node, index, out, **SMALL, **shaped(shape)).fetched == 0


@pytest.mark.parametrize("shape", ["long", "on disk", "distilled", "wide"])
@pytest.mark.parametrize("many", [1, 300])
def test_other_values_are_of_other_documents(
    node, make_index, reindex, tmp_path, shape, many, monkeypatch
):
    """What is held stays and what the index has comes, and the run says where that is most."""
    if shape == "on disk":
        monkeypatch.setattr(stretch, "ROWS_HELD", 1)
    out = tmp_path / "out"
    documents = numbered(300, hours, version="1.2", subservice="numpy")
    index = make_index(documents)
    gather(node, index, out, **SMALL, **shaped(shape))
    changed = [
        {**one, "version": "1.2.0", "subservice": "NumPy"} if number < many else one
        for number, one in enumerate(documents)
    ]
    late = numbered(1, hours(8) + 5, first=900, version="1.2", subservice="numpy")
    reindex(index, [*changed, *late])
    result = gather(node, index, out, **SMALL, **shaped(shape))
    told = many if many == 300 else 0
    assert (result.documents, result.expired, result.exchanged) == (301 + many, many, told)
    assert bool([line for line in summary(result) if "another folder" in line]) == bool(told)
    rows = read_dataset(out)
    if shape == "distilled":
        assert sum(row["count"] for row in rows) == 301 + many
        assert sum(row["count"] for row in rows if row["version"] == "1.2.0") == many
    elif shape == "wide":
        assert len(rows) == 301
        assert sum(len(row["packages"]) for row in rows) == 301 + many
    else:
        everything = [*documents, *changed[:many], *late]
        assert rows_of(rows, NAMES) == rows_of(everything, NAMES)
    again = gather(node, index, out, **SMALL, **shaped(shape))
    assert (again.fetched, again.exchanged) == (0, 0)
    # Nor is it told again when the slices are fetched again.
    load_documents(node, index, numbered(1, hours(8) + 6, first=901, version="1.2"))
    again = gather(node, index, out, **SMALL, **shaped(shape))
    assert again.fetched > 0 and (again.expired, again.exchanged) == (many, 0)


def test_what_expires_while_others_come_stays(node, make_index, tmp_path):
    """Of most documents of a slice, after most of it had expired before, at the same times."""
    out = tmp_path / "out"
    documents = numbered(300, hours, version="1.2")
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    delete_documents(node, index, documents[:90])
    load_documents(node, index, numbered(1, hours(8) + 5, first=900))
    assert gather(node, index, out, **SMALL).expired == 90
    delete_documents(node, index, documents[90:140])
    late = numbered(51, lambda number: hours(number - 910), first=1000, version="1.2")
    load_documents(node, index, late)
    result = gather(node, index, out, **SMALL)
    assert (result.documents, result.expired) == (352, 140)
    everything = [*documents, *numbered(1, hours(8) + 5, first=900), *late]
    assert rows_of(read_dataset(out), NAMES) == rows_of(everything, NAMES)


def test_processes_need_their_field(node, make_index, reindex, tmp_path):
    """Without it nobody knows which process a document belongs to."""
    out = tmp_path / "out"
    documents = numbered(30, hours, subservice="numpy")
    index = make_index(documents)
    gather(node, index, out, shape="wide")
    fields = {name: kind for name, kind in FIELDS.items() if name != "process_id"}
    gone = [{k: v for k, v in one.items() if k != "process_id"} for one in documents]
    reindex(index, gone, fields)
    with pytest.raises(GatherProblem, match=r'"process_id".*another folder'):
        gather(node, index, out, shape="wide")
    assert len(read_dataset(out)) == 30
