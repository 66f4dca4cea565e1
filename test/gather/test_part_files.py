"""Part files that are read and written again, as a gather does with what is held."""

import pyarrow as pa
import pyarrow.parquet as pq

from jupyterlab_workload_explorer.gather.parts import PartWriter, read_part
from jupyterlab_workload_explorer.gather.schema import TEXT

ROWS = 200_000
SCHEMA = pa.schema([("number", pa.int64()), ("job", TEXT), ("user", TEXT)])


def rows(first, end):
    texts = [
        [None if number % 1000 == 0 else f"job {37_800_000 + number // 2}" for number in numbers]
        if column == "job"
        else [f"u{number % 50}" for number in numbers]
        for column, numbers in (("job", range(first, end)), ("user", range(first, end)))
    ]
    coded = [pa.array(one).dictionary_encode() for one in texts]
    return pa.table([pa.array(range(first, end)), *coded], schema=SCHEMA)


def written(path, tables, limit):
    writer = PartWriter(path, SCHEMA, ["number"], {}, limit=limit)
    for table in tables:
        writer.add(table)
    writer.close()
    with pq.ParquetFile(path) as file:
        return [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]


def test_rows_that_are_read_bring_their_own_texts_only(tmp_path):
    """Not those of a row group, which many tables of rows would bring again and again."""
    tables = [rows(first, first + 10_000) for first in range(0, ROWS, 10_000)]
    # Those of the rows that wait, and hardly more than those.
    limit = sum(table.nbytes for table in tables)
    assert written(tmp_path / "first", tables, limit) == [ROWS]
    for table in read_part(tmp_path / "first", SCHEMA):
        assert table.schema.equals(SCHEMA)
        assert len(table.column("job").chunk(0).dictionary) <= table.num_rows // 2 + 1
    assert written(tmp_path / "again", read_part(tmp_path / "first", SCHEMA), limit) == [ROWS]
    assert pq.read_table(tmp_path / "again").equals(pq.read_table(tmp_path / "first"))
    assert pq.read_table(tmp_path / "again").equals(pa.concat_tables(tables).unify_dictionaries())
