"""Records that were taken out are gone for good, whatever happens meanwhile."""

import datetime
import grp
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather.manifest import Manifest
from jupyterlab_workload_explorer.gather.problem import GatherProblem
from jupyterlab_workload_explorer.gather.upkeep import expire, forget

from ..services.documents import load_documents
from .support import BEGIN, MONTH, read_manifest, records

SIZES = json.loads((Path(__file__).parents[1] / "sizes.json").read_text(encoding="utf-8"))
KILLS = SIZES["rewrite_kills"]["prove" if os.environ.get("WORKLOAD_PROVE") == "1" else "test"]
SMALL = {"part_rows": 100, "slice_documents": 40, "page_size": 30}
NAMES = ("event_timestamp", "username", "job_id", "subservice", "process_id")
COMMAND = [sys.executable, "-m", "jupyterlab_workload_explorer"]
#: 2021-03-10, in the middle of a month and of a slice.
BEFORE = BEGIN + 37 * 86_400_000


def gather(node, index, out, **options):
    return jupyterlab_workload_explorer.gather(None, index, out, url=node.url, **SMALL, **options)


def held(out, names=NAMES):
    """The rows of a dataset as a multiset, times in milliseconds."""
    rows = Counter()
    for file in out.glob("month=*/*.parquet"):
        for row in pq.ParquetFile(file).read(list(names)).to_pylist():
            rows[tuple(_plain(row[name]) for name in names)] += 1
    return rows


def wanted(documents, *, forgotten=(), before=None):
    rows = Counter()
    for one in documents:
        when = one.get("event_timestamp")
        if one.get("username") in forgotten or (None not in (before, when) and when < before):
            continue
        rows[tuple(one.get(name) for name in NAMES)] += 1
    return rows


def check_files(out):
    """That the manifest knows all files and what they hold, and that nothing else lies about."""
    manifest = read_manifest(out)
    parts = [part for one in manifest["partitions"].values() for part in one["parts"]]
    assert {one["file"] for one in parts} == {
        file.relative_to(out).as_posix() for file in out.glob("month=*/*")
    }
    for one in parts:
        assert pq.ParquetFile(out / one["file"]).metadata.num_rows == one["rows"]
    assert "upkeep" not in manifest["state"]
    assert not list(out.glob("*.tmp")) and not list((out / ".gather" / "tmp").iterdir())
    with Manifest.open(out) as opened:
        assert opened.damaged() == []


def contents(out):
    """All that is written anywhere in a dataset, rows as texts."""
    texts = [json.dumps(list(map(list, held(out))))]
    texts += [file.read_bytes().decode("latin1") for file in out.rglob("*") if file.is_file()]
    return "\n".join(texts)


def test_expired_records_are_gone_for_good(node, make_index, tmp_path):
    out = tmp_path / "out"
    found = records(1500, 1)
    index = make_index(found)
    gather(node, index, out)
    done = expire(out, "2021-03-10")
    assert held(out) == wanted(found, before=BEFORE)
    assert done.rows == 1500 - held(out).total() > 0
    assert not (out / "month=2021-02").exists()
    check_files(out)
    log = [json.loads(line) for line in (out / "_log.ndjson").read_text().splitlines()]
    assert [(one["what"], one["before"], one["rows"]) for one in log] == [
        ("expire", "2021-03-10", done.rows)
    ]
    assert expire(out, "2021-02-15").rows == 0
    # Late ones of before stay away, those of after come.
    late = records(200, 2)
    load_documents(node, index, late)
    assert gather(node, index, out).fetched > 0
    found += late
    assert held(out) == wanted(found, before=BEFORE)
    assert all(one["agrees"] for one in read_manifest(out)["partitions"].values())
    assert gather(node, index, out).fetched == 0
    check_files(out)


def test_forgotten_users_are_gone_for_good(node, make_index, tmp_path):
    out = tmp_path / "out"
    found = records(1500, 3)
    found += [{**found[0], "username": "user7", "num_nodes": "many"}]
    found += [{**found[0], "username": ["user7", "user8"]}]
    found += [{**found[0], "username": "user8", "num_nodes": "many"}]
    index = make_index(found, settings={"index.mapping.ignore_malformed": True})
    gather(node, index, out)
    assert len((out / "_rejects.ndjson").read_text().splitlines()) == 3
    done = forget(out, ["user7", "nobody"])
    plain = [one for one in found if not isinstance(one.get("username"), list)]
    plain += [{**found[0], "username": None}]
    assert held(out) == wanted(plain, forgotten=["user7"])
    assert done.rows == len(found) - held(out).total()
    assert '"user7"' not in contents(out)
    lines = (out / "_rejects.ndjson").read_text().splitlines()
    assert [json.loads(line)["user"] for line in lines] == ["user8"]
    check_files(out)
    log = (out / "_log.ndjson").read_text()
    assert json.loads(log)["users"] == 2 and "user7" not in log
    assert gather(node, index, out).fetched == 0
    late = [{**one, "username": "user7"} for one in records(100, 4)] + records(100, 5)
    load_documents(node, index, late)
    assert gather(node, index, out).fetched > 0
    assert held(out) == wanted([*plain, *late], forgotten=["user7"])
    assert '"user7"' not in contents(out)
    check_files(out)
    # Whoever reads the manifest cannot try out names.
    key = out / ".gather" / "forgotten.key"
    assert key.stat().st_mode & 0o077 == 0
    key.unlink()
    with pytest.raises(GatherProblem, match="which users were forgotten"):
        gather(node, index, out)


def test_forgetting_a_pseudonym_needs_the_key(node, make_index, tmp_path):
    out, key = tmp_path / "out", tmp_path / "key"
    key.write_text("0123456789abcdef" * 2)
    key.chmod(0o600)
    found = [one for one in records(600, 6) if "event_timestamp" in one]
    index = make_index(found)
    options = {"distill": True, "pseudonymise": ["user"], "key_file": key}
    gather(node, index, out, **options)
    with pytest.raises(GatherProblem, match="--key-file"):
        forget(out, ["user7"])
    other = tmp_path / "other"
    other.write_text("another key of 32 letters or so.")
    other.chmod(0o600)
    with pytest.raises(GatherProblem, match="another key"):
        forget(out, ["user7"], other)
    users = {name for (name,) in held(out, ["username"])}
    assert forget(out, ["user7"], key).rows > 0
    assert len(users - {name for (name,) in held(out, ["username"])}) == 1
    load_documents(node, index, [{**one, "username": "user7"} for one in found[:50]])
    gather(node, index, out, **options)
    assert {name for (name,) in held(out, ["username"])} < users
    assert expire(out, "2021-03-01").rows > 0
    first = min(when for (when,) in held(out, ["event_timestamp"]))
    assert first >= BEGIN + 28 * 86_400_000
    check_files(out)


@pytest.mark.parametrize("command", ["expire", "forget"])
def test_killed_at_any_moment(node, make_index, tmp_path, command):
    """The next run, whichever it is, ends right; and the log says it once."""
    chance = random.Random(f"killed {command}")
    found = records(500, 7, end=BEGIN + 2 * MONTH)
    index = make_index(found)
    source = tmp_path / "source"
    gather(node, index, source)
    words = ["--before", "2021-03-10"] if command == "expire" else ["user7", "user9"]
    right = (
        wanted(found, before=BEFORE)
        if command == "expire"
        else wanted(found, forgotten=("user7", "user9"))
    )
    took = None
    for number in range(KILLS):
        out = tmp_path / f"out-{number}"
        subprocess.run(["cp", "-a", str(source), str(out)], check=True)
        process = start(command, out, words)
        began = time.monotonic()
        if took is None:
            process.wait()
            took = time.monotonic() - began
        else:
            time.sleep(chance.random() * took)
            process.send_signal(signal.SIGKILL)
            process.wait()
        # What can be read meanwhile is the dataset before, or what is left of it.
        if chance.random() < 0.5:
            begun = (out / "_log.ndjson").exists() or "upkeep" in read_manifest(out)["state"]
            gather(node, index, out)
            assert held(out) == (right if begun else wanted(found))
        assert start(command, out, words).wait() == 0
        assert held(out) == right
        check_files(out)
        gather(node, index, out)
        assert held(out) == right
        log = [json.loads(line) for line in (out / "_log.ndjson").read_text().splitlines()]
        assert len({one["run"] for one in log}) == len(log)
        assert sum(one["rows"] for one in log) == 500 - right.total()


def start(command, out, words):
    """Starts a command; returns its process once Python is ready to run it."""
    program = (
        "import sys\n"
        "import jupyterlab_workload_explorer.gather.upkeep\n"
        "from jupyterlab_workload_explorer.gather import upkeep_command\n"
        "print('ready', flush=True)\n"
        "sys.stdout = sys.stderr\n"
        "sys.exit(upkeep_command.main(sys.argv[1:]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, command, str(out), *words],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    return process


def test_from_the_command_line(node, make_index, tmp_path):
    index = make_index(records(300, 8))
    out = tmp_path / "out"
    gather(node, index, out)
    done = subprocess.run(
        [*COMMAND, "forget", str(out), "-"],
        input="user1\nuser2\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert "rows are gone" in done.stdout
    assert not {name for (name,) in held(out, ["username"])} & {"user1", "user2"}
    for words, message in (
        (["expire", str(out), "--before", "03/01/2021"], "is not a date"),
        (["expire", str(tmp_path), "--before", "2021-03-01"], "holds no gathered dataset"),
    ):
        done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and message in done.stderr


def test_files_have_the_mode_of_the_site(node, make_index, tmp_path, monkeypatch):
    site = tmp_path / "site.json"
    group = os.getgrouplist(os.environ.get("USER", "root"), os.getgid())[0]
    name = grp.getgrgid(group).gr_name
    site.write_text(json.dumps({"version": 1, "files": {"mode": "0640", "group": name}}))
    monkeypatch.setenv("WORKLOAD_SITE", str(site))
    out = tmp_path / "out"
    found = [*records(300, 9), {"event_timestamp": BEGIN, "num_nodes": "many"}]
    index = make_index(found, settings={"index.mapping.ignore_malformed": True})
    before = os.umask(0)
    try:
        gather(node, index, out)
        forget(out, ["user1"])
    finally:
        os.umask(before)
    files = [*out.glob("month=*/*.parquet"), *out.glob("*json")]
    assert {file.name for file in files} > {"_manifest.json", "_rejects.ndjson", "_log.ndjson"}
    for file in files:
        assert (file.stat().st_mode & 0o777, file.stat().st_gid) == (0o640, group), file
    for folder in [out, *out.glob("month=*")]:
        assert folder.stat().st_mode & 0o777 == 0o750
    assert (out / ".gather").stat().st_mode & 0o777 == 0o700
    site.write_text(json.dumps({"version": 1, "files": {"group": "no such group"}}))
    with pytest.raises(GatherProblem, match='no group "no such group"'):
        gather(node, index, out)


def _plain(value):
    if isinstance(value, datetime.datetime):
        return round(value.timestamp() * 1000)
    return value
