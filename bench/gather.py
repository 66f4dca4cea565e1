"""How quickly records are gathered, and in how much memory, against two other ways.

    python bench/gather.py http://127.0.0.1:9200 INDEX

Prints JSON: documents a second and peak memory of ``gather``, of a bare loop over a point in time
with the same slices, page size and fields that parses the pages and throws them away, and of what
people write by hand: ``helpers.scan`` into pandas, then ``to_parquet``. Each runs in a process of
its own, one after the other, ``--runs`` times; the best of each counts.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

WAYS = ("gather", "bare", "scan")


def peak() -> int:
    """Bytes that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def gather(url: str, index: str, workers: int) -> dict[str, Any]:
    """Our own, from a shell's point of view: everything but starting Python."""
    import jupyterlab_workload_explorer
    import jupyterlab_workload_explorer.gather.run

    before = peak()
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        result = jupyterlab_workload_explorer.gather(
            None, index, Path(folder) / "out", url=url, workers=workers
        )
        seconds = time.monotonic() - began
        size = sum(file.stat().st_size for file in Path(folder).glob("out/month=*/*.parquet"))
    return _told(result.documents, seconds, before, {"file_bytes": size})


def bare(url: str, index: str, workers: int) -> dict[str, Any]:
    """Pages of the same slices, with the same fields, parsed and thrown away."""
    from jupyterlab_workload_explorer.gather.client import connect
    from jupyterlab_workload_explorer.gather.options import PAGE_SIZE, slice_limit
    from jupyterlab_workload_explorer.gather.schema import read_schema
    from jupyterlab_workload_explorer.gather.server import Server
    from jupyterlab_workload_explorer.gather.slices import Axis, Slice

    before = peak()
    began = time.monotonic()
    with connect(url, None, None) as client:
        server = Server(client, index, threading.Event())
        schema = read_schema(server.fields())
        server.open()
        size = slice_limit(PAGE_SIZE, workers, len(schema.columns))
        axis = Axis(server, schema.time.field, size)
        fields = [
            {"field": column.field, "format": "epoch_millis"}
            if column.kind == "date"
            else column.field
            for column in schema.columns
        ]

        def pages(piece: Slice) -> int:
            found, after = 0, {}
            while True:
                hits = server.search(
                    {
                        "size": size,
                        "query": piece.query(schema.time.field),
                        "_source": False,
                        "stored_fields": "_none_",
                        "docvalue_fields": fields,
                        "sort": [schema.time.field, "_shard_doc"],
                        **after,
                    }
                )["hits"]["hits"]
                found += len(hits)
                if len(hits) < size:
                    return found
                after = {"search_after": hits[-1]["sort"]}

        slices = [piece for month in axis.months() for piece in axis.slices(month.whole)]
        with ThreadPoolExecutor(workers) as pool:
            documents = sum(pool.map(pages, slices))
        server.close()
    return _told(documents, time.monotonic() - began, before, {"slices": len(slices)})


def scan(url: str, index: str, workers: int) -> dict[str, Any]:
    """The way of the Python client's own examples."""
    import pandas
    from elasticsearch import Elasticsearch, helpers

    before = peak()
    began = time.monotonic()
    with Elasticsearch(url, request_timeout=60) as client, tempfile.TemporaryDirectory() as folder:
        found = helpers.scan(client, index=index, size=10_000)
        frame = pandas.DataFrame.from_records([hit["_source"] for hit in found])
        frame.to_parquet(Path(folder) / "all.parquet", compression="zstd")
    return _told(len(frame), time.monotonic() - began, before, {"workers": workers and 1})


def _told(documents: int, seconds: float, before: int, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "documents": documents,
        "seconds": round(seconds, 2),
        "documents_per_second": round(documents / seconds),
        "peak_bytes": peak(),
        "bytes_above_imports": peak() - before,
        **more,
    }


def main() -> None:
    """Run the ways one after the other, and print what came of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("index")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        way = {"gather": gather, "bare": bare, "scan": scan}[options.way]
        print(json.dumps(way(options.url, options.index, options.workers)))
        return
    best: dict[str, Any] = {}
    for _ in range(options.runs):
        for name in WAYS:
            command = [sys.executable, __file__, options.url, options.index, "--way", name]
            command += ["--workers", str(options.workers)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            result = json.loads(done.stdout.splitlines()[-1])
            if name not in best or result["seconds"] < best[name]["seconds"]:
                best[name] = result
    rate = best["gather"]["documents_per_second"] / best["bare"]["documents_per_second"]
    print(json.dumps({**best, "gather_to_bare": round(rate, 2)}, indent=2))


if __name__ == "__main__":
    main()
