"""What is said of single system calls, and what Landlock leaves open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.verify import landlock
from jupyterlab_workload_explorer.dashboard.verify.finding import Findings, Timeline
from jupyterlab_workload_explorer.dashboard.verify.hosts import Hosts
from jupyterlab_workload_explorer.dashboard.verify.judge import Judge
from jupyterlab_workload_explorer.dashboard.verify.places import Places
from jupyterlab_workload_explorer.dashboard.verify.proof import run_rules
from jupyterlab_workload_explorer.dashboard.verify.system_calls import doings_of
from jupyterlab_workload_explorer.dashboard.verify.trace import parse_trace


def judged(*lines: str) -> list[tuple[str, str | None]]:
    """Rules and subjects of the findings of a trace."""
    findings = Findings(Timeline([]))
    judge = Judge(findings, Places.make({}), Hosts(), (), (), "/start")
    judge.judge(doings_of(parse_trace(lines), "/start"))
    return [(one.rule, one.subject) for one in findings.all()]


def test_a_gpu_is_told_however_it_is_opened() -> None:
    for options in ("O_RDONLY", "O_RDWR|O_CLOEXEC"):
        line = f'7 1.1 openat(AT_FDCWD</a>, "/dev/nvidiactl", {options}) = 3</dev/nvidiactl>'
        assert judged(line) == [("gpu", "/dev/nvidiactl")]


def test_a_program_is_what_its_link_leads_to(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\n")
    link = tmp_path / "link"
    link.symlink_to(tool)
    places = Places.make({"environment": [link]})
    findings = Findings(Timeline([]))
    judge = Judge(findings, places, Hosts(), (), (), "/start")
    trace = parse_trace([f'7 1.1 execve("{link}", ["link"], 0x7ff /* 3 vars */) = 0'])
    # The link itself and what it leads to are the environment's, here.
    judge.judge(doings_of(trace, "/start"))
    assert [one.rule for one in findings.all()] == []
    link.unlink()
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\n")
    link.symlink_to(other)
    judge.judge(doings_of(trace, "/start"))
    assert [(one.rule, one.subject) for one in findings.all()] == [("program", str(other))]


def test_a_program_without_a_name_is_none_of_the_system() -> None:
    line = '7 1.1 execve("/proc/self/fd/5", ["x"], 0x7ff /* 3 vars */) = 0'
    assert [rule for rule, _ in judged(line)] == ["program"]


def test_raw_data_below_a_folder_of_the_system_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = tmp_path / "usr"
    for name in ("lib", "common/records", "common/other"):
        (system / name).mkdir(parents=True)
    module = "jupyterlab_workload_explorer.dashboard.verify.proof.system_rules"
    monkeypatch.setattr(module, lambda: [(str(system), landlock.RUN)])
    rules = dict(run_rules([], [], tmp_path / "scratch", [system / "common" / "records"]))
    assert rules[str(system)] == landlock.LIST
    assert rules[str(system / "common")] == landlock.LIST
    assert rules[str(system / "lib")] == landlock.RUN
    assert rules[str(system / "common" / "other")] == landlock.RUN
    assert str(system / "common" / "records") not in rules


def test_folders_that_nobody_may_look_into_are_left_out(tmp_path: Path) -> None:
    gone = os.fspath(tmp_path / "gone")
    assert landlock.without([gone], [f"{gone}/raw"]) == [(gone, False)]
