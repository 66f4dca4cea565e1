"""Answers from indices of Elasticsearch are those from a Parquet file of the same records.

The command line over Parquet is held to the definitions by the other tests here. Each question is
put twice to each server: once the server applies conditions, as for one question of the command
line, and once all is fetched, as for a panel, which will ask more.

WORKLOAD_PROVE=1 asks thousands instead of some 200; WORKLOAD_SEED=n asks others.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from indices import IndexedDataset, make, weight_condition
from queries import random_questions
from sizes import size
from vocabulary import Query, used

from cli import Batch, Outcome, run
from test.services.nodes import Node

SEED = int(os.environ.get("WORKLOAD_SEED", "20210101"))
DATASETS = size("index_datasets")
QUERIES = size("index_queries")
# Of so many questions, one goes to a process of its own.
ALONE = 25
SERVERS = ["elasticsearch_8", "elasticsearch_8_core", "elasticsearch_9"]


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Node:
    node = request.getfixturevalue(request.param)
    assert isinstance(node, Node)
    return node


@pytest.fixture(scope="module")
def batch() -> Iterator[Batch]:
    batch = Batch()
    yield batch
    batch.close()


@pytest.mark.parametrize("seed", range(SEED, SEED + DATASETS))
def test_indices_answer_as_files_do(server: Node, batch: Batch, seed: int, tmp_path: Path) -> None:
    indexed = make(seed, tmp_path)
    indexed.load(server)
    faults: list[str] = []
    try:
        rng = random.Random(seed)
        questions = [
            (
                mapped,
                replace(query, where=query.where + weight_condition(rng, indexed.dataset, mapped)),
            )
            for mapped, query in random_questions(rng, indexed.dataset, QUERIES)
        ]
        for k, (mapped, query) in enumerate([*questions, *questions[::-1]]):
            expected = batch.run(["analyze", query.analysis, *mapped.args(), *query.args()])
            source = indexed.args(server.url, mapped)
            for more in ([], ["--anticipate"]):
                args = ["analyze", query.analysis, *source, *query.args()]
                is_alone = not more and (seed * QUERIES + k) % ALONE == 0
                found = run(args) if is_alone else batch.run([*args, *more])
                told = unlike(found, expected, query, indexed, pushed=not more)
                if told:
                    mode = " ".join(more) or "conditions pushed"
                    faults.append(
                        f"{query} ({mode}): {told}\n  {alone(found)}\n  {alone(expected)}"
                    )
    finally:
        indexed.unload(server)
    if faults:
        where = (
            f"\n\n{indexed.expression} of {indexed.indices}"
            f"\n  PYTHONPATH=. python test/oracle/indices.py --seed {seed} --url URL"
        )
        pytest.fail("\n\n".join(faults[:3]) + where, pytrace=False)


def alone(outcome: Outcome) -> str:
    """The call without those before it."""
    return Outcome(outcome.args, outcome.status, outcome.out, outcome.err).command()


def unlike(
    found: Outcome, expected: Outcome, query: Query, indexed: IndexedDataset, *, pushed: bool
) -> str | None:
    """In what an answer from indices is not that from the file, or None."""
    if found.status != 0 or expected.status != 0:
        return f"exit status {found.status}: {found.err}, and {expected.status}: {expected.err}"
    if json.dumps(found.rows) != json.dumps(expected.rows):
        return first_difference(found.rows, expected.rows)
    told, wanted = dict(found.provenance), dict(expected.provenance)
    source = told["source"]
    assert isinstance(source, dict)
    if (source["index"], source["rows"]) != (indexed.expression, len(indexed.dataset.records)):
        return f"provenance: source {source} for {len(indexed.dataset.records)} records"
    for one in (told, wanted):
        asked = one["query"]
        assert isinstance(asked, dict)
        one["query"] = {name: value for name, value in asked.items() if name != "source"}
    same = ("query", "mapping", "filters", "counted", "exact", "estimate", "partial", "notes")
    for name in (*same, "jobs_with_differing_nodes"):
        if told[name] != wanted[name]:
            return f"provenance: {name} is {told[name]}, ought to be {wanted[name]}"
    return population_fault(told, wanted, query) or span_fault(told, wanted, pushed)


def first_difference(found: list[dict[str, object]], expected: list[dict[str, object]]) -> str:
    pairs = enumerate(zip(found, expected, strict=False))
    k = next((k for k, (a, b) in pairs if a != b), min(len(found), len(expected)))
    return (
        f"{len(found)} rows, ought to be {len(expected)}"
        f"\n  row {k} is       {found[k : k + 1]}\n  row {k} ought to {expected[k : k + 1]}"
    )


def population_fault(
    told: dict[str, object], wanted: dict[str, object], query: Query
) -> str | None:
    found, expected = told["population"], wanted["population"]
    assert isinstance(found, dict) and isinstance(expected, dict)
    for name, role in (("records", None), ("users", "user"), ("jobs", "job")):
        # What a question does not need may have been fetched for others, or not.
        is_needed = role is None or role in used(query)
        if found[name] != expected[name] and (
            is_needed or None not in (found[name], expected[name])
        ):
            return f"provenance: {found[name]} {name}, ought to be {expected[name]}"
    return None


def span_fault(told: dict[str, object], wanted: dict[str, object], pushed: bool) -> str | None:
    """The span is that of what was read, which is less where the server applies conditions."""
    found, expected = told["span"], wanted["span"]
    if found == expected or (pushed and found is None):
        return None
    is_within = (
        pushed
        and isinstance(found, dict)
        and isinstance(expected, dict)
        and expected["from"] <= found["from"] <= found["to"] <= expected["to"]
    )
    return None if is_within else f"provenance: span {found}, ought to be {expected}"
