"""Random datasets, each wholly determined by its seed: records, and their layout in files.

    python test/oracle/generate.py --seed 20210117 --out DIR

writes one, and prints the arguments that read it.
"""

from __future__ import annotations

import argparse
import random
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from likeness import random_likeness
from vocabulary import ALIASES, FLAGS, instant
from writers import write_file

Record = dict[str, object]

SECOND = 1_000_000_000
PACKAGES = [
    "numpy",
    "scipy",
    "numexpr",
    "sklearn",
    "mkl",
    "mpi4py",
    "dask",
    "netCDF4",
    "astropy.io.fits",
    "Numpy",
    "numpy ",
    # Beyond the basic plane, and just below it: orders by UTF-16 units differ from those by
    # code point.
    "\U0001d491ython",
    "\uffeepkg",
    "ünï",
    "u\u0308",
    "a,b",
    'quo"te',
    "new\nline",
    "constructor",
    "__proto__",
    "null",
    "0",
    "12",
]
PATHS = [
    "/usr/common/software/python/3.8/bin/python",
    "/global/common/cori/python/bin/python",
    "/opt/cray/pe/python/bin/python",
    "/global/homes/a/amy/.conda/envs/mine/bin/python",
    "/global/u1/b/miniconda3/bin/python",
    "/global/cfs/proj/mambaforge/bin/python",
    "/sw/anaconda/bin/python",
    "/home/me/usr/common/python",
    "/usr/bin/python3",
    "",
]
ZONES = [
    "America/Los_Angeles",
    "Europe/Berlin",
    "Asia/Kolkata",
    "America/Havana",
    "Pacific/Auckland",
    "America/Sao_Paulo",
]
SIZES = [0, 1, 7, 60, 250, 250, 700, 700, 700, 700, 2500, 2500, 12_000]
# A role missing from a dataset leaves queries that need it without an answer.
OPTIONAL = [role for role in ALIASES if role not in ("user", "job", "package", "time")]


@dataclass
class Layout:
    """How the records lie in files."""

    wide: bool
    # Column of each role (dotted where nested), and the physical type that its writer is asked for.
    columns: dict[str, list[str]]
    kinds: dict[str, str]
    # Column that is a folder's name rather than in the files.
    hive: str | None
    mapped: dict[str, list[str]]
    # Dots are part of flat names, not the path into a structure.
    dots: bool = False


@dataclass
class Dataset:
    seed: int
    records: list[Record]
    layout: Layout
    sources: list[str]
    extras: list[str]
    values: dict[str, list[object]] = field(default_factory=dict)

    @property
    def mapping(self) -> dict[str, list[str]]:
        """Columns by role; the others keep their own names."""
        columns = self.layout.columns
        found = {name: list(columns[name]) for name in columns if name not in self.extras}
        for role in self.keys:
            found[role] += columns[f"{role}_part"]
        return found

    @property
    def keys(self) -> list[str]:
        """Roles whose key is made of two columns."""
        return [extra.removesuffix("_part") for extra in self.extras if extra.endswith("_part")]

    def args(self) -> list[str]:
        found = ["--source", *self.sources]
        told = {**self.layout.mapped, **{role: self.mapping[role] for role in self.keys}}
        for role, columns in told.items():
            found += ["--map", f"{role}={','.join(columns)}"]
        return found


def make(seed: int, folder: Path) -> Dataset:
    """Write the dataset of a seed into a folder."""
    rng = random.Random(seed)
    wide = rng.random() < 0.4
    present = dict.fromkeys(("user", "job", "package", "time"), True)
    for role in OPTIONAL:
        present[role] = rng.random() < (0.35 if role in ("count", "origin") else 0.8)
    for role in ("user", "job", "package", "time"):
        present[role] = rng.random() < 0.97
    roles = [role for role in ALIASES if present[role]]
    kinds = random_kinds(rng, roles, wide)
    extras = ["science_area", "exit_code"] if rng.random() < 0.5 else []
    for role in ("user", "job", "process"):
        if present[role] and rng.random() < 0.08:
            extras.append(f"{role}_part")
    records = random_records(rng, roles, kinds, extras, wide)
    layout = random_layout(rng, roles, kinds, extras, wide, records)
    sources = write(rng, records, layout, roles, extras, folder)
    dataset = Dataset(seed, records, layout, sources, extras)
    for name in [*roles, *extras]:
        seen = {repr(r[name]): r[name] for r in records if r[name] not in (None, [])}
        if name == "package" and wide:
            seen = {repr(p): p for r in records for p in as_list(r["package"])}
        dataset.values[name] = list(seen.values())
    return dataset


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def random_kinds(rng: random.Random, roles: list[str], wide: bool) -> dict[str, str]:
    """Physical types."""
    texts = ["string", "string", "large_string", "dictionary"]
    kinds = {role: rng.choice(texts) for role in ALIASES}
    if rng.random() < 0.15:
        kinds["user"] = "int64"
    kinds["job"] = rng.choice([*texts, "int32", "int64", "int64", "uint64"])
    kinds["process"] = rng.choice([*texts, "int64"])
    kinds["nodes"] = rng.choice(["int16", "int32", "int64", "uint16", "double"])
    kinds["count"] = rng.choice(["int32", "int64"])
    for role in FLAGS:
        kinds[role] = rng.choice(["bool", "bool", "bool", "int8", "string"])
    kinds["time"] = rng.choice(
        ["s", "ms", "us", "ns", "ms+z", "us+z", "ns+z", "int96", "date", "text"]
    )
    if wide:
        kinds["package"] = rng.choice(["list", "list", "large_list", "list-dictionary"])
    kinds["science_area"], kinds["exit_code"] = rng.choice(texts), "int32"
    kinds |= {f"{role}_part": rng.choice(texts) for role in ("user", "job", "process")}
    return kinds


def random_records(
    rng: random.Random,
    roles: list[str],
    kinds: dict[str, str],
    extras: list[str],
    wide: bool,
    sizes: Sequence[int] = SIZES,
) -> list[Record]:
    """Records with every kind of hole: nulls, empty texts, jobs that disagree with themselves.

    :param sizes: Numbers of records to choose from.
    """
    n = rng.choice(sizes)
    many = rng.random() < 0.12
    packages = rng.sample(PACKAGES, rng.randint(2, len(PACKAGES)))
    alike = random_likeness(rng, packages) if rng.random() < 0.4 else None
    if many:
        # More than bits a job are made for.
        packages += [f"pkg{k:03d}" for k in range(rng.choice([300, 700]))]
    hole = rng.choice([0, 0, 0.02, 0.2])
    job_base = rng.choice([0, 1_000_000, 2**31 - 300, 2**53 - 20, 2**62])
    if kinds["job"] == "int32":
        job_base = min(job_base, 2**31 - 3000)
    if kinds["job"] == "uint64":
        job_base = rng.choice([job_base, 2**63 - 40])
    jobs = max(1, n // rng.choice([2, 4, 10]))
    users = max(1, n // rng.choice([2, 8, 30]))
    home: dict[int, tuple[int, int, object, object]] = {}

    def hollow(value: object) -> object:
        return None if rng.random() < hole else value

    def job_facts(k: int) -> tuple[int, int, object, object]:
        if k not in home:
            nodes = rng.choice([1, 1, 1, 2, 3, 4, 7, 8, 31, 64, 127, 128, 9688])
            home[k] = (
                min(int(rng.paretovariate(0.8)), users) - 1,
                nodes if kinds["nodes"] != "int16" else min(nodes, 32767),
                rng.choice(["haswell", "knl", "gpu"]),
                rng.choice(["cori", "edison"]),
            )
        return home[k]

    times = random_times(rng, kinds["time"])
    user_names = [f"user{k}" for k in range(users)]
    for name in ["", "\U0001d4b0ser", "\ufffduser", "User1", "a b"]:
        user_names[rng.randrange(users)] = name
    records: list[Record] = []
    for row in range(n):
        k = rng.randrange(jobs)
        user, nodes, subsystem, system = job_facts(k)
        outside = rng.random() < 0.15
        if rng.random() < 0.1:
            user = rng.randrange(users)
        if rng.random() < 0.05:
            nodes = rng.choice([1, 2, 5, 300])
        if rng.random() < 0.05:
            subsystem = rng.choice(["haswell", "knl", "", "gpu"])
        if rng.random() < 0.1:
            system = rng.choice(["cori", "edison", "perlmutter"])
        text_job = not kinds["job"].startswith(("int", "uint"))
        absent = rng.choice(["", None]) if text_job else None
        record: Record = {
            "user": hollow(1000 + user if kinds["user"] == "int64" else user_names[user]),
            "job": absent if outside else hollow(str(job_base + k) if text_job else job_base + k),
            "time": hollow(next(times)),
            "nodes": hollow(1 if outside else nodes),
            "version": hollow(rng.choice(["1.0", "1.10", "2.0.1", "1,5"])),
            "system": hollow(system),
            "subsystem": hollow(subsystem),
            "qos": hollow(rng.choice(["debug", "regular", "premium"])),
            "account": "" if outside else hollow(f"m{k % 5}"),
            "is_staff": hollow(rng.random() < 0.15),
            "is_compute": hollow(rng.random() < 0.8),
            "is_container": hollow(rng.random() < 0.2),
            "executable": hollow(rng.choice(PATHS)),
            "main": hollow(rng.choice(["run.py", "train.py", ""])),
            "process": hollow(row // 3 if kinds["process"] == "int64" else f"p{row // 3}"),
            "count": rng.choice([1, 1, 2, 5, 100000]),
            "python_version": hollow(rng.choice(["3.8", "3.10", "2.7"])),
            "context": hollow(rng.choice(["login", "mom", "compute"])),
            "origin": hollow(rng.choice(["center", "own"])),
            "science_area": hollow(rng.choice(["physics", "biology", ""])),
            "exit_code": hollow(rng.choice([-9, 0, 0, 1, 137])),
            "user_part": hollow(rng.choice(["", "a", "1"])),
            "job_part": hollow(rng.choice(["", "a", "1"])),
            "process_part": hollow(rng.choice(["", "a", "1"])),
        }
        if wide:
            size = rng.choice([0, 1, 2, 3, 5, min(40, len(packages))])
            listed: list[object] = [hollow(rng.choice([*packages, ""])) for _ in range(size)]
            record["package"] = None if rng.random() < hole else listed
        else:
            first = rng.randrange(len(packages))
            record["package"] = hollow(
                "" if rng.random() < 0.03 else packages[int(first * rng.random())]
            )
        records.append(alike.made_like_others(rng, record, k, outside) if alike else record)
    if rng.random() < 0.5:
        # In order of time, as a gatherer writes them, so that row groups can be skipped.
        records.sort(key=lambda r: (r["time"] is None, r["time"] or 0))
    kept = {*roles, *extras}
    return [{k: v for k, v in record.items() if k in kept} for record in records]


def random_times(rng: random.Random, kind: str):
    """Nanoseconds that the time column can hold, many of them at the edges of days and months."""
    unit = kind.split("+")[0]
    grain = {
        "s": SECOND,
        "ms": 10**6,
        "us": 1000,
        "ns": 1,
        "int96": 1,
        "text": 1000,
        "date": 86400 * SECOND,
    }[unit]
    start = instant(rng.choice(["2021-01-01", "2021-02-20", "2020-10-20", "1969-12-01"]), None)
    length = rng.choice([3, 40, 160, 900]) * 86400
    while True:
        seconds = start + rng.randrange(length)
        if rng.random() < 0.3:
            seconds -= seconds % 86400
        if rng.random() < 0.1:
            month = f"2021-{rng.randint(1, 12):02d}-01"
            seconds = instant(month, rng.choice([*ZONES, None]))
        shift = rng.choice([0, 0, -1, 1, rng.randrange(SECOND)])
        ns = seconds * SECOND + shift
        yield ns - ns % grain


def random_layout(
    rng: random.Random,
    roles: list[str],
    kinds: dict[str, str],
    extras: list[str],
    wide: bool,
    records: list[Record],
) -> Layout:
    columns: dict[str, list[str]] = {}
    mapped: dict[str, list[str]] = {}
    nested = rng.choice(["none", "none", "all", "some", "dots"])
    for role in roles:
        name = rng.choice(ALIASES[role])
        if rng.random() < 0.1:
            name = name.upper()
        if rng.random() < 0.06:
            name = rng.choice([f"col {role}", f"x_{role}", f"spalte_ü_{role}"])
            mapped[role] = [name]
        if nested in ("all", "dots") or (nested == "some" and rng.random() < 0.5):
            name = f"data.{name}"
            mapped[role] = [name] if role in mapped else mapped.get(role, [])
        columns[role] = [name]
    mapped = {role: names for role, names in mapped.items() if names}
    for extra in extras:
        columns[extra] = [extra]
    hive = None
    candidates = [
        role
        for role in ("system", "subsystem", "qos", "context", "science_area")
        if role in columns and records and "." not in columns[role][0]
    ]
    # An empty text cannot be a folder's value: Hive writes it like a missing one.
    candidates = [c for c in candidates if all(r[c] != "" for r in records)]
    if candidates and rng.random() < 0.3:
        hive = rng.choice(candidates)
    return Layout(wide, columns, kinds, hive, mapped, nested == "dots")


def write(
    rng: random.Random,
    records: list[Record],
    layout: Layout,
    roles: list[str],
    extras: list[str],
    folder: Path,
) -> list[str]:
    """Write files and return what `--source` is given."""
    parts: dict[str, list[Record]] = {}
    files = rng.choice([1, 1, 1, 2, 3, 5])
    if layout.hive:
        column = layout.columns[layout.hive][0]
        for record in records:
            value = record[layout.hive]
            text = "__HIVE_DEFAULT_PARTITION__" if value is None else str(value)
            name = f"set/{column}={text}/part-{rng.randrange(files)}.parquet"
            parts.setdefault(name, []).append(record)
    else:
        cuts = sorted(rng.randint(0, len(records)) for _ in range(files - 1))
        for k, (a, b) in enumerate(zip([0, *cuts], [*cuts, len(records)], strict=False)):
            parts[f"set/part-{k}.parquet"] = records[a:b]
    # The oracle takes files in order of their paths, as it takes records in order.
    for name, part in parts.items():
        names = [name for name in [*roles, *extras] if name != layout.hive]
        # A column that a file lacks is null there; one column always stays. A file without the
        # packages is refused beside others, as no file of records.
        lackable = [name for name in names if name != "package"]
        empty = [n for n in lackable if all(record[n] is None for record in part)]
        lacking = {n for n in empty if rng.random() < 0.5 and part}
        names = [n for n in names if n not in lacking] or names[:1]
        if len(parts) == 1:
            names = [n for n in [*roles, *extras] if n != layout.hive]
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(rng, path, part, names, layout)
    (folder / "set" / "_SUCCESS").write_text("")
    paths = sorted(str(folder / name) for name in parts)
    if not parts:
        return [str(folder / "set")]
    if layout.hive:
        return [str(folder / "set")]
    if rng.random() < 0.3:
        return [str(folder / "set")]
    if rng.random() < 0.3:
        return [str(folder / "set" / "*.parquet")]
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    dataset = make(options.seed, options.out)
    print(f"{len(dataset.records)} records, {dataset.layout}")
    print(shlex.join(dataset.args()))


if __name__ == "__main__":
    main()
