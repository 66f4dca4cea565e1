"""Random records in indices of Elasticsearch, and in a Parquet file of the same records.

Elasticsearch cannot tell everything apart that Parquet can. A missing value, null and an empty list
are one; a list has each value once, in no order, and no null; a number is no empty text. Records
are made so before both are written.

    PYTHONPATH=. python test/oracle/indices.py --seed 7 --url http://127.0.0.1:9200

loads those of a seed and prints the arguments that read both.
"""

from __future__ import annotations

import argparse
import random
import re
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from generate import (
    OPTIONAL,
    SECOND,
    SIZES,
    Dataset,
    Record,
    as_list,
    random_kinds,
    random_layout,
    random_records,
)
from vocabulary import FLAGS, Condition
from writers import TEXT_KINDS, rfc3339, write_file

from test.services.documents import Address, Server, ask, load_documents

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Keys that are numbers in one index and texts in another.
MIXABLE = ("job", "user", "process")
# What a record may count for, and texts of a column that is named like such weights.
WEIGHTS: dict[str, list[object]] = {
    "int32": [1, 1, 2, 5, 100_000, 0, -3, None],
    "int64": [1, 1, 2, 5, 2**40, 0, -3, None],
    "double": [1.0, 0.25, 2.5, 0.0, -0.75, 4.0, None],
    "string": ["c1", "1", "2", "", None],
}
ABSENT = object()
# Numbers of records that are read in several slices and pages, and how often they are.
LARGE = [30_000, 50_000]
LARGE_EVERY = 6
# Documents that a filtered alias leaves out have this field.
HIDDEN = "hidden_from_alias"


@dataclass
class Index:
    """One index: a part of the records, and how its fields are mapped."""

    name: str
    shards: int
    # Roles whose values are numbers here, though texts in another index.
    numeric: set[str]
    # Elasticsearch's mapping of each role.
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Roles that it does not have at all.
    lacking: set[str] = field(default_factory=set)


@dataclass
class IndexedDataset:
    """Records in a file and, once `load` has put them there, in indices."""

    dataset: Dataset
    indices: list[Index]
    # The index of each record.
    placed: list[int]
    # What `--index` is given.
    expression: str
    alias: str | None
    hidden: int
    dotted: bool
    seed: int

    def args(self, url: str, mapped: Dataset) -> list[str]:
        """Arguments that read the indices, with the mapping of a question."""
        maps = mapped.args()[1 + len(mapped.sources) :]
        return ["--elasticsearch", url, "--index", self.expression, *maps]

    def load(self, server: Address) -> None:
        """Make the indices and fill them."""
        rows = documents(self)
        parts: list[list[dict[str, Any]]] = [[] for _ in self.indices]
        for row, k in zip(rows, self.placed, strict=True):
            parts[k].append(row)
        for index, part in zip(self.indices, parts, strict=True):
            body = {
                "settings": {"number_of_shards": index.shards, "number_of_replicas": 0},
                "mappings": {"dynamic": "strict", "properties": self._properties(index)},
            }
            if self.alias is not None:
                only = {"bool": {"must_not": [{"exists": {"field": HIDDEN}}]}}
                body["aliases"] = {self.alias: {"filter": only} if self.hidden else {}}
            ask(server, "PUT", f"/{index.name}", body)
            decoys = [{**row, HIDDEN: True} for row in part[: self.hidden]]
            load_documents(server, index.name, [*part, *decoys])

    def unload(self, server: Address) -> None:
        for index in self.indices:
            ask(server, "DELETE", f"/{index.name}?ignore_unavailable=true")

    def _properties(self, index: Index) -> dict[str, Any]:
        found: dict[str, Any] = {HIDDEN: {"type": "boolean", "doc_values": False}}
        for role, kind in index.fields.items():
            name = self.dataset.layout.columns[role][0]
            if name.startswith("data."):
                within = found.setdefault("data", {"properties": {}})
                within["properties"][name.removeprefix("data.")] = kind
            else:
                found[name] = kind
        return found


def make(seed: int, folder: Path) -> IndexedDataset:
    """Write the Parquet file of a seed, and say how its records lie in indices."""
    rng = random.Random(f"indices {seed}")
    wide = rng.random() < 0.35
    roles = ["user", "job", "package", "time"]
    roles += [
        role for role in OPTIONAL if rng.random() < (0.3 if role in ("count", "origin") else 0.8)
    ]
    kinds = random_kinds(rng, roles, wide)
    # The servers of the tests are without the module for unsigned ones.
    kinds = {role: "int64" if kind == "uint64" else kind for role, kind in kinds.items()}
    extras = ["science_area", "exit_code"] if rng.random() < 0.5 else []
    extras += [f"{role}_part" for role in MIXABLE if role in roles and rng.random() < 0.06]
    records = random_records(
        rng, roles, kinds, extras, wide, LARGE if seed % LARGE_EVERY == 0 else SIZES
    )
    weigh(rng, roles, kinds, extras, records)
    layout = random_layout(rng, roles, kinds, extras, wide, records)
    layout.hive = None
    names = [*roles, *extras]
    indices = random_indices(rng, f"same-{seed}", roles, kinds, records)
    placed = [rng.randrange(len(indices)) for _ in records]
    far_times(rng, kinds["time"], records)
    if kinds["time"] == "text":
        kinds["time"] = "string"
        for record in records:
            ns = record["time"]
            record["time"] = None if ns is None else rfc3339(rng, int(str(ns)))
    for record, k in zip(records, placed, strict=True):
        for name in names:
            record[name] = storable(record[name], name in indices[k].numeric)
    for k, index in enumerate(indices):
        own = [record for record, at in zip(records, placed, strict=True) if at == k]
        for name in names:
            values = [record[name] for record in own]
            # A field that one index lacks is in another.
            if all(value is None for value in values) and k > 0 and rng.random() < 0.5:
                index.lacking.add(name)
            else:
                index.fields[name] = random_field(rng, name, kinds[name], index, values, wide)
    path = folder / f"same-{seed}.parquet"
    write_file(rng, path, records, names, layout)
    dataset = Dataset(seed, records, layout, [str(path)], extras)
    for name in names:
        seen = {repr(r[name]): r[name] for r in records if r[name] is not None}
        if name == "package" and wide:
            seen = {repr(p): p for r in records for p in as_list(r["package"])}
        dataset.values[name] = list(seen.values())
    form = rng.choice(["names", "pattern", "alias", "filtered alias"])
    alias = f"all-{seed}" if "alias" in form else None
    expression = {"names": ",".join(index.name for index in indices), "pattern": f"same-{seed}-*"}
    return IndexedDataset(
        dataset,
        indices,
        placed,
        expression.get(form, str(alias)),
        alias,
        rng.randint(1, 20) if form == "filtered alias" else 0,
        rng.random() < 0.3,
        seed,
    )


def random_indices(
    rng: random.Random,
    stem: str,
    roles: list[str],
    kinds: dict[str, str],
    records: list[Record],
) -> list[Index]:
    """Indices of a pattern; keys may be numbers in one and texts in another, and then are texts."""
    indices = [
        Index(f"{stem}-{k}", rng.choice([1, 1, 2, 3]), set())
        for k in range(rng.choice([1, 1, 2, 2, 3]))
    ]
    for role in MIXABLE:
        texts = [str(record[role]) for record in records if record.get(role) not in (None, "")]
        is_number = all(text.isdigit() for text in texts)
        if role in roles and len(indices) > 1 and is_number and rng.random() < 0.5:
            kinds[role] = "string"
            for record in records:
                record[role] = None if record[role] is None else str(record[role])
            for index in rng.sample(indices, rng.randint(1, len(indices) - 1)):
                index.numeric.add(role)
    return indices


def weigh(
    rng: random.Random,
    roles: list[str],
    kinds: dict[str, str],
    extras: list[str],
    records: list[Record],
) -> None:
    """Weights of all kinds; without the role, in some datasets, texts in a column of that name."""
    if "count" in roles:
        kinds["count"] = rng.choice(["int32", "int64", "double"])
    elif rng.random() < 0.3:
        kinds["count"] = "string"
        extras.append("count")
    else:
        return
    for record in records:
        record["count"] = rng.choice(WEIGHTS[kinds["count"]])


def weight_condition(
    rng: random.Random, dataset: Dataset, mapped: Dataset
) -> tuple[Condition, ...]:
    """At times a condition on the column of weights, by its own name or by the role's."""
    columns = dataset.layout.columns.get("count", [])
    names = ["count"] if "count" in mapped.mapping else []
    names += [column for column in columns if re.fullmatch(r"[\w.]+", column)]
    if not names or rng.random() < 0.5:
        return ()
    kind = dataset.layout.kinds["count"]
    value = rng.choice([str(value) for value in WEIGHTS[kind] if value not in (None, "")])
    ops = ["=", "!=", "~"] if kind == "string" else ["=", "!=", ">=", "<"]
    return (Condition(rng.choice(names), rng.choice(ops), (value,)),)


def far_times(rng: random.Random, kind: str, records: list[Record]) -> None:
    """Some times long before 1970 and after 2038, in some datasets."""
    if rng.random() < 0.3:
        for record in records:
            if record["time"] is not None and rng.random() < 0.03:
                day = rng.choice([-14_000, -1, 24_855, 24_856, 40_000])
                moment = 0 if kind == "date" else rng.randrange(86_400)
                record["time"] = (day * 86_400 + moment) * SECOND


def storable(value: object, is_number: bool) -> object:
    """A value as Elasticsearch can tell it."""
    if isinstance(value, list):
        # In order of code points, though none is promised.
        return sorted({one for one in value if one is not None}) or None
    return None if is_number and value == "" else value


def random_field(
    rng: random.Random, name: str, kind: str, index: Index, values: list[object], wide: bool
) -> dict[str, Any]:
    """A mapping that holds values of a kind."""
    if name in index.numeric:
        return {"type": "long"}
    if name in FLAGS and kind != "bool":
        return {"type": "byte" if kind == "int8" else "keyword"}
    if name == "time" and kind != "string":
        held = [int(str(value)) for value in values if value is not None]
        return {
            "type": rng.choice(["date", "date_nanos"] if min(held, default=0) >= 0 else ["date"])
        }
    if kind in TEXT_KINDS or (name == "package" and wide):
        full = {"type": "text", "fields": {rng.choice(["keyword", "raw"]): {"type": "keyword"}}}
        return rng.choice([{"type": "keyword"}, {"type": "keyword"}, full])
    types = {
        "bool": ["boolean"],
        "int16": ["short", "integer"],
        "int32": ["integer", "long"],
        "int64": ["long"],
        "uint16": ["integer"],
        "double": ["double", "float"],
    }
    return {"type": rng.choice(types[kind])}


def documents(indexed: IndexedDataset) -> Iterator[dict[str, Any]]:
    """The records as documents."""
    rng = random.Random(f"documents {indexed.seed}")
    layout = indexed.dataset.layout
    for record, k in zip(indexed.dataset.records, indexed.placed, strict=True):
        index = indexed.indices[k]
        document: dict[str, Any] = {}
        for name, value in record.items():
            if name not in index.lacking:
                stored = json_value(rng, name, value, index.fields[name]["type"])
                put(document, layout.columns[name][0], stored, indexed.dotted)
        yield document


def json_value(rng: random.Random, name: str, value: object, kind: str) -> object:
    """A value in one of the ways to write it; `ABSENT` where it is not written."""
    if value is None:
        return rng.choice([ABSENT, ABSENT, None, [], [None]])
    if isinstance(value, list):
        return rng.sample([*value, None, value[0]], len(value) + 2)
    if name == "time" and isinstance(value, int):
        return time_text(rng, value, kind)
    if isinstance(value, bool) and kind != "boolean":
        value = int(value) if kind == "byte" else str(value).lower()
    if kind == "long":
        value = int(str(value))
    return [value] if rng.random() < 0.05 else value


def put(document: dict[str, Any], name: str, value: object, dotted: bool) -> None:
    """Set a field, within its object or under its dotted name."""
    if value is ABSENT:
        return
    if not dotted and name.startswith("data."):
        document = document.setdefault("data", {})
        name = name.removeprefix("data.")
    document[name] = value


def time_text(rng: random.Random, ns: int, kind: str) -> str | int:
    """A time in one of the forms that a field takes."""
    milliseconds = ns // 10**6
    # Elasticsearch reads a number of four digits as a year.
    is_year = 1000 <= abs(milliseconds) <= 9999
    if kind == "date" and rng.random() < 0.3 and not is_year:
        return milliseconds
    seconds, rest = divmod(ns, SECOND)
    zone = timezone(timedelta(minutes=rng.choice([0, 0, 120, -480, 330])))
    moment = (EPOCH + timedelta(seconds=seconds)).astimezone(zone)
    digits = f".{rest:09d}" if rest or rng.random() < 0.5 else ""
    offset = moment.strftime("%z")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{digits}{offset[:3]}:{offset[3:]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--url", required=True)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    indexed = make(options.seed, folder)
    indexed.load(Server(options.url))
    print(shlex.join(indexed.dataset.args()))
    print(shlex.join(indexed.args(options.url, indexed.dataset)))


if __name__ == "__main__":
    main()
