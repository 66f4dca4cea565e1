"""Fields of Elasticsearch as columns of Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from . import roles
from .problem import GatherProblem

TEXT = pa.dictionary(pa.int32(), pa.string())
LIST = pa.list_(pa.string())

#: Mapped types that come as a text, and what they become.
_TEXTS = ("keyword", "constant_keyword", "wildcard", "ip", "version")
_WHOLE = {"byte": pa.int8(), "short": pa.int16(), "integer": pa.int32(), "long": pa.int64()}
_BROKEN = ("half_float", "float", "scaled_float", "double")
_DATES = {"date": pa.timestamp("ms", "UTC"), "date_nanos": pa.timestamp("ns", "UTC")}


@dataclass(frozen=True)
class Column:
    """A column of the dataset.

    ``field`` is what is asked of Elasticsearch (a keyword sub-field for a text), ``kind`` how its
    values are read: ``text``, ``list``, ``whole``, ``broken``, ``boolean``, ``date``. ``composite``
    says that composite aggregations give its values as they are, ``resolutions`` that a date has
    milliseconds in one index and nanoseconds in another.
    """

    name: str
    field: str
    kind: str
    type: pa.DataType
    composite: bool = True
    resolutions: bool = False

    @property
    def source(self) -> str:
        """The path in the document, for raw values: without a keyword sub-field."""
        return self.field.removesuffix(".keyword")

    def as_list(self) -> Column:
        """The same column, with a list of texts in each row."""
        return replace(self, kind="list", type=LIST, composite=False)

    def as_json(self) -> dict[str, str]:
        """What the manifest says of it."""
        return {"name": self.name, "field": self.field, "type": str(self.type)}


@dataclass(frozen=True)
class Schema:
    """The columns of a dataset, what they mean, and fields that cannot be gathered, with reasons.

    ``mapping`` leads from roles to names of columns.
    """

    columns: tuple[Column, ...]
    mapping: Mapping[str, str]
    left_out: Mapping[str, str]

    @property
    def arrow(self) -> pa.Schema:
        """The schema of the tables that come from pages."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    def column(self, role: str) -> Column | None:
        """The column of a role."""
        name = self.mapping.get(role)
        return next((column for column in self.columns if column.name == name), None)

    @property
    def time(self) -> Column:
        """The column of the event time, which every schema has."""
        column = self.column("time")
        assert column is not None
        return column

    def with_lists(self, names: Sequence[str]) -> Schema:
        """The same schema, in which these columns hold lists of texts."""
        return replace(
            self,
            columns=tuple(
                column.as_list() if column.name in names else column for column in self.columns
            ),
        )


def read_schema(
    caps: Mapping[str, Any],
    given: Mapping[str, str] | None = None,
    chosen: Sequence[str] | None = None,
) -> Schema:
    """The schema of an answer of ``_field_caps``.

    ``given`` maps roles to fields or columns, ``chosen`` names the columns wanted (all by default;
    the event time, and the ingest time where mapped, always come along). Raises GatherProblem for
    a type that differs between indices, a column that does not exist, and where no field is the
    event time.
    """
    fields = {name: caps["fields"][name] for name in sorted(caps["fields"])}
    indices = caps.get("indices", [])
    found: dict[str, Column] = {}
    left_out: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    named = {name: plain for name in fields if (plain := _column_name(name, fields)) is not None}
    for field, name in named.items():
        column, reason = _column(name, field, fields[field])
        if _conflicts(fields[field]):
            conflicts[name] = _conflict(field, fields[field], indices)
        elif any(_is(fields, path, "nested") for path in _above(field)):
            left_out[field] = "it belongs to nested documents"
        elif column is None:
            left_out[field] = reason
        elif name in found:
            left_out[field] = f'the field "{found[name].field}" has the same name'
        else:
            found[name] = column
    for name in conflicts if chosen is None else chosen:
        if _as_column(name, named) in conflicts:
            raise GatherProblem(conflicts[_as_column(name, named)])
    mapping = roles.propose(
        found, {role: _as_column(field, named) for role, field in (given or {}).items()}
    )
    time = mapping.get("time")
    if time is None:
        raise GatherProblem(
            "No field is known as the time of a record. Name it: --map time=FIELD. "
            f"Fields are: {', '.join(found)}."
        )
    for role in ("time", roles.INGEST):
        if role in mapping and found[mapping[role]].kind != "date":
            raise GatherProblem(
                f'The field "{found[mapping[role]].field}" is mapped as {role} and is not a date. '
                f"Name another one: --map {role}=FIELD."
            )
    columns = _choose(found, mapping, chosen, named)
    package = mapping.get("package")
    return Schema(
        tuple(
            column.as_list() if column.name == package and package in roles.LISTS else column
            for column in columns
        ),
        {role: name for role, name in mapping.items() if any(c.name == name for c in columns)},
        left_out,
    )


def _choose(
    found: Mapping[str, Column],
    mapping: Mapping[str, str],
    chosen: Sequence[str] | None,
    named: Mapping[str, str],
) -> list[Column]:
    """Time first, then job, then the others as they are named or, else, by name."""
    first = [mapping[role] for role in ("time", "job") if role in mapping]
    always = [mapping[role] for role in ("time", roles.INGEST) if role in mapping]
    if chosen is None:
        names = [*first, *(name for name in found if name not in first)]
    else:
        wanted = [mapping.get(name, _as_column(name, named)) for name in chosen]
        for name, column in zip(chosen, wanted, strict=True):
            if column not in found:
                raise GatherProblem(
                    f'There is no field "{name}" that can be gathered. '
                    f"Fields are: {', '.join(found)}."
                )
        names = list(dict.fromkeys([*(n for n in first if n in wanted), *always, *wanted]))
        names.sort(key=lambda name: first.index(name) if name in first else len(first))
    return [found[name] for name in names]


def _as_column(field: str, named: Mapping[str, str]) -> str:
    return named.get(field, roles.plain(field))


def _column_name(field: str, fields: Mapping[str, Any]) -> str | None:
    """The column that a field becomes; ``None`` for metadata, objects and further sub-fields."""
    types = fields[field]
    if all(info.get("metadata_field") for info in types.values()):
        return None
    if set(types) <= {"object", "nested"}:
        return None
    parent = field.rpartition(".")[0]
    if parent in fields and not set(fields[parent]) & {"object", "nested"}:
        # Sub-fields tell the same again, except for the first keyword of a text.
        if not _is_text(fields[parent]) or set(types) != {"keyword"}:
            return None
        first = min(
            name
            for name, info in fields.items()
            if name.rpartition(".")[0] == parent and set(info) == {"keyword"}
        )
        preferred = f"{parent}.keyword"
        return (
            roles.plain(parent) if field == (preferred if preferred in fields else first) else None
        )
    if _is_text(types) and any(
        name.rpartition(".")[0] == field and set(info) == {"keyword"}
        for name, info in fields.items()
    ):
        return None
    return roles.plain(field)


def _is_text(types: Mapping[str, Any]) -> bool:
    return set(types) - {"unmapped"} <= {"text", "match_only_text", "annotated_text"}


def _above(field: str) -> list[str]:
    parts = field.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _is(fields: Mapping[str, Any], field: str, kind: str) -> bool:
    return field in fields and kind in fields[field]


def _column(name: str, field: str, types: Mapping[str, Any]) -> tuple[Column | None, str]:
    """The column of a field of one type, or of types that go together; else the reason."""
    if _is_text(types):
        return None, "it is a text without a keyword sub-field"
    kinds = {kind for kind in types if kind != "unmapped"}
    if any(not info.get("aggregatable") for kind, info in types.items() if kind != "unmapped"):
        return None, "it has no doc values"
    if kinds <= set(_TEXTS):
        # A wildcard's values stand in another form of doc values, which aggregations order slowly.
        # Addresses and versions are coded, and those of several indices are decoded as of one.
        alike = len(kinds) == 1 or kinds <= {"keyword", "constant_keyword"}
        return Column(name, field, "text", TEXT, alike and "wildcard" not in kinds), ""
    if kinds <= set(_WHOLE):
        widest = max((_WHOLE[kind] for kind in kinds), key=lambda one: one.bit_width)
        return Column(name, field, "whole", widest), ""
    if kinds == {"unsigned_long"}:
        return Column(name, field, "whole", pa.uint64(), False), ""
    if kinds <= {*_WHOLE, *_BROKEN}:
        # Buckets of whole and of broken numbers cannot be put in one order.
        return Column(name, field, "broken", pa.float64(), not kinds & set(_WHOLE)), ""
    if kinds == {"boolean"}:
        return Column(name, field, "boolean", pa.bool_()), ""
    if kinds <= set(_DATES):
        fine = "date_nanos" in kinds
        kind = _DATES["date_nanos" if fine else "date"]
        return Column(name, field, "date", kind, not fine, len(kinds) > 1), ""
    if kinds <= {*_TEXTS, *_WHOLE, *_BROKEN, "unsigned_long"}:
        return Column(name, field, "text", TEXT, False), ""
    return None, f"its type {' and '.join(sorted(kinds))} has no column in Parquet"


def _conflicts(types: Mapping[str, Any]) -> bool:
    """Whether the types of a field in several indices have no type in common."""
    kinds = {kind for kind in types if kind != "unmapped"}
    if len(kinds) < 2 or _is_text(dict.fromkeys(kinds)) or kinds <= set(_DATES):
        return False
    return not kinds <= {*_TEXTS, *_WHOLE, *_BROKEN, "unsigned_long"}


def _conflict(field: str, types: Mapping[str, Any], indices: Sequence[str]) -> str:
    parts = []
    for kind in sorted(types):
        where = types[kind].get("indices") or indices
        several = where if isinstance(where, list) else [where]
        shown = ", ".join(several[:5]) + (", …" if len(several) > 5 else "")
        parts.append(f"{kind} in {shown}")
    return (
        f'The field "{field}" has types that do not go together: {"; ".join(parts)}. '
        "Gather these indices into folders of their own, or leave the field out by --columns."
    )


def columns_of(about: Mapping[str, Any]) -> list[str] | None:
    """The columns that a dataset has; ``None`` for a new one. Later fields do not change it."""
    columns = about.get("source_columns")
    return about.get("chosen") or (columns and [column["name"] for column in columns])


def further_columns(
    caps: Mapping[str, Any], given: Mapping[str, str], known: Sequence[str]
) -> list[str]:
    """Fields that the index has got since the dataset was begun."""
    try:
        columns = read_schema(caps, given).columns
    except GatherProblem:
        return []
    return [column.name for column in columns if column.name not in known]
