"""Slices as different tuples are given up where documents of several values defeat them."""

import json

import pytest

from jupyterlab_workload_explorer.gather.tuples import PAUSE, Tuples

from .support import BEGIN, FIELDS, MINUTE, PARTS, gather, numbered, read_dataset, rows_of

NAMES = list(FIELDS)[:-1]


@pytest.mark.parametrize("lists", ["all", "first", "none"])
def test_a_slice_that_tuples_cannot_tell_is_remembered(
    node, make_index, tmp_path, monkeypatch, lists
):
    out = tmp_path / "out"
    documents = numbered(600, lambda number: BEGIN + number * MINUTE, version="1")
    for one in documents[: {"all": 600, "first": 1, "none": 0}[lists]]:
        one["version"] = ["1", "2"]
    told = []
    real = Tuples._read

    def read(self, piece):
        found = real(self, piece)
        told.append(found is not None)
        return found

    monkeypatch.setattr(Tuples, "_read", read)
    result = gather(node, make_index(documents), out, **PARTS, workers=1)
    manifest = json.loads((out / "_manifest.json").read_text())
    slices = sum(len(part["slices"]) for part in manifest["partitions"]["2021-02"]["parts"])
    assert slices > 2 + PAUSE
    assert (
        told
        == {
            "all": [False, False],
            "first": [False] + [True] * (slices - 1 - PAUSE),
            "none": [True] * slices,
        }[lists]
    )
    several = [one for one in documents if isinstance(one["version"], list)]
    assert result.rejects == len(several)
    plain = [{**one, "version": None} if one in several else one for one in documents]
    assert rows_of(read_dataset(out), NAMES) == rows_of(plain, NAMES)
