"""Random records, an independent reading of an index, and of a gathered dataset."""

import datetime
import json
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

import jupyterlab_workload_explorer

from ..services.documents import ask

#: Fields of the records, with their mapped types.
FIELDS = {
    "event_timestamp": "date",
    "username": "keyword",
    "job_id": "keyword",
    "subservice": "keyword",
    "version": "keyword",
    "num_nodes": "integer",
    "process_id": "long",
    "walltime": "double",
    "is_staff": "boolean",
    "ingested": "date",
}

BEGIN = 1_612_137_600_000  # 2021-02-01
MINUTE = 60_000
MONTH = 30 * 86_400_000

_WORDS = ["numpy", "scipy", "dask", "mpi4py", "naïve", "日本", "", "a b", "🙂"]


#: Sizes that make many slices, pages and parts of few documents.
SMALL = {"part_rows": 700, "slice_documents": 150, "page_size": 60}


#: Sizes that make many parts, of several slices each.
PARTS = {"part_rows": 100, "slice_documents": 50, "page_size": 40}


def gather(node: Any, index: str, out: Path, **options: Any) -> Any:
    """Gathers an index of a node into a folder."""
    return jupyterlab_workload_explorer.gather(None, index, out, url=node.url, **options)


def delete_documents(node: Any, index: str, documents: Iterable[Mapping[str, Any]]) -> None:
    """Deletes documents by their `_id`."""
    lines = [json.dumps({"delete": {"_id": one["_id"]}}) + "\n" for one in documents]
    ask(node, "POST", f"/{index}/_bulk?refresh=true", "".join(lines).encode())


def records(count: int, seed: int, begin: int = BEGIN, end: int = BEGIN + 3 * MONTH) -> list[dict]:
    """Documents of random content; some are the same, some lack fields, few have no time."""
    chance = random.Random(seed)
    found: list[dict] = []
    for _ in range(count):
        if found and chance.random() < 0.05:
            found.append(dict(chance.choice(found)))
            continue
        document: dict[str, Any] = {
            "event_timestamp": chance.randrange(begin, end),
            "username": f"user{chance.randrange(40)}",
            "job_id": "" if chance.random() < 0.2 else str(chance.randrange(10**6)),
            "subservice": chance.choice(_WORDS),
            "version": f"1.{chance.randrange(20)}",
            "num_nodes": chance.randrange(1, 3000),
            "process_id": chance.randrange(-(2**62), 2**62),
            "walltime": chance.random() * 1e6,
            "is_staff": chance.random() < 0.1,
        }
        for name in list(document):
            if name != "event_timestamp" and chance.random() < 0.1:
                del document[name]
        if chance.random() < 0.01:
            del document["event_timestamp"]
        found.append(document)
    return found


def numbered(count: int, instant: Any, first: int = 0, **more: Any) -> list[dict]:
    """Documents all different; `instant` is a function of their number, or the time of all."""
    return [
        {
            "_id": str(number),
            "event_timestamp": instant(number) if callable(instant) else instant,
            "username": f"u{number % 5}",
            "job_id": f"{number:06}",
            "process_id": number,
            **more,
        }
        for number in range(first, first + count)
    ]


def stop_after(documents: int) -> dict[str, Any]:
    """Options that cancel a gather once it has fetched so many documents.

    With the fixture `told_at_once`, so that it is told of each slice.
    """
    cancelled = threading.Event()

    def watch(state: Any) -> None:
        if state.phase == "gather" and state.documents >= documents:
            cancelled.set()

    return {"progress": watch, "cancelled": cancelled, "workers": 1}


def rows_of(documents: Iterable[Mapping[str, Any]], names: Iterable[str]) -> Counter:
    """Documents as a multiset of rows."""
    wanted = list(names)
    return Counter(tuple(_plain(one.get(name)) for name in wanted) for one in documents)


def read_index(node: Any, index: str) -> list[dict[str, Any]]:
    """All documents of an index, as they were sent, by scrolling: the way of `helpers.scan`."""
    answer = ask(node, "POST", f"/{index}/_search?scroll=1m", {"size": 5000, "sort": ["_doc"]})
    found = []
    while answer["hits"]["hits"]:
        found.extend(hit["_source"] for hit in answer["hits"]["hits"])
        answer = ask(
            node, "POST", "/_search/scroll", {"scroll": "1m", "scroll_id": answer["_scroll_id"]}
        )
    ask(node, "DELETE", "/_search/scroll", {"scroll_id": answer["_scroll_id"]})
    return found


def read_dataset(out: Path) -> list[dict[str, Any]]:
    """All rows that DuckDB finds in a dataset, with their `month`; times in milliseconds."""
    files = sorted(out.glob("month=*/*.parquet"))
    if not files:
        return []
    with duckdb.connect() as connection:
        connection.sql("SET TimeZone = 'UTC'")
        dataset = connection.read_parquet(
            [str(file) for file in files], hive_partitioning=True, union_by_name=True
        )
        names = dataset.columns
        chosen = ", ".join(
            f'epoch_ms("{name}") AS "{name}"' if str(kind).startswith("TIMESTAMP") else f'"{name}"'
            for name, kind in zip(names, dataset.types, strict=True)
        )
        rows = connection.sql(f"SELECT {chosen} FROM dataset").fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def read_manifest(out: Path) -> dict[str, Any]:
    """The manifest of a dataset."""
    return json.loads((out / "_manifest.json").read_text(encoding="utf-8"))


def check_against(node: Any, index: str, out: Path, names: Iterable[str] = tuple(FIELDS)) -> None:
    """That a dataset has exactly the documents of an index, each in its month."""
    rows = read_dataset(out)
    wanted = [name for name in names if rows and name in rows[0]]
    expected = rows_of(read_index(node, index), wanted)
    found = rows_of(rows, wanted)
    assert found == expected, f"{len(found - expected)} too many, {len(expected - found)} missing"
    for row in rows:
        assert row["month"] == month_of(row["event_timestamp"])
    manifest = read_manifest(out)
    listed = {part["file"] for one in manifest["partitions"].values() for part in one["parts"]}
    assert listed == {file.relative_to(out).as_posix() for file in out.glob("month=*/*")}
    assert sum(one["documents"] for one in manifest["partitions"].values()) == len(rows)
    assert all(one["agrees"] for one in manifest["partitions"].values())


def month_of(instant: int | None) -> str | None:
    """The partition that an instant belongs to, as DuckDB gives it back."""
    if instant is None:
        return None
    begin = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (begin + datetime.timedelta(milliseconds=instant)).strftime("%Y-%m")


def run_gather(
    options: Mapping[str, Any], before: str = "", **process: Any
) -> subprocess.Popen[str]:
    """Starts a gather in a process of its own; `before` is Python that it runs first."""
    program = (
        f"{before}\nimport json, sys\n"
        "import jupyterlab_workload_explorer.gather.run\n"
        "from jupyterlab_workload_explorer.gather.problem import GatherProblem\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    result = jupyterlab_workload_explorer.gather(**json.loads(sys.argv[1]))\n"
        "except GatherProblem as problem:\n"
        "    sys.exit(f'problem: {problem}')\n"
        "print(json.dumps({'documents': result.documents, 'fetched': result.fetched}))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, json.dumps({**options, "out": str(options["out"])})],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **process,
    )


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
