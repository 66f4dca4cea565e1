"""Which rows a dataset has: distilled or not, with pseudonyms or not, without forgotten users."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa

from ..site_file import SiteFile
from .days import Days
from .distill import COUNT, Distillation, grouped, plan_distillation, to_days
from .environments import ENVIRONMENT, RULES, check_rules, environments
from .forgotten import Forgotten
from .manifest import Manifest
from .options import Options
from .problem import GatherProblem
from .pseudonyms import Pseudonyms, new_type, pseudonymised_columns
from .rows import Rows
from .schema import TEXT, Schema
from .values import sorted_rows

#: What stands in the rejects file where a value must not.
WITHHELD = None


class ShapedRows(Rows):
    """Rows that are changed on their way from documents to files."""

    def __init__(
        self,
        schema: Schema,
        distillation: Distillation | None = None,
        pseudonyms: Pseudonyms | None = None,
        columns: Sequence[str] = (),
        rules: Sequence[Mapping[str, Any]] | None = None,
        forgotten: Forgotten | None = None,
    ) -> None:
        super().__init__(schema)
        self._distillation = distillation
        self._pseudonyms = pseudonyms
        self._hidden = tuple(columns)
        self._rules = rules
        self._forgotten = forgotten
        if distillation is not None:
            self.zone = distillation.zone
            self.days = True
            self.weight = COUNT
            self.counted = distillation.weight is None
            self._days = Days(distillation.zone)
        self._schema = self._make_schema()

    @property
    def schema(self) -> pa.Schema:
        """The schema of the rows."""
        return self._schema

    @property
    def mapping(self) -> Mapping[str, str]:
        """The column of each role, in the rows."""
        mapping = dict(self.source.mapping)
        if self._distillation is not None:
            mapping["count"] = COUNT
        return {role: name for role, name in mapping.items() if name in self._schema.names}

    @property
    def order(self) -> list[str]:
        """The columns that rows are sorted by; pages come in the order of the real job ids."""
        job = self.source.mapping.get("job")
        if self._distillation is None and job in self._hidden:
            return super().order[:1]
        return super().order

    @property
    def absent(self) -> Collection[str]:
        """The columns for which the index has no field any more; environments go with theirs."""
        found = set(super().absent)
        if self._rules is not None and self.source.mapping["executable"] in found:
            found.add(ENVIRONMENT)
        return found

    def about(self) -> dict[str, Any]:
        """What the manifest and the footers say of the rows."""
        distillation = self._distillation
        return {
            **super().about(),
            "distilled": None if distillation is None else distillation.as_json(),
            "pseudonymised": list(self._hidden),
            "pseudonym_key": None if self._pseudonyms is None else self._pseudonyms.fingerprint,
            "environments": None if self._rules is None else [dict(rule) for rule in self._rules],
        }

    def slice(self, table: pa.Table) -> pa.Table:
        """The rows of documents, which come in the columns of the source."""
        if self._rules is not None:
            mapping = self.source.mapping
            found = environments(
                table, mapping["executable"], mapping.get("is_container"), self._rules
            )
            table = table.append_column(ENVIRONMENT, found)
        if self._pseudonyms is not None:
            for name in self._hidden:
                place = table.schema.get_field_index(name)
                column = self._pseudonyms.column(table.column(name))
                table = table.set_column(place, name, column)
        user = self.source.mapping.get("user")
        if self._forgotten is not None and user is not None and user in table.schema.names:
            table = self._forgotten.rest(table, user)
        if self._distillation is None:
            return table
        return grouped(to_days(table, self._distillation, self._days, self._schema))

    def merge(self, tables: list[pa.Table]) -> pa.Table:
        """Rows of tables of the same slice as one table, in order."""
        if self._distillation is None:
            return super().merge(tables)
        whole = tables[0] if len(tables) == 1 else pa.concat_tables(tables).unify_dictionaries()
        return sorted_rows(grouped(whole), self.order)

    def told(self, rejects: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Values that did not fit, as they may be told: what rows do not show, these do not."""
        role = self.source.mapping
        user, job = role.get("user"), role.get("job")
        kept = []
        for one in rejects:
            told = dict(one)
            named = (
                [told.get("user")] if user not in (None, told["column"]) else _all(told["value"])
            )
            if self._pseudonyms is not None:
                named = [self._as_shown(user, name) for name in named]
                for key, column in (("user", user), ("job", job)):
                    if told.get(key) is not None:
                        told[key] = self._as_shown(column, told[key])
                if told["column"] in self._hidden:
                    told["value"] = WITHHELD
                # Ids of documents may be made of what they hold.
                told.pop("id", None)
            if self._forgotten is not None and any(self._forgotten.has(name) for name in named):
                continue
            if self._distillation is not None:
                if told["time"] is not None:
                    at = pa.array([told["time"]], pa.timestamp("ms", "UTC"))
                    told["time"] = self._days.begins(at).cast(pa.int64())[0].as_py()
                if told["column"] not in self._distillation.kept:
                    told["value"] = WITHHELD
                told.pop("id", None)
            kept.append(told)
        return kept

    def _as_shown(self, column: str | None, value: Any) -> Any:
        if column not in self._hidden or value is None or self._pseudonyms is None:
            return value
        return self._pseudonyms.of(str(value))

    def _make_schema(self) -> pa.Schema:
        fields = [
            pa.field(
                column.name, new_type(column.type) if column.name in self._hidden else column.type
            )
            for column in self.source.columns
        ]
        if self._rules is not None:
            if any(field.name == ENVIRONMENT for field in fields):
                raise GatherProblem(
                    f'The field "{ENVIRONMENT}" is in the way of the environments that are '
                    "derived. Leave it out with --columns."
                )
            fields.append(pa.field(ENVIRONMENT, TEXT))
        distillation = self._distillation
        if distillation is None:
            return pa.schema(fields)
        kept = [
            field
            for field in fields
            if field.name in distillation.kept or field.name == ENVIRONMENT
        ]
        day = pa.field(distillation.day, pa.timestamp("ms", "UTC"))
        return pa.schema([day, *kept, pa.field(COUNT, distillation.count_type)])


def rows_maker(options: Options, manifest: Manifest) -> Callable[[Schema], Rows]:
    """What makes rows of documents, as asked for, or as the dataset was made at first.

    Raises GatherProblem where that cannot be.
    """
    held = manifest.about
    before = held.get("distilled")
    distill = options.distill or (before is not None)
    if not distill and (options.drop or options.keep or options.zone):
        raise GatherProblem("--drop, --keep and --zone go with --distill. Say --distill, too.")
    names = options.pseudonymise
    if names is None:
        names = held.get("pseudonymised", [])
    if names and options.key_file is None:
        raise GatherProblem(
            "Pseudonyms need the key that they are made with. Name its file: --key-file FILE."
        )
    pseudonyms = Pseudonyms(options.key_file) if names and options.key_file is not None else None
    fingerprint = held.get("pseudonym_key")
    if pseudonyms is not None and fingerprint not in (None, pseudonyms.fingerprint):
        raise GatherProblem(
            f"{manifest.folder} has pseudonyms of another key ({fingerprint}). "
            "Name the file of that key, or gather into another folder."
        )
    forgotten = Forgotten.of(manifest)
    if not distill and pseudonyms is None and forgotten is None:
        return Rows

    def make(schema: Schema) -> Rows:
        hidden = pseudonymised_columns(schema, names)
        rules = None
        if schema.mapping.get("executable") in hidden:
            rules = _rules(held.get("environments"))
        found = None
        if distill:
            found = plan_distillation(
                schema, _zone(options.zone, before), *_choice(options, before)
            )
        return ShapedRows(schema, found, pseudonyms, hidden, rules, forgotten)

    return make


def _choice(options: Options, before: Mapping[str, Any] | None) -> tuple[list[str], list[str]]:
    """Fields to drop and to keep: as asked, else as the dataset has them."""
    drop = options.drop
    if drop is None:
        drop = [
            one["column"]
            for one in (before or {}).get("dropped", ())
            if one["role"] not in (None, "process")
        ]
    keep = options.keep
    if keep is None:
        keep = (before or {}).get("kept", [])
    return list(drop), list(keep)


def _zone(asked: str | None, before: Mapping[str, Any] | None) -> str:
    if asked is not None:
        return asked
    return before["zone"] if before is not None else SiteFile().read().zone or "UTC"


def _rules(held: Sequence[Mapping[str, Any]] | None) -> Sequence[Mapping[str, Any]]:
    """The rules that the dataset began with: half of it by others would be no answer."""
    rules = held or SiteFile().read().environments or RULES
    check_rules(rules)
    return rules


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
