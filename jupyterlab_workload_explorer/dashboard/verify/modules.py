"""Modules that belong to the upstream half: GPU and cluster libraries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: As in ``src/workload/role-policy.ts``; a test holds them equal.
HEAVY_PACKAGES = (
    "cudf",
    "cugraph",
    "cuml",
    "cupy",
    "cupyx",
    "cuspatial",
    "dask_cuda",
    "dask_cudf",
    "dask_gateway",
    "dask_jobqueue",
    "dask_mpi",
    "ipyparallel",
    "jax",
    "mpi4py",
    "mxnet",
    "numba.cuda",
    "pycuda",
    "pyopencl",
    "pyspark",
    "ray",
    "rmm",
    "tensorflow",
    "torch",
)


def heavy_packages(site_roles: Mapping[str, Any] | None, metadata: Any) -> tuple[str, ...]:
    """The heavy packages in force: the site's in place of the defaults, the notebook's of both.

    Args:
        site_roles: ``roles`` of the site file.
        metadata: the notebook's.
    """
    packages = HEAVY_PACKAGES
    workload = metadata.get("workload") if isinstance(metadata, Mapping) else None
    own = workload.get("roles") if isinstance(workload, Mapping) else None
    for roles in (site_roles, own):
        names = roles.get("heavy_packages") if isinstance(roles, Mapping) else None
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            packages = tuple(names)
    return packages


def package_of(module: str, packages: Iterable[str]) -> str | None:
    """The package of a list that a module is, or lies within; ``None`` where there is none."""
    for package in packages:
        if module == package or module.startswith(f"{package}."):
            return package
    return None


_CODE = re.compile(r"(?P<name>\w+)(\.[\w-]+)*\.(py|pyc|so)")
#: Parts of a path that are no part of a module's name.
_NO_NAMES = ("__pycache__", "__init__")


def module_of(path: str, folders: Sequence[str]) -> str | None:
    """The module whose code a file is, below one of the folders of imports; else ``None``."""
    for folder in sorted(folders, key=len, reverse=True):
        if not path.startswith(f"{folder}/"):
            continue
        *above, file = path[len(folder) + 1 :].split("/")
        found = _CODE.fullmatch(file)
        if not found:
            return None
        parts = (part for part in (*above, found["name"]) if part not in _NO_NAMES)
        return ".".join(parts) or None
    return None
