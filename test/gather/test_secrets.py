"""No secret of a connection is in anything that a gather leaves, on a server with security."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer import gather
from jupyterlab_workload_explorer.elasticsearch.credentials import Secret
from jupyterlab_workload_explorer.gather.problem import GatherProblem

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


@pytest.mark.parametrize("origin", ["site", "user"])
@pytest.mark.parametrize("what", ["secret", "certificate"])
def test_files_of_the_site_are_not_named(tmp_path, origin, what):
    """Where a secret of the site stands, its users need not know; where theirs stands, they do."""
    place = tmp_path / "kept-elsewhere" / "key"
    entry = {"name": "mods", "urls": ["https://127.0.0.1:9"], "indices": [INDEX]}
    if what == "secret":
        place.parent.mkdir()
        place.write_text("open-to-all")
        place.chmod(0o644)
        entry["authentication"] = {"api_key": {"file": str(place)}}
    else:
        entry["ca_certificate"] = str(place)
    files = {one: tmp_path / f"{one}.json" for one in ("site", "user")}
    for one, file in files.items():
        known = [entry] if one == origin else []
        file.write_text(json.dumps({"version": 1, "connections": known}))
    output = _as_a_job(
        tmp_path / "jobs",
        tmp_path / "out",
        {
            **os.environ,
            "WORKLOAD_SITE": str(files["site"]),
            "WORKLOAD_CONNECTIONS": str(files["user"]),
        },
    )
    [log] = (tmp_path / "jobs").glob("*.log")
    for words in (output, log.read_text()):
        assert "open-to-all" not in words
        assert (str(place) in words) == (origin == "user")
        if origin == "site":
            assert "kept-elsewhere" not in words
            assert 'What the connection "mods" logs in with cannot be read.' in words


@pytest.fixture
def login(monkeypatch) -> Callable[[str, str], None]:
    """Sets a login of the environment, of one variable, and takes those away that are there."""
    for name in ("USER", "PASSWORD", "API_KEY", "BEARER_TOKEN", "CA_CERTIFICATE"):
        monkeypatch.delenv(f"ELASTICSEARCH_{name}", raising=False)
    return lambda name, value: monkeypatch.setenv(f"ELASTICSEARCH_{name}", value)


def test_space_around_a_key_is_not_the_keys(secured, tmp_path, login):
    """It usually ends with a line's end where it was read from a file."""
    login("API_KEY", ask(secured, "POST", "/_security/api_key", {"name": "gather"})["encoded"])
    login("API_KEY", f" {os.environ['ELASTICSEARCH_API_KEY']}\n")
    assert gather(None, INDEX, tmp_path / "out", url=secured.url).documents == 20


def test_a_password_of_any_script(secured, tmp_path, login):
    ask(secured, "PUT", "/_security/user/zoe", {"password": "s3crét€", "roles": ["superuser"]})
    login("USER", "zoe")
    login("PASSWORD", "s3crét€")
    assert gather(None, INDEX, tmp_path / "out", url=secured.url).documents == 20


@pytest.mark.parametrize("name", ["API_KEY", "BEARER_TOKEN", "PASSWORD"])
@pytest.mark.parametrize(
    "secret", ["s3cret\nkey", "s3cret\r\nX-Header: 1", "s3cret\x01", "s3cret€"]
)
def test_what_cannot_be_sent_is_not_told(secured, tmp_path, login, name, secret):
    login(name, secret)
    login("USER", "ada")
    with pytest.raises(GatherProblem) as problem:
        gather(None, INDEX, tmp_path / "out", url=secured.url)
    assert "s3cret" not in "".join(traceback.format_exception(problem.value))
    # Passwords are coded, so that all can be sent that is one line.
    of_login = "does not accept the login" if (name, secret[-1]) == ("PASSWORD", "€") else name
    assert of_login in str(problem.value)


def test_the_command_does_not_tell_it_either(tmp_path, login):
    login("API_KEY", "s3cret\nkey")
    command = [sys.executable, "-m", "jupyterlab_workload_explorer", "gather", INDEX]
    done = subprocess.run(
        [*command, "--url", "http://127.0.0.1:9", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "s3cret" not in done.stdout + done.stderr
    assert "the variable ELASTICSEARCH_API_KEY" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("of_connection", [False, True])
def test_whatever_the_client_cannot_send_is_not_told(
    secured, tmp_path, login, monkeypatch, of_connection
):
    """Not even if what is checked before was not enough."""
    monkeypatch.setattr(Secret, "read_token", lambda self: "s3cret\nkey")
    login("API_KEY", "s3cret")
    options = {"url": secured.url}
    if of_connection:
        entry = {"name": "mods", "urls": [secured.url], "indices": [INDEX]}
        entry["authentication"] = {"api_key": {"environment": "ELASTICSEARCH_API_KEY"}}
        connections = tmp_path / "connections.json"
        connections.write_text(json.dumps({"version": 1, "connections": [entry]}))
        monkeypatch.setenv("WORKLOAD_CONNECTIONS", str(connections))
        options = {"connection": "mods"}
    with pytest.raises(GatherProblem, match="ValueError") as problem:
        gather(**options, indices=INDEX, out=tmp_path / "out")
    assert "s3cret" not in "".join(traceback.format_exception(problem.value))


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
