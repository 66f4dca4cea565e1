"""Files that are missing or damaged are told, and their records gathered anew, each once."""

from collections import Counter

import pytest

from jupyterlab_workload_explorer.gather.command import summary
from jupyterlab_workload_explorer.gather.problem import Cancelled, GatherProblem
from jupyterlab_workload_explorer.gather.upkeep import expire, forget

from ..services.documents import load_documents
from .support import (
    BEGIN,
    FIELDS,
    MINUTE,
    PARTS,
    check_against,
    delete_documents,
    gather,
    numbered,
    read_dataset,
    read_manifest,
    rows_of,
    stop_after,
)

NAMES = list(FIELDS)[:-1]


def cut(file):
    file.write_bytes(file.read_bytes()[:-1000])


def lengthen(file):
    file.write_bytes(file.read_bytes() + b"PAR1")


def remove(file):
    file.unlink()


def overwrite(file):
    file.write_bytes(b"\0" * file.stat().st_size)


def everything(out):
    """All rows, and all lines of what did not fit, as a multiset."""
    rows = Counter(str(sorted(one.items(), key=str)) for one in read_dataset(out))
    rejects = out / "_rejects.ndjson"
    rows.update(rejects.read_text().splitlines() if rejects.exists() else ())
    return rows


@pytest.mark.parametrize("shape", ["long", "wide", "distilled"])
@pytest.mark.parametrize("damage", [cut, lengthen, remove, overwrite])
def test_records_of_a_lost_file_are_gathered_anew(node, make_index, tmp_path, damage, shape):
    out = tmp_path / "out"
    documents = numbered(600, lambda number: BEGIN + number * 7 * MINUTE)
    for number in range(0, 600, 25):
        documents[number]["username"] = ["two", "users"]
    index = make_index(documents)
    options = {**PARTS, "shape": "wide" if shape == "wide" else "long"}
    gather(node, index, out, **options, distill=shape == "distilled")
    before = everything(out)
    parts = [one for part in read_manifest(out)["partitions"].values() for one in part["parts"]]
    assert len(parts) > 2
    lost = parts[1]
    damage(out / lost["file"])
    # A part holds to its columns even where nothing else of the dataset is left.
    again = gather(
        node, index, out, **PARTS, verify=damage is overwrite, shape=options.get("shape", "long")
    )
    assert [(one.file, one.documents) for one in again.lost] == [(lost["file"], lost["documents"])]
    assert again.documents == 600 and not again.differing
    assert everything(out) == before
    [told] = [line for line in summary(again) if lost["file"] in line]
    assert "gathered anew" in told
    assert read_manifest(out)["state"]["runs"][-1]["lost"][0][0] == lost["file"]
    then = gather(node, index, out, **options)
    assert (then.fetched, then.lost) == (0, [])


def test_a_dataset_without_any_file_keeps_its_columns(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(numbered(90, lambda number: BEGIN + number * MINUTE))
    gather(node, index, out, columns=["user"])
    [file] = out.glob("month=2021-02/*.parquet")
    file.unlink()
    result = gather(node, index, out)
    assert [one.reason for one in result.lost] == ["is missing"]
    assert set(read_dataset(out)[0]) == {"event_timestamp", "username", "month"}


def test_what_has_expired_is_lost_with_its_file(node, make_index, tmp_path):
    """The index has it no more; what other files hold of it stays."""
    out = tmp_path / "out"
    documents = numbered(300, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **PARTS)
    delete_documents(node, index, documents[::3])
    files = sorted(out.glob("month=2021-02/*.parquet"))
    held = rows_of(read_dataset(out), NAMES)
    cut(files[0])
    files[0].rename(tmp_path / "aside")
    left = rows_of(read_dataset(out), NAMES)
    (tmp_path / "aside").rename(files[0])
    result = gather(node, index, out, **PARTS)
    there = [one for number, one in enumerate(documents) if number % 3]
    assert [one.documents for one in result.lost] == [(held - left).total()]
    assert rows_of(read_dataset(out), NAMES) == left | rows_of(there, NAMES)


@pytest.mark.usefixtures("told_at_once")
def test_it_is_told_though_a_run_was_stopped(node, make_index, tmp_path):
    """The run that finds it, and one that takes records out, need not be the one that mends it."""
    out = tmp_path / "out"
    documents = numbered(600, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **PARTS)
    files = [path.relative_to(out).as_posix() for path in sorted(out.glob("month=*/*.parquet"))]
    cut(out / files[2])
    assert [one.file for one in forget(out, ["nobody"]).lost] == files[2:3]
    remove(out / files[0])
    with pytest.raises(Cancelled):
        gather(node, index, out, **PARTS, **stop_after(1))
    result = gather(node, index, out, **PARTS)
    assert [one.file for one in result.lost] == [files[2], files[0]]
    check_against(node, index, out, NAMES)
    assert "lost" not in read_manifest(out)["state"]


@pytest.mark.parametrize("what", ["gather", "forget", "expire"])
def test_a_damaged_file_is_told(node, make_index, tmp_path, what):
    out = tmp_path / "out"
    documents = numbered(90, lambda number: BEGIN + number * MINUTE)
    index = make_index(documents)
    gather(node, index, out, **PARTS)
    [file] = out.glob("month=2021-02/*.parquet")
    data = file.read_bytes()
    file.write_bytes(b"\0" * len(data))
    load_documents(node, index, numbered(1, BEGIN + 9, first=9000))
    with pytest.raises(GatherProblem, match=r"is damaged and cannot be read.*--verify"):
        if what == "gather":
            gather(node, index, out, **PARTS)
        elif what == "forget":
            forget(out, ["u1"])
        else:
            expire(out, "2021-02-01")
            gather(node, index, out, **PARTS)
    if what == "gather":
        gather(node, index, out, **PARTS, verify=True)
        check_against(node, index, out, NAMES)
