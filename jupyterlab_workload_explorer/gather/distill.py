"""Distilled rows: one, with a count, for each user, job, package, day and further fields.

A day lies in one slice of time only, and a slice in one part, so that a dataset never holds the
same group twice: what comes late makes its day be fetched again, and grouped again as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from . import roles
from .days import Days, check_zone
from .problem import GatherProblem
from .schema import Column, Schema

#: The column of counts.
COUNT = "count"

#: What a row stands for one of; without it there is nothing to distill to.
KEYS = ("user", "job", "package", "time")

#: Roles that distilling itself takes away.
NECESSARY = ("process", roles.INGEST)

_NO_DROP = (
    "Distilled data have a row for each user, job, package and day, so {what} cannot be dropped. "
    "Where users must not be named, use --pseudonymise."
)


@dataclass(frozen=True)
class Dropped:
    """A column of the source that distilled rows lack, and its role, if it has one."""

    column: str
    role: str | None

    def as_json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"column": self.column, "role": self.role}


@dataclass(frozen=True)
class Distillation:
    """What rows are distilled to.

    ``day`` is the column that holds the start of the day in ``zone``; ``kept`` are the columns in
    their order, without it and without the count; ``weight`` is the source's column of counts.
    """

    zone: str
    day: str
    kept: tuple[str, ...]
    extra: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    weight: Column | None

    def as_json(self) -> dict[str, Any]:
        """What manifest and footers say."""
        return {
            "zone": self.zone,
            "day": self.day,
            "dropped": [one.as_json() for one in self.dropped],
            "kept": list(self.extra),
        }

    @property
    def count_type(self) -> pa.DataType:
        """The type of the counts: whole, unless the source has broken ones."""
        broken = self.weight is not None and self.weight.kind == "broken"
        return pa.float64() if broken else pa.int64()


def plan_distillation(
    schema: Schema, zone: str, drop: Sequence[str], keep: Sequence[str]
) -> Distillation:
    """What to distill a schema to. ``drop`` and ``keep`` name roles, columns or fields.

    A process is always dropped: a row stands for several of them, and one row for each would be no
    distilled data. Columns without a role are dropped unless they are kept by name. Raises
    GatherProblem.
    """
    role_of = {name: role for role, name in schema.mapping.items()}
    names = {column.name for column in schema.columns}
    dropped = {_named(one, schema, names) for one in drop}
    kept = {_named(one, schema, names) for one in keep}
    for name in sorted(dropped & kept):
        raise GatherProblem(f'"{name}" is to be dropped and to be kept. Say one of both.')
    job = schema.mapping.get("job")
    for name in sorted(dropped):
        role = role_of.get(name)
        if role in KEYS:
            raise GatherProblem(_NO_DROP.format(what=f'"{name}", the {role},'))
        if role == "system" and job is not None:
            raise GatherProblem(
                f'A job is told by its id and its system, so "{name}" cannot be dropped: jobs of '
                "two systems would become one."
            )
    for name in sorted(kept):
        if role_of.get(name) in NECESSARY:
            raise GatherProblem(
                f'"{name}" cannot be kept: a distilled row stands for several documents, each of '
                "which has its own. Gather without --distill to keep it."
            )
    weight = schema.column("count")
    if weight is not None and weight.kind not in ("whole", "broken"):
        weight = None
    day = schema.time.name
    columns: list[str] = []
    gone: list[Dropped] = []
    for column in schema.columns:
        name, role = column.name, role_of.get(column.name)
        if name == day or (column == weight and name == COUNT):
            continue
        if column == weight:
            # Its sums have another name.
            gone.append(Dropped(name, None))
            continue
        mapped = role is not None and role not in NECESSARY
        if (mapped and name not in dropped) or name in kept:
            columns.append(name)
        else:
            gone.append(Dropped(name, None if role == roles.INGEST else role))
    if COUNT in (day, *columns):
        raise GatherProblem(
            f'The field "{COUNT}" holds something else than counts, and distilled data need a '
            "column of that name. Leave it out with --columns or --drop."
        )
    found = Distillation(
        check_zone(zone),
        day,
        tuple(columns),
        tuple(one for one in columns if one not in role_of),
        tuple(gone),
        weight,
    )
    _check_roles(found, schema)
    return found


def _check_roles(found: Distillation, schema: Schema) -> None:
    """That no kept column takes the role of a dropped one: answers would be about another field."""
    taken = roles.propose([found.day, *found.kept, COUNT], {})
    lost = {one.role: one.column for one in found.dropped if one.role is not None}
    for role, column in lost.items():
        if role in taken and schema.mapping.get(role) != taken[role]:
            raise GatherProblem(
                f'With "{column}" dropped, "{taken[role]}" would pass for the {role}. '
                "Drop both, or none."
            )


def _named(text: str, schema: Schema, names: set[str]) -> str:
    name = schema.mapping.get(text, roles.plain(text))
    if name not in names:
        raise GatherProblem(
            f'There is no field "{text}" to drop or to keep. Fields are: '
            f"{', '.join(column.name for column in schema.columns)}."
        )
    return name


def documents_are_counted(about: Mapping[str, Any]) -> bool:
    """Whether a dataset has counts, of documents: not where these had counts of their own.

    ``about`` is what the manifest says of it.
    """
    return bool(about.get("distilled")) and "count" not in about["source_mapping"]


def weights_of(table: pa.Table, found: Distillation) -> pa.Array:
    """How many records each row of the source stands for: one where it does not say."""
    if found.weight is None:
        return pa.array([1] * table.num_rows, pa.int64())
    column = table.column(found.weight.name).cast(found.count_type)
    return pc.fill_null(column, pa.scalar(1, found.count_type)).combine_chunks()


def to_days(table: pa.Table, found: Distillation, days: Days, schema: pa.Schema) -> pa.Table:
    """Rows of the source with the day instead of the time and their counts; not grouped yet."""
    instants = table.column(found.day)
    begins = pa.chunked_array(
        [days.begins(chunk) for chunk in instants.chunks], pa.timestamp("ms", "UTC")
    )
    columns: Mapping[str, Any] = {found.day: begins, COUNT: weights_of(table, found)}
    return pa.Table.from_arrays(
        [columns[field.name] if field.name in columns else _cast(table, field) for field in schema],
        schema=schema,
    )


def grouped(table: pa.Table) -> pa.Table:
    """Rows that agree in all but the count as one, with the sum of their counts."""
    if table.num_rows == 0:
        return table
    names = [name for name in table.schema.names if name != COUNT]
    keys = [_codes(table.column(name)) for name in names]
    numbered = pa.table(
        [*keys, table.column(COUNT), pa.array(range(table.num_rows), pa.int64())],
        names=[*(str(index) for index in range(len(names))), "weight", "row"],
    )
    groups = numbered.group_by([str(index) for index in range(len(names))], use_threads=False)
    summed = groups.aggregate([("weight", "sum"), ("row", "min")]).sort_by("row_min")
    kept = table.take(summed.column("row_min"))
    place = table.schema.get_field_index(COUNT)
    field = table.schema.field(COUNT)
    return kept.set_column(place, field, summed.column("weight_sum").cast(field.type))


def _cast(table: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    column = table.column(field.name)
    return column if column.type == field.type else column.cast(field.type)


def _codes(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Numbers or truth values that are equal where the values are; nulls stay."""
    kind = column.type
    if pa.types.is_list(kind):
        known: dict[tuple[Any, ...], int] = {}
        return pa.array(
            [
                None if value is None else known.setdefault(tuple(value), len(known))
                for value in column.to_pylist()
            ],
            pa.int64(),
        )
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    if pa.types.is_string(column.type):
        return column.combine_chunks().dictionary_encode().indices
    return column.cast(pa.int64()) if pa.types.is_timestamp(kind) else column
