"""Killed at random moments: what is shown is whole, and nothing is left for long."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.publish.manifest import is_intact
from jupyterlab_workload_explorer.dashboard.publish.outcome import STAGE, SWAP, VERIFY_BUNDLE, WRITE
from jupyterlab_workload_explorer.dashboard.publish.versions import KEPT, Versions

from ...oracle.sizes import size
from .conftest import Sample
from .test_versions import put, shown

SEED = int(os.environ.get("WORKLOAD_SEED", "6"))
ROOT = Path(__file__).parents[3]

_PUT = """
import sys
from pathlib import Path
from jupyterlab_workload_explorer.dashboard.publish.versions import Versions
from test.dashboard.publish.test_versions import put
versions = Versions(Path(sys.argv[1]))
first = int(sys.argv[2])
print("ready", flush=True)
for number in range(first, first + int(sys.argv[3])):
    with versions.hold():
        put(versions, number, 20_000)
    print(number, flush=True)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_killed_while_versions_are_put(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    versions = Versions(tmp_path / "out")
    with versions.hold():
        put(versions, 0)
    whole = start(_PUT, tmp_path / "timed", 1, 4)
    assert whole.stdout is not None and whole.stdout.readline() == "ready\n"
    ready = time.monotonic()
    assert whole.communicate()[1] == ""
    span = time.monotonic() - ready
    last = killed = 0
    for _ in range(size("publish_kills")):
        process = start(_PUT, versions.out, last + 1, 1000)
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        try:
            process.wait(chance.uniform(0, span))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        told = [int(line) for line in process.communicate()[0].split()]
        now = shown(versions.out)
        # What was told to be shown is; the next one may be.
        least = told[-1] if told else last
        assert now in (least, least + 1)
        good = versions.good()
        assert len(good) <= KEPT + 1
        assert all(is_intact(one) for one in good)
        last = now
    assert killed > 0
    with versions.hold():
        put(versions, last + 1)
    assert len(versions.good()) <= KEPT
    names = {one.name for one in versions.folder.iterdir()}
    assert names == {"lock", *(one.name for one in versions.good())}


_PUBLISH = """
import sys
from pathlib import Path
from jupyterlab_workload_explorer.dashboard.publish.publish import publish
from jupyterlab_workload_explorer.dashboard.publish.question import Question
folder, out = map(Path, sys.argv[1:])
question = Question(
    folder / "report.dashboard.ipynb", out, proof="landlock", data=[folder / "data"]
)
print(publish(question, lambda step: print(step, flush=True)).to_text())
"""


@pytest.mark.parametrize("step", [STAGE, VERIFY_BUNDLE, WRITE, SWAP])
def test_killed_at_a_step(sample: Sample, step: str) -> None:
    versions = Versions(sample.out)
    with versions.hold():
        put(versions, 1)
    process = start(_PUBLISH, sample.folder, sample.out)
    assert process.stdout is not None
    for line in process.stdout:
        if line == f"{step}\n":
            break
    else:
        raise AssertionError(process.communicate())
    process.send_signal(signal.SIGKILL)
    process.communicate()
    if step == SWAP:
        assert is_intact(sample.out.resolve())
    else:
        assert shown(sample.out) == 1
    assert sample.publish(proof="landlock", data=[sample.reduced]).published
    assert not list(versions.folder.glob("tmp-*"))
    assert all(is_intact(one) for one in versions.good())
