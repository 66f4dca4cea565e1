"""The command ``python -m jupyterlab_workload_explorer gather``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from .problem import Cancelled, GatherProblem

_EXAMPLE = """\
examples:
  gather mods 'mods-2021*' --out records
  gather --url https://es.example.org:9200 'mods-*' --out records --columns user,job,package
  gather mods 'mods-*' --out days --distill --drop version --zone America/Los_Angeles
  gather mods 'mods-*' --out shared --distill --pseudonymise user,account,paths --key-file ~/key

A login for --url stands in ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, in ELASTICSEARCH_API_KEY,
or in ELASTICSEARCH_BEARER_TOKEN; a certificate in ELASTICSEARCH_CA_CERTIFICATE. Run it again to
fetch what has come since, or to go on after it was stopped.
"""

#: Exit statuses.
DONE, FAILED, USAGE, DIFFERS, STOPPED = 0, 1, 2, 3, 130


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m jupyterlab_workload_explorer gather",
        description="Gather records from Elasticsearch into a Parquet dataset.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = found.add_argument
    add("names", nargs="+", metavar="[CONNECTION] INDEX", help="a connection, and what to gather")
    add("--out", required=True, type=Path, help="the folder of the dataset")
    add("--url", help="addresses of the server, instead of a connection; several with commas")
    add("--columns", help="fields or roles to gather, with commas; the time always comes along")
    add(
        "--map",
        action="append",
        default=[],
        metavar="ROLE=FIELD",
        help="which field has a role, such as time=@timestamp or ingest=event.ingested",
    )
    add("--shape", choices=["long", "wide"], default="long", help="a row a document, or a process")
    add(
        "--distill",
        action="store_true",
        help="a row, with a count, for each user, job, package, day",
    )
    add("--drop", help="with --distill: fields or roles to leave out, with commas")
    add("--keep", help="with --distill: fields without a role to keep, with commas")
    add("--zone", help="with --distill: the time zone of the days (that of the site file, or UTC)")
    add("--pseudonymise", help="fields or roles, or paths: keyed hashes stand in their place")
    add("--key-file", type=Path, help="the file of the key of pseudonyms, which others cannot read")
    add("--page-size", type=_positive, help="documents of a request (10000)")
    add("--workers", type=_positive, default=3, help="requests at a time (3)")
    add(
        "--overlap",
        type=_seconds,
        default=3600.0,
        help="how late records come, as 90s, 1h, 2d (1h)",
    )
    add("--time-limit", type=_seconds, help="seconds until a request has failed (60)")
    add("--verify", action="store_true", help="check all files against their checksums before")
    add("--progress", choices=["line", "json", "none"], help="how to tell how far it is")
    return found


def main(argv: list[str]) -> int:
    """Run the command, whose name comes first; returns its exit status.

    0: the dataset holds what the index had; 1: a problem, told on standard error; 2: wrong usage;
    3: done, and some partitions differ from the index, as said; 130: stopped by a signal. The
    commands ``expire`` and ``forget`` are told by their names.
    """
    if argv[0] in ("expire", "forget"):
        from .upkeep_command import main as keep_up

        return keep_up(argv)
    try:
        arguments = parser().parse_args(argv[1:])
        options = _options(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    except GatherProblem as problem:
        print(problem, file=sys.stderr)
        return USAGE
    try:
        from .run import gather
    except ModuleNotFoundError as missing:
        print(
            f"gather needs the Python package {missing.name}. "
            "Install it: pip install 'jupyterlab-workload-explorer[gather]'.",
            file=sys.stderr,
        )
        return FAILED
    cancelled = threading.Event()
    before = {
        one: signal.signal(one, lambda *_: cancelled.set())
        for one in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        result = gather(cancelled=cancelled, **options)
    except Cancelled:
        print("Stopped. Run it again to go on from what is complete.", file=sys.stderr)
        return STOPPED
    except GatherProblem as problem:
        print(problem, file=sys.stderr)
        return FAILED
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    for line in summary(result):
        print(line)
    return DIFFERS if result.differing else DONE


def summary(result: Any) -> list[str]:
    """What came of a gather, in lines."""
    lines = [
        f"{result.out}: {result.documents:,} documents in {result.rows:,} rows; "
        f"{result.fetched:,} of them fetched in {result.seconds:.1f} s.",
    ]
    if result.rejects:
        lines.append(
            f"{result.rejects:,} values did not fit: see {result.out / '_rejects.ndjson'}."
        )
    for file, documents, reason in result.lost:
        lines.append(
            f"The file {file} {reason}. What the index still has of its {documents:,} documents "
            "has been gathered anew."
        )
    for name, (held, there) in result.differing.items():
        lines.append(
            f"month={name} differs: {held:,} documents are held, {there:,} are in the index"
            + (f"; {held - there:,} have expired there and stay here." if held > there else ".")
        )
    if result.exchanged:
        lines.append(
            f"{result.exchanged:,} rows are not in the index any more, where as many others came "
            "at the same times. If it was built anew with other values, its documents are here "
            "twice: gather it into another folder."
        )
    for field in result.new_fields:
        lines.append(
            f'The field "{field}" is new in the index and not in this dataset. Gather into another '
            "folder to have it."
        )
    for field, reason in result.left_out.items():
        lines.append(f'The field "{field}" is left out: {reason}.')
    return lines


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    names = arguments.names
    if len(names) != (1 if arguments.url else 2):
        raise GatherProblem("With --url, give an index; without, give a connection and an index.")
    mapping = {}
    for one in arguments.map:
        role, equals, field = one.partition("=")
        if not equals:
            raise GatherProblem(f'--map {one} is not understood. Write it as "--map time=FIELD".')
        mapping[role] = field
    progress = arguments.progress or ("line" if sys.stderr.isatty() else "none")
    return {
        "connection": None if arguments.url else names[0],
        "indices": names[-1],
        "out": arguments.out,
        "url": arguments.url,
        "columns": _names(arguments.columns),
        "distill": arguments.distill,
        "drop": _names(arguments.drop),
        "keep": _names(arguments.keep),
        "zone": arguments.zone,
        "pseudonymise": _names(arguments.pseudonymise),
        "key_file": arguments.key_file,
        "mapping": mapping,
        "shape": arguments.shape,
        "page_size": arguments.page_size,
        "workers": arguments.workers,
        "overlap": arguments.overlap,
        "time_limit": arguments.time_limit,
        "verify": arguments.verify,
        "progress": progress,
    }


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [one for one in text.split(",") if one]


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def _seconds(text: str) -> float:
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    try:
        value = float(number) * _UNITS[unit]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no time such as 90s, 1h, 2d") from None
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no time such as 90s, 1h, 2d")
    return value
