"""Small tables by hand, and the answers that the text of a definition gives for them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from compare import difference
from oracle import answer
from records import Records
from vocabulary import Query

from cli import Outcome, analyze

Row = dict[str, object]

# Names as in a MODS document, with types where the values may all be null.
COLUMNS: dict[str, tuple[str, pa.DataType]] = {
    "user": ("username", pa.string()),
    "job": ("job_id", pa.string()),
    "package": ("subservice", pa.string()),
    "packages": ("packages", pa.list_(pa.string())),
    "time": ("event_timestamp", pa.timestamp("us", tz="UTC")),
    "nodes": ("num_nodes", pa.int64()),
    "version": ("version", pa.string()),
    "system": ("system", pa.string()),
    "subsystem": ("subsystem", pa.string()),
    "account": ("repo", pa.string()),
    "is_staff": ("is_staff", pa.bool_()),
    "is_compute": ("is_compute", pa.bool_()),
    "is_container": ("is_shifter", pa.bool_()),
    "executable": ("executable", pa.string()),
    "process": ("process_id", pa.string()),
    "count": ("count", pa.int64()),
}


class Case:
    """Records in one file: `{role: value}`, where `packages` is the wide shape's list."""

    def __init__(self, folder: Path, rows: list[Row], roles: list[str] | None = None) -> None:
        names = roles or list(dict.fromkeys(name for row in rows for name in row))
        columns = {}
        self.mapping: dict[str, list[str]] = {}
        for name in names:
            column, kind = COLUMNS.get(name, (name, None))
            values = [row.get(name) for row in rows]
            if name == "time":
                values = [None if v is None else instant_us(str(v)) for v in values]
            columns[column] = pa.array(values, kind)
            if name in COLUMNS:
                self.mapping["package" if name == "packages" else name] = [column]
        self.path = folder / "records.parquet"
        pq.write_table(pa.table(columns), self.path)
        self.source = ["--source", str(self.path)]

    def ask(self, query: Query) -> Outcome:
        return analyze(query, self.source)

    def check(self, query: Query, expected: list[Row]) -> Outcome:
        """The oracle and the command line both give these rows."""
        facts = answer(Records([str(self.path)], self.mapping), query)
        # The oracle leaves it to the comparison to keep the first correlations.
        ranked = query.analysis in ("package-correlation", "package-affinity")
        kept = facts.rows[: query.top] if ranked else facts.rows
        wrong = difference(kept, expected, query)
        assert wrong is None, f"the oracle: {wrong}"
        outcome = self.ask(query)
        wrong = difference(outcome.rows, expected, query)
        assert wrong is None, f"the command line: {wrong}\n{outcome.command()}"
        return outcome


def assert_population(outcome: Outcome, **numbers: int) -> None:
    """The chosen records' numbers in provenance; units that the question does not read are null."""
    told = outcome.provenance["population"]
    assert isinstance(told, dict)
    assert told["records"] == numbers["records"]
    read = {name: n for name, n in told.items() if n is not None}
    assert read == {name: numbers[name] for name in read}


def instant_us(text: str) -> int:
    """Microseconds since 1970; UTC where the text names no offset."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)
