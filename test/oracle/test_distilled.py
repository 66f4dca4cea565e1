"""Distilled data answer as the records they were gathered from, or refuse with the reason.

Random documents are gathered twice from a real Elasticsearch, as they are and distilled. The same
random questions go to both: what needs something dropped, or parts of days, is refused; all others
give the same rows. What has to be refused is worked out here, from the words of the question.
"""

from __future__ import annotations

import json
import os
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from generate import ZONES, Dataset, Layout
from queries import random_query
from sizes import size
from vocabulary import ANALYSES, Query, instant, needs

from cli import Batch, run
from jupyterlab_workload_explorer.gather.run import gather
from test.services.documents import ask, create_index, load_documents, load_parquet
from test.services.nodes import Node

SEED = int(os.environ.get("WORKLOAD_SEED", "20210101"))
DATASETS = size("distilled_datasets")
QUERIES = size("distilled_queries")

COLUMNS = {
    "time": "event_timestamp",
    "user": "username",
    "job": "job_id",
    "package": "subservice",
    "nodes": "num_nodes",
    "version": "version",
    "system": "system",
    "subsystem": "subsystem",
    "account": "repo",
    "is_staff": "is_staff",
    "is_compute": "is_compute",
    "is_container": "is_shifter",
    "executable": "executable",
    "main": "main",
    "process": "process_id",
    "count": "count",
}
KINDS = {
    "event_timestamp": "date",
    "num_nodes": "integer",
    "is_staff": "boolean",
    "is_compute": "boolean",
    "is_shifter": "boolean",
    "process_id": "long",
    "count": "long",
}
DROPPABLE = ["nodes", "version", "subsystem", "account", "is_staff", "is_compute"]
DROPPABLE += ["is_container", "executable", "main"]
PATHS = ["/usr/common/software/python/bin/python", "/home/a/.conda/envs/x/bin/python"]
PATHS += ["/opt/miniconda3/bin/python", "/usr/bin/python3", "/home/ü/bin/python"]
# Days around the changes of clocks in some zones, and around midnights of others.
DAYS = ["2021-03-13", "2021-03-14", "2021-03-28", "2021-10-31", "2021-11-07", "2020-12-31"]


def documents(chance: random.Random, number: int, weighted: bool) -> list[dict[str, Any]]:
    jobs = [job(chance, k) for k in range(max(1, number // 12))]
    found = []
    for _ in range(number):
        document = dict(chance.choice(jobs))
        begin = instant(chance.choice(DAYS), "UTC") * 1000
        document["event_timestamp"] = begin + chance.randrange(2 * 86_400_000)
        document["process_id"] = chance.randrange(500)
        document["hostname"] = f"nid{chance.randrange(5)}"
        document["subservice"] = chance.choice(["numpy", "scipy", "mkl", "h5py", "dask", ""])
        document["version"] = chance.choice(["1.0", "1.1", "2"])
        if weighted and chance.random() < 0.8:
            document["count"] = chance.choice([1, 1, 2, 7, 0])
        for name in list(document):
            if chance.random() < 0.03:
                del document[name]
        found.append(document)
    return found


def job(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "username": f"user{chance.randrange(12)}",
        "job_id": chance.choice(["", str(number), str(number)]),
        "system": chance.choice(["cori", "edison"]),
        "subsystem": chance.choice(["haswell", "knl", "gpu"]),
        "repo": chance.choice(["m1", "m2", ""]),
        "num_nodes": chance.choice([1, 1, 2, 3, 64, 9688]),
        "is_staff": chance.random() < 0.2,
        "is_compute": chance.random() < 0.8,
        "is_shifter": chance.random() < 0.2,
        "executable": chance.choice(PATHS),
        "main": chance.choice(["a.py", "b.py"]),
    }


@pytest.fixture(scope="module")
def batch() -> Any:
    batch = Batch()
    yield batch
    batch.close()


@pytest.mark.parametrize("seed", range(SEED, SEED + DATASETS))
def test_distilled_data_answer_alike(
    elasticsearch_8: Node, batch: Batch, seed: int, tmp_path: Path
) -> None:
    chance = random.Random(f"distilled {seed}")
    weighted = chance.random() < 0.5
    found = documents(chance, chance.choice([300, 3000]), weighted)
    zone = chance.choice([*ZONES, "UTC", "America/Havana"])
    drop = chance.sample(DROPPABLE, chance.choice([0, 1, 3]))
    keep = ["hostname"] if chance.random() < 0.5 else []
    index = f"distilled-{seed}"
    present = {name for one in found for name in one}
    create_index(elasticsearch_8, index, {name: KINDS.get(name, "keyword") for name in present})
    try:
        load_documents(elasticsearch_8, index, found)
        source = {"url": elasticsearch_8.url, "slice_documents": 400, "part_rows": 500}
        gather(None, index, tmp_path / "records", **source)
        gather(
            None,
            index,
            tmp_path / "distilled",
            distill=True,
            zone=zone,
            drop=drop,
            keep=keep,
            **source,
        )
    finally:
        ask(elasticsearch_8, "DELETE", f"/{index}")
    dropped = {"process", *drop, *([] if keep else ["hostname"])}
    faults = []
    refused = 0
    dataset = as_dataset(found, seed)
    for _ in range(QUERIES):
        query = closer(chance, random_query(chance, dataset), zone)
        args = query.args()
        expected = batch.run(
            ["analyze", query.analysis, "--source", str(tmp_path / "records"), *args]
        )
        told = batch.run(
            ["analyze", query.analysis, "--source", str(tmp_path / "distilled"), *args]
        )
        why = refusal(query, dropped, zone)
        refused += why is not None
        if why is not None:
            if told.status == 0 or "distilled" not in told.err:
                faults.append(f"{why}: {told.status} {told.err}\n  {told.command()}")
        elif json.dumps(told.rows) != json.dumps(expected.rows):
            faults.append(f"{told.rows[:3]} for {expected.rows[:3]}\n  {told.command()}")
        elif told.provenance["population"] != expected.provenance["population"]:
            faults.append(f"population\n  {told.command()}")
    assert 0 < refused < QUERIES
    assert not faults, f"{zone} without {dropped}\n\n" + "\n\n".join(faults[:3])


def as_dataset(found: list[dict[str, Any]], seed: int) -> Dataset:
    """As the makers of random questions know records."""
    present = {name for one in found for name in one}
    columns = {role: [name] for role, name in COLUMNS.items() if name in present}
    layout = Layout(
        False, {**columns, "hostname": ["hostname"]}, dict.fromkeys(columns, "string"), None, {}
    )
    dataset = Dataset(seed, [], layout, [], ["hostname"])
    for role, name in [*((role, names[0]) for role, names in columns.items()), ("hostname",) * 2]:
        dataset.values[role] = sorted({one[name] for one in found if name in one})
    return dataset


def closer(chance: random.Random, query: Query, zone: str) -> Query:
    """Often a question about the days of the data, which they can answer."""
    if chance.random() < 0.3:
        return query
    dates = {"start": query.start, "end": query.end}
    whole = {name: None if date is None else date[:10] for name, date in dates.items()}
    if whole["start"] is not None and whole["start"] == whole["end"]:
        whole["end"] = None
    changed = {**query.__dict__, **whole, "zone": zone}
    return Query(**changed)


def refusal(query: Query, dropped: set[str], zone: str) -> str | None:
    """Why a question has to be refused, or None."""
    roles = {name: role for role, name in COLUMNS.items()}
    touched = needs(query)
    fields = {roles.get(one.field, one.field) for one in query.where}
    touched |= fields
    population = ANALYSES[query.analysis].population
    if query.analysis == "module-share":
        population = ("is_staff", "is_compute")
    if not query.everything:
        touched |= set(population)
    # Conditions on paths are about paths; environments are derived from flags, too.
    if "executable" in needs(query) or "environment" in fields:
        touched |= {"executable", "is_container"}
    if touched & dropped:
        return f"{touched & dropped} dropped"
    bounds = [query.start, query.end]
    bounds += [one.values[0] for one in query.where if roles.get(one.field, one.field) == "time"]
    asked = query.zone or "UTC"
    for bound in bounds:
        if bound is not None and not is_midnight(instant(bound, asked), zone):
            return f"{bound} is no midnight"
    if ANALYSES[query.analysis].options and "time" in needs(query) and asked != zone:
        return f"days of {asked}"
    return None


def is_midnight(seconds: int, zone: str) -> bool:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    before = moment - timedelta(seconds=1)
    where = ZoneInfo(zone)
    return moment.astimezone(where).date() != before.astimezone(where).date()


@pytest.mark.parametrize("distill", [False, True])
def test_pseudonyms_change_no_count(elasticsearch_8: Node, tmp_path: Path, distill: bool) -> None:
    found = documents(random.Random(3), 2000, True)
    present = {name for one in found for name in one}
    index = "distilled-pseudonyms"
    key = tmp_path / "key"
    key.write_text("0123456789abcdef" * 2)
    key.chmod(0o600)
    create_index(elasticsearch_8, index, {name: KINDS.get(name, "keyword") for name in present})
    try:
        load_documents(elasticsearch_8, index, found)
        gather(None, index, tmp_path / "plain", url=elasticsearch_8.url)
        gather(
            None,
            index,
            tmp_path / "hidden",
            url=elasticsearch_8.url,
            distill=distill,
            pseudonymise=["user", "account", "job", "paths"],
            key_file=key,
        )
    finally:
        ask(elasticsearch_8, "DELETE", f"/{index}")
    for question in (
        ["module-share"],
        ["module-share", "--where", "environment=conda,container"],
        ["top-packages", "--distinct", "job+package"],
        ["package-correlation"],
        ["package-job-size"],
        ["partition-shares", "--distinct", "record"],
        ["package-trend"],
    ):
        answers = [
            run(["analyze", *question, "--source", str(tmp_path / name)]).rows
            for name in ("plain", "hidden")
        ]
        assert answers[0] == answers[1], question


def test_months_of_folders_are_refused_where_they_differ(
    elasticsearch_8: Node, tmp_path: Path
) -> None:
    fields = {"event_timestamp": "date", "username": "keyword", "subservice": "keyword"}
    create_index(elasticsearch_8, "distilled-months", fields)
    try:
        load_documents(
            elasticsearch_8,
            "distilled-months",
            [{"event_timestamp": "2021-02-01T03:00:00Z", "username": "a", "subservice": "numpy"}],
        )
        out = tmp_path / "days"
        options = {"url": elasticsearch_8.url, "distill": True, "zone": "America/Los_Angeles"}
        gather(None, "distilled-months", out, **options)
    finally:
        ask(elasticsearch_8, "DELETE", "/distilled-months")
    assert (out / "month=2021-01").is_dir()
    question = ["analyze", "top-packages", "--source", str(out), "--all"]
    assert "months of their folders" in run([*question, "--where", "month=2021-01"]).err
    told = run(question)
    assert told.rows == [{"package": "numpy", "users": 1}]
    assert "distilled to days in America/Los_Angeles" in " ".join(
        map(str, told.provenance["notes"])
    )
    other = tmp_path / "others"
    other.mkdir()
    (other / "plain.parquet").write_bytes(next(out.glob("*/*.parquet")).read_bytes())
    pq.write_table(
        pq.ParquetFile(other / "plain.parquet").read().replace_schema_metadata(None),
        other / "records.parquet",
    )
    assert "not distilled alike" in run(["analyze", "users", "--source", str(other)]).err


def test_distilled_files_are_smaller(elasticsearch_8: Node, tmp_path: Path) -> None:
    """Of the demo data, where most jobs are a process each; and where jobs have many."""
    made = run(["sample", "--rows", "30000", "--out", str(tmp_path)])
    assert made.status == 0, made.err
    load_parquet(elasticsearch_8, "distilled-demo", tmp_path / "records.parquet")
    chance = random.Random(5)
    create_index(
        elasticsearch_8,
        "distilled-many",
        {name: KINDS.get(name, "keyword") for name in [*COLUMNS.values(), "hostname"]},
    )
    try:
        load_documents(elasticsearch_8, "distilled-many", many(chance, 30_000))
        for index, least in (("distilled-demo", 2), ("distilled-many", 8)):
            sizes = []
            for options in (
                {},
                {"distill": True, "drop": ["version", "executable", "main", "account"]},
            ):
                out = tmp_path / f"{index}-{len(options)}"
                gather(None, index, out, url=elasticsearch_8.url, **options)
                sizes.append(sum(file.stat().st_size for file in out.glob("*/*.parquet")))
            print(f"{index}: {sizes[0] / sizes[1]:.1f} times smaller")
            assert sizes[1] * least <= sizes[0]
    finally:
        ask(elasticsearch_8, "DELETE", "/distilled-demo")
        ask(elasticsearch_8, "DELETE", "/distilled-many")


def many(chance: random.Random, number: int) -> list[dict[str, Any]]:
    """Documents of jobs that start many processes within hours."""
    found: list[dict[str, Any]] = []
    while len(found) < number:
        one = job(chance, chance.randrange(10**6))
        begin = instant("2021-03-01", "UTC") * 1000 + chance.randrange(30 * 86_400_000)
        for _ in range(chance.randrange(1, 60)):
            found.append(
                {
                    **one,
                    "event_timestamp": begin + chance.randrange(7_200_000),
                    "process_id": chance.randrange(2**40),
                    "hostname": f"nid{chance.randrange(12000)}",
                    "subservice": chance.choice(["numpy", "scipy", "mpi4py"]),
                    "version": "1.0",
                }
            )
    return found
