"""Roles of columns: which field is the user, the job, the package, the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .problem import GatherProblem

#: Names by which a role is recognised, best first, compared without regard to case; a leading
#: ``data.`` is dropped before. The panel has the same list (src/workload/fields.ts).
NAMES: dict[str, tuple[str, ...]] = {
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
    "version": ("version", "package_version"),
    "time": ("event_timestamp", "@timestamp", "timestamp", "time", "date"),
    "nodes": ("num_nodes", "nodes", "nnodes"),
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

#: A role of gather alone: when Elasticsearch took the document in. It is never guessed.
INGEST = "ingest"

#: Columns of these names hold lists whatever the first documents say.
LISTS = ("packages", "imports", "modules")


def propose(columns: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """The column of each role: those given, then those recognised by name.

    ``columns`` are names as they stand in the dataset. Raises GatherProblem for a role or a column
    that does not exist.
    """
    there = list(columns)
    mapping: dict[str, str] = {}
    for role, column in given.items():
        if role not in NAMES and role != INGEST:
            known = ", ".join([*NAMES, INGEST])
            raise GatherProblem(f'There is no role "{role}". Roles are: {known}.')
        if column == "":
            continue
        name = plain(column)
        if name not in there:
            raise GatherProblem(
                f'The role "{role}" is mapped to "{column}", which is no field that can be '
                f"gathered. Fields are: {', '.join(there)}."
            )
        mapping[role] = name
    taken = set(mapping.values())
    for role, names in NAMES.items():
        if role in given:
            continue
        free = {name.lower(): name for name in reversed(there) if name not in taken}
        found = next((free[name] for name in names if name in free), None)
        if found is not None:
            mapping[role] = found
            taken.add(found)
    return mapping


def plain(field: str) -> str:
    """The name of a field's column: without the envelope's ``data.``."""
    return field[len("data.") :] if field.startswith("data.") else field
