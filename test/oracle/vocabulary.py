"""Names that the oracle shares with the command line: roles, analyses, and a query's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

# Column names by which a role is recognised, best first (domain: "Roles of columns").
ALIASES: dict[str, tuple[str, ...]] = {
    "user": ("username", "user", "uid_name"),
    "job": ("job_id", "jobid", "slurm_job_id", "job"),
    "package": (
        "subservice",
        "package",
        "module",
        "module_name",
        "import",
        "packages",
        "imports",
        "modules",
    ),
    "time": ("event_timestamp", "@timestamp", "timestamp", "time", "date"),
    "nodes": ("num_nodes", "nodes", "nnodes"),
    "version": ("version", "package_version"),
    "system": ("system",),
    "subsystem": ("subsystem", "partition"),
    "qos": ("qos", "queue"),
    "account": ("repo", "account", "project"),
    "is_staff": ("is_staff",),
    "is_compute": ("is_compute",),
    "is_container": ("is_shifter", "is_container"),
    "executable": ("executable", "exe", "exec_path"),
    "main": ("main", "script"),
    "process": ("process_id", "process"),
    "count": ("count", "n", "weight"),
    "python_version": ("python_version",),
    "context": ("context", "node_type"),
    "origin": ("origin",),
}
FLAGS = ("is_staff", "is_compute", "is_container")

# Interpreter paths and what they tell (src/workload/environment.ts): the first pattern found
# names the environment.
ENVIRONMENTS = (
    (
        "conda",
        r"/(\.conda|envs|conda|mamba|(ana|mini)conda\d?|mambaforge|miniforge\d?)/",
    ),
    (
        "center module",
        r"^/(usr/common|global/common|opt/(cray|apps|modules|sw)|sw|apps)/",
    ),
)

MKL_ELIGIBLE = ("numpy", "scipy", "numexpr", "sklearn")
COUNTED = {
    "record": "records",
    "process": "processes",
    "user": "users",
    "job": "jobs",
    "job+package": "jobs",
    "user+package": "users",
}
UNITS = ("record", "process", "user", "job")


@dataclass(frozen=True)
class Analysis:
    """What an analysis counts and needs (issue: "The analyses, by id"; domain: "What is asked")."""

    distincts: tuple[str, ...]
    population: tuple[str, ...]
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


BOTH = ("is_staff", "is_compute")
ANALYSES: dict[str, Analysis] = {
    "users": Analysis(("user",), BOTH),
    "user-share": Analysis(("user",), BOTH, (), ("of",)),
    "partition-shares": Analysis(
        ("job", "user", "process", "record"), BOTH, ("subsystem",), ("top", "other")
    ),
    "module-share": Analysis(("user",), ("is_staff",), ("job", "executable")),
    "mkl-share": Analysis(("job",), BOTH, ("package",)),
    "top-packages": Analysis(
        ("user+package", "job+package", *UNITS),
        ("is_staff",),
        ("package",),
        ("top", "other"),
    ),
    "job-sizes": Analysis(("job", "user", "process", "record"), BOTH, ("nodes",), ("bins",)),
    "package-job-size": Analysis(
        ("job+package", "user+package", *UNITS),
        BOTH,
        ("package", "nodes"),
        ("bins", "top", "other"),
    ),
    "package-correlation": Analysis(("job",), BOTH, ("package",), ("top",)),
    "package-affinity": Analysis(("job",), BOTH, ("package",), ("package", "top")),
    "package-trend": Analysis(
        ("user+package", "job+package", *UNITS),
        BOTH,
        ("package", "time"),
        ("by", "top", "other"),
    ),
}


def unit_role(distinct: str) -> str | None:
    """The role whose values a `distinct` counts; None for records, which need no key."""
    unit = distinct.split("+")[0]
    return None if unit == "record" else unit


def needs(query: Query) -> set[str]:
    """Roles without which a query has no answer."""
    wanted = set(ANALYSES[query.analysis].needs)
    unit = unit_role(query.distinct or ANALYSES[query.analysis].distincts[0])
    if unit:
        wanted.add(unit)
    return wanted


def used(query: Query) -> set[str]:
    """Roles whose columns a query cannot do without."""
    found = needs(query)
    if query.has or query.without or query.analysis in ("job-sizes", "package-job-size"):
        found.add("job")
    if query.start or query.end:
        found.add("time")
    return found


@dataclass(frozen=True)
class Condition:
    """One `--where`: `=` and `!=` may have several values, `~`, `!~`, `>=` and `<` have one."""

    field: str
    op: str
    values: tuple[str, ...]

    def text(self) -> str:
        if self.op in ("=", "!="):
            escaped = (re.sub(r"([\\,])", r"\\\1", value) for value in self.values)
            return f"{self.field}{self.op}{','.join(escaped)}"
        return f"{self.field}{self.op}{self.values[0]}"


@dataclass(frozen=True)
class Query:
    """A query as the command line takes it; None leaves the option out."""

    analysis: str
    where: tuple[Condition, ...] = ()
    has: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    zone: str | None = None
    everything: bool = False
    distinct: str | None = None
    top: int | None = None
    other: bool = False
    of: int | None = None
    package: str | None = None
    by: str | None = None
    bins: str | None = None

    def args(self) -> list[str]:
        """Arguments after `analyze ID`, without source and mapping."""
        found: list[str] = []
        for condition in self.where:
            found += ["--where", condition.text()]
        for name, values in (
            ("--has-package", self.has),
            ("--without-package", self.without),
        ):
            for value in values:
                found += [name, value]
        for name, value in (
            ("--from", self.start),
            ("--to", self.end),
            ("--tz", self.zone),
            ("--distinct", self.distinct),
            ("--top", self.top),
            ("--of", self.of),
            ("--package", self.package),
            ("--by", self.by),
            ("--bins", self.bins),
        ):
            if value is not None:
                found += [name, str(value)]
        found += ["--all"] if self.everything else []
        found += ["--other"] if self.other else []
        return found

    def where_(self, *texts: str) -> Query:
        """The query with conditions written as on the command line (without escapes) added."""
        added = tuple(condition(text) for text in texts)
        return replace(self, where=self.where + added)

    def unit(self) -> str:
        return self.distinct or ANALYSES[self.analysis].distincts[0]


def condition(text: str) -> Condition:
    """Read a condition whose values hold neither comma nor backslash."""
    match = re.match(r"([^=!~<>]+)(!=|!~|>=|=|~|<)(.*)$", text, re.S)
    assert match, text
    name, op, rest = match.groups()
    values = rest.split(",") if op in ("=", "!=") else [rest]
    return Condition(name, op, tuple(values))


def instant(text: str, zone: str | None) -> int:
    """Epoch seconds of a date (its first instant) or date-time, in the zone unless it says."""
    where = ZoneInfo(zone or "UTC")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        # fold=0 takes the earlier of two midnights and, where clocks skip midnight, the
        # moment they do.
        moment = datetime(day.year, day.month, day.day, tzinfo=where)
    else:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=where)
    return int(moment.astimezone(timezone.utc).timestamp())


def node_class(nodes: int | None, bins: str) -> tuple[int | None, int | None]:
    """Bounds of a node count's class, both inclusive: (None, None) where no class holds it.

    The last of a list of bounds has no upper end.
    """
    if nodes is None:
        return None, None
    if bins == "log2":
        if nodes < 1:
            return None, None
        start = 1 << (int(nodes).bit_length() - 1)
        return start, 2 * start - 1
    bounds = [int(bound) for bound in bins.split(",")]
    below = [bound for bound in bounds if bound <= nodes]
    if not below:
        return None, None
    k = len(below)
    return bounds[k - 1], bounds[k] - 1 if k < len(bounds) else None


def name_key(name: str | None) -> tuple[bool, str]:
    """Sort key of a name: by code point, nulls last."""
    return name is None, name or ""


def number_key(value: int | None) -> tuple[bool, int]:
    """Sort key of a class: ascending, nulls last."""
    return value is None, value or 0


def columns(query: Query) -> list[str]:
    """The columns of an answer, in order (issue, section 3)."""
    count = COUNTED[query.unit()]
    sized = ["nodes_from", "nodes_to"]
    return {
        "users": [count],
        "user-share": [count, "of", "share"],
        "partition-shares": ["subsystem", count, "share"],
        "module-share": ["environment", "users", "jobs", "user_share", "job_share"],
        "mkl-share": ["eligible_jobs", "mkl_jobs", "share"],
        "top-packages": ["package", count],
        "job-sizes": [*(sized if query.bins else ["num_nodes"]), count],
        "package-job-size": ["package", *sized, count],
        "package-correlation": [
            "package_a",
            "package_b",
            "r",
            "jobs_a",
            "jobs_b",
            "jobs_both",
        ],
        "package-affinity": ["package", "r", "jobs", "jobs_both"],
        "package-trend": ["period", "package", count],
    }[query.analysis]


@dataclass
class Facts:
    """An answer, and what its provenance must say of the records that it comes from."""

    rows: list[dict[str, object]]
    population: dict[str, int | None] = field(default_factory=dict)
    span: dict[str, str] | None = None
    differing: int | None = None
