"""The command ``python -m jupyterlab_workload_explorer check-data``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .problem import PublishUsage, Stopped

#: Exit statuses.
CLEAN, FOUND, USAGE = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m jupyterlab_workload_explorer check-data",
        description="Check the data that a published dashboard reads where they are: columns, "
        "identities, small groups. For those who write them, each time that they do.",
        epilog="Exit status: 0 nothing was found, 1 something was, 2 wrong usage.",
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
    add("--format", choices=["text", "json"], default="text", help="what is printed (text)")
    return found


def main(arguments: list[str]) -> int:
    """Check referenced data; returns 0 where nothing was found, 1 else, 2 for wrong usage."""
    try:
        told = parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    from .check_data import check_data

    try:
        checked = check_data(told.bundle, told.raw)
    except PublishUsage as problem:
        print(problem, file=sys.stderr)
        return USAGE
    except Stopped as stopped:
        print(stopped.message, file=sys.stderr)
        return FOUND
    if told.format == "json":
        print(json.dumps(checked.to_json(), indent=2, ensure_ascii=False))
    else:
        print(checked.to_text(), end="")
    return FOUND if checked.findings else CLEAN
