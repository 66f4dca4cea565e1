"""Ids of documents of the overlap: keyed, compared in bounded memory, and known again."""

import hashlib
import json
import random
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.gather import ids
from jupyterlab_workload_explorer.gather.ids import Document, Seen

from ..oracle.sizes import size
from ..services.documents import load_documents
from .support import (
    BEGIN,
    FIELDS,
    SMALL,
    check_against,
    delete_documents,
    gather,
    numbered,
    read_dataset,
    read_manifest,
    rows_of,
)

#: Bytes above the interpreter with its imports.
BOUND = 256 * 1024 * 1024

NAMES = list(FIELDS)[:-1]


@pytest.mark.parametrize("seed", range(10))
def test_what_is_new_and_what_is_kept(tmp_path, monkeypatch, seed):
    """Against sets, in one file and in many."""
    monkeypatch.setattr(ids, "TOGETHER", 10 + 40 * seed)
    chance = random.Random(seed)
    hashes = [chance.getrandbits(64) for _ in range(500)]
    known = set(chance.sample(hashes, 200)) | {chance.getrandbits(64) for _ in range(100)}
    documents = [
        Document(one, chance.choice([None, number]), chance.random() < 0.5, chance.random() < 0.5)
        for number, one in enumerate(hashes)
    ]
    ordered = pa.array(sorted(known), pa.uint64())
    parts = (ordered.slice(first, 70) for first in range(0, len(ordered), 70))
    kept: list[int] = []
    new: list[int | None] = []
    with Seen(tmp_path, len(documents)) as seen:
        for first in range(0, len(documents), 30):
            seen.add(documents[first : first + 30])
        for some, events in seen.against(parts):
            kept += some.to_pylist()
            new += events
    assert kept == sorted(one.hash for one in documents if one.kept)
    expected = [one.event for one in documents if one.late and one.hash not in known]
    assert sorted(map(str, new)) == sorted(map(str, expected))
    assert not list(tmp_path.iterdir())


def test_ids_cannot_be_tried_out(node, make_index, tmp_path):
    """Ids that are made of what documents hold: hashes without the key are others."""
    out = tmp_path / "out"
    documents = numbered(100, lambda number: BEGIN + number)
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    cursor = read_manifest(out)["state"]["cursor"]
    held = pq.ParquetFile(out / ".gather" / cursor["file"]).read().column("hash").to_pylist()
    assert len(held) == cursor["ids"] == 100
    texts = [f"{index}\0{one['_id']}".encode() for one in documents]
    tried = {hashlib.blake2b(text, digest_size=8).digest() for text in texts}
    assert not tried & {one.to_bytes(8, "big") for one in held}
    key = out / ".gather" / "cursor.key"
    assert key.stat().st_mode & 0o077 == 0
    assert key.read_text() not in (out / "_manifest.json").read_text()


@pytest.mark.parametrize("how", ["no key", "no key in the manifest", "another key"])
def test_hashes_of_another_key(node, make_index, tmp_path, how):
    """Nothing is known then: the overlap is gathered anew, once."""
    out = tmp_path / "out"
    documents = numbered(300, lambda number: BEGIN + number)
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    key = out / ".gather" / "cursor.key"
    before = key.read_text()
    if how == "no key":
        key.unlink()
    elif how == "another key":
        key.write_text("ab" * 32)
    else:
        manifest = read_manifest(out)
        del manifest["state"]["cursor"]["key"]
        (out / "_manifest.json").write_text(json.dumps(manifest))
    # One expires and another one comes, which only ids tell.
    delete_documents(node, index, documents[:1])
    late = {**documents[0], "username": "somebody else", "_id": "late"}
    load_documents(node, index, [late])
    gather(node, index, out, **SMALL)
    assert rows_of(read_dataset(out), NAMES) == rows_of([*documents, late], NAMES)
    assert (key.read_text() == before) == (how == "no key in the manifest")
    assert gather(node, index, out, **SMALL).fetched == 0
    load_documents(node, index, [{**late, "_id": "later", "username": "one more"}])
    assert 0 < gather(node, index, out, **SMALL).fetched < 300


def test_many_files(node, make_index, tmp_path, monkeypatch):
    monkeypatch.setattr(ids, "TOGETHER", 40)
    out = tmp_path / "out"
    documents = numbered(600, lambda number: BEGIN + number * 1000)
    index = make_index(documents)
    gather(node, index, out, **SMALL)
    assert gather(node, index, out, **SMALL).fetched == 0
    late = numbered(9, lambda number: BEGIN + number * 500, first=600)
    load_documents(node, index, late)
    assert 0 < gather(node, index, out, **SMALL).fetched < 600
    check_against(node, index, out)
    assert not list((out / ".gather" / "tmp").iterdir())


PROGRAM = """
import json, resource, sys
from pathlib import Path
import jupyterlab_workload_explorer.gather.run
from jupyterlab_workload_explorer.gather.cursor import Cursor, remove_old
from jupyterlab_workload_explorer.gather.manifest import Manifest
from jupyterlab_workload_explorer.gather.schema import read_schema
from jupyterlab_workload_explorer.gather.slices import Axis
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
folder, number, page = Path(sys.argv[1]), int(sys.argv[2]), 10_000

class Server:
    # All documents were taken in within a minute.
    def search(self, body, patient=True):
        if "aggs" in body:
            return {"aggregations": {"latest": {"value": 1_612_137_660_000}}}
        if body["size"] == 0:
            return {"hits": {"total": {"value": number}}}
        first = body.get("search_after", [0])[0]
        return {"hits": {"hits": [
            {"_index": "all", "_id": f"id-{one}", "sort": [one + 1],
             "fields": {"time": [str(1_612_137_600_000 + one % 60_000)]}}
            for one in range(first, min(number, first + page))
        ]}}

before = peak()
caps = {"indices": ["all"], "fields": {"time": {"date": {"type": "date", "aggregatable": True}}}}
schema = read_schema(caps, {}, None)
with Manifest.open(folder) as manifest:
    server = Server()
    cursor = Cursor(server, schema, Axis(server, "time", page), manifest, 3600, page)
    for _ in range(2):
        found, manifest.state["cursor"] = cursor.look()
        assert found == {} and manifest.state["cursor"]["ids"] == number
        remove_old(manifest)
print(peak() - before)
"""


def test_memory(tmp_path):
    """All documents are in the overlap, as after a bulk load with an ingest time."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "out"), str(size("gather_ids"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < BOUND
