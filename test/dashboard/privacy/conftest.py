"""Raw records, and the published files that are made of them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PACKAGES = ["numpy", "scipy", "dask", "ray", "mpi4py"]


@pytest.fixture(scope="session")
def records() -> pa.Table:
    """Records of 60 users, one of whom is called as a package is."""
    random_ = random.Random(6)
    users = [f"{name}{at}" for at in range(20) for name in ("ada", "kofi", "mei")]
    users[7] = "ray"
    rows: dict[str, list[Any]] = {
        "username": [],
        "job_id": [],
        "repo": [],
        "subservice": [],
        "num_nodes": [],
        "main": [],
    }
    for at in range(4000):
        user = users[int(random_.random() ** 2 * len(users))]
        rows["username"].append(user)
        rows["job_id"].append(str(41_000_000 + 17 * (at // 2)))
        rows["repo"].append(f"m{1000 + at % 7}")
        rows["subservice"].append(random_.choice(PACKAGES))
        rows["num_nodes"].append(random_.choice([1, 2, 4, 8]))
        rows["main"].append(f"/global/homes/{user[0]}/{user}/run.py")
    return pa.table(rows)


@pytest.fixture(scope="session")
def raw(records: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records as a dataset of several files."""
    folder = tmp_path_factory.mktemp("raw")
    for at in range(4):
        pq.write_table(records.slice(at * 1000, 1000), folder / f"part-{at}.parquet")
    return folder


@pytest.fixture(scope="session")
def reduced(records: pa.Table) -> pl.DataFrame:
    """Users, jobs and records of each package and size."""
    return (
        pl.from_arrow(records)
        .group_by("subservice", "num_nodes")
        .agg(
            pl.col("username").n_unique().alias("users"),
            pl.col("job_id").n_unique().alias("jobs"),
            pl.len().alias("records"),
        )
        .rename({"subservice": "package", "num_nodes": "nodes_from"})
        .sort("package", "nodes_from")
    )
