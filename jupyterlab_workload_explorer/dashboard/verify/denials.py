"""What was refused to a run that Landlock held."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from .audit import Tried
from .finding import Findings, Timeline
from .judge import Judge
from .places import RAW, READABLE, RUNNABLE, Places

#: How programs and libraries say that they were refused something; errno 13 and 1.
_REFUSED = re.compile(
    r"Permission denied|Operation not permitted|PermissionError|\[errno 13\]|\berrno:? 13\b",
    re.IGNORECASE,
)
_PATH = re.compile(r"['\"“\u2018(\s:](/[^'\"“”\u2018\u2019\n:()]+)")


def judge_denials(
    timeline: Timeline,
    log: str,
    tried: Iterable[Tried],
    findings: Findings,
    judge: Judge,
    places: Places,
) -> None:
    """Add a finding for each refusal that a cell's error, a cell's text or the log tells.

    Args:
        log: what the kernel and its processes wrote beside the cells' outputs.
        tried: what Python itself tried, which also tells refusals that the notebook passed over.
    """
    for one in tried:
        _judge_tried(one, judge, places)
    for _, ran in timeline.ran:
        texts = [ran.text]
        if ran.failure:
            texts.append(f"{ran.failure.name}: {ran.failure.message}")
        for text in texts:
            for line in text.splitlines():
                if _REFUSED.search(line):
                    _judge_line(line, findings, judge, places, ran.began)
    for line in log.splitlines():
        if _REFUSED.search(line) and not _OF_KERNEL.search(line):
            # Before the first cell, as far as anybody knows.
            _judge_line(line, findings, judge, places, 0.0)


#: The kernel's own word that it offers forked processes no port to print by.
_OF_KERNEL = re.compile(r"IOPub Pipe")


def _judge_tried(one: Tried, judge: Judge, places: Places) -> None:
    if one.kind == "connect":
        host, _, port = one.value.rpartition(":")
        if port.isdecimal():
            judge.host(host, int(port), one.seconds, one.line)
        else:
            judge.socket(one.value, one.seconds, one.line)
        return
    if not one.value.startswith("/"):
        return
    path = os.path.realpath(one.value)
    if path.startswith("/proc/"):
        return
    kind = places.kind(path)
    file = Path(path)
    if one.kind == "write":
        judge.change(path, kind, one.seconds, one.line)
    elif one.kind == "run":
        if kind not in RUNNABLE and file.exists():
            judge.program(path, one.seconds, one.line)
    elif kind in READABLE or path in places.import_folders:
        return
    # What is not there tells nothing, unless it is raw data; programs' arguments may be any text.
    elif kind == RAW or file.is_file() or (one.kind == "open" and file.exists()):
        judge.read(path, kind, one.seconds, one.line)


def _judge_line(
    line: str,
    findings: Findings,
    judge: Judge,
    places: Places,
    seconds: float,
) -> None:
    paths = [os.path.realpath(found.rstrip()) for found in _PATH.findall(f" {line}")]
    if any(findings.tells_of(path) for path in paths):
        return
    for path in paths:
        kind = places.kind(path)
        if kind not in READABLE and Path(path).exists():
            judge.read(path, kind, seconds)
            return
    if not paths and findings.has("host", seconds):
        # Refused connections name no host; what Python tried has told it.
        return
    findings.add(
        "denied",
        line.strip()[:200],
        f"Something was refused that the dashboard asked for: “{line.strip()[:200]}”. Only its "
        "folder, its environment and temporary files can be used, and no network.",
        seconds=seconds,
        key=f"{seconds} {line}",
    )
