"""The command: its exit statuses, its report, and what the site file says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.privacy.command import main


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A cell of four users, so clean for whoever asks for four."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    pq.write_table(pa.table({"package": ["numpy"], "users": [4]}), folder / "a.parquet")
    return folder


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes a site file."""

    def write(content: dict[str, Any]) -> None:
        path = tmp_path / "workload-site.json"
        path.write_text(json.dumps({"version": 1, **content}))
        monkeypatch.setenv("WORKLOAD_SITE", str(path))

    write({})
    return write


@pytest.mark.usefixtures("site")
def test_exit_statuses_by_audience(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(bundle)]) == 1, "the public is the default"
    assert "users = 4" in capsys.readouterr().out
    assert main([str(bundle), "--audience", "public"]) == 1
    assert main([str(bundle), "--audience", "staff"]) == 0
    assert main([str(bundle), "--k", "4"]) == 0
    assert main([str(bundle), "--audience", "staff", "--k", "5"]) == 1, "--k outweighs"
    capsys.readouterr()
    assert main([str(bundle), "--audience", "center"]) == 2
    assert "--k N, or set privacy.center" in capsys.readouterr().err


def test_the_site_says_how_few(bundle: Path, site: Any, capsys: Any) -> None:
    site({"privacy": {"center": 3, "public": 4}})
    assert main([str(bundle)]) == 0
    assert main([str(bundle), "--audience", "center"]) == 0
    site({"privacy": {"center": 10}})
    assert main([str(bundle), "--audience", "center"]) == 1
    site({"privacy": {"center": 0}})
    capsys.readouterr()
    assert main([str(bundle)]) == 2
    assert "has errors" in capsys.readouterr().err
    assert main([str(bundle), "--k", "4"]) == 0


@pytest.mark.usefixtures("site")
def test_wrong_usage(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, said in {
        (): "PATH",
        (str(tmp_path / "nowhere"),): "There is no",
        (str(bundle), "--k", "0"): "1 or more",
        (str(bundle), "--k", "many"): "invalid int",
        (str(bundle), "--map", "user"): "argument --map: user is not understood",
        (str(bundle), "--map", "boss=handle"): "There is no role “boss”",
        (str(bundle), "--accept", " "): "asks for a reason",
        (str(bundle), "--raw", str(tmp_path / "nowhere")): "There is no",
        (str(bundle), "--report", str(tmp_path / "no" / "x.json")): "cannot be written",
    }.items():
        assert main(list(arguments)) == 2, arguments
        assert said in capsys.readouterr().err


@pytest.mark.usefixtures("site")
def test_the_report_and_its_acceptance(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = bundle / "privacy.json"
    assert main([str(bundle), "--report", str(file), "--format", "json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    report = json.loads(file.read_text())
    assert report == printed
    assert "accepted" not in report
    assert (report["version"], report["audience"], report["smallest"]) == (1, "public", 5)
    assert report["findings"] == [
        {
            "file": "a.parquet",
            "place": "column users",
            "kind": "small group",
            "message": "Cells stand for fewer than 5 users, or nobody knows for how many.",
            "times": 1,
            "example": "users = 4",
            "advice": "Call suppress_small on the table before it is written or shown.",
        }
    ]
    assert main([str(bundle), "--report", str(file), "--accept", "They agreed"]) == 0
    accepted = json.loads(file.read_text())
    assert accepted["accepted"] == {"reason": "They agreed", "findings": 1}
    assert accepted["findings"] == report["findings"], "the report itself is no finding"
    assert str(bundle) not in file.read_text(), "where it was made is nobody's business"
    assert "Accepted: They agreed" in capsys.readouterr().out
    assert [path.name for path in bundle.iterdir() if path.name.startswith(".")] == []


@pytest.mark.usefixtures("site")
def test_it_runs_as_a_module(bundle: Path) -> None:
    command = [sys.executable, "-m", "jupyterlab_workload_explorer.dashboard.privacy"]
    result = subprocess.run([*command, str(bundle)], capture_output=True, text=True)
    assert result.returncode == 1
    assert "1 file searched: 1 finding." in result.stdout
    result = subprocess.run([*command, "--help"], capture_output=True, text=True)
    assert result.returncode == 0


def test_memory_does_not_grow_with_the_raw_data(tmp_path: Path) -> None:
    """Eight times as many records and jobs take about the same memory."""
    (tmp_path / "a.csv").write_text(
        "id,users\n" + "".join(f"{10**7 + 3 * n},9\n" for n in range(99))
    )
    program = (
        "import resource, sys\n"
        "from jupyterlab_workload_explorer.dashboard.privacy import scan\n"
        "report = scan([sys.argv[1]], k=5, raw=sys.argv[2])\n"
        "print(len(report.findings), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    peaks = []
    for rows in (250_000, 2_000_000):
        folder = tmp_path / f"raw-{rows}"
        folder.mkdir()
        for start in range(0, rows, 250_000):
            numbers = range(start, start + 250_000)
            table = pa.table(
                {
                    "username": pa.array([f"u{at % 2000}x" for at in numbers]),
                    "job_id": pa.array([str(10**7 + at) for at in numbers]),
                    "package": pa.array(["numpy"] * 250_000),
                }
            )
            pq.write_table(table, folder / f"{start}.parquet", row_group_size=50_000)
        result = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "a.csv"), str(folder)],
            capture_output=True,
            text=True,
            check=True,
        )
        found, peak = result.stdout.split()
        assert found == "1"
        peaks.append(int(peak))
    assert peaks[1] < 1.3 * peaks[0], peaks
