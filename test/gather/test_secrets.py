"""No secret of a connection is in anything that a gather leaves, on a server with security."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ..services.documents import ask, create_index, load_documents
from .support import BEGIN

INDEX = "gather-secrets"


@pytest.fixture
def secured(elasticsearch_secured):
    create_index(
        elasticsearch_secured, INDEX, {"time": "date", "username": "keyword", "job_id": "keyword"}
    )
    documents = [
        {"time": BEGIN + n, "username": ["ada", "bo"] if n == 3 else "cy", "job_id": str(n)}
        for n in range(20)
    ]
    load_documents(elasticsearch_secured, INDEX, documents)
    yield elasticsearch_secured
    ask(elasticsearch_secured, "DELETE", f"/{INDEX}")


@pytest.mark.parametrize("kind", ["password", "api_key"])
@pytest.mark.parametrize("ends", ["well", "refused"])
def test_no_secret_is_left(secured, tmp_path, kind, ends):
    user, password = secured.auth
    if kind == "password":
        secret = password if ends == "well" else "wr0ng-secret-7261"
        authentication = {"user": user, "password": {"environment": "GATHER_SECRET"}}
        told = base64.b64encode(f"{user}:{secret}".encode()).decode()
    else:
        made = ask(secured, "POST", "/_security/api_key", {"name": "gather"})
        secret = made["encoded"] if ends == "well" else base64.b64encode(b"no:key-8119").decode()
        authentication = {"api_key": {"environment": "GATHER_SECRET"}}
        told = base64.b64decode(secret).decode().partition(":")[2]
    connections = tmp_path / "connections.json"
    entry = {"name": "mods", "urls": [secured.url], "indices": [INDEX]}
    entry["authentication"] = authentication
    connections.write_text(json.dumps({"version": 1, "connections": [entry]}))
    jobs = tmp_path / "jobs"
    output = _as_a_job(
        jobs,
        tmp_path / "out",
        {
            **os.environ,
            "GATHER_SECRET": secret,
            "WORKLOAD_CONNECTIONS": str(connections),
        },
    )
    left = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    if ends == "well":
        names = {path.name for path in left}
        assert {"_manifest.json", "_rejects.ndjson", "_log.ndjson"} <= names, output
        (file,) = (tmp_path / "out").glob("month=*/*.parquet")
        left[Path("footer")] = b"".join(pq.read_schema(file).metadata.values())
    else:
        assert "credentials of this connection" in output
    assert any(path.suffix == ".json" and path.parent == jobs for path in left)
    assert any(path.suffix == ".log" for path in left)
    for words in (secret, told):
        assert words not in output
        for path, content in left.items():
            assert words.encode() not in content, path


def _as_a_job(jobs: Path, out: Path, environment) -> str:
    """A gather as the panel starts it, then records are taken out; what the job's log says."""
    program = """
import pathlib, sys, time
from jupyterlab_workload_explorer.gather.jobs import Jobs, Wanted
from jupyterlab_workload_explorer.gather.upkeep import forget
jobs = Jobs(pathlib.Path(sys.argv[1]))
jobs.start(Wanted("mods", sys.argv[3], "out", sys.argv[2]))
while jobs.list()[0]["state"] == "running":
    time.sleep(0.05)
print(jobs.list())
if jobs.list()[0]["state"] == "done":
    forget(sys.argv[2], ["nobody"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(jobs), str(out), INDEX],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
