"""The command ``python -m jupyterlab_workload_explorer privacy``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from ...site_file import SiteFile
from ..arguments import role_and_column
from .audience import SMALLEST, AudienceProblem, smallest
from .reference import RawProblem
from .scan import scan

#: Exit statuses.
CLEAN, FOUND, USAGE = 0, 1, 2

_EXAMPLE = """\
examples:
  privacy bundle
  privacy bundle --raw records --audience center --report bundle/privacy.json
  privacy bundle --raw records --map user=handle --k 10
  privacy bundle --accept "The two names are those of packages, checked by hand"
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m jupyterlab_workload_explorer privacy",
        description="Search what is published for identities and small groups.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = found.add_argument
    add("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    add("--raw", type=Path, metavar="PATH", help="Parquet records, whose users are looked for")
    add("--audience", choices=list(SMALLEST), help="for whom (public)")
    add("--k", type=int, metavar="N", help="fewest users of a shown cell; outweighs --audience")
    add(
        "--map",
        action="append",
        type=role_and_column,
        default=[],
        metavar="ROLE=COLUMN",
        help="which column has a role, such as user=handle",
    )
    add("--report", type=Path, metavar="FILE", help="write the report there, as JSON")
    add("--format", choices=["text", "json"], default="text", help="how to print the report")
    add("--accept", metavar="REASON", help="publish all the same, and record why")
    return found


def main(arguments: list[str]) -> int:
    """Run the command.

    Returns 0 where nothing was found, or findings are accepted with a reason; 1 where something
    was found; 2 for wrong usage, and where raw data cannot be read.
    """
    try:
        options = parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        mapping = dict(options.map)
        audience = options.audience or (None if options.k is not None else "public")
        if options.k is not None and options.k < 1:
            raise AudienceProblem("--k is a number of users, 1 or more.")
        if options.accept is not None and not options.accept.strip():
            raise AudienceProblem("--accept asks for a reason, which is recorded.")
        k = options.k if options.k is not None else smallest(audience, _site_values())
        report = scan(options.paths, k=k, audience=audience, raw=options.raw, mapping=mapping)
    except (AudienceProblem, RawProblem, FileNotFoundError) as problem:
        print(problem, file=sys.stderr)
        return USAGE
    if options.accept is not None:
        report.accept(options.accept.strip())
    written = json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n"
    if options.report is not None:
        try:
            _write(options.report, written)
        except OSError as problem:
            print(
                f"The report cannot be written to {options.report}: {problem.strerror}. "
                "Name another file.",
                file=sys.stderr,
            )
            return USAGE
    print(written if options.format == "json" else report.as_text() + "\n", end="")
    return CLEAN if report.clean or report.accepted is not None else FOUND


def _site_values() -> dict[str, int] | None:
    site = SiteFile().read()
    if site.errors:
        # It may ask for more than what holds without it.
        raise AudienceProblem(
            f"The site file {site.path} has errors: {'; '.join(site.errors)}. Repair it, or say "
            "how few users a cell may stand for: --k N."
        )
    return site.privacy


def _write(path: Path, text: str) -> None:
    """Write a file so that a reader never sees half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
