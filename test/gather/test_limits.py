"""What indices allow one request to ask for: documents of a page, doc values of a document."""

import pytest

from jupyterlab_workload_explorer.gather import answers, tuples
from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import load_documents
from .support import BEGIN, FIELDS, check_against, gather, numbered, records

#: More columns than Elasticsearch gives doc values of in one answer.
MANY = {f"field{number}": "keyword" for number in range(230)}


@pytest.fixture(params=["tuples", "documents"])
def either_way(request, monkeypatch) -> None:
    """Slices come as tuples where they can, and once only as documents."""
    if request.param == "documents":
        monkeypatch.setattr(tuples, "MOST", 0)


def wide_records(count: int) -> list[dict]:
    """Documents of many fields, of which some lack many."""
    return [
        {
            "event_timestamp": BEGIN + number * 60_000_000,
            "job_id": f"{number:06}",
            **{name: f"{name} {number % 7}" for name in list(MANY)[number % 5 * 40 :]},
        }
        for number in range(count)
    ]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("allowed", [None, 30])
def test_any_number_of_columns(node, make_index, tmp_path, allowed):
    settings = {} if allowed is None else {"index.max_docvalue_fields_search": allowed}
    index = make_index(wide_records(700), {**FIELDS, **MANY}, settings=settings)
    gather(node, index, tmp_path / "out", page_size=90, slice_documents=250)
    check_against(node, index, tmp_path / "out", [*FIELDS, *MANY])


def test_many_columns_of_long_values(node, make_index, tmp_path):
    """All answers to what is asked in pieces are bounded together."""
    names = [f"long{number}" for number in range(150)]
    documents = [
        {
            "event_timestamp": BEGIN + number,
            "username": "u",
            **{n: f"{number} {n}" * 40 for n in names},
        }
        for number in range(400)
    ]
    index = make_index(documents, {**FIELDS, **dict.fromkeys(names, "keyword")})
    gather(node, index, tmp_path / "out")
    check_against(node, index, tmp_path / "out", ["event_timestamp", "username", *names])


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("window, page", [(None, 30_000), (5000, None), (50_000, 20_000)])
def test_pages_are_no_longer_than_allowed(node, make_index, tmp_path, window, page):
    settings = {} if window is None else {"index.max_result_window": window}
    documents = records(12_000, 70)
    index = make_index(documents, settings=settings)
    gather(node, index, tmp_path / "out", page_size=page)
    check_against(node, index, tmp_path / "out")
    # The next run looks at what lies just before the end of this one.
    assert gather(node, index, tmp_path / "out", page_size=page, overlap=1e9).fetched == 0


@pytest.mark.usefixtures("either_way")
def test_one_of_several_indices_allows_less(node, make_index, tmp_path):
    """Its shards fail where the others answer."""
    limits = {"index.max_result_window": 300, "index.max_docvalue_fields_search": 4}
    one = make_index(records(1500, 71))
    other = make_index(records(1500, 72), settings=limits)
    result = gather(node, f"{one},{other}", tmp_path / "out", columns=list(FIELDS))
    assert result.documents == 3000


def test_an_index_that_allows_nothing(node, make_index, tmp_path):
    index = make_index(records(10, 73), settings={"index.max_docvalue_fields_search": 0})
    with pytest.raises(GatherProblem, match=r"higher index\.max_docvalue_fields_search"):
        gather(node, index, tmp_path / "out")


def test_pages_of_ids_are_bounded(node, make_index, tmp_path, monkeypatch):
    """Ids of documents may be long, of which the gather looks at many on a page."""
    lengths = []
    urlopen = answers._Pool.urlopen

    def noted(self, *arguments, **options):
        answer = urlopen(self, *arguments, **options)
        lengths.append(len(answer.data))
        return answer

    monkeypatch.setattr(answers._Pool, "urlopen", noted)
    documents = numbered(10_000, BEGIN)
    index = make_index([{**one, "_id": one["_id"].rjust(512, '"')} for one in documents])
    assert gather(node, index, tmp_path / "out").documents == 10_000
    late = numbered(1, BEGIN, first=20_000)
    load_documents(node, index, late)
    assert gather(node, index, tmp_path / "out").documents == 10_001
    assert 4_000_000 < max(lengths) <= answers.LARGEST
