"""Fields of different types in several indices: every value right, or a sentence why not."""

from __future__ import annotations

import datetime

import pyarrow.parquet as pq
import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import ask, load_documents
from .support import BEGIN, read_dataset

#: As the documents have them: whole numbers, and halves; both have a double of their own.
CASES = {
    "long and double": ("long", [7, -3, None], "double", [0.5, -3, 1e300]),
    "integer and float": ("integer", [7, 2**24 - 1], "float", [0.5, 8]),
    "integer and half_float": ("integer", [7, -3], "half_float", [0.5, 8]),
    "float and double": ("float", [0.5, 0.25], "double", [0.1, 0.5]),
    "byte and long": ("byte", [7, -3], "long", [2**53 + 1, 7]),
    "float and half_float": ("float", [0.5, 0.25], "half_float", [0.125, 0.5]),
}


@pytest.mark.parametrize("name", CASES)
def test_numbers(node, make_index, tmp_path, name):
    first_type, first, second_type, second = CASES[name]
    index = ",".join(
        make_index(
            [{"time": BEGIN + n, **({} if v is None else {"x": v})} for n, v in enumerate(values)],
            {"time": "date", "x": kind},
        )
        for kind, values in ((first_type, first), (second_type, second))
    )
    gather(node, index, tmp_path / "out")
    found = [row["x"] for row in read_dataset(tmp_path / "out")]
    assert sorted(map(str, found)) == sorted(
        str(v if v is None or name == "byte and long" else float(v)) for v in [*first, *second]
    )


TEXTS = {
    "ip and keyword": ("ip", ["10.0.0.1", "::1"], "keyword", ["node1", "10.0.0.1"]),
    "long and keyword": ("long", ["7", "-3"], "keyword", ["node1", "7"]),
    "double and keyword": ("double", ["7.5", "-3.0"], "keyword", ["node1", "7"]),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(node, make_index, tmp_path, name):
    first_type, first, second_type, second = TEXTS[name]
    index = ",".join(
        make_index(
            [{"time": BEGIN + n, "x": value} for n, value in enumerate(values)],
            {"time": "date", "x": kind},
        )
        for kind, values in ((first_type, first), (second_type, second))
    )
    gather(node, index, tmp_path / "out")
    found = [row["x"] for row in read_dataset(tmp_path / "out")]
    assert sorted(found) == sorted([*first, *second])


@pytest.mark.parametrize(
    "kind, value",
    [
        ("boolean", True),
        ("ip", "10.0.0.1"),
        ("double", 0.5),
        ("long", 7),
        ("date", BEGIN),
        ("keyword", "a"),
    ],
)
def test_a_field_that_one_index_lacks(node, make_index, tmp_path, kind, value):
    """Whichever of them answers first."""
    lacks = [make_index([{"time": BEGIN + n}], {"time": "date"}) for n in range(2)]
    has = make_index([{"time": BEGIN + 5, "x": value}], {"time": "date", "x": kind})
    gather(node, ",".join([*lacks, has]), tmp_path / "out")
    found = [row["x"] for row in read_dataset(tmp_path / "out")]
    assert sorted(found, key=str) == sorted([value, None, None], key=str)


@pytest.mark.parametrize("limit", [None, 3], ids=["together", "in pages"])
def test_dates_of_two_resolutions(node, make_index, tmp_path, limit):
    """Also where more documents have one time than a slice may hold."""
    coarse = make_index(
        [{"t": BEGIN, "x": f"c{n}"} for n in range(9)], {"t": "date", "x": "keyword"}
    )
    fine = make_index(
        [{"t": f"2021-02-01T00:00:00.000{n:06d}Z", "x": f"f{n}"} for n in range(9)],
        {"t": "date_nanos", "x": "keyword"},
    )
    sizes = {} if limit is None else {"slice_documents": limit, "page_size": limit}
    gather(node, f"{coarse},{fine}", tmp_path / "out", mapping={"time": "t"}, **sizes)
    (file,) = (tmp_path / "out").glob("month=*/*.parquet")
    table = pq.ParquetFile(file).read()
    begin = datetime.datetime.fromtimestamp(BEGIN / 1000, datetime.timezone.utc)
    assert begin.isoformat() == "2021-02-01T00:00:00+00:00"
    times = table.column("t").cast("int64").to_pylist()
    assert times == sorted(times)
    assert dict(zip(table.column("x").to_pylist(), times, strict=True)) == {
        **{f"c{n}": BEGIN * 1_000_000 for n in range(9)},
        **{f"f{n}": BEGIN * 1_000_000 + n for n in range(9)},
    }


@pytest.mark.parametrize("kind", ["boolean", "date"])
def test_types_that_no_column_can_hold_together(node, make_index, tmp_path, kind):
    first = make_index([{"time": BEGIN, "x": "a"}], {"time": "date", "x": "keyword"})
    second = make_index([{"time": BEGIN}], {"time": "date", "x": kind})
    with pytest.raises(GatherProblem, match=f'"x" has types.*{kind} in {second}'):
        gather(node, f"{first},{second}", tmp_path / "out")


def test_a_text_in_one_index_with_a_keyword_below_it(node, make_index, tmp_path):
    first = make_index([{"time": BEGIN, "x": "a"}], {"time": "date", "x": "keyword"})
    second = make_index([], {"time": "date"})
    below = {"type": "text", "fields": {"keyword": {"type": "keyword"}}}
    ask(node, "PUT", f"/{second}/_mapping", {"properties": {"x": below}})
    load_documents(node, second, [{"time": BEGIN, "x": "b c"}])
    third = make_index([{"time": BEGIN, "x": "d e"}], {"time": "date", "x": "text"})
    gather(node, f"{first},{second},{third}", tmp_path / "out")
    (file,) = (tmp_path / "out").glob("month=*/*.parquet")
    assert sorted(pq.ParquetFile(file).read().column("x").to_pylist()) == ["a", "b c", "d e"]


def gather(node, index, out, **options):
    return jupyterlab_workload_explorer.gather(None, index, out, url=node.url, **options)
