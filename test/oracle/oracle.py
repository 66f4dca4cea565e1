"""Answers by DuckDB, from the definitions in the domain's documents and nothing else.

This is the independent engine that the command line is compared with: it never looks at how the
answers are made there. Where the documents are silent the decision is a comment here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from math import sqrt

from records import Records, literal, quoted
from vocabulary import (
    ANALYSES,
    COUNTED,
    FLAGS,
    MKL_ELIGIBLE,
    Condition,
    Facts,
    Query,
    instant,
    name_key,
    node_class,
    number_key,
)

Row = dict[str, object]


def answer(records: Records, query: Query) -> Facts:
    """The rows of a query's answer, in order, and the facts of its provenance."""
    wanted = ANALYSES[query.analysis].population
    chosen = Chosen(records, query, wanted, "ch")
    rows = ROWS[query.analysis](chosen)
    facts = Facts(rows, chosen.population(), chosen.span())
    if query.analysis in ("job-sizes", "package-job-size") and records.mapping.get("job"):
        facts.differing = chosen.differing()
    return facts


@dataclass
class Chosen:
    """The records (by package) that a query chooses, as a DuckDB table."""

    records: Records
    query: Query
    wanted: tuple[str, ...]
    table: str

    def __post_init__(self) -> None:
        self.con = self.records.con
        query = self.query
        tests = [self._test(condition) for condition in query.where]
        replaced = {condition.field for condition in query.where}
        for name, value in (("is_staff", "false"), ("is_compute", "true")):
            mapped = bool(self.records.mapping.get(name))
            if name in self.wanted and not query.everything and name not in replaced and mapped:
                tests.append(f"coalesce({name} = {value}, false)")
        for bound, op in ((query.start, ">="), (query.end, "<")):
            if bound is not None:
                seconds = instant(bound, query.zone)
                tests.append(f"coalesce(t {op} {seconds}, false)")
        where = " AND ".join(tests) or "true"
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE others AS SELECT * FROM el WHERE {where}")
        # Packages of the same job, by the records that all other filters chose.
        kept = ["true"]
        for names, negated in ((query.has, False), (query.without, True)):
            for name in names:
                holds = (
                    "coalesce(job_k IN (SELECT job_k FROM others "
                    f"WHERE package = {literal(name)} AND job_k IS NOT NULL), false)"
                )
                kept.append(f"NOT {holds}" if negated else holds)
        # A job has the largest node count of its chosen records; a record outside jobs has its own.
        self.con.execute(
            f"""CREATE OR REPLACE TEMP TABLE {self.table} AS
                SELECT *, CASE WHEN job_k IS NULL THEN nodes
                               ELSE max(nodes) OVER (PARTITION BY job_k) END AS size
                FROM others WHERE {" AND ".join(kept)}"""
        )

    def _test(self, condition: Condition) -> str:
        """SQL of a condition; a record without a value matches none, and so every negated one."""
        name, op, values = condition.field, condition.op, condition.values
        # A column that plays a role is that role by another name.
        for role, columns in self.records.mapping.items():
            if name in columns[:1]:
                name = role
        if name == "environment":
            column, kind = "env", "text"
        elif name == "package":
            column, kind = "element", "text"
        elif name == "nodes":
            column, kind = "nodes", "number"
        elif name == "time":
            column, kind = "t", "time"
        elif name == "count":
            column, kind = "w", "number"
        elif name in FLAGS:
            column, kind = name, "boolean"
        elif name in self.records.mapping:
            column, kind = f"f_{name}", self.records.kinds[name]
        else:
            column, kind = quoted("c_" + name), self.records.kinds[name]

        def value(text: str) -> str:
            if kind == "text":
                return literal(text)
            if kind == "time":
                return str(instant(text, self.query.zone))
            return text

        if op in ("=", "!="):
            listed = ", ".join(value(text) for text in values)
            test = f"coalesce({column} IN ({listed}), false)"
        elif op in ("~", "!~"):
            test = f"coalesce(regexp_matches({column}, {literal(values[0])}), false)"
        else:
            test = f"coalesce({column} {op} {value(values[0])}, false)"
        return f"NOT {test}" if op in ("!=", "!~") else test

    def count(self, groups: list[str], where: str = "true", unit: str | None = None) -> list[tuple]:
        """Distinct units by group, as `(*groups, number)`.

        Records count their weight; units without a name do not count. A group whose records hold no
        such unit has no row.
        """
        unit = (unit or self.query.unit()).split("+")[0]
        outer = "".join(f"g{k}, " for k in range(len(groups)))
        inner = "".join(f"{group} AS g{k}, " for k, group in enumerate(groups))
        if unit == "record":
            sql = (
                f"SELECT {outer} sum(w)::BIGINT FROM (SELECT DISTINCT {inner} rid, w "
                f"FROM {self.table} WHERE {where})"
            )
        else:
            key = f"{unit}_k"
            sql = (
                f"SELECT {outer} count(DISTINCT {key}) FROM (SELECT {inner} {key} "
                f"FROM {self.table} WHERE {where} AND {key} IS NOT NULL)"
            )
        return self.con.execute(sql + (" GROUP BY ALL" if groups else "")).fetchall()

    def total(self, unit: str | None = None, where: str = "true") -> int:
        return int(self.count([], where, unit)[0][0] or 0)

    def ranked(self, name: str, where: str = "true") -> tuple[str, str | None]:
        """Conditions that hold for the names that `top` keeps, and for those that it leaves out.

        The second is None without `--other`. Names rank by their units over all classes and
        periods, ties by name; a missing value is a name here.
        """
        top = self.query.top
        if top is None:
            return where, None
        totals = sorted(self.count([name], where), key=lambda r: (-r[1], name_key(r[0])))
        kept = [row[0] for row in totals[:top]]
        texts = ", ".join(literal(text) for text in kept if text is not None)
        test = f"coalesce({name} IN ({texts}), false)" if texts else "false"
        if None in kept:
            test = f"({test} OR {name} IS NULL)"
        other = f"{where} AND NOT {test}" if self.query.other else None
        return f"{where} AND {test}", other

    def jobs_by_package(self) -> dict[str, int]:
        return dict(self.count(["package"], "package IS NOT NULL", "job"))

    def jobs_of_pairs(self) -> dict[tuple[str, str], int]:
        """Jobs that hold both packages, in both orders."""
        pairs = self.con.execute(
            f"""WITH has AS (SELECT DISTINCT job_k, package FROM {self.table}
                             WHERE job_k IS NOT NULL AND package IS NOT NULL)
                SELECT a.package, b.package, count(*) FROM has a JOIN has b USING (job_k)
                WHERE a.package <> b.package GROUP BY ALL"""
        ).fetchall()
        return {(a, b): n for a, b, n in pairs}

    def population(self) -> dict[str, int | None]:
        mapping = self.records.mapping
        return {
            "records": self.total("record"),
            "users": self.total("user") if mapping.get("user") else None,
            "jobs": self.total("job") if mapping.get("job") else None,
        }

    def span(self) -> dict[str, str] | None:
        first, last = self.con.execute(f"SELECT min(t), max(t) FROM {self.table}").fetchall()[0]
        if first is None:
            return None
        names = (("from", first), ("to", last))
        return {name: rfc3339(seconds) for name, seconds in names}

    def differing(self) -> int:
        """Jobs whose chosen records disagree on the node count."""
        return int(
            self.con.execute(
                f"""SELECT count(*) FROM (SELECT job_k FROM {self.table} WHERE job_k IS NOT NULL
                    GROUP BY job_k HAVING count(DISTINCT nodes) > 1)"""
            ).fetchall()[0][0]
        )


def rfc3339(seconds: int) -> str:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def share(part: int, whole: int) -> float | None:
    """A fraction; undefined is null."""
    return part / whole if whole else None


def pearson(n: int, a: int, b: int, both: int) -> float | None:
    """Pearson's r of two 0/1 columns over n jobs, from exact integers; null without variance."""
    spread = a * (n - a) * b * (n - b)
    return (n * both - a * b) / sqrt(spread) if spread else None


def users(c: Chosen) -> list[Row]:
    return [{"users": c.total()}]


def user_share(c: Chosen) -> list[Row]:
    found, of = c.total(), c.query.of
    return [{"users": found, "of": of, "share": None if of is None else share(found, of)}]


def in_order(rows: list[Row], name: str, count: str, group: str | None = None) -> list[Row]:
    """By class or period, then value descending, then name; the row of all others like any."""

    def key(row: Row) -> tuple[object, ...]:
        first = row[group] if group else None
        text = row[name]
        assert isinstance(text, str | None)
        others = "other" in row
        return first is None, first or "", -int(str(row[count])), name_key(text), others

    return sorted(rows, key=key)


def partition_shares(c: Chosen) -> list[Row]:
    name, count = "f_subsystem", COUNTED[c.query.unit()]
    whole = c.total()
    kept, rest = c.ranked(name)
    rows: list[Row] = [
        {"subsystem": part, count: n, "share": share(n, whole)} for part, n in c.count([name], kept)
    ]
    n = c.total(None, rest) if rest else 0
    if n:
        rows.append({"subsystem": None, count: n, "share": share(n, whole), "other": True})
    return in_order(rows, "subsystem", count)


def module_share(c: Chosen) -> list[Row]:
    """Users over all nodes, jobs over compute nodes, unless the query says which nodes."""
    by_users = dict(c.count(["env"], "true", "user"))
    all_users = c.total("user")
    # Job filters look at the records of each population, as these are two questions.
    compute = Chosen(c.records, c.query, ("is_staff", "is_compute"), "compute")
    by_jobs = dict(compute.count(["env"], "true", "job"))
    all_jobs = compute.total("job")
    rows: list[Row] = [
        {
            "environment": env,
            "users": by_users.get(env, 0),
            "jobs": by_jobs.get(env, 0),
            "user_share": share(by_users.get(env, 0), all_users),
            "job_share": share(by_jobs.get(env, 0), all_jobs),
        }
        for env in by_users.keys() | by_jobs.keys()
    ]
    # Two values: by users, then by jobs.
    return sorted(
        rows, key=lambda r: (-int(str(r["users"])), -int(str(r["jobs"])), str(r["environment"]))
    )


def mkl_share(c: Chosen) -> list[Row]:
    names = ", ".join(literal(name) for name in MKL_ELIGIBLE)
    eligible, mkl = c.con.execute(
        f"""SELECT count(*) FILTER (eligible), count(*) FILTER (eligible AND mkl) FROM (
              SELECT coalesce(bool_or(package IN ({names})), false) AS eligible,
                     coalesce(bool_or(package = 'mkl'), false) AS mkl
              FROM {c.table} WHERE job_k IS NOT NULL GROUP BY job_k)"""
    ).fetchall()[0]
    return [{"eligible_jobs": eligible, "mkl_jobs": mkl, "share": share(mkl, eligible)}]


def top_packages(c: Chosen) -> list[Row]:
    count = COUNTED[c.query.unit()]
    kept, rest = c.ranked("package", "package IS NOT NULL")
    rows: list[Row] = [{"package": name, count: n} for name, n in c.count(["package"], kept)]
    n = c.total(None, rest) if rest else 0
    if n:
        rows.append({"package": None, count: n, "other": True})
    return in_order(rows, "package", count)


def classify(c: Chosen, bins: str) -> None:
    """Give the chosen records the bounds of their size's class."""
    sizes = c.con.execute(f"SELECT DISTINCT size FROM {c.table}").fetchall()
    c.con.execute("CREATE OR REPLACE TEMP TABLE classes (s BIGINT, c_from BIGINT, c_to BIGINT)")
    c.con.executemany(
        "INSERT INTO classes VALUES (?, ?, ?)",
        [(size, *node_class(size, bins)) for (size,) in sizes] or [(0, 0, 0)],
    )
    c.con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {c.table} AS SELECT r.*, c_from, c_to
            FROM {c.table} r LEFT JOIN classes ON s IS NOT DISTINCT FROM size"""
    )


def job_sizes(c: Chosen) -> list[Row]:
    count = COUNTED[c.query.unit()]
    if c.query.bins is None:
        found = sorted(c.count(["size"]), key=lambda r: number_key(r[0]))
        return [{"num_nodes": size, count: n} for size, n in found]
    classify(c, c.query.bins)
    found = sorted(c.count(["c_from", "c_to"]), key=lambda r: number_key(r[0]))
    return [{"nodes_from": a, "nodes_to": b, count: n} for a, b, n in found]


def package_job_size(c: Chosen) -> list[Row]:
    count = COUNTED[c.query.unit()]
    classify(c, c.query.bins or "log2")
    kept, rest = c.ranked("package", "package IS NOT NULL")
    rows: list[Row] = [
        {"package": name, "nodes_from": low, "nodes_to": high, count: n}
        for name, low, high, n in c.count(["package", "c_from", "c_to"], kept)
    ]
    rows += [
        {"package": None, "nodes_from": low, "nodes_to": high, count: n, "other": True}
        for low, high, n in (c.count(["c_from", "c_to"], rest) if rest else [])
    ]
    return in_order(rows, "package", count, "nodes_from")


def package_trend(c: Chosen) -> list[Row]:
    count = COUNTED[c.query.unit()]
    local = f"timezone({literal(c.query.zone or 'UTC')}, make_timestamptz(t * 1000000))"
    period = {
        "day": f"strftime({local}, '%Y-%m-%d')",
        "month": f"strftime({local}, '%Y-%m')",
        "quarter": f"strftime({local}, '%Y-Q') || quarter({local})",
        "year": f"strftime({local}, '%Y')",
    }[c.query.by or "month"]
    kept, rest = c.ranked("package", "package IS NOT NULL")
    rows: list[Row] = [
        {"period": when, "package": name, count: n}
        for when, name, n in c.count([period, "package"], kept)
    ]
    rows += [
        {"period": when, "package": None, count: n, "other": True}
        for when, n in (c.count([period], rest) if rest else [])
    ]
    return in_order(rows, "package", count, "period")


def r_key(r: float | None) -> tuple[bool, float]:
    """Sort key of a correlation: descending, null last."""
    return r is None, -(r or 0.0)


def package_correlation(c: Chosen) -> list[Row]:
    n, jobs, both = c.total("job"), c.jobs_by_package(), c.jobs_of_pairs()
    rows = [
        (
            r_key(r),
            a,
            b,
            {
                "package_a": a,
                "package_b": b,
                "r": r,
                "jobs_a": jobs[a],
                "jobs_b": jobs[b],
                "jobs_both": both.get((a, b), 0),
            },
        )
        for a in jobs
        for b in jobs
        if a < b
        for r in [pearson(n, jobs[a], jobs[b], both.get((a, b), 0))]
    ]
    return [row[-1] for row in sorted(rows, key=lambda r: r[:-1])]


def package_affinity(c: Chosen) -> list[Row]:
    n, jobs, both = c.total("job"), c.jobs_by_package(), c.jobs_of_pairs()
    p = c.query.package
    assert p is not None
    if p not in jobs:
        # Nothing to compare with (docs/definitions.md).
        return []
    rows = [
        (
            r_key(r),
            name,
            {"package": name, "r": r, "jobs": jobs[name], "jobs_both": both.get((p, name), 0)},
        )
        for name in jobs
        if name != p
        for r in [pearson(n, jobs.get(p, 0), jobs[name], both.get((p, name), 0))]
    ]
    return [row[-1] for row in sorted(rows, key=lambda r: r[:-1])]


ROWS = {
    "users": users,
    "user-share": user_share,
    "partition-shares": partition_shares,
    "module-share": module_share,
    "mkl-share": mkl_share,
    "top-packages": top_packages,
    "job-sizes": job_sizes,
    "package-job-size": package_job_size,
    "package-correlation": package_correlation,
    "package-affinity": package_affinity,
    "package-trend": package_trend,
}
