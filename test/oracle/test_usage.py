"""What the command line refuses, with which exit status, and that it says why in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from directed import Case, Row

from cli import ROOT, run

ROWS: list[Row] = [
    {
        "user": "a",
        "job": "1",
        "package": "numpy",
        "time": "2021-01-01",
        "nodes": 1,
        "subsystem": "knl",
    }
]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path, ROWS)


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["analyze"], "analy"),
        (["analyze", "no-such"], "no-such"),
        (["no-such-command"], "analyze"),
        (["analyze", "users", "--no-such-option"], "no-such-option"),
        (["analyze", "users", "--distinct", "job"], "distinct"),
        (["analyze", "users", "--distinct", "people"], "people"),
        (["analyze", "job-sizes", "--distinct", "user+package"], "distinct"),
        (["analyze", "top-packages", "--top", "0"], "top"),
        (["analyze", "top-packages", "--top", "-1"], "top"),
        (["analyze", "top-packages", "--top", "two"], "top"),
        (["analyze", "top-packages", "--top", "1.5"], "top"),
        (["analyze", "users", "--top", "5"], "top"),
        (["analyze", "package-correlation", "--top", "5", "--other"], "other"),
        (["analyze", "user-share", "--of", "many"], "of"),
        (["analyze", "users", "--of", "5"], "of"),
        (["analyze", "package-affinity"], "package"),
        (["analyze", "users", "--package", "numpy"], "package"),
        (["analyze", "package-trend", "--by", "decade"], "decade"),
        (["analyze", "users", "--by", "month"], "by"),
        (["analyze", "job-sizes", "--bins", "ln"], "lasses"),
        (["analyze", "job-sizes", "--bins", "3,2"], "lasses"),
        (["analyze", "users", "--bins", "log2"], "bins"),
        (["analyze", "users", "--from", "yesterday"], "yesterday"),
        (["analyze", "users", "--to", "2021-13-01"], "2021-13-01"),
        (["analyze", "users", "--from", "2021-02-30"], "2021-02-30"),
        (["analyze", "users", "--tz", "Mars/Olympus"], "Mars/Olympus"),
        (["analyze", "users", "--where", "user"], "user"),
        (["analyze", "users", "--where", "=a"], "=a"),
        (["analyze", "users", "--map", "person=username"], "person"),
        (["analyze", "users", "--map", "user"], "user"),
        (["analyze", "users", "--format", "xml"], "xml"),
    ],
)
def test_usage_errors(case: Case, args: list[str], word: str) -> None:
    outcome = run([*args, *case.source])
    assert outcome.status == 2, f"{outcome.status}: {outcome.out} {outcome.err}"
    assert outcome.out == ""
    assert word in outcome.err
    assert "    at " not in outcome.err, "a stack is no sentence"


def test_a_source_is_needed() -> None:
    outcome = run(["analyze", "users"])
    assert (outcome.status, outcome.out) == (2, "")
    assert "source" in outcome.err


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--where", "no_such_column=1"], "no_such_column"),
        (["--where", "qos=debug"], "qos"),
        (["--map", "user=no_such_column"], "no_such_column"),
        (["--where", "nodes>=four"], "four"),
    ],
)
def test_what_the_data_lack(case: Case, args: list[str], word: str) -> None:
    outcome = run(["analyze", "users", *case.source, *args])
    # A number that is none is known only once the column is: both ways of seeing it are fair.
    assert outcome.status in ((1, 2) if "four" in word else (1,)), outcome.err
    assert outcome.out == ""
    assert word in outcome.err
    assert "    at " not in outcome.err


def damaged(path: Path, good: bytes) -> dict[str, bytes]:
    return {
        "empty": b"",
        "text": b"username,job_id\na,1\n",
        "half": good[: len(good) // 2],
        "no footer": good[:-4],
        "no head": good[200:],
        "zeros": bytes(len(good)),
    }


@pytest.mark.parametrize("how", ["empty", "text", "half", "no footer", "no head", "zeros"])
def test_what_is_no_parquet_file(case: Case, how: str) -> None:
    good = case.path.read_bytes()
    case.path.write_bytes(damaged(case.path, good)[how])
    outcome = run(["analyze", "users", *case.source])
    assert (outcome.status, outcome.out) == (1, "")
    assert "records.parquet" in outcome.err
    assert "    at " not in outcome.err


def test_sources_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("none.parquet", "no*.parquet", "empty", "none/"):
        outcome = run(["analyze", "users", "--source", str(tmp_path / name)])
        assert (outcome.status, outcome.out) == (1, "")
        assert name.rstrip("/") in outcome.err
        assert "    at " not in outcome.err


def test_one_bad_file_of_several_is_named(case: Case, tmp_path: Path) -> None:
    (tmp_path / "second.parquet").write_bytes(b"PAR1 but nothing else PAR1")
    outcome = run(["analyze", "users", "--source", str(tmp_path)])
    assert (outcome.status, outcome.out) == (1, "")
    assert "second.parquet" in outcome.err


# Provenance


SCHEMA = ROOT / "schema/provenance.schema.json"
ASKED = [
    ["users"],
    ["user-share", "--of", "10"],
    ["partition-shares", "--top", "1", "--other"],
    ["module-share", "--map", "executable=subsystem"],
    ["mkl-share", "--tz", "Europe/Berlin"],
    ["top-packages", "--where", "user!=b", "--has-package", "numpy", "--all"],
    ["job-sizes", "--bins", "1,2,4"],
    ["package-job-size", "--bins", "log2", "--without-package", "dask"],
    ["package-correlation"],
    ["package-affinity", "--package", "numpy"],
    ["package-trend", "--by", "quarter", "--from", "2021-01-01", "--to", "2022-01-01"],
]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
def test_provenance_is_valid(case: Case, asked: list[str]) -> None:
    from jsonschema.validators import validator_for
    from referencing import Registry, Resource

    schemas = [json.loads(path.read_text()) for path in sorted(SCHEMA.parent.glob("*.schema.json"))]
    registry = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas
    )
    schema = json.loads(SCHEMA.read_text())
    validator = validator_for(schema)(schema, registry=registry)
    outcome = run(["analyze", asked[0], *case.source, *asked[1:], "--timing"])
    errors = [error.message for error in validator.iter_errors(outcome.provenance)]
    assert errors == []
    assert not validator.is_valid({**outcome.provenance, "rows_read": "many"})
    assert not validator.is_valid({})


def test_provenance_says_what_was_asked(case: Case) -> None:
    outcome = run(
        [
            "analyze",
            "top-packages",
            *case.source,
            *("--where", "user=a,b", "--where", "version!=1", "--map", "version=subsystem"),
            *("--from", "2021-01-01", "--to", "2021-06-01", "--tz", "Europe/Berlin"),
            *("--has-package", "numpy", "--without-package", "dask"),
            *("--distinct", "job", "--top", "3", "--other"),
        ]
    )
    provenance = outcome.provenance
    query = provenance["query"]
    assert isinstance(query, dict)
    wanted = {
        "analysis": "top-packages",
        "distinct": "job",
        "top": 3,
        "other": True,
        "zone": "Europe/Berlin",
        "period": {"from": "2021-01-01", "to": "2021-06-01"},
        "mapping": {"version": ["subsystem"]},
    }
    assert {name: query[name] for name in wanted} == wanted
    assert query["filters"] == [
        {"field": "user", "op": "any", "values": ["a", "b"]},
        {"field": "version", "op": "any", "values": ["1"], "not": True},
        {"field": "package", "op": "job-has", "values": ["numpy"]},
        {"field": "package", "op": "job-has", "values": ["dask"], "not": True},
    ]
    assert provenance["exact"] is True
    assert provenance["counted"] == ["jobs"]
    assert provenance["rows_read"] == 1


def test_timing_is_told_when_asked_for(case: Case) -> None:
    outcome = run(["analyze", "users", *case.source, "--timing"])
    timing = outcome.provenance["timing"]
    assert isinstance(timing, dict)
    assert all(isinstance(timing[name], int | float) for name in ("read_ms", "answer_ms"))
