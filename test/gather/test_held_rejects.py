"""Values that did not fit, as they were told before and are told again."""

import json
import tracemalloc

import pytest

from jupyterlab_workload_explorer.gather.held import HeldRejects
from jupyterlab_workload_explorer.gather.holdings import Cover, Part
from jupyterlab_workload_explorer.gather.manifest import Manifest
from jupyterlab_workload_explorer.gather.problem import GatherProblem


def line(number, at=5):
    return json.dumps({"at": at, "value": f"{number:06} " + "x" * 100})


@pytest.fixture
def held(tmp_path):
    """What is held of a part with lines, which are given."""
    manifest = Manifest(tmp_path)
    (manifest.work / "rejects").mkdir(parents=True)
    manifest.temporary.mkdir()
    part = Part("month=2021-02/part-1.parquet", 9, 9, "", 1, 9, (Cover(0, 10, 9, 9),))
    opened = []

    def make(lines):
        manifest.rejects_of(part).write_text("".join(f"{one}\n" for one in lines))
        opened.append(HeldRejects(manifest, [part]))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
    assert not list(manifest.temporary.iterdir())


def test_lines_stay_as_often_as_they_are_not_told_again(held):
    rejects = held([line(1), line(1), line(1), line(2), line(3), line(3, 15), line(4, 15)])
    rejects.told([line(1), line(3), line(9)])
    rejects.told([line(1)])
    rejects.told([])
    assert list(rejects.lacking(10)) == [line(1), line(2)]
    # What was told of one slice says nothing of the next one.
    rejects.told([line(4, 15)])
    assert list(rejects.lacking(None)) == [line(3, 15)]


def test_lines_that_are_told_again_take_no_memory(held):
    many = 40_000
    rejects = held(line(number) for number in range(many))
    tracemalloc.start()
    for first in range(0, many, 1000):
        rejects.told([line(number) for number in range(first, first + 1000) if number % 1000])
    assert sum(1 for _ in rejects.lacking(None)) == many // 1000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


def test_a_disk_that_does_not_take_them(held, tmp_path):
    rejects = held([line(1)])
    (tmp_path / ".gather" / "tmp").rmdir()
    with pytest.raises(GatherProblem, match="cannot be written"):
        rejects.told([line(1)])
    (tmp_path / ".gather" / "tmp").mkdir()
