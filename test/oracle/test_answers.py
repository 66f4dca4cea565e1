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
from generate import Dataset, make
from oracle import answer
from queries import random_questions
from records import Records
from sizes import size

from cli import analyze, ask_alone, fault, reproduction

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
    for (mapped, query), facts, outcome in both:
        wrong = fault(outcome, facts, query, len(dataset.records))
        if wrong:
            alone = fault(ask_alone(query, mapped.args()), facts, query, len(dataset.records))
            where = "also when asked alone" if alone else "not when asked alone"
            faults.append(f"{query}: {wrong} ({where})")
            if len(faults) == 1:
                faults.append(reproduction(dataset, outcome))
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


class Tables:
    """The oracle's table for each mapping of a dataset."""

    def __init__(self) -> None:
        self._made: dict[str, Records] = {}

    def of(self, dataset: Dataset) -> Records:
        key = repr(dataset.mapping)
        if key not in self._made:
            self._made[key] = Records(dataset.sources, dataset.mapping)
        return self._made[key]
