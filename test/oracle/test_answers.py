"""The command line against the oracle, on random datasets and queries.

A dataset's questions go to one process, which knows them all when it is asked them once more, in
the other order: what an engine keeps must not change an answer. Some go to a process of their own.

WORKLOAD_PROVE=1 asks thousands instead of some 150; WORKLOAD_SEED=n asks others.
"""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from directed import Case
from generate import Dataset, make
from oracle import answer
from queries import random_questions
from records import Records
from sizes import size
from vocabulary import Facts, Query

from cli import BATCH, Outcome, analyze, fault, reproduction, with_fewest_before

SEED = int(os.environ.get("WORKLOAD_SEED", "20210101"))
DATASETS = size("datasets")
QUERIES = size("queries")


@pytest.mark.parametrize("seed", range(SEED, SEED + DATASETS))
def test_agrees_with_the_oracle(seed: int, tmp_path: Path) -> None:
    dataset = make(seed, tmp_path)
    tables = Tables()
    assert tables.of(dataset).rows == len(dataset.records), "the oracle lost records"
    questions = random_questions(random.Random(seed), dataset, QUERIES)
    # One thread waits for the command line while this one asks DuckDB.
    with ThreadPoolExecutor(1) as pool:
        outcomes = pool.map(
            lambda one: analyze(one[1], one[0].args()), [*questions, *questions[::-1]]
        )
        expected = [answer(tables.of(mapped), query) for mapped, query in questions]
    faults = []
    both = zip([*questions, *questions[::-1]], [*expected, *expected[::-1]], outcomes, strict=True)
    for (_, query), facts, outcome in both:

        def wrong(found: Outcome, facts: Facts = facts, query: Query = query) -> str | None:
            return fault(found, facts, query, len(dataset.records))

        if told := wrong(outcome):
            faults.append(f"{query}: {told}")
            if len(faults) == 1:
                least = with_fewest_before(outcome, lambda found: wrong(found) is not None)
                faults.append(reproduction(dataset, least))
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def test_a_batch_puts_rows_together(tmp_path: Path) -> None:
    """What makes later questions quick has its part in the answers that are compared above."""
    case = Case(tmp_path, [{"user": "a", "job": "1", "package": name} for name in ("x", "y")])
    calls = [
        ["analyze", "top-packages", *case.source, "--where", f"user{op}a"] for op in ("=", "!=")
    ]
    first, then = (BATCH.run(args) for args in calls)
    assert first.provenance["rows_condensed"] is None
    assert then.provenance["rows_condensed"] == 1
    assert then.rows == []


class Tables:
    """The oracle's table for each mapping of a dataset."""

    def __init__(self) -> None:
        self._made: dict[str, Records] = {}

    def of(self, dataset: Dataset) -> Records:
        key = repr(dataset.mapping)
        if key not in self._made:
            self._made[key] = Records(dataset.sources, dataset.mapping)
        return self._made[key]
