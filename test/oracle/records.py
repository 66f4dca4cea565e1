"""Parquet of any layout as one DuckDB table of records: the ground of the oracle's answers."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import duckdb
from vocabulary import ENVIRONMENTS, FLAGS

DEFAULT_PARTITION = "__HIVE_DEFAULT_PARTITION__"
KEYS = ("user", "job", "process")
NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "FLOAT",
    "DOUBLE",
)
# Roles with a meaning beyond a text or number to filter by.
SPECIAL = {*KEYS, "package", "time", "nodes", "count", *FLAGS}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class File:
    path: str
    partitions: dict[str, str | None]


def expand(sources: list[str]) -> list[File]:
    """Files of folders, globs and plain paths, each once, with the Hive keys in their folders."""
    found: dict[str, File] = {}
    for source in sources:
        path = Path(source)
        if path.is_dir():
            matches = sorted(path.rglob("*.parquet"))
        elif path.exists():
            matches = [path]
        else:
            matches = [Path(p) for p in sorted(glob.glob(source, recursive=True))]  # noqa: PTH207
        for match in matches:
            if match.is_file() and not match.name.startswith((".", "_")):
                found.setdefault(str(match), File(str(match), hive_keys(str(match))))
    return list(found.values())


def hive_keys(path: str) -> dict[str, str | None]:
    """`{month: '2021-03'}` of `…/month=2021-03/…`."""
    keys: dict[str, str | None] = {}
    for part in Path(path).parent.parts:
        name, separator, value = part.partition("=")
        if separator and name:
            keys[unquote(name)] = None if value == DEFAULT_PARTITION else unquote(value)
    return keys


class Records:
    """Records of a dataset in DuckDB.

    Table `rec` has a row for each record (each row, in the wide shape): `rid`, weight `w`, keys
    `user_k`, `job_k`, `process_k`, epoch second `t`, `nodes`, flags, `env`, `pkgs` (its packages
    as they lie in the file), and `f_<role>` or `c_<column>` for whatever else can be filtered by.
    Table `el` has a row for each record and `element` of `pkgs`; `package` is null where that is
    no package.
    """

    def __init__(self, sources: list[str], mapping: dict[str, list[str]]) -> None:
        self.con = duckdb.connect()
        self.con.execute("SET TimeZone = 'UTC'; SET threads = 2")
        self.mapping = mapping
        self.kinds: dict[str, str] = {}
        files = expand(sources)
        assert files, f"no files in {sources}"
        self.files = len(files)
        parts = [self._select(k, file) for k, file in enumerate(files)]
        self.con.execute("CREATE TABLE rec AS " + "\nUNION ALL BY NAME\n".join(parts))
        # A wide row's elements are as so many records, missing ones and empty texts too; a row
        # without any is one without a package.
        self.con.execute(
            """CREATE TABLE el AS
               SELECT * EXCLUDE (pkgs), unnest(pkgs) AS element, nullif(element, '') AS package
               FROM (SELECT * REPLACE (CASE WHEN len(pkgs) > 0 THEN pkgs ELSE [NULL] END AS pkgs)
                     FROM rec)"""
        )
        self.columns = {row[0] for row in self.con.execute("DESCRIBE el").fetchall()}

    @property
    def rows(self) -> int:
        return int(self.con.execute("SELECT count(*) FROM rec").fetchall()[0][0])

    def _select(self, k: int, file: File) -> str:
        """One file as `rec`; roles that it lacks are null."""
        path = literal(file.path.replace("[", "[[]"))
        reader = f"read_parquet({path}, file_row_number = true, hive_partitioning = false)"
        leaves: dict[str, tuple[str, str]] = {}
        for name, kind, *_ in self.con.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall():
            self._add_leaves(leaves, name, quoted(name), str(kind))
        for name, value in file.partitions.items():
            text = "NULL::VARCHAR" if value is None else literal(value)
            leaves.setdefault(name, (text, "VARCHAR"))

        def role(name: str) -> list[tuple[str, str]]:
            return [
                leaves.get(column, ("NULL::VARCHAR", "VARCHAR"))
                for column in self.mapping.get(name, [])
            ]

        items = [f"[{k}, file_row_number] AS rid"]
        items.append(f"{self._packages(role('package'))} AS pkgs")
        weight = role("count")
        items.append(f"{weight[0][0] if weight else '1'}::BIGINT AS w")
        for key in KEYS:
            items.append(f"{self._key(key, role)} AS {key}_k")
            if role(key):
                items.append(f"{role(key)[0][0]}::VARCHAR AS f_{key}")
                self.kinds[key] = "text"
        items.append(f"{self._seconds(role('time'))} AS t")
        nodes = role("nodes")
        items.append(f"{nodes[0][0] if nodes else 'NULL'}::BIGINT AS nodes")
        for name in FLAGS:
            items.append(f"{self._flag(role(name))} AS {name}")
        for name in self.mapping:
            if name not in SPECIAL:
                items.append(f"{role(name)[0][0]}::VARCHAR AS f_{name}")
                self.kinds[name] = "text"
        items.append(f"{self._environment(role)} AS env")
        mapped = {column for columns in self.mapping.values() for column in columns}
        for column, (sql, kind) in leaves.items():
            if column not in mapped and not kind.endswith("]") and column not in self.mapping:
                items.append(f"{sql} AS {quoted('c_' + column)}")
                self.kinds[column] = (
                    "number" if kind in NUMBERS else "boolean" if kind == "BOOLEAN" else "text"
                )
        return f"SELECT {', '.join(items)} FROM {reader}"

    def _add_leaves(
        self, leaves: dict[str, tuple[str, str]], name: str, sql: str, kind: str
    ) -> None:
        """A column, or the fields of a structure under dotted names."""
        if name == "file_row_number":
            return
        if not kind.startswith("STRUCT("):
            leaves[name] = (sql, kind)
            return
        described = self.con.execute(f"DESCRIBE SELECT unnest(NULL::{kind})").fetchall()
        for field, inner, *_ in described:
            self._add_leaves(
                leaves,
                f"{name}.{field}",
                f"struct_extract({sql}, {literal(field)})",
                str(inner),
            )

    @staticmethod
    def _packages(found: list[tuple[str, str]]) -> str:
        if not found:
            return "[]::VARCHAR[]"
        sql, kind = found[0]
        return f"{sql}::VARCHAR[]" if kind.endswith("]") else f"[{sql}::VARCHAR]"

    def _key(self, key: str, role: object) -> str:
        """A unit's key as JSON; null when a part has no value, or for jobs an empty one.

        A job's system is a part whatever its value: none is a system of its own.
        """
        assert callable(role)
        parts = [f"{sql}::VARCHAR" for sql, _ in role(key)]
        if not parts:
            return "NULL::VARCHAR"
        absent = [f"{part} IS NULL" for part in parts]
        if key == "job":
            absent += [f"{part} = ''" for part in parts]
            if self.mapping.get("system", [""])[0] not in self.mapping["job"]:
                parts += [f"{sql}::VARCHAR" for sql, _ in role("system")]
        whole = f"to_json([{', '.join(parts)}])::VARCHAR"
        return f"CASE WHEN {' OR '.join(absent)} THEN NULL ELSE {whole} END"

    @staticmethod
    def _seconds(found: list[tuple[str, str]]) -> str:
        """Epoch second, rounded down; without zone it is UTC, unreadable text is null."""
        if not found:
            return "NULL::BIGINT"
        sql, kind = found[0]
        if kind == "VARCHAR":
            sql = f"TRY_CAST({sql} AS TIMESTAMPTZ)"
        elif kind == "DATE":
            sql = f"{sql}::TIMESTAMP"
        ns = f"epoch_ns({sql})::HUGEINT"
        return f"(({ns} - (({ns} % 1000000000) + 1000000000) % 1000000000) // 1000000000)::BIGINT"

    @staticmethod
    def _flag(found: list[tuple[str, str]]) -> str:
        return f"TRY_CAST({found[0][0]} AS BOOLEAN)" if found else "NULL::BOOLEAN"

    def _environment(self, role: object) -> str:
        assert callable(role)
        path = role("executable")
        sql = f"{path[0][0]}::VARCHAR" if path else "NULL::VARCHAR"
        rules = " ".join(
            f"WHEN regexp_matches({sql}, {literal(pattern)}) THEN {literal(name)}"
            for name, pattern in ENVIRONMENTS
        )
        container = self._flag(role("is_container"))
        return f"CASE WHEN {container} THEN 'container' {rules} ELSE 'other' END"
