"""The command line of gather, as a shell starts it."""

import json
import os
import signal
import subprocess
import sys

from ..services.documents import ask, create_index, load_documents
from .support import FIELDS, check_against, read_index, records

COMMAND = [sys.executable, "-m", "jupyterlab_workload_explorer", "gather"]


def run(*arguments, **options):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )


def test_gathers_and_tells(node, make_index, tmp_path):
    index = make_index(records(2000, 80))
    out = tmp_path / "out"
    done = run("--url", node.url, index, "--out", out, "--progress", "json")
    assert done.returncode == 0, done.stderr
    assert f"{out}: 2,000 documents in 2,000 rows; 2,000 of them fetched" in done.stdout
    states = [json.loads(line) for line in done.stderr.splitlines()]
    assert [states[0]["phase"], states[-1]["phase"]] == ["plan", "done"]
    assert states[-1]["documents"] == states[-1]["total"] == 2000
    check_against(node, index, out)


def test_ends_cleanly_on_a_signal_and_goes_on(node, make_index, tmp_path):
    index = make_index(records(20_000, 81))
    for number in (signal.SIGINT, signal.SIGTERM):
        out = tmp_path / number.name
        arguments = ["--url", node.url, index, "--out", out, "--progress", "json"]
        # Pages of ten documents take long enough.
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments), "--page-size", "10"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in process.stderr:
            if json.loads(line)["phase"] == "gather":
                process.send_signal(number)
                break
        _, rest = process.communicate()
        assert process.returncode == 130
        assert rest.endswith("Stopped. Run it again to go on from what is complete.\n")
        assert "Traceback" not in rest
        assert not list((out / ".gather" / "tmp").iterdir())
        done = run(*arguments)
        assert done.returncode == 0, done.stderr
        check_against(node, index, out)


def test_says_what_differs(node, make_index, tmp_path):
    index = make_index([{**one, "_id": str(n)} for n, one in enumerate(records(300, 82))])
    out = tmp_path / "out"
    assert run("--url", node.url, index, "--out", out).returncode == 0
    ask(node, "DELETE", f"/{index}/_doc/7?refresh=true")
    done = run("--url", node.url, index, "--out", out)
    assert done.returncode == 3
    assert "1 have expired there and stay here" in done.stdout


def test_wrong_usage(tmp_path):
    assert run("only-one", "--out", tmp_path).returncode == 2
    assert run("--url", "http://x:1", "i", "--out", tmp_path, "--map", "time").returncode == 2
    assert run("--url", "ftp://x", "i", "--out", tmp_path / "o").returncode == 1
    assert run("--url", "http://x:1", "i").returncode == 2


def test_a_connection_by_name(elasticsearch_secured, tmp_path):
    """With a key of its own, which is told nowhere, and only what the connection allows."""
    node = elasticsearch_secured
    create_index(node, "gather-mine", FIELDS)
    create_index(node, "gather-other", FIELDS)
    try:
        load_documents(node, "gather-mine", records(500, 83))
        role = {"reader": {"indices": [{"names": ["gather-*"], "privileges": ["read"]}]}}
        key = ask(node, "POST", "/_security/api_key", {"name": "gather", "role_descriptors": role})[
            "encoded"
        ]
        (tmp_path / "key").write_text(key)
        (tmp_path / "key").chmod(0o600)
        connections = {
            "version": 1,
            "connections": [
                {
                    "name": "mine",
                    "urls": [node.url],
                    "authentication": {"api_key": {"file": str(tmp_path / "key")}},
                    "indices": ["gather-m*"],
                }
            ],
        }
        (tmp_path / "connections.json").write_text(json.dumps(connections))
        environment = {**os.environ, "WORKLOAD_CONNECTIONS": str(tmp_path / "connections.json")}
        out = tmp_path / "out"
        done = run("mine", "gather-mine", "--out", out, env=environment)
        assert done.returncode == 0, done.stderr
        assert len(read_index(node, "gather-mine")) == 500
        check_against(node, "gather-mine", out)
        refused = run("mine", "gather-other", "--out", tmp_path / "no", env=environment)
        assert refused.returncode == 1 and "gather-other" in refused.stderr
        unknown = run("others", "gather-mine", "--out", tmp_path / "no", env=environment)
        assert unknown.returncode == 1 and 'no connection "others"' in unknown.stderr
        wrong = {**os.environ, "ELASTICSEARCH_API_KEY": "d3Jvbmc6a2V5"}
        denied = run("--url", node.url, "gather-mine", "--out", tmp_path / "no", env=wrong)
        assert denied.returncode == 1 and "does not accept the login" in denied.stderr
        told = done.stdout + done.stderr + refused.stderr + denied.stderr
        for file in out.rglob("*"):
            assert not file.is_file() or key.encode() not in file.read_bytes()
        assert key not in told and "d3Jvbmc6a2V5" not in told
    finally:
        ask(node, "DELETE", "/gather-mine,gather-other")
