"""How much memory a gather takes: measured in a process of its own, by the system."""

import json
import subprocess
import sys

from ..oracle.sizes import size
from ..services.documents import ask, create_index

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


def test_stays_below_the_bound(node, tmp_path):
    documents = size("gather_documents")
    create_index(node, "gather-memory", _FIELDS)
    try:
        for first in range(0, documents, 5000):
            lines = "".join(
                f'{{"index":{{}}}}\n{json.dumps(_document(number))}\n'
                for number in range(first, min(documents, first + 5000))
            )
            ask(node, "POST", "/gather-memory/_bulk", lines.encode())
        ask(node, "POST", "/gather-memory/_refresh")
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "gather-memory", node.url, str(tmp_path / "out")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["documents"] == documents
        assert told["peak"] - told["before"] < BOUND
    finally:
        ask(node, "DELETE", "/gather-memory")


def _document(number):
    """All in one month, with job ids and paths that hardly repeat."""
    return {
        "event_timestamp": 1_612_137_600_000 + number * 1500 % 2_000_000_000,
        "job_id": str(37_800_000 + number // 3),
        "num_nodes": number % 500,
        "process_id": number * 7,
        **{f"text_{n}": f"/global/homes/u{number % (10 + n * 1000)}/bin" for n in range(16)},
    }
