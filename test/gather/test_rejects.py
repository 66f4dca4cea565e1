"""Values that did not fit: their file is complete, or a sentence says what became of it."""

from __future__ import annotations

import json

import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather.problem import GatherProblem
from jupyterlab_workload_explorer.gather.rejects import put_together

from ..services.documents import ask, load_documents
from .support import BEGIN, read_dataset, run_gather

FIELDS = {"time": "date", "user": "keyword", "subservice": "keyword"}

LIMIT = (
    "import resource, signal\n"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"
)


def documents(count, names=2):
    return [
        {"time": BEGIN + n, "user": [f"u{n % 3}-{k}" for k in range(names)], "subservice": "x"}
        for n in range(count)
    ]


@pytest.mark.parametrize("limit", [20_000, 60_000])
def test_a_disk_that_is_full_while_they_are_written(node, make_index, tmp_path, limit):
    """First in the file of a part, then in that of all of them."""
    index = make_index(documents(400), FIELDS)
    out = tmp_path / "out"
    options = {"indices": index, "url": node.url, "out": out, "part_rows": 200}
    options |= {"slice_documents": 100, "page_size": 100}
    process = run_gather(options, LIMIT.format(limit))
    _, errors = process.communicate()
    assert process.returncode == 1
    assert "There is no room left" in errors and "Traceback" not in errors
    assert not list(out.glob("*.tmp"))
    process = run_gather(options)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    lines = (out / "_rejects.ndjson").read_text().splitlines()
    assert len(lines) == 400 == len(read_dataset(out))


def test_a_file_that_is_missing(node, make_index, tmp_path):
    index = make_index(documents(5), FIELDS)
    out = tmp_path / "out"
    assert gather(node, index, out).rejects == 5
    (path,) = (out / ".gather" / "rejects").iterdir()
    path.unlink()
    assert gather(node, index, out).rejects == 5
    assert len((out / "_rejects.ndjson").read_text().splitlines()) == 5
    assert len(read_dataset(out)) == 5


def test_a_file_that_goes_meanwhile(tmp_path):
    target = tmp_path / "_rejects.ndjson"
    target.write_text("before")
    with pytest.raises(GatherProblem, match="Run gather again"):
        put_together(target, [tmp_path / "gone"], lambda _: None)
    assert [one.name for one in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "before"


def test_nobody_else_reads_it_while_it_is_written(tmp_path):
    seen = []
    source = tmp_path / "source"
    source.write_text('{"reason": "x"}\n')
    put_together(tmp_path / "r", [source], lambda path: seen.append(path.stat().st_size))
    assert seen == [0]


@pytest.mark.parametrize("below", ["keyword", "raw"])
def test_values_that_were_ignored_below_a_text(node, make_index, tmp_path, below):
    index = make_index([], {"time": "date"})
    field = {"type": "text", "fields": {below: {"type": "keyword", "ignore_above": 5}}}
    ask(node, "PUT", f"/{index}/_mapping", {"properties": {"package": field}})
    load_documents(node, index, [{"time": BEGIN, "package": p} for p in ("short", "much too long")])
    result = gather(node, index, tmp_path / "out")
    assert result.rejects == 1
    line = json.loads((tmp_path / "out" / "_rejects.ndjson").read_text())
    assert (line["column"], line["value"]) == ("package", "much too long")


def test_documents_that_have_several_packages_later(node, make_index, tmp_path):
    """The dataset has a record for each package, so these documents become several records."""
    index = make_index([{"time": BEGIN, "user": "a", "subservice": "numpy"}], FIELDS)
    out = tmp_path / "out"
    gather(node, index, out)
    late = [
        {"_id": "b", "time": BEGIN + 1, "user": ["b", "c"], "subservice": ["scipy", "dask"]},
        {"time": BEGIN + 40 * 86_400_000, "user": "d", "subservice": ["h5py", "mpi4py", "dask"]},
    ]
    load_documents(node, index, late)
    result = gather(node, index, out)
    found = sorted((row["user"] or "", row["subservice"]) for row in read_dataset(out))
    assert found == [
        ("", "dask"),
        ("", "scipy"),
        ("a", "numpy"),
        ("d", "dask"),
        ("d", "h5py"),
        ("d", "mpi4py"),
    ]
    assert (result.documents, result.rows, result.rejects) == (3, 6, 1)
    assert not result.differing
    assert gather(node, index, out).fetched == 0
    # One expires while another comes: all of its records stay.
    ask(node, "DELETE", f"/{index}/_doc/b?refresh=true")
    more = [{"time": BEGIN + 2, "user": "e", "subservice": ["x", "y"]}] * 2
    load_documents(node, index, more)
    result = gather(node, index, out)
    assert (result.rows, len(read_dataset(out))) == (10, 10)
    assert (result.documents, result.expired) == (5, 1)
    assert sum(row["subservice"] == "scipy" for row in read_dataset(out)) == 1


def gather(node, index, out, **options):
    return jupyterlab_workload_explorer.gather(None, index, out, url=node.url, **options)
