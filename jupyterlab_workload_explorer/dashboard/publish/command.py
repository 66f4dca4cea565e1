"""The command ``python -m jupyterlab_workload_explorer publish``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import role_and_column, seconds
from .problem import PublishUsage, Stopped, disk_sentence

if TYPE_CHECKING:
    from .shelf import Shelf

_EXAMPLE = """\
examples:
  publish report.dashboard.ipynb --out public/report --raw /scratch/records
  publish report.dashboard.ipynb --out public/report --audience center --by-reference /srv/reduced
  publish --out public/report --rollback

Exit status: 0 published, 1 stopped, and what was published before is as it was, 2 wrong usage.
"""

#: Exit statuses.
PUBLISHED, STOPPED, USAGE = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m jupyterlab_workload_explorer publish",
        description="Publish a compiled dashboard as a folder that runs as it is.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = found.add_argument
    add("notebook", nargs="?", type=Path, metavar="DASHBOARD", help="the compiled notebook")
    add("--out", type=Path, required=True, metavar="DIR", help="the folder that is published")
    add("--audience", choices=["staff", "center", "public"], default="public", help="for whom")
    add("--k", type=int, metavar="N", help="fewest users of a shown cell; outweighs --audience")
    several = partial(add, action="append", default=[], type=Path, metavar="PATH")
    several_texts = partial(add, action="append", default=[])
    several("--raw", help="Parquet records, which it must not read; their users are looked for")
    add(
        "--map",
        action="append",
        type=role_and_column,
        default=[],
        metavar="ROLE=COLUMN",
        help="which column has a role, such as user=handle",
    )
    several_texts("--allow-host", metavar="HOST:PORT", help="it may connect to it")
    several("--by-reference", help="data that stay where they are")
    several("--data", help="data in its folder that it reads; only where nobody can see that")
    add("--image", metavar="DIGEST", help="a container image to use, as name@sha256:…")
    add("--kernel", metavar="NAME", help="the kernel to run it in (the notebook's)")
    add("--timeout", type=seconds, default=300.0, metavar="S", help="seconds for each run (300)")
    add("--accept", metavar="REASON", help="publish all the same, and record why")
    several_texts("--accept-only", metavar="NAME", help="accept just findings of this name")
    add("--archive", type=Path, metavar="FILE", help="write it as tar.gz, too")
    add(
        "--page", action="store_true", help="with a static page: one HTML file that needs no kernel"
    )
    add(
        "--compiled-with",
        type=Path,
        metavar="FILE",
        help="the file of its parameters, which JupyterLab sets when it publishes it again",
    )
    add("--rollback", action="store_true", help="show the good version before this one")
    add("--format", choices=["text", "json"], default="text", help="what is printed (text)")
    return found


def main(arguments: list[str]) -> int:
    """Publish a dashboard; returns the exit status.

    0: published; 1: stopped, and what was published before is as it was; 2: wrong usage.
    """
    try:
        told = parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    # Whoever ends it, with a signal or a key, leaves no file and no process behind.
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        return _roll_back(told.out) if told.rollback else _publish(told)
    except PublishUsage as problem:
        print(problem, file=sys.stderr)
        return USAGE
    finally:
        signal.signal(signal.SIGTERM, before)


def _publish(told: argparse.Namespace) -> int:
    if told.notebook is None:
        raise PublishUsage("Name the compiled notebook, or say --rollback.")
    # What they need is there with Jupyter Server, and takes a while to load.
    from .outcome import SWAP
    from .publish import publish
    from .question import Question
    from .source import source_of

    question = Question(
        told.notebook,
        told.out,
        audience=told.audience,
        k=told.k,
        raw=told.raw,
        mapping=dict(told.map),
        by_reference=told.by_reference,
        data=told.data,
        image=told.image,
        kernel=told.kernel,
        timeout=told.timeout,
        accept=told.accept,
        accept_only=told.accept_only,
        allowed_hosts=told.allow_host,
        archive=told.archive,
        page=told.page,
        compiled_with=told.compiled_with,
    )

    def progress(step: str) -> None:
        print(f"{step} …", file=sys.stderr, flush=True)
        if step == SWAP:
            # From here on it is shown; who ends it would be told that it is not.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)

    outcome = publish(question, progress)
    _remember(lambda shelf: shelf.note(question, outcome, source_of(told.notebook)))
    if told.format == "json":
        print(json.dumps(outcome.to_json(), indent=2, ensure_ascii=False))
    else:
        print(outcome.to_text(), end="")
    return PUBLISHED if outcome.published else STOPPED


def _roll_back(out: Path) -> int:
    from .versions import Versions

    versions = Versions(out)
    try:
        with versions.hold():
            version = versions.back()
    except Stopped as stopped:
        print(stopped.message, file=sys.stderr)
        return STOPPED
    except OSError as error:
        print(disk_sentence(error), file=sys.stderr)
        return STOPPED
    message = f"version {version.name} is shown again"
    _remember(lambda shelf: shelf.went_back(versions.out, message))
    print(f"{versions.out}: {message}")
    return PUBLISHED


def _remember(change: Callable[[Shelf], None]) -> None:
    """Have it in the panel's list. Where that cannot be written, it is published all the same."""
    from .shelf import Shelf

    try:
        change(Shelf())
    except OSError as error:
        print(f"It is not in the list of dashboards: {error}", file=sys.stderr)
