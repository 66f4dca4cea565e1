"""The commands ``python -m jupyterlab_workload_explorer expire`` and ``forget``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .problem import GatherProblem

_EXPIRE = """\
example:
  expire records --before 2021-01-01

Records before that day are deleted for good, and the next gather does not fetch them again. The
folder's _log.ndjson says when that was, and how many rows they were.
"""

_FORGET = """\
examples:
  forget records alice bob
  forget records - < names.txt
  forget shared alice --key-file ~/key

Their records are deleted for good, and the next gather leaves them out. The folder's _log.ndjson
says when that was, and not who. Others see the arguments of a running command: - reads names from
standard input, one on a line.
"""

DONE, FAILED = 0, 1


def expire_parser() -> argparse.ArgumentParser:
    """The parser of ``expire``."""
    found = _parser("expire", "Take old records out of a gathered dataset.", _EXPIRE)
    found.add_argument("--before", required=True, metavar="DATE", help="the first day that stays")
    return found


def forget_parser() -> argparse.ArgumentParser:
    """The parser of ``forget``."""
    found = _parser("forget", "Take the records of users out of a gathered dataset.", _FORGET)
    found.add_argument("users", nargs="+", metavar="USER", help="whom to forget, or -")
    found.add_argument(
        "--key-file", type=Path, help="the file of the key, where users have pseudonyms"
    )
    return found


def main(argv: list[str]) -> int:
    """Run ``expire`` or ``forget``, whose name comes first; returns the exit status.

    0: done; 1: a problem, told on standard error; 2: wrong usage.
    """
    try:
        arguments = (expire_parser() if argv[0] == "expire" else forget_parser()).parse_args(
            argv[1:]
        )
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        from .upkeep import expire, forget

        if argv[0] == "expire":
            done = expire(arguments.out, arguments.before)
        else:
            done = forget(arguments.out, _users(arguments.users), arguments.key_file)
    except ModuleNotFoundError as missing:
        print(
            f"{argv[0]} needs the Python package {missing.name}. "
            "Install it: pip install 'jupyterlab-workload-explorer[gather]'.",
            file=sys.stderr,
        )
        return FAILED
    except GatherProblem as problem:
        print(problem, file=sys.stderr)
        return FAILED
    print(f"{arguments.out}: {done.rows:,} rows are gone; {done.parts:,} files were written anew.")
    for file, documents, reason in done.lost:
        print(
            f"The file {file} {reason}. Run gather: it fetches what the index still has of its "
            f"{documents:,} documents."
        )
    return DONE


def _parser(name: str, description: str, examples: str) -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog=f"python -m jupyterlab_workload_explorer {name}",
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    found.add_argument("out", type=Path, metavar="DIR", help="the folder of the dataset")
    return found


def _users(named: list[str]) -> list[str]:
    if named != ["-"]:
        return named
    return [line.rstrip("\r\n") for line in sys.stdin if line.strip()]
