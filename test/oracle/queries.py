"""Random queries that a dataset can answer."""

from __future__ import annotations

import random
import re
from dataclasses import replace

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
