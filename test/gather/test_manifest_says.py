"""A manifest says of a month what is known of it, and no more."""

import pytest

from jupyterlab_workload_explorer.gather.problem import Cancelled, GatherProblem
from jupyterlab_workload_explorer.gather.upkeep import expire, forget

from .support import (
    BEGIN,
    MINUTE,
    PARTS,
    check_against,
    gather,
    numbered,
    read_dataset,
    read_manifest,
    stop_after,
)

HOUR = 60 * MINUTE


def told(out, name="2021-02"):
    """What is said of a month, and of the whole."""
    manifest = read_manifest(out)
    month = manifest["partitions"].get(name, {})
    return (
        month.get("documents"),
        month.get("index_documents"),
        month.get("agrees"),
        manifest["state"]["complete"],
    )


@pytest.mark.usefixtures("told_at_once")
def test_half_a_month(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(numbered(600, lambda number: BEGIN + number * HOUR))
    with pytest.raises(Cancelled):
        gather(node, index, out, **PARTS, **stop_after(250))
    documents, *others = told(out)
    assert 0 < documents < 600 and others == [None, None, False]
    assert forget(out, ["nobody"]).rows == 0
    assert told(out) == (documents, None, None, False)
    gather(node, index, out, **PARTS)
    assert told(out) == (600, 600, True, True)
    check_against(node, index, out)


@pytest.mark.parametrize("parts", [1000, 100], ids=["all", "some"])
def test_files_that_are_lost(node, make_index, tmp_path, parts):
    out = tmp_path / "out"
    index = make_index(numbered(600, lambda number: BEGIN + number * HOUR))
    options = {**PARTS, "part_rows": parts}
    gather(node, index, out, **options)
    file = min(out.glob("month=2021-02/*"))
    file.write_bytes(file.read_bytes()[:-100])
    # Everything is later.
    [lost] = expire(out, "2021-01-01").lost
    assert told(out) == (600 - lost.documents, None, None, False)
    assert (lost.documents == 600) == (parts == 1000)
    gather(node, index, out, **options)
    assert told(out) == (600, 600, True, True)
    check_against(node, index, out)


def test_a_slice_that_is_cut(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(numbered(300, lambda number: BEGIN + number * HOUR))
    gather(node, index, out, **PARTS)
    expire(out, "2021-02-07")
    assert told(out) == (156, None, None, False)
    gather(node, index, out, **PARTS)
    assert told(out) == (156, 156, True, True)
    expire(out, "2021-03-01")
    assert told(out) == (None, None, None, True)


def test_a_task_that_cannot_be_done_is_not_begun(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(numbered(300, lambda number: BEGIN + number * HOUR))
    gather(node, index, out, **PARTS)
    forget(out, ["u1"])
    key = out / ".gather" / "forgotten.key"
    secret = key.read_bytes()
    key.unlink()
    before = (out / "_manifest.json").read_bytes()
    with pytest.raises(GatherProblem, match="which users were forgotten"):
        expire(out, "2021-02-07")
    with pytest.raises(GatherProblem, match="which users were forgotten"):
        forget(out, ["u2"])
    assert (out / "_manifest.json").read_bytes() == before
    key.write_bytes(secret)
    gather(node, index, out, **PARTS)
    assert len(read_dataset(out)) == 240
