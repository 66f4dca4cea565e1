"""How much memory long values and the wide shape take: measured in a process of its own."""

import contextlib
import json
import random
import subprocess
import sys

import pytest

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
result = jupyterlab_workload_explorer.gather(**json.loads(sys.argv[1]))
print(json.dumps({"documents": result.documents, "rows": result.rows, "above": peak() - before}))
"""


@pytest.mark.parametrize("lists", [False, True], ids=["tuples", "documents"])
def test_long_values(node, tmp_path, lists):
    """Short ones come first, so that nobody can know."""
    documents = size("gather_long_documents")
    fields = {"time": "date", "job_id": "keyword", "a": "keyword", "b": "keyword", "c": "keyword"}
    chance = random.Random(3)

    def document(number):
        length = 10 if number < documents // 3 else chance.randrange(10_000, 30_000)
        text = f"{chance.getrandbits(4 * length):0{length}x}"
        return {
            "time": 1_612_137_600_000 + number * 1000,
            "job_id": str(number),
            "a": text,
            "b": text[::-1],
            **({"c": ["x", "y"]} if lists else {}),
        }

    told = _measured(node, tmp_path / "out", fields, map(document, range(documents)))
    assert told["documents"] == told["rows"] == documents
    assert told["above"] < BOUND


def test_the_wide_shape(node, tmp_path):
    documents = size("gather_documents")
    fields = {"time": "date", "job_id": "keyword", "process": "long", "package": "keyword"}
    fields |= {f"text_{number}": "keyword" for number in range(12)}

    def document(number):
        """Four packages a process, which stand far from each other."""
        process = number % (documents // 4)
        return {
            "time": 1_612_137_600_000 + (number * 7919 % documents) * 2_000_000_000 // documents,
            "job_id": str(process // 3),
            "process": process,
            "package": f"package{number // (documents // 4)}",
            **{f"text_{n}": f"/global/homes/u{process % (10 + n * 1000)}/bin" for n in range(12)},
        }

    told = _measured(node, tmp_path / "out", fields, map(document, range(documents)), shape="wide")
    assert (told["documents"], told["rows"]) == (documents, documents // 4)
    assert told["above"] < BOUND


def test_distilled_days(node, tmp_path):
    """A day of more groups than the memory may hold: at first, with new ones, and held alone."""
    documents = size("gather_groups")
    texts = [f"text_{number}" for number in range(6)]
    names = ("user", "job_id", "package", *texts)
    fields = {"time": "date", **dict.fromkeys(names, "keyword")}

    def document(number):
        """All of one day; no two of the same group."""
        return {
            "time": 1_612_137_600_000 + number * 7919 % 86_400_000,
            "user": f"user{number % 5000}",
            "job_id": str(37_800_000 + number * 31 % documents),
            "package": f"package-{number % 300}",
            **{name: f"/global/homes/u{number % 50_000}/{name}" for name in texts},
        }

    for there, total in (
        (range(documents), documents),
        (range(documents + 5), documents + 5),
        (range(documents, documents + 8), documents + 8),
    ):
        with _index(node, fields, map(document, there)):
            told = _gathered(node, tmp_path / "out", distill=True, keep=texts)
        assert told["documents"] == total
        assert told["above"] < BOUND, told


def _measured(node, out, fields, documents, **options):
    with _index(node, fields, documents):
        return _gathered(node, out, **options)


@contextlib.contextmanager
def _index(node, fields, documents):
    create_index(node, "gather-memory-of-shapes", fields)
    try:
        lines, length = [], 0
        for document in documents:
            lines.append(f'{{"index":{{}}}}\n{json.dumps(document)}\n')
            length += len(lines[-1])
            if length > 5_000_000:
                ask(node, "POST", "/gather-memory-of-shapes/_bulk", "".join(lines).encode())
                lines, length = [], 0
        if lines:
            ask(node, "POST", "/gather-memory-of-shapes/_bulk", "".join(lines).encode())
        ask(node, "POST", "/gather-memory-of-shapes/_refresh")
        yield
    finally:
        ask(node, "DELETE", "/gather-memory-of-shapes")


def _gathered(node, out, **options):
    asked = {"indices": "gather-memory-of-shapes", "url": node.url, "out": str(out), **options}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(asked)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
