"""The command: exit statuses, what it prints, and what is left when it is ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.publish.command import main
from jupyterlab_workload_explorer.dashboard.publish.problem import PublishUsage
from jupyterlab_workload_explorer.dashboard.publish.versions import Versions

from .conftest import SHOW, Sample
from .test_versions import numbers, put, shown

DIGEST = f"@sha256:{'0' * 64}"


def test_published_and_rolled_back(sample: Sample, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [str(sample.notebook), "--out", str(sample.out), "--raw", str(sample.raw)]
    assert main([*asked, "--image", f"apps/voila{DIGEST}", "--format", "json"]) == 0
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["published"], told["unchanged"]) == (True, False)
    assert told["digest"].startswith("sha256:")
    assert set(told["reports"]) == {"verify", "privacy"}
    assert printed.err.splitlines()[0] == "check …"
    recipe = (sample.out / "Dockerfile").read_text()
    assert recipe.startswith(f"FROM apps/voila{DIGEST}\n")
    assert "--no-index" in recipe
    first = sample.out.resolve()
    assert main([str(sample.notebook), "--out", str(sample.out), "--k", "7"]) == 0
    assert "published, 1 data file" in capsys.readouterr().out
    recipe = (sample.out / "Dockerfile").read_text()
    assert recipe.startswith(f"FROM python:{sys.version_info[0]}.{sys.version_info[1]}-slim\n")
    assert sample.out.resolve() != first
    # The data are the same, and there once.
    paths = [one / "data" / "reduced.parquet" for one in (first, sample.out)]
    assert paths[0].stat().st_ino == paths[1].stat().st_ino
    assert main(["--out", str(sample.out), "--rollback"]) == 0
    assert first.name in capsys.readouterr().out
    assert sample.out.resolve() == first
    assert main(["--out", str(sample.out), "--rollback"]) == 1
    assert "no good version" in capsys.readouterr().err


def test_stopped(sample: Sample, capsys: pytest.CaptureFixture[str]) -> None:
    sample.write("1 / 0")
    assert main([str(sample.notebook), "--out", str(sample.out)]) == 1
    out = capsys.readouterr().out
    assert "cell-error (cell 2): Fails: ZeroDivisionError" in out
    assert not sample.out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: --out"),
        (["--out", "{out}"], "Name the compiled notebook"),
        (["{folder}/none.ipynb", "--out", "{out}"], "There is no"),
        (["{notebook}", "--out", "{folder}"], "was not published by this"),
        (["{notebook}", "--out", "{folder}/no/where"], "There is no folder"),
        (["{notebook}", "--out", "{out}", "--k", "0"], "1 or more"),
        (["{notebook}", "--out", "{out}", "--accept", " "], "asks for a reason"),
        (["{notebook}", "--out", "{out}", "--audience", "center"], "privacy.center"),
        (
            ["{notebook}", "--out", "{out}", "--map", "user"],
            "argument --map: user is not understood",
        ),
        (["{notebook}", "--out", "{out}", "--map", "boss=a"], "no role “boss”"),
        (["{notebook}", "--out", "{out}", "--image", "apps/voila:latest"], "by its digest"),
        (["{notebook}", "--out", "{out}", "--timeout", "0"], "positive number"),
        (["{notebook}", "--out", "{out}", "--raw", "{folder}/none"], "There is no"),
        (["{notebook}", "--out", "{out}", "--data", "/usr"], "not in the notebook's folder"),
        (["{notebook}", "--out", "{out}", "--data", "{folder}"], "holds the notebook itself"),
        (["{notebook}", "--out", "{out}", "--by-reference", "/"], "holds the notebook itself"),
        (["{notebook}", "--out", "{out}", "--archive", "{folder}/no/a.tgz"], "no folder for"),
        (["{notebook}", "--out", "{out}", "--archive", "{folder}"], "is a folder"),
    ],
)
def test_usage(
    sample: Sample, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    named = {"out": sample.out, "folder": sample.folder, "notebook": sample.notebook}
    assert main([one.format(**named) for one in arguments]) == 2
    assert said in capsys.readouterr().err
    assert not any(sample.out.parent.iterdir())


def test_a_broken_site_file(sample: Sample, tmp_path: Path) -> None:
    """It may ask for more than what holds without it."""
    (tmp_path / "workload-site.json").write_text("{")
    with pytest.raises(PublishUsage, match="has errors"):
        sample.question().smallest()
    assert sample.question(k=7).smallest() == 7


def test_ended_by_a_signal(sample: Sample) -> None:
    versions = Versions(sample.out)
    with versions.hold():
        put(versions, 1)
    sample.write("import time\nprint('in it', flush=True)\ntime.sleep(600)", SHOW)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab_workload_explorer", "publish"),
            *(sample.notebook, "--out", sample.out),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line == "verify …\n":
            break
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    assert shown(sample.out) == 1
    assert numbers(versions) == [1]
    assert not list(versions.folder.glob("tmp-*"))


_LIMITED = """
import resource, sys
from jupyterlab_workload_explorer.dashboard.publish.command import main
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000,) * 2)
sys.exit(main(sys.argv[1:]))
"""


def test_a_full_disk(sample: Sample) -> None:
    versions = Versions(sample.out)
    with versions.hold():
        put(versions, 1)
    (sample.folder / "data" / "large").write_bytes(os.urandom(30_000_000))
    sample.write(SHOW, "open('data/large', 'rb').read(1)")
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, sample.notebook, "--out", sample.out],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert "There is no room left" in done.stdout
    assert done.stderr.endswith("stage …\n")
    assert shown(sample.out) == 1
    assert not list(versions.folder.glob("tmp-*"))
