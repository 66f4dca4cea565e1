"""Verify: run a compiled notebook in a clean kernel, and report what it did."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ... import __version__
from ..content_hash import content_hash
from .audit import read_audit
from .denials import judge_denials
from .finding import Findings, Timeline
from .judge import Judge, Seen
from .notebook import CodeCell, Notebook
from .proof import LANDLOCK, STRACE
from .proven import what_is_proven
from .report import Report
from .run import Question, Result, Run
from .session import Ran
from .system_calls import doings_of
from .trace import parse_trace


def verify(question: Question) -> Report:
    """Run a compiled notebook as where it is served, and tell what it did.

    Takes as long as the notebook, twice that under strace where it opens many files. Not for the
    thread of an event loop. Nothing of it is left running.

    Raises:
        VerifyProblem: it could not be run at all.
    """
    work = Path(tempfile.mkdtemp(prefix="wv-", dir=_short_folder()))
    try:
        run = Run(question, work)
        result, peak = run.go()
        return _tell(run, result, peak)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _short_folder() -> str:
    """A folder for temporary files; paths of sockets may have a hundred characters."""
    folder = tempfile.gettempdir()
    return folder if len(folder) < 50 else "/tmp"


def _tell(run: Run, result: Result, peak: int) -> Report:
    """The report of a run that took ``peak`` bytes of memory."""
    timeline = Timeline(result.ran)
    findings = Findings(timeline)
    if result.broken:
        rule, message, cell = result.broken
        findings.add(rule, "", message, cell=cell)
    for cell, ran in result.ran:
        if ran.failure and not cell.may_fail:
            message = f"Fails: {ran.failure.name}: {ran.failure.message}"
            findings.add("cell-error", "", message, cell=cell)
    search = [*map(str, run.environment.import_folders), str(run.folder)]
    judge = Judge(findings, run.places, run.hosts, run.heavy, search, str(run.folder))
    trace, seen = None, None
    if run.proof.way == STRACE:
        with run.trace.open(encoding="utf-8", errors="surrogateescape") as lines:
            trace = parse_trace(lines)
        doings = doings_of(trace, str(run.folder), result.holders)
        seen = judge.judge(doings)
    elif run.proof.way == LANDLOCK:
        tried = read_audit(run.audit)
        # What kept the kernel from starting is told with that.
        log = run.read_log() if result.ready is not None else ""
        judge_denials(timeline, log, tried, findings, judge, run.places)
    for module in result.modules or ():
        judge.module(module)
    proven = what_is_proven(run.proof, run.hosts, trace, result.modules)
    return Report(
        tool=f"workload-explorer {__version__}",
        notebook=run.notebook.path.relative_to(run.bundle).as_posix(),
        hash=content_hash(run.notebook.content),
        kernel=run.environment.name,
        proven=proven,
        findings=tuple(findings.all()),
        cells=_cells(run.notebook, result),
        seconds=result.ended - result.began,
        seconds_to_kernel=None if result.ready is None else result.ready - result.began,
        seconds_to_first_output=_first_output(result),
        peak_memory_bytes=peak,
        modules=None if result.modules is None else _told_modules(result.modules),
        **_of_seen(seen),
    )


def _first_output(result: Result) -> float | None:
    times = [ran.first_output for _, ran in result.ran if ran.first_output is not None]
    return min(times) - result.began if times else None


def _told_modules(modules: Sequence[str]) -> tuple[str, ...]:
    """Packages, without their own modules and those of the notebook itself."""
    return tuple(sorted({one.split(".")[0] for one in modules} - {"__main__", "__mp_main__"}))


def _of_seen(seen: Seen | None) -> dict[str, Any]:
    if seen is None:
        parts = ("files", "other_files", "hosts", "programs", "processes")
        return dict.fromkeys(parts)
    return {
        "files": tuple({"path": one, "kind": kind} for one, kind in sorted(seen.files.items())),
        "other_files": dict(sorted(seen.other_files.items())),
        "hosts": tuple(
            {"address": one, "allowed": allowed} for one, allowed in sorted(seen.hosts.items())
        ),
        "programs": tuple(
            {"path": path, "kind": kind, "times": times}
            for (path, kind), times in sorted(seen.programs.items())
        ),
        "processes": seen.processes,
    }


def _cells(notebook: Notebook, result: Result) -> tuple[Mapping[str, Any], ...]:
    ran = {cell.index: ran for cell, ran in result.ran}
    return tuple(_cell(cell, ran.get(cell.index)) for cell in notebook.cells)


def _cell(cell: CodeCell, ran: Ran | None) -> dict[str, Any]:
    failure = ran.failure if ran else None
    return {
        "id": cell.id,
        "index": cell.index,
        "ran": ran is not None,
        "seconds": round(max(0.0, ran.ended - ran.began), 3) if ran else None,
        "outputs": list(ran.outputs) if ran else [],
        "error": None
        if failure is None
        else {
            "name": failure.name,
            "message": failure.message,
            "traceback": failure.traceback,
        },
    }
