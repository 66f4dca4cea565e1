"""How much memory a gather takes: measured in a process of its own, by the system."""

import json
import subprocess
import sys

import pytest

from ..oracle.sizes import size
from ..services.documents import ask, create_index
from .support import delete_documents

#: Bytes above the interpreter with its imports.
BOUND = 256 * 1024 * 1024

PROGRAM = """
import json, resource, sys
import jupyterlab_workload_explorer.gather.run
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
result = jupyterlab_workload_explorer.gather(None, sys.argv[1], sys.argv[3], url=sys.argv[2])
print(json.dumps({"documents": result.documents, "before": before, "peak": peak()}))
"""

_FIELDS = {
    "event_timestamp": "date",
    "job_id": "keyword",
    "num_nodes": "integer",
    "process_id": "long",
    **{f"text_{number}": "keyword" for number in range(16)},
}


@pytest.mark.parametrize("timed", [True, False], ids=["a month", "one moment"])
def test_stays_below_the_bound(node, tmp_path, timed):
    """The first run, and one that puts what is held and what is there together, all of it."""
    documents = size("gather_documents" if timed else "gather_moment")
    create_index(node, "gather-memory", _FIELDS)
    try:
        _load(node, range(documents), timed)
        _check(node, tmp_path / "out", documents)
        gone = ({"_id": str(number)} for number in range(0, documents, 50))
        delete_documents(node, "gather-memory", gone)
        _load(node, range(documents, documents + 10), timed)
        _check(node, tmp_path / "out", documents + 10)
    finally:
        ask(node, "DELETE", "/gather-memory")


def _load(node, numbers, timed):
    for first in range(numbers.start, numbers.stop, 5000):
        lines = "".join(
            f'{{"index":{{"_id":"{number}"}}}}\n{json.dumps(_document(number, timed))}\n'
            for number in range(first, min(numbers.stop, first + 5000))
        )
        ask(node, "POST", "/gather-memory/_bulk", lines.encode())
    ask(node, "POST", "/gather-memory/_refresh")


def _check(node, out, documents):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "gather-memory", node.url, str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["documents"] == documents
    assert told["peak"] - told["before"] < BOUND, told


def _document(number, timed):
    """All in one month or in one moment, with job ids and paths that hardly repeat."""
    return {
        "event_timestamp": 1_612_137_600_000 + (number * 1500 % 2_000_000_000 if timed else 0),
        "job_id": str(37_800_000 + number // 3),
        "num_nodes": number % 500,
        "process_id": number * 7,
        **{f"text_{n}": f"/global/homes/u{number % (10 + n * 1000)}/bin" for n in range(16)},
    }
