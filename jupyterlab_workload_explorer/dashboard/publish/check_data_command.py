"""The command ``python -m jupyterlab_workload_explorer check-data``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from .problem import PublishUsage, Stopped, disk_sentence

_EXAMPLE = """\
examples:
  check-data public/report --raw /scratch/records
  check-data public/report --raw /scratch/records --add /scratch/new/2021-06.parquet

Exit status: 0 nothing was found, and what was named by --add is there, 1 something was, and
nothing has changed, 2 wrong usage.
"""

#: Exit statuses.
CLEAN, FOUND, USAGE = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m jupyterlab_workload_explorer check-data",
        description="Check the data that a published dashboard reads where they are: columns, "
        "identities, small groups. For those who write them, each time that they do.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = found.add_argument
    add("bundle", type=Path, metavar="BUNDLE", help="the folder that is published")
    add(
        "--raw",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="Parquet records, whose users are looked for",
    )
    add(
        "--add",
        action="extend",
        nargs="+",
        default=[],
        type=Path,
        metavar="FILE",
        help="files that lie elsewhere: put there, each at once, if nothing is found with them",
    )
    add("--to", type=Path, metavar="PATH", help="which data they are added to, of several")
    add("--format", choices=["text", "json"], default="text", help="what is printed (text)")
    return found


def main(arguments: list[str]) -> int:
    """Check referenced data, and add to them; returns the exit status.

    0: nothing was found, and what was to be added is there; 1: something was, and nothing has
    changed; 2: wrong usage.
    """
    try:
        told = parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    # Whoever ends it leaves no copy behind that nobody has checked.
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        return _check(told)
    finally:
        signal.signal(signal.SIGTERM, before)


def _check(told: argparse.Namespace) -> int:
    from .check_data import check_data

    try:
        checked = check_data(told.bundle, told.raw, add=told.add, to=told.to)
    except PublishUsage as problem:
        print(problem, file=sys.stderr)
        return USAGE
    except Stopped as stopped:
        print(stopped.message, file=sys.stderr)
        return FOUND
    except OSError as error:
        print(disk_sentence(error, "check again"), file=sys.stderr)
        return FOUND
    if told.format == "json":
        print(json.dumps(checked.to_json(), indent=2, ensure_ascii=False))
    else:
        print(checked.to_text(), end="")
    return FOUND if checked.findings else CLEAN
