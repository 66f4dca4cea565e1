"""What verifying found, as JSON and as text."""

from __future__ import annotations

import json
import os
import posixpath
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .finding import Finding
from .problem import VerifyProblem

REPORT_VERSION = 1

GREEN = "green"
FINDINGS = "findings"
NOT_PROVEN = "not proven"
PROVEN = "proven"

#: What has to be proven, in the order in which it is told.
PARTS = ("files", "hosts", "processes", "modules")


@dataclass(frozen=True)
class Proven:
    """Which way the proof was made, and what it proves; reasons by what is not proven."""

    way: str
    open: Mapping[str, str] = field(default_factory=dict)
    #: Sentences on why no better way was taken, which tell of this machine.
    not_used: tuple[str, ...] = ()
    #: Sentences on how far it goes.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What is known of a run. Times are in seconds, memory in bytes."""

    tool: str
    notebook: str
    hash: str | None
    kernel: str
    proven: Proven
    findings: tuple[Finding, ...]
    cells: tuple[Mapping[str, Any], ...]
    seconds: float
    seconds_to_kernel: float | None
    seconds_to_first_output: float | None
    peak_memory_bytes: int
    #: ``None`` where nobody saw them.
    files: tuple[Mapping[str, str], ...] | None
    other_files: Mapping[str, int] | None
    modules: tuple[str, ...] | None
    hosts: tuple[Mapping[str, Any], ...] | None
    programs: tuple[Mapping[str, Any], ...] | None
    processes: int | None

    @property
    def verdict(self) -> str:
        """Green only where nothing was found and nothing is open."""
        if self.findings:
            return FINDINGS
        return NOT_PROVEN if self.proven.open else GREEN

    def to_json(self) -> dict[str, Any]:
        """The report as docs/verify.md describes it."""
        return {
            "version": REPORT_VERSION,
            "tool": self.tool,
            "notebook": self.notebook,
            "hash": self.hash,
            "kernel": self.kernel,
            "verdict": self.verdict,
            "proof": {
                "way": self.proven.way,
                **{part: NOT_PROVEN if part in self.proven.open else PROVEN for part in PARTS},
                "open": dict(self.proven.open),
                "notes": [*self.proven.not_used, *self.proven.notes],
            },
            "findings": [
                {
                    "rule": one.rule,
                    "message": one.message,
                    "subject": one.subject,
                    "cell": one.cell,
                    "index": one.index,
                    "line": one.line,
                }
                for one in self.findings
            ],
            "seconds": _rounded(self.seconds),
            "seconds_to_kernel": _rounded(self.seconds_to_kernel),
            "seconds_to_first_output": _rounded(self.seconds_to_first_output),
            "peak_memory_bytes": self.peak_memory_bytes,
            "cells": [dict(cell) for cell in self.cells],
            "files": None if self.files is None else [dict(one) for one in self.files],
            "other_files": None if self.other_files is None else dict(self.other_files),
            "modules": None if self.modules is None else list(self.modules),
            "hosts": None if self.hosts is None else [dict(one) for one in self.hosts],
            "programs": None if self.programs is None else [dict(one) for one in self.programs],
            "processes": self.processes,
        }

    def to_public_json(self) -> dict[str, Any]:
        """The report for readers of what is published: it tells nothing of who verified it, where.

        Of paths outside of the folder the last part is left; of findings and errors of cells, the
        rule or name, and the place; of ways of proof that did not work here, nothing.
        """
        told = self.to_json()
        told["proof"]["notes"] = list(self.proven.notes)
        for one in told["findings"]:
            one |= {"message": None, "subject": None}
        for cell in told["cells"]:
            if cell["error"]:
                cell["error"] = {**cell["error"], "message": None, "traceback": None}
        for part, key in (("files", "path"), ("programs", "path"), ("hosts", "address")):
            for one in told[part] or ():
                if posixpath.isabs(one[key]):
                    one[key] = posixpath.basename(one[key])
        return told

    def to_text(self) -> str:
        """The report for people."""
        return "\n".join(_lines(self)) + "\n"


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


_HEAD = {
    GREEN: "Green: it runs as it is, and reads nothing but what is published with it.",
    FINDINGS: "Not to be published as it is:",
    NOT_PROVEN: "Not proven: it runs, but what it reads and does was not seen.",
}


def _lines(report: Report) -> list[str]:
    lines = [f"{report.notebook} in the kernel “{report.kernel}”", "", _HEAD[report.verdict]]
    for one in report.findings:
        place = "" if one.index is None else f"cell {one.index + 1}"
        place += f", line {one.line}" if place and one.line else ""
        lines.append(f"  {one.rule}{f' ({place})' if place else ''}: {one.message}")
    lines += ["", f"Proof by {_WAYS[report.proven.way]}."]
    for part in PARTS:
        reason = report.proven.open.get(part)
        lines.append(f"  {part}: {PROVEN if reason is None else f'{NOT_PROVEN} ({reason})'}")
    lines += [f"  {note}" for note in (*report.proven.not_used, *report.proven.notes)]
    lines += ["", *_run_lines(report), "", "Cells:"]
    for cell in report.cells:
        outputs = ", ".join(cell["outputs"]) or "no output"
        told = f"{cell['seconds']:.2f} s, {outputs}" if cell["ran"] else "did not run"
        lines.append(f"  {cell['index'] + 1} ({cell['id'] or 'no id'}): {told}")
        if cell["error"]:
            lines += [f"    {line}" for line in cell["error"]["traceback"].splitlines()]
    return lines


_WAYS = {
    "strace": "system calls (strace)",
    "landlock": "Landlock, which refuses everything else",
    "none": "nothing",
}


def _run_lines(report: Report) -> list[str]:
    first = report.seconds_to_first_output
    lines = [
        f"Took {report.seconds:.1f} s; "
        + (f"first output after {first:.1f} s" if first is not None else "no output")
        + f"; at most {report.peak_memory_bytes / 1e6:,.0f} MB of memory."
    ]
    if report.files is not None:
        own = sorted(one["path"] for one in report.files if one["kind"] == "bundle")
        lines.append(f"Read from its folder: {', '.join(own) or 'nothing'}.")
    if report.programs:
        programs = ", ".join(f"{one['path']} ({one['times']} times)" for one in report.programs)
        lines.append(f"Started: {programs}.")
    if report.hosts:
        hosts = ", ".join(one["address"] for one in report.hosts)
        lines.append(f"Connected to: {hosts}.")
    return lines


def write_report(report: Report, path: Path) -> None:
    """Write the report as JSON, whole or not at all. Raises ``VerifyProblem``."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(report.to_json(), file, indent=2, ensure_ascii=False)
                file.write("\n")
            # A temporary file is only for its owner; a report is as readable as what it is about.
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise VerifyProblem(
            f"The report {path} cannot be written: {error.strerror}. Name another file by --report."
        ) from None
