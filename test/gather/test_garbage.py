"""How often Python looks for cycles is as before when the last gather of a process has ended."""

import gc

import pytest

from jupyterlab_workload_explorer.gather.garbage import SELDOM, seldom_collected
from jupyterlab_workload_explorer.gather.problem import GatherProblem

from .support import gather, records


@pytest.fixture(autouse=True)
def as_usual():
    before = gc.get_threshold()
    gc.set_threshold(701, 11, 12)
    yield
    gc.set_threshold(*before)


def test_gathers_at_the_same_time():
    first, second = seldom_collected(), seldom_collected()
    with first:
        second.__enter__()
        assert gc.get_threshold() == SELDOM
    assert gc.get_threshold() == SELDOM
    second.__exit__(None, None, None)
    assert gc.get_threshold() == (701, 11, 12)


@pytest.mark.parametrize("own", [(0, 10, 10), (50_000, 5, 5)])
def test_what_somebody_else_has_set_holds(own):
    gc.set_threshold(*own)
    with seldom_collected():
        assert gc.get_threshold() == own
    assert gc.get_threshold() == own
    with seldom_collected():
        gc.set_threshold(100, 5, 5)
    assert gc.get_threshold() == (100, 5, 5)


def test_a_gather_leaves_it_as_it_was(node, make_index, tmp_path):
    seen = []
    index = make_index(records(200, 31))
    gather(node, index, tmp_path / "out", progress=lambda _: seen.append(gc.get_threshold()))
    assert SELDOM in seen
    assert gc.get_threshold() == (701, 11, 12)
    with pytest.raises(GatherProblem):
        gather(node, "no-such-index", tmp_path / "other")
    assert gc.get_threshold() == (701, 11, 12)
