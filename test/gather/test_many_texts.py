"""Texts of which there are more than codes of two bytes tell apart."""

from ..services.documents import load_documents
from .support import BEGIN, gather, read_dataset

FIELDS = {"event_timestamp": "date", "job_id": "keyword"}

#: More than 32,767.
JOBS = 40_000


def test_late_documents_among_many_jobs(node, make_index, tmp_path):
    out = tmp_path / "out"
    documents = [
        {"event_timestamp": BEGIN + number, "job_id": f"{number:05}"} for number in range(JOBS)
    ]
    index = make_index(documents, FIELDS)
    gather(node, index, out)
    # Such that it belongs to a slice that is held.
    load_documents(node, index, [{"event_timestamp": BEGIN + 5, "job_id": "late"}])
    result = gather(node, index, out)
    assert (result.documents, result.expired) == (JOBS + 1, 0)
    assert len({row["job_id"] for row in read_dataset(out)}) == JOBS + 1
