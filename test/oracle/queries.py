"""Random queries that a dataset can answer."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from generate import ZONES, Dataset
from vocabulary import ANALYSES, FLAGS, Condition, Query, needs

DATES = [
    "2021-01-01",
    "2021-03-14",
    "2021-03-28",
    "2021-06-01",
    "2021-11-07",
    "2022-01-01",
    "2020-11-01",
    "1970-01-01",
    "2021-02-01T12:00:00",
    "2021-03-28T01:00:00Z",
    "2021-05-01T00:00:00+02:00",
]
TEXT_ROLES = [
    "user",
    "version",
    "system",
    "subsystem",
    "qos",
    "account",
    "executable",
    "main",
    "python_version",
    "context",
    "origin",
    "science_area",
]


# What may change from one question of an exploration to the next, whatever is asked.
POPULATION = (("where",), ("has", "without"), ("start", "end"), ("zone",), ("everything",))
# Roles that a question may do without, and those that another column may play.
SPARED = ("is_staff", "is_compute", "is_container", "system", "subsystem", "executable", "count")
PLAYED = {"user": ("account", "main", "executable"), "job": ("process", "account")}


def random_questions(
    rng: random.Random, dataset: Dataset, number: int
) -> list[tuple[Dataset, Query]]:
    """Questions one after the other, as somebody who explores asks them.

    Many share their population with the one before, or all but a part of it. Some have another
    mapping: each comes with the dataset as it is mapped then.
    """
    found: list[tuple[Dataset, Query]] = []
    mapped = dataset
    while len(found) < number:
        is_other = rng.random() < 0.2
        if is_other:
            mapped = remapped(rng, dataset) if mapped is dataset else dataset
        query = random_query(rng, mapped)
        if found and not is_other and rng.random() < 0.6:
            query = varied(rng, found[-1][1], query)
        found.append((mapped, query))
    return found


def varied(rng: random.Random, before: Query, fresh: Query) -> Query:
    """The question before with another part of its population, or another one on the same."""
    if rng.random() < 0.5:
        return replace(before, **parts(fresh, [rng.choice(POPULATION)]))
    return replace(fresh, **parts(before, POPULATION))


def parts(query: Query, groups: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    return {name: getattr(query, name) for group in groups for name in group}


def remapped(rng: random.Random, dataset: Dataset) -> Dataset:
    """The same files with other roles for a column or two."""
    layout = dataset.layout
    columns, told, kinds = dict(layout.columns), dict(layout.mapped), dict(layout.kinds)
    values = dict(dataset.values)
    for role in SPARED:
        if role in columns and rng.random() < 0.3:
            del columns[role]
            told[role] = []
    for role, others in PLAYED.items():
        player = rng.choice(others)
        if role in columns and player in columns and rng.random() < 0.3:
            columns[role] = told[role] = layout.columns[player]
            kinds[role], values[role] = layout.kinds[player], dataset.values[player]
    changed = replace(layout, columns=columns, mapped=told, kinds=kinds)
    return replace(dataset, layout=changed, values=values)


def random_query(rng: random.Random, dataset: Dataset) -> Query:
    """A query whose roles are all there; those that lack one are tests of their own."""
    while True:
        query = attempt(rng, dataset)
        if needs(query) <= set(dataset.mapping):
            return query


def attempt(rng: random.Random, dataset: Dataset) -> Query:
    name = rng.choice(list(ANALYSES))
    analysis = ANALYSES[name]
    options = analysis.options
    query = Query(name)
    if rng.random() < 0.5:
        query = replace(query, distinct=rng.choice(analysis.distincts))
    if "top" in options and rng.random() < 0.6:
        query = replace(query, top=rng.choice([1, 2, 3, 5, 10, 1000]))
        if "other" in options and rng.random() < 0.6:
            query = replace(query, other=True)
    if "bins" in options and rng.random() < 0.6:
        bins = rng.choice(["log2", "1,2,33,65", "1", "2,4,9688", "1,3,5,7,100"])
        query = replace(query, bins=bins)
    if "by" in options and rng.random() < 0.7:
        query = replace(query, by=rng.choice(["month", "quarter", "year"]))
    if "of" in options:
        query = replace(query, of=rng.choice([1, 7, 3000]))
    packages = [str(p) for p in dataset.values.get("package", []) if p]
    if "package" in options:
        query = replace(query, package=rng.choice([*packages[:6], "numpy"]))
    query = replace(query, everything=rng.random() < 0.4)
    if "time" in dataset.mapping and rng.random() < 0.4:
        # Calendar order, also where zones and offsets move the ends by hours.
        first, last = sorted(rng.sample(DATES, 2))
        query = replace(
            query,
            start=first if rng.random() < 0.8 else None,
            end=last if rng.random() < 0.8 and first[:10] != last[:10] else None,
        )
    if rng.random() < 0.4:
        query = replace(query, zone=rng.choice([*ZONES, "UTC"]))
    conditions = [
        found
        for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))
        if (found := random_condition(rng, dataset))
    ]
    query = replace(query, where=tuple(conditions))
    packages = packages or ["numpy"]
    if "package" in dataset.mapping and "job" in dataset.mapping:
        if rng.random() < 0.2:
            query = replace(
                query, has=tuple(rng.choice(packages) for _ in range(rng.choice([1, 1, 2])))
            )
        if rng.random() < 0.15:
            query = replace(query, without=(rng.choice(packages),))
    return query


def random_condition(rng: random.Random, dataset: Dataset) -> Condition | None:
    extras = [name for name in dataset.extras if not name.endswith("_part")]
    hidden = ["process", *dataset.keys]
    names = [name for name in [*dataset.mapping, *extras] if name not in hidden]
    if "executable" in names:
        names.append("environment")
    name = rng.choice(names)
    values = dataset.values.get(name, [])
    if name == "environment":
        listed = rng.sample(["conda", "container", "center module", "other"], 2)
        return Condition(name, rng.choice(["=", "!="]), tuple(listed))
    if name in FLAGS:
        return Condition(name, rng.choice(["=", "!="]), (rng.choice(["true", "false"]),))
    if name == "time":
        return Condition(name, rng.choice([">=", "<"]), (rng.choice(DATES),))
    if name == "count":
        return None
    if name in ("nodes", "exit_code"):
        bounds = [*(str(v) for v in values[:8]), "2", "64"]
        if rng.random() < 0.5:
            return Condition(name, rng.choice([">=", "<"]), (rng.choice(bounds),))
        return Condition(name, rng.choice(["=", "!="]), (rng.choice(bounds),))
    # Whether an empty text is a value of such a column is not for a random query to ask.
    texts = [str(value) for value in values if str(value) != ""]
    if not texts:
        return None
    if name in (*TEXT_ROLES, "package") and rng.random() < 0.35:
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        part = text[start : start + rng.randint(1, 4)]
        if "\n" in part or (name == "user" and dataset.layout.kinds["user"] == "int64"):
            return None
        pattern = re.sub(r"([^\w\s]|_)", lambda m: escape(m.group(0)), part)
        pattern = rng.choice(
            [
                pattern,
                f"^{pattern}",
                f"{pattern}$",
                f"(?i){pattern}",
                f"({pattern}|zz)",
                "[a-m]{2}",
                r"\d",
                r"\pL\d",
                "^[^n]",
            ]
        )
        return Condition(name, rng.choice(["~", "~", "!~"]), (pattern,))
    if name in TEXT_ROLES and rng.random() < 0.2:
        # By its column's own name.
        name = dataset.layout.columns[name][0]
    chosen = [rng.choice(texts) for _ in range(rng.choice([1, 1, 2, 4]))]
    if rng.random() < 0.1:
        chosen.append("no such value")
    return Condition(name, rng.choice(["=", "=", "!="]), tuple(chosen))


def escape(character: str) -> str:
    """ASCII punctuation escaped; letters beyond ASCII stand for themselves."""
    return "\\" + character if character.isascii() else character
