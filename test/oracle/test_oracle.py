"""The oracle itself, against plain Python over the records before they became files."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import naive
import pytest
from compare import same_value
from generate import make
from oracle import answer
from queries import random_query
from records import Records
from vocabulary import Query, columns


def unordered(rows: list[dict[str, object]], query: Query) -> dict[tuple, dict]:
    count = {name for name in columns(query) if name.startswith(("r", "jobs", "users"))}
    names = [c for c in columns(query) if c not in count and "share" not in c]
    keyed = {(row.get("other", False), *(str(row[name]) for name in names)): row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_plain_python(seed: int, tmp_path: Path) -> None:
    dataset = make(5000 + seed, tmp_path)
    records = Records(dataset.sources, dataset.mapping)
    assert records.rows == len(dataset.records)
    rng = random.Random(seed)
    roles = {columns[0]: role for role, columns in dataset.mapping.items()}
    # Plain Python takes its time over 100,000 pairs.
    many = len(dataset.values.get("package", [])) > 60
    for _ in range(12):
        query = random_query(rng, dataset)
        if query.analysis == "package-correlation" and many:
            continue
        found = answer(records, query).rows
        # Plain Python knows no columns, only roles.
        by_role = replace(
            query,
            where=tuple(replace(c, field=roles.get(c.field, c.field)) for c in query.where),
        )
        expected = naive.answer(dataset.records, set(dataset.mapping), by_role, dataset.keys)
        a, b = unordered(found, query), unordered(expected, query)
        assert a.keys() == b.keys(), query
        for key, row in b.items():
            for name, value in row.items():
                assert same_value(name, a[key][name], value), (query, a[key], row)
