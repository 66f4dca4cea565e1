"""A disk that is full: real, by the system's limit on the size of files."""

import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.gather.problem import GatherProblem
from jupyterlab_workload_explorer.gather.upkeep import expire, forget

from ..services.documents import load_documents
from .support import BEGIN, MONTH, check_against, gather, read_manifest, records, run_gather

LIMIT = (
    "import resource, signal\n"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"
)


def test_a_full_disk_leaves_nothing_half_written(node, make_index, tmp_path):
    index = make_index(records(6000, 31))
    out = tmp_path / "out"
    options = {"indices": index, "url": node.url, "out": out, "slice_documents": 150}
    for limit in (100, 2500, 10_000, 20_000):
        process = run_gather(options, LIMIT.format(limit))
        _, errors = process.communicate()
        assert process.returncode == 1, limit
        assert "There is no room left" in errors and "Traceback" not in errors
        for file in out.glob("month=*/*.parquet"):
            assert pq.ParquetFile(file).read().num_rows > 0
        if (out / "_manifest.json").exists():
            assert not read_manifest(out)["state"]["complete"]
    process = run_gather(options)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    check_against(node, index, out)


@pytest.mark.parametrize("task", ["gather", "expire", "forget"])
def test_what_the_disk_refuses_is_told(node, make_index, tmp_path, task):
    """Leftovers of a run are removed, but for a folder that has the name of one."""
    out = tmp_path / "out"
    index = make_index(records(300, 32))
    gather(node, index, out)
    tasks = {
        "gather": lambda: gather(node, index, out),
        "expire": lambda: expire(out, "2021-02-10"),
        "forget": lambda: forget(out, ["user1"]),
    }
    stray = out / "month=2021-02" / "part-20210201T000000000Z-0009-0001.parquet"
    stray.mkdir()
    with pytest.raises(GatherProblem, match=f"{stray} cannot be (written|removed)"):
        tasks[task]()
    stray.rmdir()
    tasks[task]()


def test_a_month_that_cannot_be_made(node, make_index, tmp_path):
    """A file stands where its folder belongs."""
    out = tmp_path / "out"
    index = make_index(records(50, 33, end=BEGIN + MONTH // 2))
    gather(node, index, out)
    load_documents(node, index, records(50, 34, begin=BEGIN + MONTH + MONTH // 10))
    stray = out / "month=2021-03"
    stray.touch()
    with pytest.raises(GatherProblem, match=f"{stray} cannot be written"):
        gather(node, index, out)
    stray.unlink()
    gather(node, index, out)
    check_against(node, index, out)
