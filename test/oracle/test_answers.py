"""The command line against the oracle, on random datasets and queries.

WORKLOAD_PROVE=1 asks thousands instead of some 150; WORKLOAD_SEED=n asks others.
"""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from generate import make
from oracle import answer
from queries import random_query
from records import Records
from sizes import size

from cli import analyze, fault, reproduction

SEED = int(os.environ.get("WORKLOAD_SEED", "20210101"))
DATASETS = size("datasets")
QUERIES = size("queries")


@pytest.mark.parametrize("seed", range(SEED, SEED + DATASETS))
def test_agrees_with_the_oracle(seed: int, tmp_path: Path) -> None:
    dataset = make(seed, tmp_path)
    records = Records(dataset.sources, dataset.mapping)
    assert records.rows == len(dataset.records), "the oracle lost records"
    rng = random.Random(seed)
    queries = [random_query(rng, dataset) for _ in range(QUERIES)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = pool.map(lambda query: analyze(query, dataset.args()), queries)
    faults = []
    for query, outcome in zip(queries, outcomes, strict=True):
        wrong = fault(outcome, answer(records, query), query, records.rows)
        if wrong:
            faults.append(f"{query}: {wrong}{reproduction(dataset, outcome)}")
    assert not faults, "\n\n".join(faults)
