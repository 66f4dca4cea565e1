"""The command line under test, as a process."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from compare import difference
from generate import Dataset
from vocabulary import Facts, Query, used

ROOT = Path(__file__).parents[2]
CLI = Path(
    os.environ.get("WORKLOAD_CLI", ROOT / "jupyterlab_workload_explorer/cli/workload-explorer.mjs")
)
# Nothing here takes seconds; what hangs is a defect to be told.
PATIENCE_S = 120


@dataclass
class Outcome:
    args: list[str]
    status: int
    out: str
    err: str

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
        return shlex.join(["node", str(CLI), *self.args])


def run(args: list[str]) -> Outcome:
    assert CLI.exists(), f"{CLI} is not built: npm run build"
    done = subprocess.run(
        ["node", str(CLI), *args],
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Outcome(args, done.returncode, done.stdout.decode(), done.stderr.decode())


def analyze(query: Query, source: list[str]) -> Outcome:
    """Ask; `source` holds the arguments that name files and mapping."""
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
