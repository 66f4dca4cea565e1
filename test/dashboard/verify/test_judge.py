"""What is said of single system calls, and what Landlock leaves open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.verify import landlock
from jupyterlab_workload_explorer.dashboard.verify.finding import Finding, Findings, Timeline
from jupyterlab_workload_explorer.dashboard.verify.hosts import Hosts
from jupyterlab_workload_explorer.dashboard.verify.judge import Judge, Seen
from jupyterlab_workload_explorer.dashboard.verify.places import Places
from jupyterlab_workload_explorer.dashboard.verify.proof import run_rules
from jupyterlab_workload_explorer.dashboard.verify.system_calls import doings_of
from jupyterlab_workload_explorer.dashboard.verify.trace import parse_trace

NO_HOSTS = Hosts()


def found(*lines: str, hosts: Hosts = NO_HOSTS) -> tuple[list[Finding], Seen]:
    """Findings of a trace, and what is told of it."""
    findings = Findings(Timeline([]))
    judge = Judge(findings, Places.make({}), hosts, (), (), "/start")
    seen = judge.judge(doings_of(parse_trace(lines), "/start"))
    return findings.all(), seen


def judged(*lines: str) -> list[tuple[str, str | None]]:
    """Rules and subjects of the findings of a trace."""
    return [(one.rule, one.subject) for one in found(*lines)[0]]


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


def connects(path: str, result: str = "0") -> str:
    address = f'{{sa_family=AF_UNIX, sun_path="{path}"}}'
    return f"7 1.1 connect(3<socket:[5]>, {address}, 110) = {result}"


RESOLVE = "/run/systemd/resolve/io.systemd.Resolve"


@pytest.mark.parametrize("path", [RESOLVE, f"/var{RESOLVE}", "/run/avahi-daemon/socket"])
def test_names_that_another_program_looks_up(path: str) -> None:
    findings, seen = found(connects(path))
    assert [(one.rule, one.subject) for one in findings] == [("host", path)]
    assert findings[0].message.startswith(f"Looks up the name of a host, at {path}. ")
    assert seen.hosts == {path: False}
    # A host is allowed by its name, so that has to be looked up.
    findings, seen = found(connects(path), hosts=Hosts(names=True))
    assert (findings, seen.hosts) == ([], {path: True})
    # There is no such program.
    assert found(connects(path, "-1 ENOENT (No such file or directory)"))[0] == []


def test_nscd_is_asked_for_a_host() -> None:
    path = "/run/nscd/socket"
    request = r'"\2\0\0\0\16\0\0\0\f\0\0\0example.org\0"'
    sent = f"7 1.2 sendto(3<socket:[5]>, {request}, 24, MSG_NOSIGNAL, NULL, 0) = 24"
    assert judged(connects(path), sent) == [("host", path)]
    assert found(connects(path), sent, hosts=Hosts(names=True))[0] == []


@pytest.mark.parametrize(
    "path",
    [
        "/run/dbus/system_bus_socket",
        "/var/run/dbus/system_bus_socket",
        # Files of these folders may be read, and the programs not be asked.
        f"{RESOLVE}.Monitor",
        "/run/nscd/socket",
        "/etc/service",
    ],
)
def test_other_programs_of_the_system(path: str) -> None:
    findings, _ = found(connects(path), hosts=Hosts(names=True))
    assert [(one.rule, one.subject) for one in findings] == [("host", path)]
    assert findings[0].message.startswith(f"Connects to another program by {path}.")


@pytest.mark.parametrize(
    "path",
    [
        "/var/lib/sss/pipes/nss",
        "/run/nslcd/socket",
        "/var/run/nslcd/socket",
        "/run/systemd/userdb/io.systemd.Multiplexer",
    ],
)
def test_programs_that_know_users(path: str) -> None:
    findings, _ = found(connects(path))
    assert not findings


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
