"""Runs of real kernels: green ones, broken ones, and those that nothing was proven of."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.verify.run import Question
from jupyterlab_workload_explorer.dashboard.verify.verify import verify

from .conftest import Dashboard

GOOD = (
    "import pyarrow.parquet as pq\nreduced = pq.read_table('data/reduced.parquet').to_pydict()",
    "import tempfile\nwith tempfile.TemporaryFile() as file:\n    file.write(b'1')",
    "from IPython.display import display\n"
    "display({'application/vnd.plotly.v1+json': {'data': []}}, raw=True)\nprint(reduced)",
)


def rules(report: object) -> list[str]:
    return [one.rule for one in report.findings]


def test_a_good_dashboard_is_green(dashboard: Dashboard, way: str) -> None:
    report = verify(Question(dashboard.write(*GOOD), raw=[dashboard.raw], proof=way))
    assert report.findings == ()
    assert (report.verdict, report.proven.way, report.proven.open) == ("green", way, {})
    assert [cell["outputs"] for cell in report.cells] == [
        [],
        [],
        ["application/vnd.plotly.v1+json", "stream/stdout"],
    ]
    assert [cell["id"] for cell in report.cells] == ["cell-0", "cell-1", "cell-2"]
    assert 0 < report.seconds_to_kernel < report.seconds_to_first_output <= report.seconds
    # A kernel that has loaded pyarrow.
    assert report.peak_memory_bytes > 40_000_000
    assert "pyarrow" in report.modules
    if way == "strace":
        assert report.files == ({"path": "data/reduced.parquet", "kind": "bundle"},)
        assert report.hosts == ()
    else:
        assert report.files is report.hosts is None
    assert report.to_text().startswith("dashboard.ipynb in the kernel “python3”\n\nGreen")
    # The report may be published: it tells nothing of who verified it, and where.
    assert str(dashboard.folder) not in json.dumps(report.to_json())
    assert str(Path.home()) not in json.dumps(report.to_json())


def test_without_a_proof_nothing_is_green(dashboard: Dashboard) -> None:
    report = verify(Question(dashboard.write(*GOOD), proof="none"))
    assert report.findings == ()
    assert report.verdict == "not proven"
    assert sorted(report.proven.open) == ["files", "hosts", "processes"]
    assert report.to_json()["proof"]["files"] == "not proven"
    assert report.files is report.processes is None


def test_the_kernel_knows_nothing_of_who_verifies(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", "secret")
    monkeypatch.setenv("PYTHONPATH", str(dashboard.raw))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    cell = (
        "import os, sys\nfrom pathlib import Path\n"
        "assert not {'HTTPS_PROXY', 'https_proxy', 'ELASTICSEARCH_API_KEY'} & set(os.environ)\n"
        f"assert {str(dashboard.raw)!r} not in sys.path\n"
        "assert os.environ['CUDA_VISIBLE_DEVICES'] == ''\n"
        "assert os.environ['PYTHONNOUSERSITE'] == '1'\n"
        f"assert Path.home() != Path({str(Path.home())!r})\n"
        "assert not list(Path.home().glob('[!.]*'))\n"
        f"assert Path.cwd() == Path({str(dashboard.folder)!r})\n"
    )
    report = verify(Question(dashboard.write(cell), proof="none"))
    assert report.findings == ()


def test_processes_are_told(dashboard: Dashboard, strace: str) -> None:
    cells = (
        "import subprocess\nsubprocess.run(['echo', 'one'], check=True)",
        # As a daemon does it; its own temporary files are no finding.
        "import os\nwith open('/tmp/workload-verify-test', 'x') as file:\n    file.write('1')\n"
        "assert open('/tmp/workload-verify-test').read() == '1'\n"
        "os.unlink('/tmp/workload-verify-test')",
        "from multiprocessing import get_context\n"
        "with get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, -2]))",
    )
    report = verify(Question(dashboard.write(*cells), proof=strace))
    assert report.findings == ()
    assert report.verdict == "green"
    programs = {one["path"]: one["times"] for one in report.programs}
    assert [times for path, times in programs.items() if path.endswith("/echo")] == [1]
    # The kernel, echo, and the pool of two.
    assert report.processes >= 4


#: Plotly looks, wherever it shows a figure, by which program its kernel was started.
FIGURES = (
    "import plotly.graph_objects as go\ngo.Figure(go.Bar(x=['amber', 'gromacs'], y=[100, 300]))",
    "import plotly.express as px\n"
    "px.bar({'package': ['amber', 'gromacs'], 'jobs': [100, 300]}, x='package', y='jobs').show()",
)


def test_figures_of_plotly_are_green(dashboard: Dashboard, way: str) -> None:
    report = verify(Question(dashboard.write(*FIGURES), proof=way))
    assert report.findings == ()
    assert report.verdict == "green"
    for cell in report.cells:
        assert "application/vnd.plotly.v1+json" in cell["outputs"]
    assert {"plotly", "psutil", "pandas"} <= set(report.modules)


def test_of_processes_above_only_the_command_may_be_read(dashboard: Dashboard, strace: str) -> None:
    verifier = os.getpid()
    cells = (
        "import os\nabove = []\nnext_one = os.getppid()\n"
        f"while next_one != {verifier}:\n"
        "    above.append(next_one)\n"
        "    state = open(f'/proc/{next_one}/stat').read()\n"
        "    next_one = int(state.rpartition(')')[2].split()[1])\n"
        "# The tracer, and the supervisor.\nassert len(above) == 2\n"
        "for one in above:\n    assert open(f'/proc/{one}/cmdline').read()\n"
        f"open('/proc/{verifier}/status').read()",
        "open(f'/proc/{above[0]}/environ').read()",
        f"open('/proc/{verifier}/cmdline').read()",
    )
    report = verify(Question(dashboard.write(*cells), proof=strace))
    assert [(one.rule, one.index) for one in report.findings] == [
        ("file-outside", 1),
        ("file-outside", 2),
    ]


def test_a_child_imports_a_heavy_package(dashboard: Dashboard, strace: str) -> None:
    (dashboard.folder / "cudf").mkdir()
    (dashboard.folder / "cudf" / "__init__.py").write_text("")
    cell = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import cudf'])"
    report = verify(Question(dashboard.write(cell), proof=strace))
    assert rules(report) == ["heavy-import"]


def test_the_notebook_names_its_own_heavy_packages(dashboard: Dashboard) -> None:
    workload = {"dashboard": {"version": 1}, "roles": {"heavy_packages": ["sqlite3"]}}
    notebook = dashboard.write("import sqlite3.dbapi2", workload=workload)
    report = verify(Question(notebook, proof="none"))
    assert [(one.rule, one.subject) for one in report.findings] == [("heavy-import", "sqlite3")]


def test_an_error_is_told_with_its_traceback(dashboard: Dashboard) -> None:
    cells = ("print(1)", "def share(n):\n    return 1 / n\n\nshare(0)", "print(2)")
    report = verify(Question(dashboard.write(*cells), proof="none"))
    [found] = report.findings
    assert (found.rule, found.cell, found.index) == ("cell-error", "cell-1", 1)
    error = report.cells[1]["error"]
    assert error["name"] == "ZeroDivisionError"
    assert "return 1 / n" in error["traceback"] and "\x1b" not in error["traceback"]
    # As Voilà does, it stops there.
    assert [cell["ran"] for cell in report.cells] == [True, True, False]
    assert "ZeroDivisionError" in report.to_text()


def test_a_report_for_others_tells_nothing_of_this_machine(dashboard: Dashboard) -> None:
    report = verify(Question(dashboard.write("print(1)", "open('/none/of/these')"), proof="none"))
    told, public = report.to_json(), report.to_public_json()
    assert "/none/of/these" in told["findings"][0]["message"]
    assert "/none/of/these" in told["cells"][1]["error"]["traceback"]
    assert told["proof"]["notes"] == ["Not used: no proof was asked for."]
    assert public["proof"] == {**told["proof"], "notes": []}
    assert public["findings"] == [{**told["findings"][0], "message": None, "subject": None}]
    assert public["cells"][0] == told["cells"][0]
    assert "/none" not in json.dumps(public)
    # What is told to who verifies is as it was.
    assert report.to_json() == told


HANG = (
    "import signal, subprocess, time\n"
    "signal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "subprocess.Popen(['sleep', '{seconds}'], start_new_session=True)\n"
    "print('started')\n"
    "while True:\n    time.sleep(1)"
)


def test_a_cell_without_an_end(
    dashboard: Dashboard, way: str, running: Callable[[str], list[str]]
) -> None:
    # A number that no other process has among its arguments.
    seconds = {"strace": "98761", "landlock": "98762"}[way]
    notebook = dashboard.write(HANG.format(seconds=seconds), "print(2)")
    report = verify(Question(notebook, timeout=9, proof=way))
    assert [(one.rule, one.cell) for one in report.findings] == [("timeout", "cell-0")]
    assert report.cells[0]["outputs"] == ["stream/stdout"]
    assert report.cells[1]["ran"] is False
    assert running(f"sleep {seconds}") == []
    assert running(str(dashboard.folder)) == []


def test_a_kernel_that_dies(
    dashboard: Dashboard, way: str, running: Callable[[str], list[str]]
) -> None:
    seconds = {"strace": "98763", "landlock": "98764"}[way]
    cell = (
        "import os, signal, subprocess\n"
        f"subprocess.Popen(['sleep', '{seconds}'], start_new_session=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    report = verify(Question(dashboard.write(cell), timeout=100, proof=way))
    assert [(one.rule, one.cell) for one in report.findings] == [("kernel-died", "cell-0")]
    assert report.modules is None
    assert running(f"sleep {seconds}") == []


def test_who_ends_the_tracer_proves_nothing(dashboard: Dashboard, strace: str) -> None:
    cell = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"
    report = verify(Question(dashboard.write(cell, "print(1)"), timeout=100, proof=strace))
    assert report.verdict != "green"
    assert "files" in report.proven.open


def add_kernel(
    at: Path, monkeypatch: pytest.MonkeyPatch, name: str, argv: list[str], language: str = "python"
) -> Path:
    """Install a kernel for this test; returns the folder of its specification."""
    kernel = at / "jupyter" / "kernels" / name
    kernel.mkdir(parents=True)
    spec = {"argv": argv, "display_name": name, "language": language}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(at / "jupyter"))
    return kernel


def test_a_kernel_that_a_script_starts(
    dashboard: Dashboard, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = ["{resource_dir}/start.sh", sys.executable, "-m", "ipykernel_launcher"]
    argv += ["-f", "{connection_file}"]
    script = add_kernel(tmp_path, monkeypatch, "scripted", argv) / "start.sh"
    script.write_text('#!/bin/sh\necho loading modules\nexec "$@"\n')
    script.chmod(0o755)
    report = verify(Question(dashboard.write(*GOOD), kernel="scripted", proof=way))
    assert (report.verdict, report.kernel, report.findings) == ("green", "scripted", ())


def test_a_kernel_that_does_not_start(
    dashboard: Dashboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = ["/bin/sh", "-c", "echo no such module >&2; exit 3"]
    add_kernel(tmp_path, monkeypatch, "broken", argv, "r")
    report = verify(Question(dashboard.write("1", kernel="broken"), timeout=100, proof="none"))
    assert rules(report) == ["kernel-died"]
    assert "no such module" in report.findings[0].message
    assert report.seconds_to_kernel is report.seconds_to_first_output is None
