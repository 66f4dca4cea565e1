"""The same answers in plain Python, from the generated records rather than their files.

It exists to check the oracle: two programs that share no line of counting have to agree before
either accuses a third.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from math import sqrt
from zoneinfo import ZoneInfo

from vocabulary import (
    ANALYSES,
    COUNTED,
    ENVIRONMENTS,
    FLAGS,
    MKL_ELIGIBLE,
    Condition,
    Query,
    columns,
    instant,
    node_class,
)

Record = dict[str, object]
# One record and one of its packages, or None.
Use = tuple[int, Record, "str | None"]


def uses(records: list[Record], keys: dict[str, tuple[str, ...]]) -> list[Use]:
    found: list[Use] = []
    for index, raw in enumerate(records):
        record = dict(raw)
        packages = record.pop("package", None)
        listed = packages if isinstance(packages, list) else [packages]
        names = list(dict.fromkeys(None if p is None else str(p) for p in listed))
        for role, parts in keys.items():
            own = [record.get(c) for c in parts if c != "system"]
            lacking = None in own or (role == "job" and "" in own)
            record[f"{role}_key"] = None if lacking else tuple(record.get(c) for c in parts)
        time = record.get("time")
        record["second"] = None if time is None else int(str(time)) // 10**9
        record["environment"] = environment(record)
        found += [(index, record, name) for name in names or [None]]
    return found


def environment(record: Record) -> str:
    if record.get("is_container"):
        return "container"
    path = record.get("executable")
    for name, pattern in ENVIRONMENTS:
        if path is not None and re.search(pattern, str(path), re.ASCII):
            return name
    return "other"


def holds(condition: Condition, use: Use, zone: str | None) -> bool:
    _, record, package = use
    name, op, texts = condition.field, condition.op, condition.values
    value = package if name == "package" else record.get(name)
    values: list[object] = list(texts)
    if name == "time":
        value, values = record["second"], [instant(t, zone) for t in texts]
    elif name in FLAGS:
        values = [t == "true" for t in texts]
    elif name in ("nodes", "exit_code"):
        values = [int(t) for t in texts]
    elif value is not None:
        value = str(value)
    if value is None:
        return op in ("!=", "!~")
    if op in ("=", "!="):
        return (value in values) == (op == "=")
    if op in ("~", "!~"):
        pattern = texts[0].replace(r"\pL", r"[^\W\d_]")
        # RE2's classes are ASCII, Python's case folding and `[^\W…]` are not to be.
        flags = re.ASCII if r"\d" in texts[0] and r"\pL" not in texts[0] else 0
        # `$` is the end of the text in RE2.
        pattern = re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
        return bool(re.search(pattern, str(value), flags)) == (op == "~")
    assert isinstance(value, int)
    bound = int(str(values[0]))
    return value >= bound if op == ">=" else value < bound


def choose(
    found: list[Use], query: Query, population: tuple[str, ...], mapped: set[str]
) -> list[Use]:
    conditions = list(query.where)
    spoken = {c.field for c in conditions}
    for name, value in (("is_staff", "false"), ("is_compute", "true")):
        if name in population and name in mapped - spoken and not query.everything:
            conditions.append(Condition(name, "=", (value,)))
    if query.start:
        conditions.append(Condition("time", ">=", (query.start,)))
    if query.end:
        conditions.append(Condition("time", "<", (query.end,)))
    chosen = [u for u in found if all(holds(c, u, query.zone) for c in conditions)]
    packages: dict[object, set[object]] = {}
    for _, record, package in chosen:
        packages.setdefault(record["job_key"], set()).add(package)
    packages[None] = set()
    return [
        u
        for u in chosen
        if set(query.has) <= packages[u[1]["job_key"]]
        and not set(query.without) & packages[u[1]["job_key"]]
    ]


def number(chosen: list[Use], unit: str) -> int:
    """Distinct units; records count their weight."""
    if unit == "record":
        weights = {index: record.get("count", 1) for index, record, _ in chosen}
        return sum(int(str(weight)) for weight in weights.values())
    return len({r[f"{unit}_key"] for _, r, _ in chosen} - {None})


def answer(
    records: list[Record], mapped: set[str], query: Query, parted: list[str]
) -> list[dict[str, object]]:
    """Rows without regard to their order."""
    keys = {
        role: (role, *([f"{role}_part"] if role in parted else []))
        for role in ("user", "job", "process")
    }
    if "system" in mapped:
        keys["job"] = (*keys["job"], "system")
    found = uses(records, keys)
    chosen = choose(found, query, ANALYSES[query.analysis].population, mapped)
    unit = query.unit().split("+")[0]
    count = COUNTED[query.unit()]
    whole = number(chosen, unit)
    sizes: dict[object, list[int]] = {}
    for _, record, _ in chosen:
        if record.get("nodes") is not None:
            sizes.setdefault(record["job_key"], []).append(int(str(record["nodes"])))

    def size(record: Record) -> int | None:
        if record["job_key"] is None:
            return None if record.get("nodes") is None else int(str(record["nodes"]))
        return max(sizes.get(record["job_key"], []), default=None)

    jobs: dict[object, set[object]] = {}
    for _, record, package in chosen:
        if record["job_key"] is not None:
            jobs.setdefault(record["job_key"], set()).add(package)

    if query.analysis == "users":
        return [{"users": whole}]
    if query.analysis == "user-share":
        assert query.of
        return [{"users": whole, "of": query.of, "share": whole / query.of}]
    if query.analysis == "mkl-share":
        eligible = [p for p in jobs.values() if p & set(MKL_ELIGIBLE)]
        mkl = sum("mkl" in p for p in eligible)
        share = mkl / len(eligible) if eligible else None
        return [{"eligible_jobs": len(eligible), "mkl_jobs": mkl, "share": share}]
    if query.analysis == "module-share":
        compute = choose(found, query, ("is_staff", "is_compute"), mapped)
        rows = []
        for env in ("center module", "conda", "container", "other"):
            users = number([u for u in chosen if u[1]["environment"] == env], "user")
            ran = number([u for u in compute if u[1]["environment"] == env], "job")
            if users or ran:
                everyone, all_jobs = number(chosen, "user"), number(compute, "job")
                rows.append(
                    {
                        "environment": env,
                        "users": users,
                        "jobs": ran,
                        "user_share": users / everyone if everyone else None,
                        "job_share": ran / all_jobs if all_jobs else None,
                    }
                )
        return rows
    if query.analysis in ("package-correlation", "package-affinity"):
        return correlations(jobs, query)

    def group(use: Use) -> tuple[object, ...] | None:
        _, record, package = use
        if query.analysis == "partition-shares":
            return (record.get("subsystem"),)
        if query.analysis == "top-packages":
            return (package,) if package else None
        if query.analysis == "job-sizes":
            nodes = size(record)
            return node_class(nodes, query.bins) if query.bins else (nodes,)
        if not package:
            return None
        if query.analysis == "package-job-size":
            return (package, *node_class(size(record), query.bins or "log2"))
        return (period(record["second"], query), package)

    at = 1 if query.analysis == "package-trend" else 0
    groups: dict[tuple[object, ...], list[Use]] = {}
    names: dict[object, list[Use]] = {}
    for use in chosen:
        key = group(use)
        if key is not None:
            groups.setdefault(key, []).append(use)
            names.setdefault(key[at], []).append(use)
    others: dict[tuple[object, ...], list[Use]] = {}
    if query.top is not None:
        ranking = sorted(
            (name for name in names if number(names[name], unit)),
            key=lambda name: (-number(names[name], unit), name is None, name or ""),
        )
        kept = set(ranking[: query.top])
        for key in [key for key in groups if key[at] not in kept]:
            rest = (*key[:at], None, *key[at + 1 :])
            others.setdefault(rest, []).extend(groups.pop(key))
    titles = [c for c in columns(query) if c not in (count, "share")]
    rows = []
    for table, extra in ((groups, {}), (others if query.other else {}, {"other": True})):
        for key, members in table.items():
            n = number(members, unit)
            if n:
                row = {**dict(zip(titles, key, strict=False)), count: n, **extra}
                if query.analysis == "partition-shares":
                    row["share"] = n / whole
                rows.append(row)
    return rows


def period(second: object, query: Query) -> str | None:
    if second is None:
        return None
    zone = ZoneInfo(query.zone or "UTC")
    local = datetime.fromtimestamp(int(str(second)), timezone.utc).astimezone(zone)
    return {
        "day": f"{local:%Y-%m-%d}",
        "month": f"{local:%Y-%m}",
        "quarter": f"{local.year}-Q{(local.month + 2) // 3}",
        "year": f"{local.year}",
    }[query.by or "month"]


def correlations(jobs: dict[object, set[object]], query: Query) -> list[dict[str, object]]:
    def pearson(a: str, b: str) -> float | None:
        pairs = [(int(a in p), int(b in p)) for p in jobs.values()]
        n = len(pairs)
        mean_a, mean_b = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
        spread_a = sum((x - mean_a) ** 2 for x, _ in pairs)
        spread_b = sum((y - mean_b) ** 2 for _, y in pairs)
        if len({x for x, _ in pairs}) < 2 or len({y for _, y in pairs}) < 2:
            return None
        both = sum((x - mean_a) * (y - mean_b) for x, y in pairs)
        return both / sqrt(spread_a * spread_b)

    names = sorted(str(p) for p in set().union(*jobs.values()) if p)

    def held(*wanted: str) -> int:
        return sum(set(wanted) <= p for p in jobs.values())

    if query.analysis == "package-affinity":
        p = query.package
        assert p is not None
        if p not in names:
            return []
        return [
            {
                "package": name,
                "r": pearson(p, name),
                "jobs": held(name),
                "jobs_both": held(p, name),
            }
            for name in names
            if name != p
        ]
    return [
        {
            "package_a": a,
            "package_b": b,
            "r": pearson(a, b),
            "jobs_a": held(a),
            "jobs_b": held(b),
            "jobs_both": held(a, b),
        }
        for a in names
        for b in names
        if a < b
    ]
