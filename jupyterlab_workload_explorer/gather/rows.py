"""From documents to the rows of the dataset: the one place where rows are changed.

Whatever makes other rows of the documents (one a process, one a day, pseudonyms) is a class with
the methods of :class:`Rows`, given to the gather.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .multiset import Union, rows_of, union
from .schema import Schema
from .spill import HELD
from .values import sorted_rows, widened


class Rows:
    """One row a document, as it is.

    ``zone`` is the time zone of the dataset's months; with ``days``, slices are whole days of that
    zone, so that all documents of a day come to :meth:`slice` together, or in several tables that
    :meth:`merge` puts together. With ``whole``, a month is written as a whole (see :mod:`.wide`).
    ``weight`` names a column of counts, where rows stand for several documents. ``counted`` says
    that rows, or their counts, tell the number of documents of the index, as far as a document has
    not become several rows; documents may also have counts of their own, which tell another number.
    """

    zone = "UTC"
    days = False
    whole = False
    weight: str | None = None
    counted = True

    def __init__(self, schema: Schema) -> None:
        self.source = schema

    @property
    def schema(self) -> pa.Schema:
        """The schema of the rows."""
        return self.source.arrow

    @property
    def mapping(self) -> Mapping[str, str]:
        """The column of each role, in the rows."""
        return self.source.mapping

    @property
    def order(self) -> list[str]:
        """The columns that rows are sorted by."""
        names = (self.mapping.get(role) for role in ("time", "job"))
        return [name for name in names if name is not None and name in self.schema.names]

    @property
    def absent(self) -> Collection[str]:
        """The columns for which the index has no field any more."""
        return {column.name for column in self.source.columns if column.absent}

    def about(self) -> dict[str, Any]:
        """What the manifest and the footers say of the rows."""
        return {
            "shape": "long",
            "distilled": None,
            "pseudonymised": [],
            "pseudonym_key": None,
            "environments": None,
        }

    def slice(self, table: pa.Table) -> pa.Table:
        """The rows of documents, which come in the columns of the source."""
        return table

    def merge(self, tables: list[pa.Table]) -> pa.Table:
        """Rows of tables of the same slice as one table, in order."""
        whole = tables[0] if len(tables) == 1 else pa.concat_tables(tables).unify_dictionaries()
        return sorted_rows(whole, self.order)

    def told(self, rejects: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Values of documents that did not fit, as they may be told."""
        return rejects

    def together(self, old: pa.Table, new: pa.Table) -> Union:
        """Rows held before and rows fetched now of the same slice.

        What is compared are documents of the index where rows are ``counted``.
        """
        # Codes of fetched rows may be too narrow for the texts of both.
        return self._together(old, widened(new, self.schema))

    def meeting(self, table: pa.Table) -> Iterable[int]:
        """A number for each row; rows that are put together have the same."""
        names = [one for one in self.schema.names if one not in (self.weight, *self.absent)]
        return map(hash, rows_of(table, names))

    def put_together(self, table: pa.Table) -> Union:
        """Rows of a column ``HELD`` more, as :meth:`together` makes them.

        Of rows with the same :meth:`meeting`, all are there or none.
        """
        held = table.column(HELD)
        old = table.filter(held).drop_columns([HELD])
        new = table.filter(pc.invert(held)).drop_columns([HELD])
        return self._together(old, self.merge([new]))

    def _together(self, old: pa.Table, new: pa.Table) -> Union:
        found = union(old, new, self.weight, self.absent)
        return found if found.table is new else found._replace(table=self.merge([found.table]))
