"""A dataset keeps its columns, whatever becomes of the index's fields."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import ask, load_documents
from .support import BEGIN, MONTH, gather, read_dataset, read_manifest, rows_of


def types_of(out):
    """The types of the columns in each file."""
    return [pq.read_schema(file).remove_metadata() for file in sorted(out.glob("month=*/*"))]


def alias(node, what, index, name):
    ask(node, "POST", "/_aliases", {"actions": [{what: {"index": index, "alias": name}}]})


@pytest.fixture
def change(node, make_index, tmp_path):
    """Gathers an index, puts another one in its place or beside it, and gathers again."""
    out = tmp_path / "out"

    def run(before, after, first, second, keep, **options):
        old = make_index(first, {"event_timestamp": "date", **before})
        name = f"{old}-now"
        alias(node, "add", old, name)
        gather(node, name, out, **options)
        new = make_index([], {"event_timestamp": "date"})
        ask(node, "DELETE", f"/{new}")
        properties = {
            name: kind if isinstance(kind, dict) else {"type": kind}
            for name, kind in {"event_timestamp": "date", **after}.items()
        }
        ask(node, "PUT", f"/{new}", {"mappings": {"properties": properties}})
        load_documents(node, new, second)
        alias(node, "add", new, name)
        if not keep:
            alias(node, "remove", old, name)
        result = gather(node, name, out, **options)
        schemas = types_of(out)
        assert all(one == schemas[0] for one in schemas)
        return result, read_dataset(out)

    return run


@pytest.mark.parametrize("keep", [True, False], ids=["both", "only the new"])
@pytest.mark.parametrize(
    "before, after, old, new, held",
    [
        ("integer", "long", 7, 2**40, 2**40),
        ("byte", "integer", 7, 70_000, 70_000),
        ("float", "double", 0.5, 1e300, 1e300),
        ("integer", "double", 7, 8.0, 8),
        ("long", "keyword", 7, "8", 8),
        ("keyword", "long", "x", 8, "8"),
        ("keyword", {"type": "text", "fields": {"keyword": {"type": "keyword"}}}, "x", "y", "y"),
        ("keyword", "text", "x", "y", "y"),
        ("keyword", "boolean", "x", True, "true"),
    ],
)
def test_a_type_that_changes(change, keep, before, after, old, new, held):
    if keep and (before, after) == ("keyword", "boolean"):
        with pytest.raises(GatherProblem, match="types that do not go together"):
            run_of(change, before, after, old, new, keep)
        return
    if not keep and after == "text":
        result, rows = run_of(change, before, after, old, new, keep)
        assert "without a keyword sub-field" in result.left_out["value"]
        assert rows_of(rows, ["value"]) == {(old,): 1, (None,): 1}
        return
    result, rows = run_of(change, before, after, old, new, keep)
    assert rows_of(rows, ["value"]) == {(old,): 1, (held,): 1}
    assert result.rejects == 0 and result.new_fields == []


def run_of(change, before, after, old, new, keep):
    return change(
        {"value": before},
        {"value": after},
        [{"event_timestamp": BEGIN, "value": old}],
        [{"event_timestamp": BEGIN + MONTH, "value": new}],
        keep,
    )


@pytest.mark.parametrize(
    "before, after, new", [("integer", "double", 8.5), ("long", "keyword", "x8")]
)
def test_a_value_that_does_not_fit_any_more(change, tmp_path, before, after, new):
    result, rows = run_of(change, before, after, 7, new, True)
    assert rows_of(rows, ["value"]) == {(7,): 1, (None,): 1}
    assert result.rejects == 1
    line = json.loads((tmp_path / "out" / "_rejects.ndjson").read_text())
    assert line["value"] == new and line["reason"] == "it is no number that fits int64"


def test_times_that_become_finer(node, make_index, tmp_path):
    old = make_index([{"time": BEGIN}], {"time": "date"})
    gather(node, old, tmp_path / "out")
    new = make_index([{"time": "2021-03-01T00:00:00.123456789Z"}], {"time": "date_nanos"})
    result = gather(node, f"{old},{new}", tmp_path / "out")
    assert {one.field("time").type for one in types_of(tmp_path / "out")} == {
        pa.timestamp("ms", "UTC")
    }
    times = {row["time"] for row in read_dataset(tmp_path / "out")}
    assert times == {BEGIN, 1_614_556_800_123} and result.rejects == 0


def test_a_field_that_is_gone_and_one_that_is_new(change, tmp_path):
    """Roles stay where they are, even where the new field has a better name for one."""
    before = {"user": "keyword", "site": "keyword"}
    after = {"user": "keyword", "username": "keyword"}
    first = [{"event_timestamp": BEGIN, "user": "ada", "site": "a"}]
    second = [{"event_timestamp": BEGIN + MONTH, "user": "bo", "username": "wrong"}]
    result, rows = change(before, after, first, second, False)
    assert result.new_fields == ["username"]
    assert rows_of(rows, ["user", "site"]) == {("ada", "a"): 1, ("bo", None): 1}
    assert "username" not in rows[0]
    assert read_manifest(tmp_path / "out")["dataset"]["mapping"]["user"] == "user"


def test_new_fields_are_told_of_chosen_columns_too(change):
    first = [{"event_timestamp": BEGIN, "user": "ada", "site": "a"}]
    second = [{"event_timestamp": BEGIN + MONTH, "user": "bo", "origin": "conda"}]
    before = {"user": "keyword", "site": "keyword"}
    after = {"user": "keyword", "origin": "keyword"}
    result, rows = change(before, after, first, second, True, columns=["user"])
    assert result.new_fields == ["origin"]
    assert rows_of(rows, ["user"]) == {("ada",): 1, ("bo",): 1}


def test_a_time_that_is_gone(change):
    with pytest.raises(GatherProblem, match='"when", which is mapped as time'):
        change(
            {"when": "date"},
            {"x": "keyword"},
            [{"event_timestamp": BEGIN, "when": BEGIN}],
            [{"event_timestamp": BEGIN, "x": "y"}],
            False,
            mapping={"time": "when"},
        )


def test_texts_whose_keywords_have_other_names(node, tmp_path):
    names = ["gather-sub-a", "gather-sub-b", "gather-sub-c", "gather-sub-d"]
    kinds = [
        {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
        {"type": "text", "fields": {"raw": {"type": "keyword"}}},
        {"type": "keyword"},
        {"type": "text"},
    ]
    try:
        for number, (name, kind) in enumerate(zip(names, kinds, strict=True)):
            properties = {"event_timestamp": {"type": "date"}, "username": kind}
            ask(node, "PUT", f"/{name}", {"mappings": {"properties": properties}})
            document = {"event_timestamp": BEGIN + number, "username": f"Ada {number}"}
            load_documents(node, name, [document])
        for chosen in (names[:1], names[:2], names[1:3], names[2:], names):
            out = tmp_path / "-".join(one[-1] for one in chosen)
            gather(node, ",".join(chosen), out)
            expected = {(f"Ada {names.index(name)}",): 1 for name in chosen}
            assert rows_of(read_dataset(out), ["username"]) == expected
    finally:
        for name in names:
            ask(node, "DELETE", f"/{name}?ignore_unavailable=true")


def test_nothing_binds_a_dataset_without_records(node, make_index, tmp_path):
    index = make_index([], {"event_timestamp": "date", "a": "keyword"})
    gather(node, index, tmp_path / "out", columns=["a"])
    other = make_index(
        [{"event_timestamp": BEGIN, "b": 1}], {"event_timestamp": "date", "b": "long"}
    )
    gather(node, other, tmp_path / "out")
    assert rows_of(read_dataset(tmp_path / "out"), ["b"]) == {(1,): 1}
