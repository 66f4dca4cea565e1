"""Pseudonyms: counts stay what they are, names are nowhere, and the key decides."""

import json
import random

import pyarrow.parquet as pq
import pytest

import jupyterlab_workload_explorer
from jupyterlab_workload_explorer.gather.environments import environments
from jupyterlab_workload_explorer.gather.problem import GatherProblem
from jupyterlab_workload_explorer.gather.pseudonyms import Pseudonyms

from ..services.documents import load_documents
from .support import BEGIN, MONTH, read_manifest

FIELDS = {
    "event_timestamp": "date",
    "username": "keyword",
    "job_id": "keyword",
    "subservice": "keyword",
    "repo": "keyword",
    "executable": "keyword",
    "main": "keyword",
    "is_shifter": "boolean",
    "uid": "long",
    "num_nodes": "byte",
}
EXECUTABLES = [
    "/usr/common/software/python/bin/python",
    "/global/homes/a/alice/.conda/envs/x/bin/python",
    "/opt/miniconda3/bin/python",
    "/usr/bin/python3",
]
ALL = ["user", "repo", "paths", "uid"]


def documents(count, seed):
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        name = chance.choice(["alice", "bob", "carol", "dörte", ""])
        one = {
            "event_timestamp": BEGIN + chance.randrange(MONTH),
            "username": name,
            "job_id": str(chance.randrange(50)),
            "subservice": chance.choice(["numpy", "scipy"]),
            "repo": chance.choice(["secretproject", "m2", ""]),
            "executable": chance.choice(EXECUTABLES),
            "main": f"/home/{name}/run.py",
            "is_shifter": chance.random() < 0.2,
            "uid": chance.randrange(1000, 1005),
            "num_nodes": 1,
        }
        for field in list(one):
            if field != "event_timestamp" and chance.random() < 0.05:
                del one[field]
        found.append(one)
    return found


def gather(node, index, out, **options):
    return jupyterlab_workload_explorer.gather(None, index, out, url=node.url, **options)


@pytest.fixture
def key_file(tmp_path):
    return make_key(tmp_path / "key", "0123456789abcdef" * 2)


def make_key(path, text):
    path.write_text(text)
    path.chmod(0o600)
    return path


def rows_of(out):
    return [
        row
        for file in sorted(out.glob("month=*/*.parquet"))
        for row in pq.ParquetFile(file).read().to_pylist()
    ]


@pytest.mark.parametrize("distill", [False, True])
def test_counts_are_the_same(node, make_index, tmp_path, key_file, distill):
    found = documents(1500, 1)
    index = make_index(found, FIELDS)
    keep = ["uid"] if distill else None
    gather(node, index, tmp_path / "plain", distill=distill, keep=keep)
    gather(
        node,
        index,
        tmp_path / "hidden",
        distill=distill,
        keep=keep,
        pseudonymise=ALL,
        key_file=key_file,
    )
    plain, hidden = rows_of(tmp_path / "plain"), rows_of(tmp_path / "hidden")
    assert len(plain) == len(hidden)
    for names in [("username",), ("repo",), ("executable", "main"), ("uid", "username")]:
        sets = [{tuple(row[name] for name in names) for row in rows} for rows in (plain, hidden)]
        assert len(sets[0]) == len(sets[1])
    assert {row["username"] for row in hidden} >= {None, ""}
    shown = {row["username"] for row in hidden} - {None, ""}
    assert all(len(name) == 16 and name.isalnum() and name.islower() for name in shown)
    # Environments are those that the paths tell.
    pseudonym = {row["executable"]: row["environment"] for row in hidden if not row["is_shifter"]}
    assert sorted(set(pseudonym.values())) == ["center module", "conda", "other"]
    told = " ".join(
        file.read_bytes().decode("latin1")
        for file in (tmp_path / "hidden").rglob("*.*")
        if file.is_file()
    )
    everything = told + json.dumps(hidden, default=str)
    for name in ("alice", "dörte", "secretproject", "/home/", "miniconda", "1001"):
        assert name not in everything, name
    about = read_manifest(tmp_path / "hidden")["dataset"]
    assert about["pseudonymised"] == ["username", "repo", "executable", "main", "uid"]
    assert about["pseudonym_key"] == Pseudonyms(key_file).fingerprint
    assert key_file.read_text() not in told


def test_the_same_key_gives_the_same_pseudonyms(node, make_index, tmp_path, key_file):
    out = tmp_path / "out"
    index = make_index(documents(300, 2), FIELDS)
    gather(node, index, out, pseudonymise=["user"], key_file=key_file)
    users = {row["username"] for row in rows_of(out)}
    load_documents(node, index, documents(300, 3))
    with pytest.raises(GatherProblem, match="--key-file"):
        gather(node, index, out)
    other = make_key(tmp_path / "other", "another key of 32 letters or so.")
    with pytest.raises(GatherProblem, match="pseudonyms of another key"):
        gather(node, index, out, key_file=other)
    gather(node, index, out, key_file=key_file)
    assert {row["username"] for row in rows_of(out)} == users
    assert len(rows_of(out)) == 600
    gather(node, index, tmp_path / "third", pseudonymise=["username"], key_file=other)
    assert not users & {row["username"] for row in rows_of(tmp_path / "third")} - {None, ""}


def test_rejects_tell_no_names(node, make_index, tmp_path, key_file):
    found = documents(50, 4)
    found += [{**found[0], "username": ["alice", "bob"]}]
    found += [{**found[0], "username": "alice", "num_nodes": "of alice"}]
    index = make_index(found, FIELDS, settings={"index.mapping.ignore_malformed": True})
    out = tmp_path / "out"
    result = gather(node, index, out, pseudonymise=["user"], key_file=key_file)
    lines = [json.loads(line) for line in (out / "_rejects.ndjson").read_text().splitlines()]
    assert result.rejects == len(lines) == 2
    by_column = {line["column"]: line for line in lines}
    assert by_column["username"]["value"] is None
    assert by_column["num_nodes"]["user"] == Pseudonyms(key_file).of("alice")
    assert "id" not in by_column["num_nodes"]
    gather(node, index, tmp_path / "plain")
    assert '"alice"' in (tmp_path / "plain" / "_rejects.ndjson").read_text()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["package"], "answers depend on what it says"),
        (["event_timestamp"], "answers depend on what it says"),
        (["shoe_size"], 'no field "shoe_size"'),
    ],
)
def test_what_cannot_be_hidden(node, make_index, tmp_path, key_file, names, message):
    index = make_index(documents(5, 5), FIELDS)
    with pytest.raises(GatherProblem, match=message):
        gather(node, index, tmp_path / "out", pseudonymise=names, key_file=key_file)


def test_keys_that_are_none(node, make_index, tmp_path, key_file):
    index = make_index(documents(5, 6), FIELDS)

    def ask(path):
        gather(node, index, tmp_path / "out", pseudonymise=["user"], key_file=path)

    with pytest.raises(GatherProblem, match="too short"):
        ask(make_key(tmp_path / "short", "secret"))
    with pytest.raises(GatherProblem, match="cannot be read"):
        ask(tmp_path / "nowhere")
    key_file.chmod(0o640)
    with pytest.raises(GatherProblem, match="chmod 600"):
        ask(key_file)


@pytest.mark.parametrize(
    "pattern", [r"^/opt/", r"\pL/x", r"(?i)CONDA\d+", r"[[:alpha:]]\d/bin", r"\bpython3?$"]
)
def test_rules_are_read_as_the_panel_reads_them(pattern):
    """RE2 has what Python has not, and the other way round."""
    import pyarrow as pa

    table = pa.table({"e": ["/opt/Conda3/bin/python", "/ü/x", None, ""]})
    found = environments(table, "e", None, [{"name": "it", "executable": pattern}]).to_pylist()
    assert found.count("it") == 1 and found[2:] == ["other", "other"]
