"""Periods are half-open and cut in the stated zone, also where clocks change."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from oracle import answer
from records import Records
from vocabulary import Query

from cli import analyze, fault

MAPPING = {"user": ["username"], "package": ["subservice"], "time": ["timestamp"]}
UTC = timezone.utc
# Clocks change in the night before each of these days; in Havana and Sao Paulo at midnight itself.
CHANGES = {
    "America/Los_Angeles": ["2021-03-14", "2021-11-07"],
    "Europe/Berlin": ["2021-03-28", "2021-10-31"],
    "Asia/Kolkata": ["2021-03-01"],
    "America/Havana": ["2021-03-14", "2021-11-07"],
    "America/Sao_Paulo": ["2018-11-04", "2018-02-18"],
    "Pacific/Auckland": ["2021-04-04", "2021-09-26"],
    "Asia/Kathmandu": ["2021-03-01"],
    "UTC": ["2021-03-01"],
}


def write(path: Path, moments: list[datetime], kind: pa.DataType) -> str:
    """A user for each moment."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    micros = [(moment - epoch) // timedelta(microseconds=1) for moment in moments]
    columns = {
        "username": [f"u{k}" for k in range(len(moments))],
        "subservice": ["numpy"] * len(moments),
        "timestamp": pa.array(micros, pa.timestamp("us")).cast(kind, safe=False),
    }
    pq.write_table(pa.table(columns), path)
    return str(path)


def around(day: str, zone: ZoneInfo) -> list[datetime]:
    """Every half hour of three local days, and the last microsecond before each."""
    start = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=zone).astimezone(UTC)
    halves = [start + timedelta(minutes=30 * k) for k in range(-60, 100)]
    return halves + [moment - timedelta(microseconds=1) for moment in halves]


@pytest.mark.parametrize("kind", [pa.timestamp("us"), pa.timestamp("ms", tz="Asia/Tokyo")])
@pytest.mark.parametrize(
    ("name", "day"), [(name, day) for name, days in CHANGES.items() for day in days]
)
def test_a_day_is_the_zones_day(tmp_path: Path, name: str, day: str, kind: pa.DataType) -> None:
    zone = ZoneInfo(name)
    moments = around(day, zone)
    if kind.unit == "ms":
        moments = [m.replace(microsecond=m.microsecond // 1000 * 1000) for m in moments]
    path = write(tmp_path / "x.parquet", moments, kind)
    after = (datetime.fromisoformat(day) + timedelta(days=1)).strftime("%Y-%m-%d")
    # By the calendar of each moment, not by the ends of the day: the oracle does the other.
    users = sum(moment.astimezone(zone).strftime("%Y-%m-%d") == day for moment in moments)
    assert users > 40
    query = Query("users", start=day, end=after, zone=name)
    records = Records([path], MAPPING)
    expected = answer(records, query)
    assert expected.rows == [{"users": users}]
    outcome = analyze(query, ["--source", path])
    wrong = fault(outcome, expected, query, records.rows)
    assert wrong is None, f"{wrong}\n{outcome.command()}"


@pytest.mark.parametrize("by", ["month", "quarter", "year"])
@pytest.mark.parametrize("name", list(CHANGES))
def test_months_are_the_zones_months(tmp_path: Path, name: str, by: str) -> None:
    zone = ZoneInfo(name)
    starts = [
        datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
        for year in (1969, 2020, 2021)
        for month in range(1, 13)
    ]
    steps = [timedelta(seconds=s) for s in (-1, 0, 1)] + [timedelta(microseconds=-1)]
    moments = [start + step for start in starts for step in steps]
    path = write(tmp_path / "x.parquet", moments, pa.timestamp("us", tz="UTC"))
    found: dict[str, int] = {}
    for moment in moments:
        local = moment.astimezone(zone)
        quarter = f"{local.year}-Q{(local.month + 2) // 3}"
        period = {"month": f"{local:%Y-%m}", "quarter": quarter, "year": f"{local.year}"}[by]
        found[period] = found.get(period, 0) + 1
    rows = [{"period": p, "package": "numpy", "users": n} for p, n in sorted(found.items())]
    query = Query("package-trend", by=by, zone=name)
    records = Records([path], MAPPING)
    expected = answer(records, query)
    assert expected.rows == rows
    outcome = analyze(query, ["--source", path])
    wrong = fault(outcome, expected, query, records.rows)
    assert wrong is None, f"{wrong}\n{outcome.command()}"


@pytest.mark.parametrize(
    ("start", "end", "zone", "users"),
    [
        ("2021-03-01", "2021-03-02", None, 24),
        ("2021-03-01", "2021-03-01T00:00:01", None, 1),
        ("2021-03-01T00:00:01", "2021-03-01T02:00:00", None, 1),
        ("2021-03-01T00:00:00Z", "2021-03-01T02:00:00+01:00", "Asia/Kolkata", 1),
        ("2021-03-01T05:30:00", "2021-03-01T06:30:00", "Asia/Kolkata", 1),
        ("2021-03-01", None, None, 48),
        (None, "2021-03-01", None, 24),
    ],
)
def test_periods_are_half_open(
    tmp_path: Path, start: str | None, end: str | None, zone: str | None, users: int
) -> None:
    first = datetime(2021, 2, 28, tzinfo=UTC)
    moments = [first + timedelta(hours=k) for k in range(72)]
    path = write(tmp_path / "x.parquet", moments, pa.timestamp("us", tz="UTC"))
    query = Query("users", start=start, end=end, zone=zone)
    outcome = analyze(query, ["--source", path])
    assert outcome.rows == [{"users": users}], outcome.command()
    assert answer(Records([path], MAPPING), query).rows == [{"users": users}]


TEXTS = {
    "2021-03-01T00:00:00Z": 0,
    "2021-03-01T00:00:00": 0,
    "2021-03-01 00:00:00": 0,
    "2021-03-01": 0,
    "2021-03-01T01:00:00+01:00": 0,
    "2021-02-28T16:00:00-08:00": 0,
    "2021-03-01T05:30:00.999999+05:30": 0,
    "2021-02-28T23:59:59.999999Z": -1,
    "2021-03-01T00:00:01.5Z": 1,
    "2021-03-01T00:00:01.123456789Z": 1,
    "n/a": None,
    "": None,
}


def test_times_as_text(tmp_path: Path) -> None:
    columns = {
        "username": [f"u{k}" for k in range(len(TEXTS))],
        "timestamp": list(TEXTS),
    }
    path = str(tmp_path / "x.parquet")
    pq.write_table(pa.table(columns), path)

    def users(start: str | None, end: str | None) -> object:
        outcome = analyze(Query("users", start=start, end=end), ["--source", path])
        return outcome.rows[0]["users"]

    seconds = [s for s in TEXTS.values() if s is not None]
    assert users(None, None) == len(TEXTS)
    assert users("2021-03-01", "2021-03-01T00:00:01") == seconds.count(0)
    assert users("2021-03-01T00:00:01", None) == seconds.count(1)
    assert users(None, "2021-03-01") == seconds.count(-1)
    outcome = analyze(Query("users", start="2021-03-01"), ["--source", path])
    assert outcome.provenance["notes"], "two time stamps could not be read"
