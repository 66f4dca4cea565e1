"""Pure parts of gather: schemas, slices of time, what to fetch, multisets, recovery, throttle."""

import datetime
import itertools
import random
import threading
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from jupyterlab_workload_explorer.gather import manifest as manifests
from jupyterlab_workload_explorer.gather.holdings import Cover, Part
from jupyterlab_workload_explorer.gather.manifest import Manifest
from jupyterlab_workload_explorer.gather.multiset import Compared, union
from jupyterlab_workload_explorer.gather.problem import (
    GatherProblem,
    TooLarge,
    TooMuchAtOnce,
    TooSlow,
)
from jupyterlab_workload_explorer.gather.reconcile import gaps, stretches, to_fetch
from jupyterlab_workload_explorer.gather.schema import read_schema
from jupyterlab_workload_explorer.gather.slices import Slice, _civil, _days_before, month_of
from jupyterlab_workload_explorer.gather.throttle import FIRST, Throttle


def caps(**fields):
    return {
        "indices": ["a", "b"],
        "fields": {
            name.replace("__", "."): {
                kind: {"type": kind, "metadata_field": False, "aggregatable": kind != "text"}
                for kind in kinds.split()
            }
            for name, kinds in fields.items()
        },
    }


def test_columns_come_with_time_and_job_first():
    schema = read_schema(caps(data="object", data__z="keyword", data__job_id="long", time="date"))
    assert [(one.name, one.field) for one in schema.columns] == [
        ("time", "time"),
        ("job_id", "data.job_id"),
        ("z", "data.z"),
    ]
    assert schema.mapping == {"job": "job_id", "time": "time"}


def test_texts_come_from_keywords():
    schema = read_schema(
        caps(
            time="date", a="text", a__keyword="keyword", a__raw="keyword", b="keyword", b__c="text"
        )
    )
    assert {one.name: one.field for one in schema.columns} == {
        "time": "time",
        "a": "a.keyword",
        "b": "b",
    }


@pytest.mark.parametrize(
    "kinds, kind",
    [
        ("long integer", pa.int64()),
        ("byte", pa.int64()),
        ("unsigned_long", pa.uint64()),
        ("integer float", pa.float64()),
        ("long keyword", pa.dictionary(pa.int32(), pa.string())),
        ("ip version", pa.dictionary(pa.int32(), pa.string())),
        ("date date_nanos", pa.timestamp("ns", "UTC")),
    ],
)
def test_types_that_go_together(kinds, kind):
    schema = read_schema(caps(time="date", x=kinds))
    assert {one.name: one.type for one in schema.columns}["x"] == kind


@pytest.mark.parametrize("kinds", ["keyword boolean", "date keyword", "text long", "long date"])
def test_types_that_do_not(kinds):
    with pytest.raises(GatherProblem, match='field "x" has types that do not go together'):
        read_schema(caps(time="date", x=kinds))
    read_schema(caps(time="date", x=kinds), chosen=["time"])


def test_the_time_has_to_be_known():
    with pytest.raises(GatherProblem, match="--map time=FIELD"):
        read_schema(caps(x="date"))
    assert read_schema(caps(x="date"), {"time": "x"}).time.name == "x"
    with pytest.raises(GatherProblem, match="is not a date"):
        read_schema(caps(x="date", y="long"), {"time": "y"})
    with pytest.raises(GatherProblem, match='no role "user-name"'):
        read_schema(caps(x="date"), {"user-name": "x"})


def test_months_of_the_calendar():
    day = datetime.date(1969, 1, 1)
    while day.year < 2106:
        number = day.toordinal() - datetime.date(1970, 1, 1).toordinal()
        assert _civil(number) == (day.year, day.month)
        if day.day == 1:
            assert _days_before(day.year, day.month) == number
        day += datetime.timedelta(days=1)
    assert month_of(-1) == (1969, 12)
    assert month_of(1_614_556_800_000, "America/Los_Angeles") == (2021, 2)


def part(name, *slices, rows=1000):
    return Part(f"month=2021-02/part-{name}.parquet", rows, 1, "", 1, 0, tuple(covers(*slices)))


def covers(*slices):
    return [Cover(*one) for one in slices]


def test_slices_are_fetched_where_what_is_new_is_known():
    held = covers((0, 10, 5, 5), (10, 20, 7, 7), (20, 30, 9, 9))
    assert to_fetch(held, [5, 7, 9], {}) == [False, False, False]
    assert to_fetch(held, [5, 9, 9], {10: 2}) == [False, True, False]
    # Expired before, and counted then.
    held = covers((0, 10, 5, 3), (10, 20, 7, 7))
    assert to_fetch(held, [3, 8], {10: 1}) == [False, True]


def test_a_month_that_differs_is_fetched_as_a_whole():
    held = covers((0, 10, 5, 5), (10, 20, 7, 7), (20, 30, 9, 9))
    # More than the cursor knows of; fewer; one expired while another one came.
    for counts, new in (([5, 8, 9], {}), ([5, 6, 9], {}), ([5, 7, 9], {10: 1})):
        assert to_fetch(held, counts, new) == [True, True, True]
    # There is nothing to fetch where nothing is left.
    assert to_fetch(held, [0, 7, 9], {}) == [False, False, False]
    assert to_fetch(held, [0, 7, 8], {}) == [False, True, True]


def test_what_is_due_is_fetched():
    held = covers((0, 10, 5, 5, True), (10, 20, 7, 7))
    assert to_fetch(held, [5, 7], {}) == [True, False]
    assert [one.as_json() for one in held] == [[0, 10, 5, 5, True], [10, 20, 7, 7]]


def test_parts_that_have_something_to_fetch_are_written_anew():
    parts = [part("1", (0, 10, 5, 5), (10, 20, 7, 7)), part("2", (20, 30, 9, 9))]
    assert stretches(parts, [5, 7, 9], [False] * 3, [], 100) == []
    [one] = stretches(parts, [5, 8, 9], [False, True, False], [], 100)
    assert one.old == parts[:1] and one.documents == 8
    assert [step.fetch for step in one.steps] == [False, True]


def test_small_parts_grow():
    parts = [part("1", (0, 10, 5, 5)), part("2", (10, 20, 5, 5), rows=10)]
    assert gaps(parts, Slice(0, 40, 0)) == [(20, 40)]
    new = [Slice(20, 40, 3)]
    [one] = stretches(parts, [5, 5], [False] * 2, new, 100)
    assert one.old == parts[1:] and one.documents == 3
    [one] = stretches(parts, [5, 5], [False] * 2, new, 5)
    assert one.old == [] and [step.piece for step in one.steps] == new


@pytest.mark.parametrize("seed", range(20))
def test_unions_of_multisets(seed):
    chance = random.Random(seed)
    schema = pa.schema([("a", pa.dictionary(pa.int32(), pa.string())), ("b", pa.float64())])

    def rows():
        return [
            {"a": chance.choice(["x", "y", None]), "b": chance.choice([0.5, None])}
            for _ in range(chance.randrange(30))
        ]

    old, new = rows(), rows()
    table, compared = union(pa.Table.from_pylist(old, schema), pa.Table.from_pylist(new, schema))
    expected = Counter(map(str, old)) | Counter(map(str, new))
    assert Counter(map(str, table.to_pylist())) == expected
    lacking, more = expected.total() - len(new), expected.total() - len(old)
    assert compared == Compared(len(old), lacking, more)


def test_unions_of_counted_rows():
    old = pa.table({"a": ["x", "y"], "n": [3, 4]})
    new = pa.table({"a": ["x", "z"], "n": [5, 1]})
    table, compared = union(old, new, "n")
    assert {(row["a"], row["n"]) for row in table.to_pylist()} == {("x", 5), ("y", 4), ("z", 1)}
    assert compared == Compared(held=7, lacking=4, new=3)


def test_sums_of_the_same_counts_in_another_order():
    """They differ by their rounding: nothing is lacking."""
    one, other = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert one != other
    old, new = pa.table({"a": ["x"], "n": [one]}), pa.table({"a": ["x"], "n": [other]})
    for held, fetched in ((old, new), (new, old)):
        table, compared = union(held, fetched, "n")
        assert table.equals(fetched) and compared == Compared(held=held.column("n")[0].as_py())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'"\xff"',
        b'{"version":1,"dataset":{},"state":{},"replacing":null,"partitions":[]}',
    ],
)
def test_a_manifest_that_cannot_be_understood(tmp_path, content):
    (tmp_path / "_manifest.json").write_bytes(content)
    with pytest.raises(GatherProblem, match="cannot be understood"), Manifest.open(tmp_path):
        pass


class Died(BaseException):
    pass


def test_a_replacement_happens_or_does_not(tmp_path, monkeypatch):
    """Killed before each change of the disk in turn: old or new files, never both or neither."""
    old, new = part("20210201", (0, 10, 1, 1)), part("20210202", (0, 10, 2, 2))
    seen = set()
    for steps in itertools.count():
        folder = tmp_path / str(steps)
        with Manifest.open(folder) as manifest:
            manifest.state["runs"] = [{}]
            _put(manifest, [], old)
        left = [steps]

        def die(real, left=left):
            def call(*arguments, **options):
                if left[0] == 0:
                    raise Died
                left[0] -= 1
                return real(*arguments, **options)

            return call

        with monkeypatch.context() as patch:
            patch.setattr(type(folder), "replace", die(type(folder).replace))
            patch.setattr(type(folder), "unlink", die(type(folder).unlink))
            patch.setattr(manifests, "sync_folder", die(manifests.sync_folder))
            patch.setattr("os.fsync", die(__import__("os").fsync))
            try:
                with Manifest.open(folder) as manifest:
                    _put(manifest, [old], new)
                done = True
            except Died:
                done = False
        with Manifest.open(folder) as manifest:
            [one] = manifest.partitions["2021-02"].parts
            files = list(folder.glob("month=*/*"))
            assert files == [folder / one.file] and files[0].read_text() == one.file
            assert list(manifest.temporary.iterdir()) == []
            seen.add(one.file)
        if done:
            assert one.file == new.file
            break
    assert seen == {old.file, new.file} and steps > 5


def test_a_replacement_outlasts_a_power_cut(tmp_path, monkeypatch):
    """Names are on disk before something relies on them: folders are synced in between."""
    old, new = part("20210201", (0, 10, 1, 1)), part("20210202", (0, 10, 2, 2))
    done = []
    with Manifest.open(tmp_path / "out") as manifest:
        manifest.state["runs"] = [{}]
        _put(manifest, [], old)
        real, rename, unlink = manifests.sync_folder, Path.replace, Path.unlink

        def noted(what, call):
            def noting(path, *arguments, **options):
                done.append((what, path.name))
                return call(path, *arguments, **options)

            return noting

        monkeypatch.setattr(manifests, "sync_folder", noted("sync", real))
        monkeypatch.setattr(Path, "replace", noted("rename", rename))
        monkeypatch.setattr(Path, "unlink", noted("unlink", unlink))
        _put(manifest, [old], new)
    steps = [
        ("sync", "tmp"),
        ("rename", "_manifest.json.tmp"),
        ("rename", f"{new.stem}.tmp"),
        ("sync", "month=2021-02"),
        ("unlink", f"{old.stem}.parquet"),
        ("rename", "_manifest.json.tmp"),
    ]
    left = iter(done)
    assert all(step in left for step in steps), done


def _put(manifest, old, one):
    path = manifest.temporary / f"{one.stem}.tmp"
    path.write_text(one.file)
    named = Part(one.file, one.rows, len(one.file), "", one.run, 0, one.slices)
    assert named.bytes == path.stat().st_size
    manifest.replace("2021-02", old, [(path, Part(**{**one.__dict__, "bytes": len(one.file)}))])


def test_a_part_is_put_into_words_once(tmp_path, monkeypatch):
    """The manifest is written twice for each part, with all slices of all parts that are there."""
    calls = Counter()
    as_json = Part.as_json

    def counted(self):
        calls[self.file] += 1
        return as_json(self)

    monkeypatch.setattr(Part, "as_json", counted)
    parts = [part(f"202102{day:02}", (day, day + 1, 1, 1)) for day in range(1, 20)]
    with Manifest.open(tmp_path) as manifest:
        manifest.state["runs"] = [{}]
        for one in parts:
            _put(manifest, [], one)
        put = manifest.partitions["2021-02"].parts
    # Once more for what is about to be replaced.
    assert max(calls.values()) <= 3
    with Manifest.open(tmp_path) as manifest:
        assert manifest.partitions["2021-02"].parts == put and len(put) == len(parts)


def test_two_gathers_do_not_share_a_folder(tmp_path):
    with (
        Manifest.open(tmp_path / "out"),
        pytest.raises(GatherProblem, match="Another gather"),
        Manifest.open(tmp_path / "out"),
    ):
        pass


def test_a_throttle_asks_for_less_and_for_more_again():
    throttle = Throttle(4, 1000, threading.Event(), waits=[0.0] * 4)
    throttle.document_bytes = 100
    sizes = []

    def refuse_twice(size):
        sizes.append(size)
        if len(sizes) < 3:
            raise TooMuchAtOnce
        return "done"

    assert throttle.ask(refuse_twice, lambda _: 0) == "done"
    assert sizes == [1000, 500, 250]

    def refuse(size):
        raise TooMuchAtOnce

    with pytest.raises(GatherProblem, match="even small pages"):
        throttle.ask(refuse, lambda _: 0)


def test_a_throttle_leaves_slow_answers_to_who_can_ask_in_another_way():
    throttle = Throttle(4, 1000, threading.Event(), waits=[0.0] * 4)
    throttle.document_bytes = 100
    sizes = []

    def slow(size):
        sizes.append(size)
        raise TooSlow

    with pytest.raises(TooSlow):
        throttle.ask(slow, len, whole=True)
    assert sizes == [1000]
    # Pages are asked for again, smaller.
    with pytest.raises(GatherProblem):
        throttle.ask(slow, len)
    assert sizes[1:] == [1000, 500, 250, 250, 250]


def test_a_throttle_asks_for_fewer_long_documents():
    throttle = Throttle(4, 1000, threading.Event())
    sizes = []

    def too_large_for_more_than_three(size):
        sizes.append(size)
        if size > 3:
            raise TooLarge
        return size

    assert throttle.ask(too_large_for_more_than_three, lambda size: size) <= 3
    assert sizes[0] == FIRST and sizes == sorted(sizes, reverse=True)
    with pytest.raises(TooLarge):
        Throttle(4, 1000, threading.Event()).ask(too_large_for_more_than_three, len, True)
