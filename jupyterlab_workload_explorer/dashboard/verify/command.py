"""The command ``python -m jupyterlab_workload_explorer verify``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from ..arguments import seconds
from .problem import VerifyProblem

_EXAMPLE = """\
examples:
  verify published/dashboard.ipynb
  verify users.dashboard.ipynb --raw /scratch/records --allow-read /srv/reduced
  verify users.dashboard.ipynb --format json --report -

Exit status: 0 green, 1 findings or not proven, 2 it could not be run.
"""

#: Exit statuses.
GREEN, NOT_GREEN, USAGE = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m jupyterlab_workload_explorer verify",
        description="Run a compiled dashboard in a clean kernel, and prove what it reads and does.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = found.add_argument
    add("notebook", type=Path, help="the compiled notebook")
    add("--bundle", type=Path, help="the folder that is published (the notebook's)")
    add("--kernel", help="the kernel to run it in (the notebook's)")
    add("--timeout", type=seconds, default=300.0, help="seconds for all of it (300)")
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="an address that it may connect to",
    )
    add(
        "--allow-read",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="a file or folder that will be there beside the dashboard's",
    )
    add(
        "--raw",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="raw data, which it must not read, wherever they are",
    )
    add("--report", metavar="FILE", help="where the report goes (verify.json beside it; - nowhere)")
    add("--format", choices=["text", "json"], default="text", help="what is printed (text)")
    add(
        "--proof",
        choices=["auto", "strace", "landlock", "none"],
        default="auto",
        help="how it is watched (the first that works)",
    )
    return found


def main(arguments: list[str]) -> int:
    """Verify a dashboard; returns the exit status.

    0: green; 1: there are findings, or something is not proven; 2: it could not be run.
    """
    try:
        told = parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    # What they need is there with Jupyter Server, and takes a while to load.
    from .report import GREEN as IS_GREEN
    from .report import write_report
    from .run import Question
    from .verify import verify

    question = Question(
        told.notebook,
        told.bundle,
        told.kernel,
        told.timeout,
        told.allow_host,
        told.allow_read,
        told.raw,
        told.proof,
    )
    # Whoever ends it, with a signal or a key, leaves no file and no process behind.
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        report = verify(question)
        if told.report != "-":
            beside = told.notebook.resolve().parent / "verify.json"
            write_report(report, Path(told.report) if told.report else beside)
    except VerifyProblem as problem:
        print(problem, file=sys.stderr)
        return USAGE
    finally:
        signal.signal(signal.SIGTERM, before)
    if told.format == "json":
        print(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
    else:
        print(report.to_text(), end="")
    return GREEN if report.verdict == IS_GREEN else NOT_GREEN
