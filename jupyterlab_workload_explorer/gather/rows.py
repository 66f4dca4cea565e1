"""From documents to the rows of the dataset: the one place where rows are changed.

Whatever makes other rows of the documents (one a process, one a day, pseudonyms) is a class with
the methods of :class:`Rows`, given to the gather.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from .multiset import union
from .schema import Schema
from .values import sorted_rows


class Rows:
    """One row a document, as it is.

    ``zone`` is the time zone of the dataset's months; with ``days``, slices are whole days of that
    zone, so that all documents of a day come to :meth:`slice` together, or in several tables that
    :meth:`merge` puts together. With ``whole``, a month is written as a whole (see :mod:`.wide`).
    ``weight`` names a column of counts, where rows stand for several documents.
    """

    zone = "UTC"
    days = False
    whole = False
    weight: str | None = None

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

    def together(self, old: pa.Table, new: pa.Table) -> tuple[pa.Table, int]:
        """Rows held before and rows fetched now of the same slice, and documents only held."""
        table, lacking = union(old, new, self.weight)
        return (table if lacking == 0 else self.merge([table])), lacking
