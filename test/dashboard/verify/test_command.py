"""The command: exit statuses, what it prints, and what is left when it is ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.content_hash import content_hash
from jupyterlab_workload_explorer.dashboard.verify.command import main

from .conftest import Dashboard


def test_green(dashboard: Dashboard, strace: str, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = dashboard.write("print(open('data/reduced.parquet', 'rb').read(4))")
    assert main([str(notebook), "--proof", strace]) == 0
    assert "Green" in capsys.readouterr().out
    report = json.loads((dashboard.folder / "verify.json").read_text())
    assert (report["version"], report["verdict"]) == (1, "green")
    assert report["proof"]["way"] == "strace"
    assert report["hash"] == content_hash(json.loads(notebook.read_text()))
    assert [path.name for path in dashboard.folder.iterdir() if "verify" in path.name] == [
        "verify.json"
    ]


def test_not_green(
    dashboard: Dashboard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = str(dashboard.write("print(1)"))
    there = tmp_path / "report.json"
    arguments = [notebook, "--proof", "none", "--format", "json", "--report", str(there)]
    assert main(arguments) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["verdict"] == "not proven"
    assert printed == json.loads(there.read_text())
    assert not (dashboard.folder / "verify.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: notebook"),
        (["{notebook}", "--timeout", "0"], "positive number"),
        (["{folder}/none.ipynb"], "cannot be read"),
        (["{folder}/data/reduced.parquet"], "not a notebook"),
        (["{folder}/broken.ipynb"], "no text"),
        (["{folder}/source.ipynb"], "not a compiled dashboard"),
        (["{folder}/changed.ipynb"], "cell 1 do not allow it"),
        (["{notebook}", "--kernel", "none-such"], "no kernel “none-such”"),
        (["{notebook}", "--bundle", "{folder}/data"], "is not in"),
        (["{notebook}", "--bundle", "{folder}/none"], "is not a folder"),
        (["{notebook}", "--allow-host", "somewhere"], "HOST:PORT"),
    ],
)
def test_usage(
    dashboard: Dashboard, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = dashboard.write("print(1)")
    content = json.loads(notebook.read_text())
    upstream = {"tags": ["upstream"]}
    for name, change in (
        ("broken", lambda: content["cells"][0].update(source=5)),
        (
            "changed",
            lambda: content["cells"][0].update(source="1", metadata=upstream),
        ),
        ("source", lambda: content["metadata"].update(workload={})),
    ):
        change()
        (dashboard.folder / f"{name}.ipynb").write_text(json.dumps(content))
    places = {"notebook": notebook, "folder": dashboard.folder}
    assert main([one.format(**places) for one in arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (dashboard.folder / "verify.json").exists()


def test_no_report_where_it_cannot_be_written(
    dashboard: Dashboard, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = str(dashboard.write("print(1)"))
    missing = str(dashboard.folder / "none" / "verify.json")
    assert main([notebook, "--proof", "none", "--report", missing]) == 2
    assert "Name another file" in capsys.readouterr().err


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files; its path is short, or another would be taken for sockets."""
    with tempfile.TemporaryDirectory(prefix="t-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_it_is_ended(
    dashboard: Dashboard,
    temporary: Path,
    strace: str,
    ending: signal.Signals,
    running: Callable[[str], list[str]],
) -> None:
    seconds = str(98770 + ending)
    pipe = dashboard.folder / "pipe"
    os.mkfifo(pipe)
    # The process, too, holds the pipe open until it ends.
    notebook = dashboard.write(
        f"import subprocess, time\nfile = open({str(pipe)!r}, 'w')\n"
        f"subprocess.Popen(['sleep', '{seconds}'], start_new_session=True, "
        "pass_fds=[file.fileno()])\nprint('here', file=file, flush=True)\ntime.sleep(1000)"
    )
    command = [sys.executable, "-m", "jupyterlab_workload_explorer.dashboard.verify"]
    with subprocess.Popen(
        [*command, str(notebook), "--proof", strace],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        with pipe.open() as file:
            assert file.readline() == "here\n"
            assert len(running(f"sleep {seconds}")) == 1
            process.send_signal(ending)
            assert file.read() == ""
        process.wait()
    assert running(f"sleep {seconds}") == []
    if ending == signal.SIGTERM:
        assert process.returncode == 128 + signal.SIGTERM
        assert list(temporary.iterdir()) == []
    else:
        # Nobody was left to remove them; so they were here.
        assert [path.name[:3] for path in temporary.iterdir()] == ["wv-"]
