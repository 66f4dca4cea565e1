"""The command line under test: a process for a call, or one that answers many."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Timer

from compare import difference
from generate import Dataset
from vocabulary import Facts, Query, used

ROOT = Path(__file__).parents[2]
CLI = Path(
    os.environ.get("WORKLOAD_CLI", ROOT / "jupyterlab_workload_explorer/cli/workload-explorer.mjs")
)
# Nothing here takes seconds; what hangs is a defect to be told.
PATIENCE_S = 120
# Of so many questions, one goes to a process of its own.
ALONE = 20


@dataclass
class Outcome:
    args: list[str]
    status: int
    out: str
    err: str
    # Earlier calls for the same files that the same process has answered.
    before: list[list[str]] = field(default_factory=list)

    @property
    def answer(self) -> dict[str, object]:
        assert self.status == 0, f"exit status {self.status}: {self.err}\n{self.command()}"
        found = json.loads(self.out)
        assert isinstance(found, dict)
        assert list(found) == ["rows", "provenance"], list(found)
        return found

    @property
    def rows(self) -> list[dict[str, object]]:
        rows = self.answer["rows"]
        assert isinstance(rows, list)
        return rows

    @property
    def provenance(self) -> dict[str, object]:
        found = self.answer["provenance"]
        assert isinstance(found, dict)
        return found

    def command(self) -> str:
        if not self.before:
            return shlex.join(["node", str(CLI), *self.args])
        calls = (shlex.quote(json.dumps(args[1:])) for args in [*self.before, self.args])
        return f"printf '%s\\n' {' '.join(calls)} | node {CLI} analyze --batch"


def run(args: list[str]) -> Outcome:
    assert CLI.exists(), f"{CLI} is not built: npm run build"
    done = subprocess.run(
        ["node", str(CLI), *args],
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Outcome(args, done.returncode, done.stdout.decode(), done.stderr.decode())


class Batch:
    """`analyze --batch`: the same code as for a single call, which keeps files open between them.

    So most questions save the start of a process, and meet what an engine remembers of others.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: dict[tuple[str, ...], list[list[str]]] = {}
        self._lock = Lock()

    def run(self, args: list[str]) -> Outcome:
        with self._lock:
            process = self._process or self._start()
            asked = self._asked.setdefault(sources(args), [])
            before = list(asked)
            asked.append(args)
            line = self._answer(process, json.dumps(args[1:]))
            if line:
                found = json.loads(line)
                return Outcome(args, found["status"], found["stdout"], found["stderr"], before)
            # The next call starts another.
            self._process = None
            return Outcome(args, process.wait(), "", "no answer: the process has ended", before)

    def close(self) -> None:
        if self._process:
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        assert CLI.exists(), f"{CLI} is not built: npm run build"
        self._asked = {}
        self._process = subprocess.Popen(
            ["node", str(CLI), "analyze", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self._process

    @staticmethod
    def _answer(process: subprocess.Popen[bytes], line: str) -> bytes:
        """The line that answers a line; empty where the process ends or hangs."""
        assert process.stdin and process.stdout
        impatient = Timer(PATIENCE_S, process.kill)
        impatient.start()
        try:
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            return process.stdout.readline()
        except BrokenPipeError:
            return b""
        finally:
            impatient.cancel()


def with_fewest_before(outcome: Outcome, is_wrong: Callable[[Outcome], bool]) -> Outcome:
    """The same wrong answer after as few earlier calls as give it."""
    found = outcome
    for args in outcome.before:
        batch = Batch()
        for kept in found.before:
            if kept is not args:
                batch.run(kept)
        tried = batch.run(outcome.args)
        batch.close()
        if is_wrong(tried):
            found = tried
    return found


def sources(args: list[str]) -> tuple[str, ...]:
    """The paths, or the server and its indices, that a call names."""
    if "--elasticsearch" in args:
        at = args.index("--elasticsearch")
        return tuple(args[at : at + 4])
    after = args[args.index("--source") + 1 :]
    return tuple(itertools.takewhile(lambda arg: not arg.startswith("--"), after))


BATCH = Batch()
atexit.register(BATCH.close)
_calls = itertools.count(1)


def analyze(query: Query, source: list[str]) -> Outcome:
    """Ask; `source` holds the arguments that name files and mapping."""
    if next(_calls) % ALONE == 0:
        return ask_alone(query, source)
    return BATCH.run(["analyze", query.analysis, *source, *query.args()])


def ask_alone(query: Query, source: list[str]) -> Outcome:
    """Ask in a process of its own."""
    return run(["analyze", query.analysis, *source, *query.args()])


def fault(outcome: Outcome, expected: Facts, query: Query, rows: int) -> str | None:
    """What is wrong with an answer and its provenance, or None.

    :param rows: Rows in all files.
    """
    if outcome.status != 0:
        return f"exit status {outcome.status}: {outcome.err}"
    wrong = difference(outcome.rows, expected.rows, query)
    if wrong:
        return wrong
    provenance = outcome.provenance
    read, skipped = provenance["rows_read"], provenance["rows_skipped"]
    assert isinstance(read, int) and isinstance(skipped, int)
    if read + skipped != rows or read < 0 or skipped < 0:
        return f"{read} rows read and {skipped} skipped of {rows}"
    for name, value in (
        ("exact", True),
        ("partial", False),
        ("jobs_with_differing_nodes", expected.differing),
    ):
        if provenance[name] != value:
            return f"provenance: {name} is {provenance[name]}, ought to be {value}"
    population = provenance["population"]
    assert isinstance(population, dict)
    # Columns that a query does not need are not fetched, and so not counted.
    asked = used(query)
    for name, role in (("records", None), ("users", "user"), ("jobs", "job")):
        told, value = population[name], expected.population[name]
        if told != value and (told is not None or role in asked or role is None):
            return f"provenance: {told} {name}, ought to be {value}"
    return span_fault(provenance["span"], expected.span, "time" in asked)


def span_fault(told: object, chosen: dict[str, str] | None, needed: bool) -> str | None:
    """The span is that of the rows read within the period, so it holds the chosen records' own."""
    if told is None:
        return f"provenance: no span, ought to hold {chosen}" if chosen and needed else None
    assert isinstance(told, dict)
    if told["from"] > told["to"]:
        return f"provenance: span {told} ends before it begins"
    if chosen and not (told["from"] <= chosen["from"] and chosen["to"] <= told["to"]):
        return f"provenance: span {told}, ought to hold {chosen}"
    return None


def reproduction(dataset: Dataset, outcome: Outcome) -> str:
    return (
        f"\n  {len(dataset.records)} records, {dataset.layout}"
        f"\n  mkdir -p DIR && python test/oracle/generate.py --seed {dataset.seed} --out DIR"
        f"\n  {outcome.command()}"
    )
