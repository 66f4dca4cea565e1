"""What numbers of documents tell: those of slices, not of months."""

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
    rows_of,
)

NAMES = list(FIELDS)[:-1]
DAY = 24 * 60 * MINUTE


def test_as_many_come_as_have_expired_elsewhere_in_the_month(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = numbered(1000, lambda number: BEGIN + number * 40 * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    gone = [one for one in documents if one["event_timestamp"] >= BEGIN + DAY][:30]
    delete_documents(node, index, gone)
    # Older than the overlap, so that no id tells.
    late = numbered(30, lambda number: BEGIN + 11 * DAY + number, first=9000)
    load_documents(node, index, late)
    result = gather(node, index, out, **SMALL)
    assert rows_of(read_dataset(out), NAMES) == rows_of([*documents, *late], NAMES)
    assert (result.documents, result.expired) == (1030, 30)
    assert gather(node, index, out, **SMALL).fetched == 0
