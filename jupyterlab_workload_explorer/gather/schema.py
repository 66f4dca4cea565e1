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
#: All of one width, so that a field that is made wider later changes no type. Small numbers take
#: no more room in a file for it.
_WHOLE = ("byte", "short", "integer", "long")
_BROKEN = ("half_float", "float", "scaled_float", "double")
_LONG_TEXTS = {"text", "match_only_text", "annotated_text"}
_ALL_TEXTS = {*_TEXTS, *_LONG_TEXTS}
_DATES = {"date": pa.timestamp("ms", "UTC"), "date_nanos": pa.timestamp("ns", "UTC")}


@dataclass(frozen=True)
class Column:
    """A column of the dataset.

    ``field`` is what is asked of Elasticsearch (a keyword sub-field for a text), ``kind`` how its
    values are read: ``text``, ``list``, ``whole``, ``broken``, ``boolean``, ``date``. ``composite``
    says that composite aggregations give its values as they are, ``dated`` that indices have dates,
    and ``resolutions`` that these have milliseconds in one and nanoseconds in another. ``absent``
    says that no index has the field any more; ``loose`` that indices have it in several ways, of
    which only the documents themselves tell the value. ``above`` is the text whose sub-field it is.
    """

    name: str
    field: str
    kind: str
    type: pa.DataType
    composite: bool = True
    resolutions: bool = False
    dated: bool = False
    absent: bool = False
    loose: bool = False
    above: str = ""

    @property
    def source(self) -> str:
        """The path in the document, for raw values: that of the text which has the sub-field."""
        return self.above or self.field

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


@dataclass(frozen=True)
class Found:
    """What an answer of ``_field_caps`` with unmapped fields has.

    ``columns`` can be gathered, by name; ``left_out`` cannot, by field, and ``conflicts`` have
    types that do not go together, by name, both with the reason. ``named`` leads from fields to
    names of columns.
    """

    columns: Mapping[str, Column]
    left_out: Mapping[str, str]
    conflicts: Mapping[str, str]
    named: Mapping[str, str]

    def as_column(self, field: str) -> str:
        """The column that a field, or a column, is."""
        return self.named.get(field, roles.plain(field))


def find_columns(caps: Mapping[str, Any]) -> Found:
    """The columns that fields can become."""
    fields: dict[str, dict[str, Any]] = {}
    lacking: dict[str, set[str]] = {}
    indices = caps.get("indices", [])
    for name in sorted(caps["fields"]):
        types = caps["fields"][name]
        fields[name] = {kind: info for kind, info in types.items() if kind != "unmapped"}
        lacking[name] = set(_listed(types.get("unmapped", {}).get("indices", ())))
    fields = {name: types for name, types in fields.items() if types}
    found: dict[str, Column] = {}
    left_out: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    named = {name: plain for name in fields if (plain := _column_name(name, fields)) is not None}
    for field, name in named.items():
        parent = field.rpartition(".")[0]
        loose = _is_mixed(fields[field]) or (
            # Elsewhere the keyword has another name, or the text none.
            parent in fields and _is_text(fields[parent]) and not lacking[field] <= lacking[parent]
        )
        if loose:
            whole = field if _is_mixed(fields[field]) else parent
            column, reason = Column(name, whole, "text", TEXT, False, loose=True), ""
        else:
            column, reason = _column(name, field, fields[field])
            if column is not None and parent in fields and _is_text(fields[parent]):
                column = replace(column, above=parent)
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
    return Found(found, left_out, conflicts, named)


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
    fields = find_columns(caps)
    found, conflicts = fields.columns, fields.conflicts
    for name in conflicts if chosen is None else chosen:
        if fields.as_column(name) in conflicts:
            raise GatherProblem(
                f"{conflicts[fields.as_column(name)]} Gather these indices into folders of their "
                "own, or leave the field out by --columns."
            )
    mapping = roles.propose(
        found, {role: fields.as_column(field) for role, field in (given or {}).items()}
    )
    if "time" not in mapping:
        raise GatherProblem(
            "No field is known as the time of a record. Name it: --map time=FIELD. "
            f"Fields are: {', '.join(found)}."
        )
    _check_dates(found, mapping)
    columns = _choose(fields, mapping, chosen)
    package = mapping.get("package")
    return Schema(
        tuple(
            column.as_list() if column.name == package and package in roles.LISTS else column
            for column in columns
        ),
        {role: name for role, name in mapping.items() if any(c.name == name for c in columns)},
        fields.left_out,
    )


def keep_schema(
    caps: Mapping[str, Any], held: Sequence[Mapping[str, str]], mapping: Mapping[str, str]
) -> Schema:
    """The schema that a dataset has, read from indices as they are now.

    ``held`` has the columns as :meth:`Column.as_json` gives them, ``mapping`` their roles. Columns
    keep their types: values of a field that has another type now are converted where they fit.
    A field that is gone is a column without values. Raises GatherProblem for a type that differs
    between indices, and where the event time cannot be read any more.
    """
    fields = find_columns(caps)
    columns = []
    for entry in held:
        name = entry["name"]
        if name in fields.conflicts:
            raise GatherProblem(
                f"{fields.conflicts[name]} Gather the indices whose type is not that of the "
                "dataset into a folder of their own."
            )
        kind, type_ = _of_text(entry["type"])
        now = fields.columns.get(name)
        if now is None:
            columns.append(Column(name, entry["field"], kind, type_, absent=True))
        else:
            same = now.composite and now.kind == kind
            columns.append(replace(now, kind=kind, type=type_, composite=same))
    _check_dates(fields.columns, mapping)
    return Schema(tuple(columns), mapping, fields.left_out)


def _check_dates(found: Mapping[str, Column], mapping: Mapping[str, str]) -> None:
    for role in ("time", roles.INGEST):
        name = mapping.get(role)
        if name is None:
            continue
        if name not in found:
            raise GatherProblem(
                f'The field "{name}", which is mapped as {role}, cannot be gathered from the index '
                "any more. Gather into another folder."
            )
        if not found[name].dated:
            raise GatherProblem(
                f'The field "{found[name].field}" is mapped as {role} and is not a date. '
                f"Name another one: --map {role}=FIELD."
            )


def _choose(
    fields: Found, mapping: Mapping[str, str], chosen: Sequence[str] | None
) -> list[Column]:
    """Time first, then job, then the others as they are named or, else, by name."""
    found = fields.columns
    first = [mapping[role] for role in ("time", "job") if role in mapping]
    always = [mapping[role] for role in ("time", roles.INGEST) if role in mapping]
    if chosen is None:
        names = [*first, *(name for name in found if name not in first)]
    else:
        wanted = [mapping.get(name, fields.as_column(name)) for name in chosen]
        for name, column in zip(chosen, wanted, strict=True):
            if column not in found:
                raise GatherProblem(
                    f'There is no field "{name}" that can be gathered. '
                    f"Fields are: {', '.join(found)}."
                )
        names = list(dict.fromkeys([*(n for n in first if n in wanted), *always, *wanted]))
        names.sort(key=lambda name: first.index(name) if name in first else len(first))
    return [found[name] for name in names]


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
    return set(types) <= _LONG_TEXTS


def _is_mixed(types: Mapping[str, Any]) -> bool:
    """Whether a field is a text in some indices and a keyword in others."""
    kinds = set(types)
    return bool(kinds & _LONG_TEXTS) and bool(kinds - _LONG_TEXTS) and kinds <= _ALL_TEXTS


def _above(field: str) -> list[str]:
    parts = field.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _is(fields: Mapping[str, Any], field: str, kind: str) -> bool:
    return field in fields and kind in fields[field]


def _column(name: str, field: str, types: Mapping[str, Any]) -> tuple[Column | None, str]:
    """The column of a field of one type, or of types that go together; else the reason."""
    if _is_text(types):
        return None, "it is a text without a keyword sub-field"
    kinds = set(types)
    if any(not info.get("aggregatable") for info in types.values()):
        return None, "it has no doc values"
    if kinds <= set(_TEXTS):
        # A wildcard's values stand in another form of doc values, which aggregations order slowly.
        # Addresses and versions are coded, and those of several indices are decoded as of one.
        alike = len(kinds) == 1 or kinds <= {"keyword", "constant_keyword"}
        return Column(name, field, "text", TEXT, alike and "wildcard" not in kinds), ""
    if kinds <= set(_WHOLE):
        return Column(name, field, "whole", pa.int64()), ""
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
        return Column(name, field, "date", kind, not fine, len(kinds) > 1, dated=True), ""
    if kinds <= {*_TEXTS, *_WHOLE, *_BROKEN, "unsigned_long"}:
        return Column(name, field, "text", TEXT, False), ""
    return None, f"its type {' and '.join(sorted(kinds))} has no column in Parquet"


def _conflicts(types: Mapping[str, Any]) -> bool:
    """Whether the types of a field in several indices have no type in common."""
    kinds = set(types)
    if len(kinds) < 2 or _is_text(types) or _is_mixed(types) or kinds <= set(_DATES):
        return False
    return not kinds <= {*_TEXTS, *_WHOLE, *_BROKEN, "unsigned_long"}


def _conflict(field: str, types: Mapping[str, Any], indices: Sequence[str]) -> str:
    parts = []
    for kind in sorted(types):
        several = _listed(types[kind].get("indices") or indices)
        shown = ", ".join(several[:5]) + (", …" if len(several) > 5 else "")
        parts.append(f"{kind} in {shown}")
    return f'The field "{field}" has types that do not go together: {"; ".join(parts)}.'


def _listed(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _of_text(text: str) -> tuple[str, pa.DataType]:
    """The kind and the type of a column that the manifest names by its type."""
    return _KINDS.get(text) or ("list", LIST)


_KINDS: dict[str, tuple[str, pa.DataType]] = {
    str(type_): (kind, type_)
    for kind, types in (
        ("text", [TEXT]),
        ("whole", [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint64()]),
        ("broken", [pa.float64()]),
        ("boolean", [pa.bool_()]),
        ("date", list(_DATES.values())),
    )
    for type_ in types
}
