"""Distilled datasets, against documents that are grouped here."""

import contextlib
import datetime
import json
import os
import random
import threading
import time
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather.command import main
from jupyterlab_workload_explorer.gather.days import Days
from jupyterlab_workload_explorer.gather.problem import Cancelled, GatherProblem

from ..services.documents import ask, load_documents
from .support import BEGIN, read_manifest, run_gather

FIELDS = {
    "event_timestamp": "date",
    "username": "keyword",
    "job_id": "keyword",
    "subservice": "keyword",
    "version": "keyword",
    "num_nodes": "integer",
    "process_id": "long",
    "hostname": "keyword",
    "is_staff": "boolean",
    "count": "long",
}
KEPT = ("username", "job_id", "subservice", "version", "num_nodes", "is_staff")
DAY = 86_400_000
SMALL = {"part_rows": 150, "slice_documents": 100, "page_size": 60}
ZONE = "America/Los_Angeles"
SIZES = json.loads((Path(__file__).parents[1] / "sizes.json").read_text(encoding="utf-8"))
KILLS = SIZES["rewrite_kills"]["prove" if os.environ.get("WORKLOAD_PROVE") == "1" else "test"]


def documents(count, seed, days=40, weights=True):
    """Documents of few jobs, with many times a day; clocks change in the middle of March."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        one = {
            "_id": f"{seed}-{number}",
            "event_timestamp": BEGIN + 20 * DAY + chance.randrange(days * DAY),
            "username": f"user{chance.randrange(5)}",
            "job_id": chance.choice(["", "1", "2", "3"]),
            "subservice": chance.choice(["numpy", "scipy", ""]),
            "version": chance.choice(["1", "2"]),
            "num_nodes": chance.randrange(1, 3),
            "process_id": chance.randrange(2**60),
            "hostname": f"nid{chance.randrange(1000)}",
            "is_staff": chance.random() < 0.1,
            "count": chance.randrange(0, 5),
        }
        if not weights:
            del one["count"]
        for name in list(one):
            if name != "_id" and chance.random() < 0.03:
                del one[name]
        found.append(one)
    return found


def day_of(instant, zone):
    """The date of an instant in milliseconds, in a zone."""
    if instant is None:
        return None
    moment = datetime.datetime.fromtimestamp(instant / 1000, ZoneInfo(zone))
    return moment.date()


def expected(found, zone, names=KEPT):
    """Rows of documents, with their records."""
    rows = Counter()
    for one in found:
        key = (day_of(one.get("event_timestamp"), zone), *(one.get(name) for name in names))
        rows[key] += one.get("count", 1)
    return dict(rows)


def held(out: Path, zone, names=KEPT):
    """Rows of a dataset, with their counts; that none is there twice, and each in its month."""
    rows = {}
    for file in sorted(out.glob("month=*/*.parquet")):
        for row in pq.ParquetFile(file).read().to_pylist():
            moment = row["event_timestamp"]
            day = None
            if moment is not None:
                local = moment.astimezone(ZoneInfo(zone))
                day = local.date()
                before = moment - datetime.timedelta(milliseconds=1)
                assert before.astimezone(ZoneInfo(zone)).date() < day
                assert file.parent.name == f"month={day:%Y-%m}"
            key = (day, *(row[name] for name in names))
            assert key not in rows, key
            rows[key] = row["count"]
    return rows


def gather(node, index, out, **options):
    return jupyterlab_workload_explorer.gather(None, index, out, url=node.url, **options)


@pytest.mark.parametrize("sizes", [{}, SMALL], ids=["one part a month", "many parts and pages"])
@pytest.mark.parametrize("zone", [ZONE, "UTC", "Asia/Kathmandu"])
def test_one_row_for_each_group(node, make_index, tmp_path, sizes, zone):
    found = documents(2000, 1)
    index = make_index(found, FIELDS)
    result = gather(node, index, tmp_path / "out", distill=True, zone=zone, **sizes)
    assert held(tmp_path / "out", zone) == expected(found, zone)
    assert result.documents == 2000 and not result.differing
    assert result.rows == len(expected(found, zone))
    about = read_manifest(tmp_path / "out")["dataset"]
    file = next((tmp_path / "out").glob("month=2021-03/*.parquet"))
    footer = json.loads(pq.read_schema(file).metadata[b"workload.gather"])
    for told in (about["distilled"], footer["distilled"]):
        assert told["zone"] == zone and told["day"] == "event_timestamp"
        assert told["dropped"] == [
            {"column": "hostname", "role": None},
            {"column": "process_id", "role": "process"},
        ]
    assert about["mapping"]["count"] == "count"


def test_without_weights_documents_are_counted(node, make_index, tmp_path):
    found = documents(500, 2, weights=False)
    fields = {name: kind for name, kind in FIELDS.items() if name != "count"}
    index = make_index(found, fields)
    gather(node, index, tmp_path / "out", distill=True, drop=["version"], keep=["hostname"])
    names = (*(name for name in KEPT if name != "version"), "hostname")
    assert held(tmp_path / "out", "UTC", names) == expected(found, "UTC", names)
    assert sum(held(tmp_path / "out", "UTC", names).values()) == 500


def test_incremental_runs_keep_groups_whole(node, make_index, tmp_path):
    """Documents that come late into days that are held, later days, and a run that was stopped."""
    out = tmp_path / "out"
    found = documents(800, 3, days=25)
    index = make_index(found, FIELDS)
    gather(node, index, out, distill=True, zone=ZONE, **SMALL)
    for seed in range(4, 8):
        more = documents(60, seed, days=20 + 6 * (seed - 3))
        load_documents(node, index, more)
        found += more
        cancelled = threading.Event()

        def stop(state, cancelled=cancelled):
            if state.phase == "gather" and state.partition not in (None, "2021-02"):
                cancelled.set()

        with contextlib.suppress(Cancelled):
            gather(node, index, out, cancelled=cancelled, progress=stop, workers=1, **SMALL)
        # The options are those of the first run.
        gather(node, index, out, **SMALL)
        assert held(out, ZONE) == expected(found, ZONE)
        assert gather(node, index, out, **SMALL).fetched == 0


def test_killed_and_run_again(node, make_index, tmp_path):
    """At random moments, while days that are held are grouped anew."""
    chance = random.Random(20)
    out = tmp_path / "out"
    found = documents(500, 21)
    index = make_index(found, FIELDS)
    gather(node, index, out, distill=True, zone=ZONE, **SMALL)
    for number in range(KILLS):
        more = documents(40, 30 + number)
        load_documents(node, index, more)
        found += more
        process = run_gather({"indices": index, "out": out, "url": node.url, **SMALL})
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        time.sleep(chance.random())
        process.kill()
        process.communicate()
        gather(node, index, out, **SMALL)
        assert held(out, ZONE) == expected(found, ZONE)


def test_counts_of_another_name(node, make_index, tmp_path):
    fields = {"event_timestamp": "date", "username": "keyword", "n": "double"}
    day = {"event_timestamp": BEGIN, "username": "a"}
    index = make_index([{**day, "n": 2}, {**day, "n": 0.5}, day], fields)
    gather(node, index, tmp_path / "out", distill=True)
    assert held(tmp_path / "out", "UTC", ["username"]) == {(day_of(BEGIN, "UTC"), "a"): 3.5}
    dropped = read_manifest(tmp_path / "out")["dataset"]["distilled"]["dropped"]
    assert dropped == [{"column": "n", "role": None}]


def test_what_expires_in_the_index_stays(node, make_index, tmp_path):
    out = tmp_path / "out"
    found = documents(600, 8)
    index = make_index(found, FIELDS)
    gather(node, index, out, distill=True, zone=ZONE, **SMALL)
    gone = [one for one in found if one.get("event_timestamp", 0) % 3 == 0]
    lines = "".join(json.dumps({"delete": {"_id": one["_id"]}}) + "\n" for one in gone)
    ask(node, "POST", f"/{index}/_bulk?refresh=true", lines.encode())
    result = gather(node, index, out, **SMALL)
    assert result.expired == len(gone)
    assert held(out, ZONE) == expected(found, ZONE)
    late = documents(50, 9)
    for one in late:
        # Of groups of their own: what else is late cannot be told from what has expired.
        one["username"] = "late"
    load_documents(node, index, late)
    result = gather(node, index, out, **SMALL)
    assert held(out, ZONE) == expected([*found, *late], ZONE)
    assert result.differing


def test_other_options_are_refused_later(node, make_index, tmp_path):
    out = tmp_path / "out"
    index = make_index(documents(100, 10), FIELDS)
    gather(node, index, out, distill=True, zone=ZONE, drop=["version"])
    for options in ({"zone": "UTC"}, {"drop": []}, {"keep": ["hostname"]}):
        with pytest.raises(GatherProblem, match="other options of distilling"):
            gather(node, index, out, distill=True, **options)
    assert gather(node, index, out, distill=True).fetched == 0
    gather(node, index, tmp_path / "long")
    with pytest.raises(GatherProblem, match="other options of distilling"):
        gather(node, index, tmp_path / "long", distill=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"drop": ["user"]}, "a row for each user, job, package and day"),
        ({"drop": ["time"]}, "a row for each user, job, package and day"),
        ({"keep": ["process"]}, "stands for several documents"),
        ({"drop": ["nodes"], "keep": ["num_nodes"]}, "Say one of both"),
        ({"drop": ["walltime"]}, 'no field "walltime"'),
        ({"zone": "Mars/Olympus"}, "not a time zone"),
    ],
)
def test_what_cannot_be_distilled(node, make_index, tmp_path, options, message):
    index = make_index(documents(10, 11), FIELDS)
    with pytest.raises(GatherProblem, match=message):
        gather(node, index, tmp_path / "out", distill=True, **options)


def test_a_kept_field_takes_no_role_of_a_dropped_one(node, make_index, tmp_path):
    fields = {"event_timestamp": "date", "repo": "keyword", "project": "keyword"}
    index = make_index([{"event_timestamp": BEGIN, "repo": "a", "project": "b"}], fields)
    with pytest.raises(GatherProblem, match="would pass for the account"):
        gather(node, index, tmp_path / "out", distill=True, drop=["repo"], keep=["project"])


def test_a_system_is_part_of_the_job(node, make_index, tmp_path):
    fields = {"event_timestamp": "date", "job_id": "keyword", "system": "keyword"}
    index = make_index([{"event_timestamp": BEGIN, "job_id": "1", "system": "a"}], fields)
    with pytest.raises(GatherProblem, match="jobs of two systems would become one"):
        gather(node, index, tmp_path / "out", distill=True, drop=["system"])


def test_from_the_command_line(node, make_index, tmp_path, capsys):
    found = documents(200, 12)
    index = make_index(found, FIELDS)
    out = str(tmp_path / "out")
    words = ["gather", "--url", node.url, index, "--out", out, "--distill", "--zone", ZONE]
    assert main([*words, "--drop", "version,nodes"]) == 0
    names = ("username", "job_id", "subservice", "is_staff")
    assert held(tmp_path / "out", ZONE, names) == expected(found, ZONE, names)
    assert "200 documents" in capsys.readouterr().out


@pytest.mark.parametrize("zone", [ZONE, "America/Havana", "Pacific/Apia", "America/Asuncion"])
def test_days_begin_where_the_date_changes(zone):
    days, where = Days(zone), ZoneInfo(zone)
    chance = random.Random(zone)
    for _ in range(3000):
        instant = chance.randrange(1_230_768_000_000, 1_640_995_200_000)
        begin = days._begin(instant)
        assert begin <= instant
        at = [
            datetime.datetime.fromtimestamp(one / 1000, datetime.timezone.utc).astimezone(where)
            for one in (instant, begin, begin - 1)
        ]
        assert at[0].date() == at[1].date() > at[2].date()
    assert days._begin(10**15) == 10**15 // DAY * DAY
