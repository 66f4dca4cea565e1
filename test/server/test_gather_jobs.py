"""Jobs as processes: they outlive whoever started them, and what became of them is known."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_workload_explorer.gather.jobs import KEPT, MOST, JobProblem, Jobs, Wanted

from .waiting import until

#: Does what the last argument says, and tells of it as a gather does.
STAND_IN = """
import json, signal, sys
def say(phase, **more):
    print(json.dumps({"phase": phase, "documents": 3, "total": 9, "rate": 5, "left": 1.5, **more}),
          file=sys.stderr, flush=True)
what = sys.argv[-1]
def stop(*_):
    say("cancelled")
    sys.exit(130)
signal.signal(signal.SIGTERM, stop)
say("gather")
if what == "wait":
    signal.pause()
if what == "fail":
    say("failed")
    sys.exit("The index is not there. Name another one.")
if what == "vanish":
    signal.raise_signal(signal.SIGKILL)
say("done", documents=9)
print("records: 9 documents in 9 rows; 9 of them fetched in 0.1 s.")
if what == "differ":
    print("month=2021-03 differs: 9 documents are held, 8 are in the index.")
"""


def wanted(what: str, out: str = "/data/records") -> Wanted:
    return Wanted("mods", what, "records", out)


@pytest.fixture
def jobs(tmp_path: Path) -> Any:
    found = Jobs(tmp_path / "jobs", [sys.executable, "-c", STAND_IN])
    yield found
    for job in found.list():
        if job["state"] == "running":
            found.remove(job["id"])


def one(jobs: Jobs) -> dict[str, Any]:
    (job,) = jobs.list()
    return job


def ended(jobs: Jobs) -> Callable[[], bool]:
    return lambda: one(jobs)["state"] != "running"


def test_a_job_that_runs_says_how_far_it_is(jobs: Jobs) -> None:
    jobs.start(wanted("wait"))
    until(lambda: one(jobs)["documents"] == 3)
    job = one(jobs)
    assert (job["state"], job["total"], job["rate"]) == ("running", 9, 5)
    assert (job["connection"], job["index"], job["folder"]) == ("mods", "wait", "records")
    assert job["seconds_left"] == 1.5


def test_a_job_that_is_done(jobs: Jobs) -> None:
    jobs.start(wanted("succeed"))
    until(ended(jobs))
    job = one(jobs)
    assert (job["state"], job["documents"], job["message"]) == ("done", 9, None)


def test_what_a_job_says_besides(jobs: Jobs) -> None:
    jobs.start(wanted("differ"))
    until(ended(jobs))
    assert one(jobs)["message"] == (
        "month=2021-03 differs: 9 documents are held, 8 are in the index."
    )


def test_a_job_that_fails_says_why(jobs: Jobs) -> None:
    jobs.start(wanted("fail"))
    until(ended(jobs))
    job = one(jobs)
    assert (job["state"], job["message"]) == ("failed", "The index is not there. Name another one.")


def test_a_job_that_was_killed_is_interrupted_and_goes_on(jobs: Jobs) -> None:
    jobs.start(wanted("vanish"))
    until(ended(jobs))
    assert one(jobs)["state"] == "interrupted"
    jobs.resume(one(jobs)["id"])
    until(ended(jobs))
    assert one(jobs)["state"] == "interrupted"


def test_a_job_is_cancelled_and_then_taken_out(jobs: Jobs) -> None:
    name = jobs.start(wanted("wait"))
    until(lambda: one(jobs)["documents"] == 3)
    jobs.remove(name)
    until(ended(jobs))
    assert one(jobs)["state"] == "cancelled"
    jobs.remove(name)
    assert jobs.list() == []


def test_a_job_that_is_cancelled_before_it_can_say_anything(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path / "jobs", [sys.executable, "-c", "import signal; signal.pause()"])
    name = jobs.start(wanted("wait"))
    jobs.remove(name)
    until(ended(jobs))
    assert one(jobs)["state"] == "cancelled"


def test_a_job_that_finishes_what_it_is_at_says_that_it_stops(tmp_path: Path) -> None:
    busy = "import signal\nsignal.signal(signal.SIGTERM, lambda *_: None)\nprint('x', flush=True)\n"
    jobs = Jobs(tmp_path / "jobs", [sys.executable, "-c", f"{busy}while True: signal.pause()"])
    name = jobs.start(wanted("wait"))
    until(lambda: (tmp_path / "jobs" / f"{name}.log").stat().st_size > 0)
    assert one(jobs)["stopping"] is False
    jobs.remove(name)
    assert (one(jobs)["state"], one(jobs)["stopping"]) == ("running", True)
    os.kill(json.loads((tmp_path / "jobs" / f"{name}.json").read_text())["pid"], signal.SIGKILL)
    until(ended(jobs))
    assert (one(jobs)["state"], one(jobs)["stopping"]) == ("cancelled", False)


def test_another_server_knows_what_this_one_started(jobs: Jobs, tmp_path: Path) -> None:
    name = jobs.start(wanted("wait"))
    until(lambda: one(jobs)["documents"] == 3)
    later = Jobs(tmp_path / "jobs")
    assert one(later)["state"] == "running"
    with pytest.raises(JobProblem, match="running"):
        later.resume(name)
    pid = json.loads((tmp_path / "jobs" / f"{name}.json").read_text())["pid"]
    os.kill(pid, signal.SIGKILL)
    until(ended(later))
    assert one(later)["state"] == "interrupted"


def test_two_jobs_never_write_into_one_folder(jobs: Jobs) -> None:
    jobs.start(wanted("wait"))
    with pytest.raises(JobProblem, match="being written already"):
        jobs.start(wanted("succeed"))
    jobs.start(wanted("succeed", out="/data/others"))


def test_old_jobs_are_forgotten(jobs: Jobs, tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        jobs.start(wanted("succeed", out=f"/data/{number}"))
        until(lambda: all(job["state"] == "done" for job in jobs.list()))
    assert len(jobs.list()) == KEPT + 1
    assert len(list((tmp_path / "jobs").iterdir())) == 2 * (KEPT + 1)


@pytest.mark.parametrize("name", ["nobody", "../other", "..", "a/b"])
def test_a_job_that_nobody_knows(jobs: Jobs, name: str) -> None:
    for call in (jobs.resume, jobs.remove):
        with pytest.raises(JobProblem, match="not known"):
            call(name)


def test_names_that_look_like_options_stay_names() -> None:
    arguments = Wanted("mods", "--url=http://elsewhere", "f", "/f").arguments()
    assert arguments[-3:] == ["--", "mods", "--url=http://elsewhere"]


def test_only_some_jobs_run_at_a_time(jobs: Jobs) -> None:
    for number in range(MOST):
        name = jobs.start(wanted("wait", out=f"/data/{number}"))
    with pytest.raises(JobProblem, match="3 gathers are running") as problem:
        jobs.start(wanted("succeed", out="/data/more"))
    assert problem.value.status == 429
    until(lambda: all(job["documents"] == 3 for job in jobs.list()))
    jobs.remove(name)
    until(lambda: any(job["state"] == "cancelled" for job in jobs.list()))
    jobs.start(wanted("succeed", out="/data/more"))
