"""A dataset is of the indices that it was begun with: others would make it look expired."""

import pytest

from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import ask, load_documents
from .support import BEGIN, MINUTE, check_against, gather, numbered, read_manifest


def minutes(number):
    return BEGIN + number * MINUTE


def test_another_index_is_refused(node, make_index, tmp_path):
    out = tmp_path / "out"
    first = make_index(numbered(100, minutes))
    second = make_index(numbered(100, minutes, first=100))
    gather(node, first, out)
    before = (out / "_manifest.json").read_bytes()
    with pytest.raises(GatherProblem, match=f'gathered from "{first}".*into another folder'):
        gather(node, second, out)
    manifest = read_manifest(out)
    assert manifest["dataset"]["source"]["indices"] == first
    assert all(one["agrees"] for one in manifest["partitions"].values())
    assert len(manifest["state"]["runs"]) >= 1 and before
    assert gather(node, first, out).fetched == 0
    check_against(node, first, out)


def test_more_indices_are_not(node, make_index, tmp_path):
    """Nothing of what is held can look as if it had gone."""
    out = tmp_path / "out"
    first = make_index(numbered(100, minutes))
    second = make_index(numbered(50, minutes, first=100))
    gather(node, first, out)
    result = gather(node, f"{first},{second}", out)
    assert (result.documents, result.expired) == (150, 0)
    with pytest.raises(GatherProblem, match="gathered from"):
        gather(node, first, out)
    with pytest.raises(GatherProblem, match="gathered from"):
        gather(node, second, out)


def test_an_alias_that_leads_elsewhere_by_now(node, make_index, tmp_path):
    """As after a reindex: the name is the same, and the documents are, too."""
    out = tmp_path / "out"
    documents = numbered(100, minutes)
    first, second = make_index(documents), make_index(documents)
    alias = f"{first}-records"
    ask(node, "POST", "/_aliases", {"actions": [{"add": {"index": first, "alias": alias}}]})
    gather(node, alias, out)
    moved = [
        {"remove": {"index": first, "alias": alias}},
        {"add": {"index": second, "alias": alias}},
    ]
    ask(node, "POST", "/_aliases", {"actions": moved})
    load_documents(node, second, numbered(1, minutes, first=100))
    result = gather(node, alias, out)
    assert (result.documents, result.expired, result.exchanged) == (101, 0, 0)
    # The second index is what the dataset is of by now.
    assert gather(node, f"{alias},{second}", out).fetched == 0
